import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
import redis.asyncio as redis

from app.launch.valkey import Valkey
from tests.support.client import Api, Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Watcher, open_line
from tests.support.truth import Truth

EXIT_SECONDS = 20.0
APPLICATION = f"assent-{os.getpid()}"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"


@dataclass(frozen=True)
class Broken:
    """Two servers and a Valkey of one test, which may break them."""

    servers: tuple[Server, Server]
    valkey: Valkey
    api: Api
    room: Room

    def here(self, person: Person) -> Person:
        return replace(person, api=self.api)

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[list[Watcher]]:
        """Watch through both servers; in the end everybody has seen everything."""
        async with contextlib.AsyncExitStack() as stack:
            watchers = [Watcher(self.room.owner, self.room.id, at=n % 2) for n in range(4)]
            for watcher in watchers:
                await stack.enter_async_context(watcher)
            yield watchers

    async def talk(self, times: int = 10) -> None:
        """Say something through either server."""
        for n in range(times):
            path, body = f"{self.room.path}/comments", {"content": f"Word {n}"}
            await self.room.owner.ok("POST", path, body, at=n % 2)


@pytest_asyncio.fixture
async def broken(
    host: Person, start_servers: StartServers, valkey: Valkey
) -> AsyncIterator[Broken]:
    own = {"REDIS_URL": valkey.url, "PGAPPNAME": APPLICATION}
    one, two = start_servers(2, **own)
    async with connect(*(server.url for server in (one, two))) as api:
        room = await open_room(replace(host, api=api), policies=MANUAL)
        yield Broken((one, two), valkey, api, room)


async def _all_see_all(broken: Broken, watchers: list[Watcher], truth: Truth) -> None:
    head = await truth.head(broken.room.id)
    await asyncio.gather(*(watcher.until_seq(head) for watcher in watchers))
    fresh = await broken.room.owner.get(broken.room.path)
    assert all(watcher.state == fresh for watcher in watchers)
    await truth.check(broken.room.id)


async def _cut_every_line_to_valkey(valkey: Valkey) -> None:
    async with redis.Redis.from_url(valkey.url) as client:
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


async def test_a_cut_line_to_valkey_loses_no_change(broken: Broken, truth: Truth) -> None:
    async with broken.watched() as watchers:
        await broken.talk()
        await _cut_every_line_to_valkey(broken.valkey)
        await broken.talk()
        await _all_see_all(broken, watchers, truth)
    assert all(watcher.lines == 1 for watcher in watchers)


async def test_streams_go_on_while_valkey_is_stuck(broken: Broken, truth: Truth) -> None:
    async with broken.watched() as watchers:
        await broken.talk()
        with _stuck(broken.valkey):
            await broken.talk()
            await _all_see_all(broken, watchers, truth)
        await broken.talk()
        await _all_see_all(broken, watchers, truth)
    assert all(watcher.lines == 1 for watcher in watchers)


async def test_streams_go_on_without_valkey_and_after_it(broken: Broken, truth: Truth) -> None:
    async with broken.watched() as watchers:
        _kill(broken.valkey)
        await broken.talk()
        await _all_see_all(broken, watchers, truth)
        ready = await broken.api.nobody().get("/readyz")
        broken.valkey.restart()
        await broken.talk()
        await _all_see_all(broken, watchers, truth)
    assert (ready["status"], ready["bus"]) == ("ready", "unreachable")
    assert all(watcher.lines == 1 for watcher in watchers)


@pytest.mark.parametrize("dropped", [range(10), range(1, 10, 2), [9]], ids=["all", "some", "last"])
async def test_a_change_that_nobody_was_told_of_is_seen_all_the_same(
    broken: Broken, truth: Truth, dropped: Iterable[int]
) -> None:
    async with broken.watched() as watchers, redis.Redis.from_url(broken.valkey.url) as client:
        for n in range(10):
            may = "-publish" if n in dropped else "+publish"
            await client.execute_command("ACL", "SETUSER", "default", may)
            await broken.talk(1)
        await _all_see_all(broken, watchers, truth)
    assert all(watcher.lines == 1 for watcher in watchers)


async def test_a_kick_counts_at_once_without_valkey(broken: Broken) -> None:
    guest = broken.here((await broken.room.guests(1))[0])
    async with Watcher(guest, broken.room.id, at=1) as watcher:
        _kill(broken.valkey)
        path = f"{broken.room.path}/memberships/{guest.membership['id']}/kick"
        await broken.room.owner.ok("PATCH", path, at=0)
        await watcher.until(lambda: bool(watcher.over))
    assert watcher.over == "kicked"


async def test_a_killed_server_loses_no_vote_that_it_acknowledged(
    broken: Broken, truth: Truth
) -> None:
    room = broken.room
    voters = await room.guests(100)
    proposal = await room.propose(room.owner)
    answers: dict[str, httpx2.Response] = {}
    keys = {voter.id: str(uuid4()) for voter in voters}
    some_are_in = asyncio.Event()

    async def vote(voter: Person) -> None:
        with contextlib.suppress(httpx2.TransportError):
            votes = room.votes_on(proposal)
            answers[voter.id] = await voter.send("POST", votes, key=keys[voter.id], at=0)
        if len(answers) >= 10:
            some_are_in.set()

    async def kill() -> None:
        await some_are_in.wait()
        broken.servers[0].kill()

    async with Watcher(room.owner, room.id, at=1) as watcher:
        await asyncio.gather(kill(), *map(vote, voters))
        assert {answer.status_code for answer in answers.values()} <= {201, 503}
        acknowledged = {who: answer for who, answer in answers.items() if answer.is_success}
        assert await truth.votes(proposal) >= len(acknowledged)
        for voter in voters:
            votes = room.votes_on(proposal)
            again = await voter.send("POST", votes, key=keys[voter.id], at=1)
            assert again.status_code == 201
            if voter.id in acknowledged:
                assert again.content == acknowledged[voter.id].content
        await watcher.until_seq(await truth.head(room.id))

    assert await truth.votes(proposal) == 100
    assert watcher.state["proposals"][0]["tally"] == {"agree": 100, "disagree": 0, "abstain": 0}
    await truth.check(room.id)


async def test_watchers_of_a_killed_server_go_on_at_another(broken: Broken, truth: Truth) -> None:
    async with Watcher(broken.room.owner, broken.room.id) as watcher:
        await broken.talk()
        broken.servers[0].kill()
        watcher.at = 1
        await broken.room.owner.ok(
            *("POST", f"{broken.room.path}/comments", {"content": "Still here"}), at=1
        )
        await watcher.until_seq(await truth.head(broken.room.id))
    assert [f.event for f in watcher.frames if f.event] == ["snapshot"]


async def test_writes_outlive_broken_lines_to_the_database(broken: Broken, truth: Truth) -> None:
    room = broken.room
    voters = await room.guests(40)
    proposal = await room.propose(room.owner)
    progress = asyncio.Semaphore(0)

    async def cut() -> None:
        for _ in range(8):
            await progress.acquire()
            await truth.rows(CUT, APPLICATION)

    await asyncio.gather(cut(), *(room.insist(voter, proposal, progress) for voter in voters))
    assert await truth.votes(proposal) == 40
    assert len(await truth.log(room.id, "tally.changed")) == 40
    await truth.check(room.id)


async def test_a_server_that_is_asked_to_end_sends_everybody_away_first(
    broken: Broken, truth: Truth
) -> None:
    room = broken.room
    voters = await room.guests(30)
    proposal = await room.propose(room.owner)
    async with contextlib.AsyncExitStack() as stack:
        lines = [
            await stack.enter_async_context(open_line(voter, room.id, at=0)) for voter in voters
        ]
        await asyncio.gather(*(line.next() for line in lines))
        sent = [
            asyncio.create_task(voter.send("POST", room.votes_on(proposal), at=0))
            for voter in voters
        ]
        await sent[0]
        broken.servers[0].terminate()
        answers = await asyncio.gather(*sent, return_exceptions=True)
        ends = [(await line.rest())[-1] for line in lines]
        code = await asyncio.to_thread(broken.servers[0].exit_code, EXIT_SECONDS)

    assert code in {0, -signal.SIGTERM}
    assert all(end.retry and not end.event for end in ends)
    assert len({end.retry for end in ends}) > 1
    counted = [a for a in answers if isinstance(a, httpx2.Response) and a.status_code == 201]
    refused = [a for a in answers if isinstance(a, httpx2.Response) and a.status_code != 201]
    assert all(answer.status_code == 503 for answer in refused)
    assert await truth.votes(proposal) >= len(counted)
    await truth.check(room.id)


async def test_open_streams_hold_no_connection_to_the_database(
    host: Person, start_servers: StartServers, truth: Truth
) -> None:
    room = await open_room(host)
    (server,) = start_servers(
        ASSENT_STREAMS_PER_USER="200", ASSENT_DATABASE_POOL="2", PGAPPNAME=APPLICATION
    )
    async with connect(server.url) as api, contextlib.AsyncExitStack() as stack:
        viewer = replace(host, api=api)
        lines = [
            await stack.enter_async_context(open_line(viewer, room.id, at=0)) for _ in range(200)
        ]
        await asyncio.gather(*(line.next() for line in lines))
        metrics = await viewer.send("GET", "/metrics")
        held = await truth.number(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", APPLICATION
        )
        said = await viewer.send("POST", f"{room.path}/comments", {"content": "Everybody?"})
        head = int(said.headers["x-event-seq"].rpartition(".")[2])
        await asyncio.gather(*(line.until_seq(head) for line in lines))
    assert "assent_open_streams 200.0" in metrics.text
    assert held <= 2


@contextlib.contextmanager
def _stuck(valkey: Valkey) -> Iterator[None]:
    _signal(valkey, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(valkey, signal.SIGCONT)


def _kill(valkey: Valkey) -> None:
    _signal(valkey, signal.SIGKILL)
    assert valkey.child is not None
    valkey.child.wait(EXIT_SECONDS)


def _signal(valkey: Valkey, number: signal.Signals) -> None:
    assert valkey.child is not None
    os.kill(valkey.child.pid, number)
