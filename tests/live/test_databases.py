"""PostgreSQL that takes no changes, is somewhere else by now, stands still, or has vanished."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import psutil
import pytest

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from tests.support.client import Person, connect, problem
from tests.support.machines import BuildMachines, Elsewhere
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import StartServers
from tests.support.sse import Watcher
from tests.support.standby import Standby
from tests.support.switches import Switch
from tests.support.truth import Truth, ask

PATIENCE = 60.0


async def _ready(person: Person) -> dict[str, Any]:
    response = await person.api.nobody().send("GET", "/readyz")
    return {"code": response.status_code, **response.json()}


async def _writes(room: Room) -> list[tuple[str, str, dict[str, str]]]:
    """One write of every kind of way into the database."""
    return [
        ("POST", f"{room.path}/comments", {"content": "Said"}),
        ("POST", room.votes_on(await room.propose(room.owner)), {}),
        ("POST", "/auth/guest", {"name": "Late", "entrance_code": room.code}),
    ]


async def _read(room: Room) -> None:
    """Read an event; once more where a line was broken that nobody had used since."""
    while (answer := await room.owner.send("GET", room.path)).status_code != httpx2.codes.OK:
        problem(answer, 503, "database_unavailable")


async def test_a_failover_loses_nothing_that_was_acknowledged(
    host: Person, start_servers: StartServers, database_url: str, standby: Standby
) -> None:
    """The address leads to a copy that follows, which is the database itself a little later."""
    async with Switch(database_url).open() as address:
        (server,) = start_servers(DATABASE_URL=address.url)
        async with connect(server.url) as api:
            room = await open_room(replace(host, api=api), policies=MANUAL)
            writes = [(*write, str(uuid4())) for write in await _writes(room)]
            standby.catch_up()
            async with Watcher(room.owner, room.id) as watcher:
                address.lead(standby.port)
                for method, path, body, key in writes:
                    # Who reads in between leaves a connection behind that was told so.
                    await _read(room)
                    refused = await room.owner.send(method, path, body, key=key)
                    said = problem(refused, 503, "database_unavailable")["detail"]
                    assert "takes no changes" in said
                ready = await _ready(room.owner)
                standby.promote()
                for method, path, body, key in writes:
                    await room.owner.ok(method, path, body, key=key)
                async with await ask(standby.at) as connection:
                    truth = Truth(connection)
                    await watcher.until_seq(await truth.head(room.id))
                    await truth.check(room.id)
            assert (await _ready(room.owner))["database"] == "ok"
    assert (ready["code"], ready["database"]) == (200, "read-only")
    assert ready["warnings"]
    assert watcher.lines == 1


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL of the test's own, whose processes may be ended and stopped."""
    own = Postgres(tmp_path_factory.mktemp("postgres") / "data")
    own.start()
    migrate(own.url())
    yield own
    own.stop()


def _processes(postgres: Postgres, *titles: str) -> list[psutil.Process]:
    """Its processes, or its children with one of these titles."""
    assert postgres.child is not None
    parent = psutil.Process(postgres.child.pid)
    children = parent.children(recursive=True)
    if not titles:
        return [parent, *children]
    return [each for each in children if any(t in " ".join(each.cmdline()) for t in titles)]


async def test_a_child_of_postgresql_that_dies_loses_no_vote(
    start_servers: StartServers, postgres: Postgres
) -> None:
    """As where memory runs out: PostgreSQL ends everybody's line and recovers by itself."""
    (server,) = start_servers(DATABASE_URL=postgres.url())
    async with connect(server.url) as api:
        room = await open_room(await api.sign_up("Host"), policies=MANUAL)
        proposal = await room.propose(room.owner)
        voters = await room.guests(20)
        progress = asyncio.Semaphore(0)

        async def break_in() -> None:
            for _ in range(5):
                await progress.acquire()
            (dying,) = _processes(postgres, "checkpointer")
            dying.kill()
            # Gone when PostgreSQL has noticed, and from then on it lets nobody in until it is well.
            await asyncio.to_thread(dying.wait, PATIENCE)

        async with Watcher(room.owner, room.id) as watcher:
            votes = (room.insist(voter, proposal, progress) for voter in voters)
            await asyncio.gather(break_in(), *votes)
            async with await ask(postgres.url()) as connection:
                truth = Truth(connection)
                await watcher.until_seq(await truth.head(room.id))
                assert await truth.votes(proposal) == len(voters)
                await truth.check(room.id)
    assert watcher.lines == 1
    assert postgres.running()


async def test_a_database_that_stands_still_is_told_of_in_time(
    start_servers: StartServers, postgres: Postgres
) -> None:
    (server,) = start_servers(DATABASE_URL=postgres.url())
    async with connect(server.url) as api:
        room = await open_room(await api.sign_up("Host"))
        still = _processes(postgres)
        for process in still:
            process.suspend()
        try:
            said = asyncio.create_task(
                room.owner.send("POST", f"{room.path}/comments", {"content": "Still there?"})
            )
            ready, scraped = await asyncio.gather(
                _ready(room.owner), api.nobody().send("GET", "/metrics")
            )
            assert not said.done()
        finally:
            for process in still:
                process.resume()
        assert (ready["code"], ready["database"]) == (503, "unreachable")
        assert "assent_open_streams" in scraped.text
        assert (await said).status_code == httpx2.codes.CREATED
        assert (await _ready(room.owner))["code"] == httpx2.codes.OK


@contextlib.asynccontextmanager
async def _over_there(
    url: str, build_machines: BuildMachines
) -> AsyncIterator[tuple[str, Elsewhere]]:
    """Let a database seem to be on a machine whose cable may be pulled."""
    (machine,) = build_machines(1)
    switch = Switch(url)
    with machine.inside():
        listener = socket.create_server((machine.address, 0))
    async with switch.open(listener):
        yield switch.url, machine


async def test_a_database_that_vanished_is_given_up(
    host: Person, start_servers: StartServers, database_url: str, build_machines: BuildMachines
) -> None:
    """No word comes from a machine that lost its power: the kernel is told how long to wait."""
    async with _over_there(database_url, build_machines) as (url, machine):
        (server,) = start_servers(
            DATABASE_URL=f"{url}?tcp_user_timeout=1000&keepalives_idle=1&connect_timeout=2"
        )
        async with connect(server.url) as api:
            room = await open_room(replace(host, api=api))
            path, body, key = f"{room.path}/comments", {"content": "Are you there?"}, str(uuid4())
            await room.owner.ok("POST", path, {"content": "Hello"})
            machine.unplug()
            problem(await room.owner.send("POST", path, body, key=key), 503)
            machine.plug_in()
            while (answer := await room.owner.send("POST", path, body, key=key)).is_error:
                problem(answer, 503)
            assert answer.status_code == httpx2.codes.CREATED
