"""Conversations of two on the stage, and what notices say."""

from dataclasses import dataclass
from uuid import UUID

import orjson
import pytest

from app.models.base import new_id
from app.models.callers import Caller
from app.models.errors import DomainError
from app.models.message_bodies import NewMessage
from app.models.payloads import MessagesPage
from app.services import conversations, messages, transcript
from app.services.jobs import Work
from app.utils.notices import Notice
from tests.support.fold import Json
from tests.support.stage import Stage


@dataclass
class Line:
    """A direct conversation on the stage."""

    stage: Stage
    id: UUID

    async def do(self, work: Work, who: Caller, *args: object) -> Json:
        answer = await self.stage.write(self.id, work, who, self.id, *args)
        return dict(orjson.loads(answer.body))

    async def say(self, who: Caller, content: str = "Hello") -> Json:
        return await self.do(messages.send, who, NewMessage(id=new_id(), content=content))

    async def refused(self, code: str, work: Work, who: Caller, *args: object) -> None:
        with pytest.raises(DomainError) as caught:
            await self.do(work, who, *args)
        assert caught.value.code == code

    async def page(self, who: Caller) -> MessagesPage:
        place = (self.stage.database, who, self.id, None, None, 100)
        return await transcript.list_messages(*place)

    async def see(self, who: Caller) -> Json:
        seen = await conversations.read_conversation(self.stage.database, who, self.id)
        return dict(orjson.loads(seen.encode()))


async def open_line(stage: Stage, who: Caller, other: Caller) -> Line:
    answer = await stage.write(None, conversations.open_direct, who, other.id)
    return Line(stage, UUID(orjson.loads(answer.body)["id"]))


def frames(told: list[Notice], since: int) -> list[tuple[UUID, str, Json]]:
    """Who was told what, in order: the type and the data of each notice."""
    found = []
    for notice in told[since:]:
        body = orjson.loads(notice.frame.decode().partition("data: ")[2])
        found.append((notice.user_id, body["type"], body["data"]))
    return found
