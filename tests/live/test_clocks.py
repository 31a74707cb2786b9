"""A server whose time of day is wrong: what is due the database's clock decides."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from app.config import with_scheme
from tests.support.client import Person, connect
from tests.support.clocks import Clock
from tests.support.rooms import MANUAL, open_room
from tests.support.server import ROOT, Server, StartServers
from tests.support.sse import Watcher
from tests.support.truth import Truth

DAY = 24 * 3_600
# What is dated in an event.
DATED = [
    ("changes", "created_at"),
    ("events", "created_at"),
    ("events", "started_at"),
    ("events", "finished_at"),
    ("memberships", "requested_at"),
    ("memberships", "joined_at"),
    ("proposals", "created_at"),
]
KEEP_HOUSE = """
import asyncio, sys
from pathlib import Path
from app.services.housekeeping import Housekeeping
from app.services.sessions import Callers
from app.services.staff import Nobody
from app.utils.db import Database
from app.utils.stores import DiskStore
database = Database(sys.argv[1], 2)
asyncio.run(Housekeeping(database, Nobody(), Callers(database), DiskStore(Path()), 1).round())
"""


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    try:
        return Clock(tmp_path / "clock")
    except OSError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("days", [-40, 40, 20 * 365])
async def test_a_wrong_clock_keeps_nobody_out_and_nothing_back(
    servers: tuple[Server, Server],
    clock: Clock,
    start_servers: StartServers,
    truth: Truth,
    days: int,
) -> None:
    (wrong,) = start_servers(1, **clock.environment)
    clock.jump(days * DAY)
    async with connect(wrong.url, servers[0].url) as api:
        body = {"email": f"{uuid4().hex}@example.org", "password": "correct horse", "name": "Late"}
        person = api.person(await api.nobody().ok("POST", "/auth/signup", body, at=0))
        room = await open_room(person, policies=MANUAL)
        proposals = [await room.propose(person, f"Said {n}", at=n % 2) for n in range(4)]
        async with Watcher(person, room.id, at=0) as here, Watcher(person, room.id, at=1) as there:
            for n, proposal in enumerate(proposals):
                await person.ok("POST", room.votes_on(proposal), at=n % 2)
            head = await truth.head(room.id)
            await asyncio.gather(here.until_seq(head), there.until_seq(head))
        guest = await api.guest(room.code)
        await room.manage(guest.membership["id"], "kick")
        await room.move("FINISHED")
        fresh = await person.get(room.path, at=1)
        assert [p["id"] for p in fresh["proposals"]] == proposals
        assert here.state["proposals"] == there.state["proposals"] == fresh["proposals"]
    await truth.check(room.id)
    for table, column in DATED:
        place = "id" if table == "events" else "event_id"
        rows = await truth.rows(
            f"SELECT abs(extract(epoch FROM now() - {column})) AS off "
            f"FROM {table} WHERE {place} = %s AND {column} IS NOT NULL",
            room.id,
        )
        assert rows, (table, column)
        assert all(row["off"] < DAY for row in rows), (table, column)


async def test_a_wrong_clock_forgets_no_key_and_no_session(
    host: Person, clock: Clock, truth: Truth, database_url: str
) -> None:
    room, key = await open_room(host), str(uuid4())
    path, body = f"{room.path}/comments", {"content": "Once"}
    first = await host.send("POST", path, body, key=key)
    clock.jump(60 * DAY)
    keeping = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KEEP_HOUSE, with_scheme(database_url, "postgresql+psycopg")),
        cwd=ROOT,
        env={**os.environ, **clock.environment},
    )
    assert await keeping.wait() == 0
    again = await host.send("POST", path, body, key=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content
    await truth.check(room.id)
