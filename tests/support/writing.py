"""The shared brief on the stage: whatever is done to it, changes lead from the old to the new."""

from collections.abc import AsyncIterator
from functools import reduce
from itertools import pairwise
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.models import Attachment
from app.models.base import new_id
from app.models.brief_bodies import BlockEdit, BlockMove, BlockWish, NewBlock, NewStroke
from app.models.callers import Caller
from app.models.statuses import AttachmentKind
from app.services import blocks, brief_snapshots, briefs, sketches
from app.services.hub import Hub
from app.services.leavers import Leavers
from app.services.locks import Locks
from app.services.pens import Pens
from app.utils.bus import Bus
from app.utils.leases import Leases
from tests.support.fold import Json, fold_brief
from tests.support.stage import Cast, Meeting, Work

LEASE = 30.0


class Brief:
    """The brief of a meeting, checked at every step."""

    def __init__(self, meeting: Meeting, redis_url: str = "") -> None:
        self.meeting = meeting
        self.database = meeting.stage.database
        self.hub = Hub(self.database, Bus(""))
        self.leases = Leases(redis_url, LEASE)
        self.locks = Locks(self.database, self.leases, self.hub)
        self.leavers = Leavers(self.database, self.hub, self.locks, grace=0.05)

    @property
    def id(self) -> UUID:
        return self.meeting.id

    async def read(self, who: Caller | None = None) -> Json:
        reader = who or self.meeting.owner
        brief = await briefs.read_brief(self.database, self.locks, reader, self.id)
        return dict(orjson.loads(brief.encode()))

    async def texts(self) -> list[str]:
        return [block["text"] for block in (await self.read())["blocks"]]

    async def do(self, work: Work, who: Caller, *args: Any, key: Any = None) -> Json:
        """Do something, and check that the changes fold the old brief into the new one."""
        before = await self.read()
        done = await self.meeting.do(work, who, *args, key=key)
        await self.check(before)
        return dict(done)

    async def check(self, before: Json) -> None:
        changes = await self.meeting.changes(self.meeting.owner, before["version"])
        after = await self.read()
        assert {**reduce(fold_brief, changes, before), "locks": after["locks"]} == after
        positions = [block["position"] for block in after["blocks"]]
        assert all(low < high for low, high in pairwise(positions))

    async def add(self, who: Caller, text: str, **fields: Any) -> Json:
        body = NewBlock.model_validate({"kind": "text", "text": text} | fields)
        return await self.do(blocks.add_block, who, body)

    async def add_image(self, who: Caller) -> Json:
        """Add an image that was sent up; its bytes are nowhere."""
        sent = Attachment(
            id=new_id(),
            conversation_id=self.id,
            uploader_id=who.id,
            name="map.png",
            media_type="image/png",
            kind=AttachmentKind.IMAGE,
            size=1,
            width=8,
            height=6,
        )
        image_id = str(sent.id)
        async with self.database.write() as session, session.begin():
            session.add(sent)
        return await self.add(who, "A map", kind="image", attachment_id=image_id)

    async def commit(self, who: Caller, block: Json, text: str, token: int | None = None) -> Json:
        return await self.do(blocks.commit_block, who, *self.edit(block, text, token))

    @staticmethod
    def edit(
        block: Json, text: str, token: int | None = None, guard: Any = None
    ) -> tuple[Any, ...]:
        body = BlockEdit(text=text, version=block["version"], token=token)
        return UUID(block["id"]), body, guard

    async def move(self, who: Caller, block: Json, after: Json | None) -> Json:
        body = BlockMove(after=after and after["id"], version=block["version"])
        return await self.do(blocks.move_block, who, UUID(block["id"]), body)

    async def remove(self, who: Caller, block: Json) -> Json:
        place = (UUID(block["id"]), block["version"], None)
        return await self.do(blocks.remove_block, who, *place)

    async def bring_back(self, who: Caller, gone: Json) -> Json:
        return await self.do(blocks.restore_block, who, UUID(gone["id"]), gone["version"])

    async def take(self, who: Caller, block: Json) -> Json:
        grant = await self.locks.take(who, self.id, UUID(block["id"]))
        return dict(orjson.loads(grant.encode()))

    async def versions(self, block: Json) -> list[Json]:
        """All versions of a block, oldest first."""
        page = await briefs.list_versions(
            self.database, self.meeting.owner, self.id, UUID(block["id"]), None, 50
        )
        return list(reversed(orjson.loads(page.encode())["items"]))

    async def close(self) -> None:
        await self.leavers.close()
        await self.hub.close()
        await self.leases.close()


@pytest.fixture
async def brief(gathering: Meeting, redis_url: str) -> AsyncIterator[Brief]:
    """An empty brief of an event that has not started, with its leases in Redis."""
    opened = Brief(gathering, redis_url)
    yield opened
    await opened.close()


async def write_together(brief: Brief, cast: Cast) -> None:
    """Everything that people do to a brief and to the drawings in it."""
    one = await brief.add(cast.member, "One")
    two = await brief.add_image(cast.second)
    grant = await brief.take(cast.member, one)
    place, picture = UUID(one["id"]), UUID(two["attachment_id"])
    await brief.locks.renew(cast.member, brief.id, place, grant["token"])
    one = await brief.commit(cast.member, one, "Uno", grant["token"])
    await brief.locks.let_go(cast.member, brief.id, place, grant["token"])
    await brief.locks.guard(cast.second, brief.id, place)
    await brief.move(cast.second, two, None)
    kept = await brief.do(brief_snapshots.keep_snapshot, cast.member, "Before")
    await brief.versions(one)
    await brief.do(briefs.propose_block, cast.member, place, BlockWish(kind="assumption"))
    pens, strokes = Pens(brief.database, brief.hub), [_stroke()]
    for _ in range(2):
        await sketches.check_may_draw(brief.database, cast.member, brief.id, picture)
        await pens.draw(brief.id, picture, cast.member.id, strokes)
    for after in (0, 1):
        await sketches.read_sketch(brief.database, cast.member, brief.id, picture, after)
    await pens.erase(brief.id, picture, cast.member.id, [strokes[0].id])
    await pens.clear(brief.id, picture, cast.member.id)
    await pens.clear(brief.id, picture, None)
    await brief.take(cast.second, one)
    await brief.leavers._held(brief.id, [cast.second.id, cast.third.id])
    await brief.locks.release(cast.admin, brief.id, place)
    await brief.bring_back(cast.second, await brief.remove(cast.third, one))
    await brief.do(brief_snapshots.restore_snapshot, cast.admin, UUID(kept["id"]))
    await brief_snapshots.list_snapshots(brief.database, cast.member, brief.id)


def _stroke() -> NewStroke:
    return NewStroke(id=new_id(), points=[(0.1, 0.1)], colour="#1a73e8", width=0.01)
