"""A restore gives numbers away again: every stream that knew the old ones starts over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from app.config import Settings
from app.launch.schema import migrate
from app.models.base import new_id
from app.models.errors import NotFound
from app.services.demo import seed_demo
from app.services.epochs import begin_epochs
from tests.support.client import Api, Person
from tests.support.rooms import open_room
from tests.support.sse import open_line
from tests.support.truth import Truth, ask


@asynccontextmanager
async def _own_database(beside: str) -> AsyncIterator[tuple[str, Truth]]:
    name = f"epochs_{uuid4().hex}"
    url = urlsplit(beside)._replace(path=f"/{name}").geturl()
    async with await ask(beside) as outside:
        await outside.execute(f"CREATE DATABASE {name}".encode())
        await asyncio.to_thread(migrate, url)
        async with await ask(url) as inside:
            yield url, Truth(inside)
        await outside.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def settings(database_url: str) -> Settings:
    return Settings(DATABASE_URL=database_url)


async def test_streams_start_over_across_a_new_epoch(
    api: Api, host: Person, truth: Truth, database_url: str
) -> None:
    room, other = await open_room(host), await open_room(host)
    async with open_line(host, room.id, at=0) as live:
        first = await live.next()
        assert first is not None
        assert await begin_epochs(settings(database_url), UUID(room.id)) == 1
        reset, snapshot = await live.next(), await live.next()
    for frames in ((reset, snapshot), await _resumed(host, room.id, first.id)):
        assert [frame.event for frame in frames if frame] == ["reset", "snapshot"]
        assert frames[0] is not None
        assert frames[0].json["reason"] == "unknown_epoch"
        assert frames[1] is not None
        assert frames[1].json["epoch"] != room.event["epoch"]
    await truth.check(room.id)
    untouched = await truth.row("SELECT epoch FROM events WHERE id = %s", other.id)
    assert str(untouched["epoch"]) == other.event["epoch"]
    assert api.clients


async def _resumed(host: Person, event_id: str, cursor: str | None) -> list[object]:
    async with open_line(host, event_id, cursor, at=1) as line:
        return [await line.next(), await line.next()]


async def test_all_events_get_one(database_url: str) -> None:
    """In a database of its own, as every event of it is touched."""
    async with _own_database(database_url) as (url, truth):
        await seed_demo(settings(url))
        before = await truth.rows("SELECT id, epoch, seq FROM events ORDER BY id")
        assert await begin_epochs(settings(url), None) == len(before) > 0
        after = await truth.rows("SELECT id, epoch, seq FROM events ORDER BY id")
        for old, new in zip(before, after, strict=True):
            assert (new["id"], new["seq"]) == (old["id"], old["seq"] + 1)
            assert new["epoch"] != old["epoch"]
            await truth.check(str(new["id"]))


async def test_there_must_be_such_an_event(database_url: str) -> None:
    with pytest.raises(NotFound):
        await begin_epochs(settings(database_url), new_id())
