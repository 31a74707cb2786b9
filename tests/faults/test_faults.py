import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from app.launch.valkey import Valkey
from tests.faults.checker import check
from tests.faults.nemesis import World
from tests.faults.run import storm
from tests.support.server import Server

SECONDS = float(os.environ.get("ASSENT_FAULTS_SECONDS") or 12)
SEED = int(os.environ.get("ASSENT_FAULTS_SEED") or SystemRandom().randrange(10**6))
BUILD = Path(__file__).parents[2] / "build"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A PostgreSQL that writes as it does in production, a Valkey, and two servers on them."""
    folder = tmp_path_factory.mktemp("faults")
    postgres = Postgres(folder / "postgres")
    valkey = Valkey(folder / "valkey.log")
    postgres.start()
    valkey.start()
    migrate(postgres.url())
    settings = {
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url,
        "ASSENT_HEARTBEAT": "2",
        "ASSENT_DATABASE_POOL": "4",
    }
    servers = [Server(tmp_path_factory.mktemp("server"), settings) for _ in range(2)]
    for server in servers:
        server.start()
    for server in servers:
        server.ready()
    yield World(tuple(servers), postgres, valkey)
    for server in servers:
        server.stop()
    valkey.stop()
    postgres.stop()


@pytest.mark.timeout(SECONDS * 4 + 240)
async def test_a_storm_of_faults_breaks_no_promise(world: World) -> None:
    print(f"seed {SEED}: `make faults SEED={SEED}` does it again")  # noqa: T201 - for who reads along
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
