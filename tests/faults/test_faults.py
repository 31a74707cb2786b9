import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from app.launch.valkey import Valkey
from tests.faults.checker import check
from tests.faults.phones import Phones
from tests.faults.run import storm
from tests.faults.world import World
from tests.support.clocks import Clock
from tests.support.disks import Disk
from tests.support.machines import Elsewhere, Machine
from tests.support.server import Server

SECONDS = float(os.environ.get("ASSENT_FAULTS_SECONDS") or 12)
SEED = int(os.environ.get("ASSENT_FAULTS_SEED") or SystemRandom().randrange(10**6))
BUILD = Path(__file__).parents[2] / "build"
SERVERS = 2
MEGABYTES = 1_024


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A PostgreSQL that writes as it does in production, a Valkey, and two servers on them."""
    with contextlib.ExitStack() as end:
        missing: list[str] = []
        disk, phones = _disk(tmp_path, missing, end), _phones(missing, end)
        postgres = Postgres((disk.folder if disk else tmp_path) / "postgres")
        valkey = Valkey(tmp_path / "valkey.log")
        for part in (postgres, valkey):
            end.callback(part.stop)
            part.start()
        migrate(postgres.url())
        clocks = _clocks(tmp_path, missing)
        servers = [
            Server(tmp_path / f"server-{n}", _settings(postgres, valkey, clocks, n), _here(phones))
            for n in range(SERVERS)
        ]
        for server in servers:
            server.folder.mkdir()
            end.callback(server.stop)
            server.start()
        for server in servers:
            server.ready()
        yield World(tuple(servers), postgres, valkey, disk, clocks, phones, missing)


def _settings(
    postgres: Postgres, valkey: Valkey, clocks: tuple[Clock, ...], place: int
) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url,
        "ASSENT_HEARTBEAT": "2",
        "ASSENT_UNACKNOWLEDGED": "2",
        "ASSENT_DATABASE_POOL": "4",
        **(clocks[place].environment if clocks else {}),
    }


def _disk(folder: Path, missing: list[str], end: contextlib.ExitStack) -> Disk | None:
    try:
        disk = Disk(folder / "disk", MEGABYTES)
    except OSError as error:
        missing.append(f"no full disk: {error}")
        return None
    end.callback(disk.remove)
    return disk


def _clocks(folder: Path, missing: list[str]) -> tuple[Clock, ...]:
    try:
        return tuple(Clock(folder / f"clock-{n}") for n in range(SERVERS))
    except OSError as error:
        missing.append(f"no wrong clock: {error}")
        return ()


def _phones(missing: list[str], end: contextlib.ExitStack) -> Phones | None:
    machine = Elsewhere()
    end.callback(machine.remove)
    try:
        machine.build()
    except OSError as error:
        missing.append(f"no phone out of range: {error}")
        return None
    return Phones(machine)


def _here(phones: Phones | None) -> Machine:
    """This machine, at the address under which phones reach it."""
    here = Machine()
    here.address = phones.machine.gateway if phones else here.address
    return here


@pytest.mark.timeout(SECONDS * 4 + 300)
async def test_a_storm_of_faults_breaks_no_promise(world: World) -> None:
    print(f"seed {SEED}: `make faults SEED={SEED}` breaks the same again")  # noqa: T201 - for who reads along
    for kind in world.missing:
        print(f"left out, {kind}")  # noqa: T201 - the same
    history, facts = await storm(world, world.postgres.url(), SEED, SECONDS)
    for server in world.servers:
        history.strange += server.complaints()
    wrong = await asyncio.to_thread(check, history, facts)
    done = sum(deed.is_done for deed in history.deeds)
    print(  # noqa: T201 - the same
        f"{done} writes acknowledged of {len(history.deeds)}, {facts.head} changes, "
        f"{len(history.faults)} faults and mends"
    )
    if wrong:
        path = BUILD / f"faults-{SEED}.log"
        history.write(path, facts, wrong)
        pytest.fail(f"seed {SEED}, history in {path}:\n" + "\n".join(wrong[:20]))
    assert done > 50
    assert {deed.verb for deed in history.deeds if deed.is_done} >= {"vote", "comment", "join"}
