"""A message that is sent again and again across a crash is one, and shown once on every line."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from uuid import uuid4

import httpx2
import pytest

from tests.support.client import Api, Json, Person, connect
from tests.support.personal import open_personal
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Frame, Line, Watcher
from tests.support.truth import Truth

# Tries before the crash, in the middle of it, at the other server, and at the one that came back.
TRIES = pytest.mark.parametrize("tries", [(3, 2, 3, 2), (0, 4, 3, 3)], ids=["told", "unknown"])
Tries = tuple[int, int, int, int]


@dataclass
class Sending:
    """Somebody who sends one message until they are tired of it."""

    author: Person
    talk: str
    id: str = field(default_factory=lambda: str(uuid4()))
    answers: list[Json] = field(default_factory=list)
    tries: int = 0

    @property
    def path(self) -> str:
        return f"/conversations/{self.talk}/messages"

    async def send(self, at: int) -> None:
        """Send it with a key of its own; nothing is known where the server goes meanwhile."""
        self.tries += 1
        body = {"id": self.id, "content": "Once"}
        with contextlib.suppress(httpx2.TransportError):
            answer = await self.author.send("POST", self.path, body, at=at)
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                assert answer.is_success, answer.text
                self.answers.append(answer.json())

    async def send_across_a_crash(self, server: Server, tries: Tries) -> None:
        before, amid, elsewhere, after = tries
        for _ in range(before):
            await self.send(0)
        await asyncio.gather(*(self.send(0) for _ in range(amid)), asyncio.to_thread(server.kill))
        await asyncio.gather(*(self.send(1) for _ in range(elsewhere)))
        server.start()
        await asyncio.to_thread(server.ready)
        for _ in range(after):
            await self.send(0)

    async def check(self, truth: Truth) -> int:
        """Check that it exists once, whatever was answered; return its number."""
        assert self.tries == 10
        assert len(self.answers) >= 5
        (number,) = {answer["seq"] for answer in self.answers}
        assert {answer["id"] for answer in self.answers} == {self.id}
        rows = await truth.rows(
            "SELECT seq, id::text FROM messages WHERE conversation_id = %s AND kind = 'said'",
            self.talk,
        )
        assert rows == [{"seq": number, "id": self.id}]
        page = await self.author.get(self.path, at=1)
        assert [one["seq"] for one in page["items"] if one["id"] == self.id] == [number]
        return int(number)


async def open_hall(host: Person, api: Api) -> tuple[Room, Person, Person]:
    room = await open_room(replace(host, api=api))
    author, other = await api.sign_up("Author"), await api.sign_up("Other")
    await room.join(author)
    await room.join(other)
    return room, author, other


@TRIES
async def test_a_message_of_an_event_is_shown_once(
    host: Person, start_servers: StartServers, truth: Truth, tries: Tries
) -> None:
    servers = start_servers(2)
    async with connect(*(server.url for server in servers)) as api:
        room, author, other = await open_hall(host, api)
        sending = Sending(author, room.id)
        async with (
            Watcher(other, room.id, at=1) as stays,
            Watcher(author, room.id, at=1) as own,
            Watcher(other, room.id) as moves,
        ):
            await sending.send_across_a_crash(servers[0], tries)
            number = await sending.check(truth)
            head = await truth.head(room.id)
            for watcher in (stays, own, moves):
                await watcher.until_seq(head)
                shown = [f.json["data"] for f in watcher.frames if f.is_change and f.data]
                assert [one["seq"] for one in shown if one["id"] == sending.id] == [number]
        await truth.check(room.id)


@TRIES
async def test_a_direct_message_is_shown_once(
    host: Person, start_servers: StartServers, truth: Truth, tries: Tries
) -> None:
    servers = start_servers(2)
    async with connect(*(server.url for server in servers)) as api:
        _, author, other = await open_hall(host, api)
        talk = (await author.ok("POST", "/conversations", {"user_id": other.id}))["id"]
        sending = Sending(author, talk)
        async with open_personal(other, at=1) as line, open_personal(author, at=1) as own:
            await sending.send_across_a_crash(servers[0], tries)
            assert await sending.check(truth) == 1
            await author.ok("POST", sending.path, {"id": str(uuid4()), "content": "Next"}, at=1)
            for person, each in ((other, line), (author, own)):
                await until_told(each, await truth.number(NOTICES, person.id))
        # What was committed and not told any more is in the summary that follows.
        assert notices_of(sending, own) <= 1
        waits = [f.json["conversations"] for f in line.seen if f.event == "summary"]
        assert notices_of(sending, line) == 1 or [one["id"] for one in waits[-1]] == [talk]
        page = await other.get(sending.path, at=1)
        said = [(one["seq"], one["content"]) for one in page["items"]]
        assert said == [(1, "Once"), (2, "Next")]


NOTICES = "SELECT seq FROM inboxes WHERE user_id = %s"


async def until_told(line: Line, head: int) -> None:
    """Read until the line has told every notice up to a number, or what came of them."""

    def knows(frame: Frame) -> bool:
        field_ = {"notice": "seq", "summary": "notice_seq"}.get(frame.event)
        return field_ is not None and frame.json[field_] >= head

    await line.until(knows)


def notices_of(sending: Sending, line: Line) -> int:
    """Return how often a line told of the message by itself."""
    notices = [frame.json for frame in line.seen if frame.event == "notice"]
    return sum(one["data"].get("id") == sending.id for one in notices)
