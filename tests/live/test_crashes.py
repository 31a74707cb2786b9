"""PostgreSQL is killed in the middle of a storm, and clients go out of range without a word."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import psutil
import pytest

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from tests.support.client import Api, Person, connect
from tests.support.machines import BuildMachines, Machine
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Watcher, open_line
from tests.support.truth import Truth, ask

PATIENCE = 60.0
# Requests after which the server is killed, each time.
PROGRESS = 40


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL of the test's own that writes as it does in production."""
    folder = tmp_path_factory.mktemp("postgres")
    own = Postgres(folder / "data")
    own.start()
    migrate(own.url())
    yield own
    own.stop()


def _crash(postgres: Postgres) -> None:
    """Kill the server and all of its children at once, as the loss of a machine would."""
    assert postgres.child is not None
    parent = psutil.Process(postgres.child.pid)
    family = [parent, *parent.children(recursive=True)]
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    postgres.child.wait(PATIENCE)
    psutil.wait_procs(family, PATIENCE)


async def _sent_away(room: Room) -> None:
    """A new stream is told to come back later: a browser gives up at any answer but 200."""
    async with open_line(room.owner, room.id) as line:
        (frame,) = await line.rest()
    assert line.response.status_code == httpx2.codes.OK
    assert frame.retry


async def test_a_killed_postgresql_loses_no_vote_and_tells_each_once(
    start_servers: StartServers, postgres: Postgres
) -> None:
    servers = start_servers(2, DATABASE_URL=postgres.url())
    async with connect(*(server.url for server in servers)) as api:
        room = await open_room(await api.sign_up("Host"), policies=MANUAL)
        voters = await room.guests(60)
        proposals = [await room.propose(room.owner, f"Assumption {n}") for n in range(4)]
        progress = asyncio.Semaphore(0)

        async def crash() -> None:
            for _ in range(2):
                for _ in range(PROGRESS):
                    await progress.acquire()
                _crash(postgres)
                await _sent_away(room)
                watchers[0].drop()
                postgres.restart()

        async with contextlib.AsyncExitStack() as stack:
            watchers = [Watcher(room.owner, room.id, at=n % 2) for n in range(4)]
            for watcher in watchers:
                await stack.enter_async_context(watcher)
            votes = [
                room.insist(voter, proposal, progress) for voter in voters for proposal in proposals
            ]
            await asyncio.gather(crash(), *votes)
            async with await ask(postgres.url()) as connection:
                truth = Truth(connection)
                head = await truth.head(room.id)
                await asyncio.gather(*(watcher.until_seq(head) for watcher in watchers))
                assert [await truth.votes(proposal) for proposal in proposals] == [60] * 4
                assert len(await truth.log(room.id, "tally.changed")) == 240
                await truth.check(room.id)
    for watcher in watchers:
        assert [frame.event for frame in watcher.frames if frame.event] == ["snapshot"]
        assert [p["tally"]["agree"] for p in watcher.state["proposals"]] == [60] * 4
    assert [watcher.lines for watcher in watchers[1:]] == [1, 1, 1]


async def _open_streams(api: Api) -> float:
    text = (await api.nobody().send("GET", "/metrics")).text
    (line,) = (line for line in text.splitlines() if line.startswith("assent_open_streams "))
    return float(line.split()[1])


async def _until_all_are_gone(api: Api) -> None:
    for _ in range(600):
        if not await _open_streams(api):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("a stream to nobody is still open")


@pytest.mark.parametrize("early", [False, True], ids=["to a server", "to one that starts"])
async def test_who_goes_out_of_range_is_given_up(
    host: Person, build_machines: BuildMachines, tmp_path: Path, database_url: str, early: bool
) -> None:
    (phone,) = build_machines(1)
    here = Machine()
    here.address = phone.gateway
    settings = {"DATABASE_URL": database_url, "REDIS_URL": "", "ASSENT_UNACKNOWLEDGED": "1"}
    server = Server(tmp_path, settings, here)
    server.start()
    try:
        if not early:
            await asyncio.to_thread(server.ready)
        with phone.inside():
            line = socket.create_connection((here.address, server.port))
        if early:
            await asyncio.to_thread(server.ready)
        async with connect(server.url) as api:
            room = await open_room(replace(host, api=api))
            with line:
                request = f"GET /api{room.path}/stream HTTP/1.1\r\nHost: a\r\n"
                headers = "".join(f"{name}: {value}\r\n" for name, value in host.headers.items())
                line.sendall(f"{request}{headers}\r\n".encode())
                assert b"200 OK" in await asyncio.to_thread(line.recv, 4096)
                assert await _open_streams(api) == 1
                phone.unplug()
                await room.owner.ok("POST", f"{room.path}/comments", {"content": "Still there?"})
                await _until_all_are_gone(api)
    finally:
        server.stop()
    assert server.complaints() == []
