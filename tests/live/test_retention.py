"""The log of an event that ended long ago is not kept where that is wished, and says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from app.config import with_scheme
from app.services import retention
from app.services.housekeeping import Housekeeping
from app.services.sessions import Callers
from app.utils.db import Database
from app.utils.stores import DiskStore
from tests.support.client import Person, problem
from tests.support.recorder import Told
from tests.support.rooms import Room, open_room
from tests.support.sse import open_line
from tests.support.truth import Truth

DAYS = 30
AGE = "UPDATE events SET finished_at = now() - %s * interval '1 day' WHERE id = %s RETURNING id"
EXPIRE = """
    INSERT INTO idempotency_keys (key_hash, fingerprint, response_status, response_body, created_at)
    SELECT sha256(n::text::bytea), '', 200, '', now() - n * interval '1 hour'
    FROM generate_series(12, 36) n RETURNING 1
"""
HASHES = "SELECT sha256(n::text::bytea) FROM generate_series(12, 36) n"


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(with_scheme(database_url, "postgresql+psycopg"), 2)
    yield opened
    await opened.close()


def keep(database: Database, days: int) -> Housekeeping:
    nothing_attached = DiskStore(Path())
    return Housekeeping(database, Told(), Callers(database), nothing_attached, days)


async def finished(host: Person, truth: Truth, days_ago: int) -> Room:
    room = await open_room(host)
    await room.move("FINISHED")
    await truth.rows(AGE, days_ago, room.id)
    return room


async def kept(truth: Truth, room: Room) -> int:
    return len(await truth.log(room.id))


async def test_only_old_logs_go_a_little_at_a_time(
    host: Person, truth: Truth, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [await finished(host, truth, DAYS + n) for n in (1, 2)]
    young, open_still = await finished(host, truth, DAYS - 1), await open_room(host)
    before = [await kept(truth, room) for room in (young, open_still)]
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    await keep(database, DAYS).round()
    assert [await kept(truth, room) for room in old] == [0, 0]
    assert [await kept(truth, room) for room in (young, open_still)] == before
    dropped = "SELECT log_dropped_at IS NOT NULL AS gone FROM events WHERE id = %s"
    assert [(await truth.row(dropped, room.id))["gone"] for room in (*old, young)] == [
        *(True, True, False)
    ]


async def test_without_the_wish_everything_is_kept(
    host: Person, truth: Truth, database: Database
) -> None:
    room = await finished(host, truth, 10_000)
    before = await kept(truth, room)
    await keep(database, 0).round()
    assert await kept(truth, room) == before


async def test_who_comes_back_below_the_kept_log_is_told(
    host: Person, truth: Truth, database: Database
) -> None:
    room = await finished(host, truth, DAYS + 1)
    head = await truth.head(room.id)
    await keep(database, DAYS).round()
    problem(await host.send("GET", f"{room.path}/changes?after=1"), 410, "changes_not_kept")
    assert (await host.get(f"{room.path}/changes?after={head}"))["items"] == []
    for at in (0, 1):
        async with open_line(host, room.id, f"{room.event['epoch']}.1", at=at) as line:
            opened, reset, snapshot, revoked = await line.rest()
        assert opened.comment == "resumed"
        assert (reset.event, reset.json["reason"]) == ("reset", "not_kept")
        assert (snapshot.event, snapshot.seq) == ("snapshot", head)
        assert revoked.json == {"reason": "event_closed", "event_id": room.id}
    async with open_line(host, room.id, f"{room.event['epoch']}.{head}") as line:
        assert line.response.status_code == httpx2.codes.NO_CONTENT


async def test_keys_go_after_their_day(truth: Truth, database: Database) -> None:
    await truth.rows(EXPIRE)
    await keep(database, 0).round()
    left = f"SELECT count(*) FROM idempotency_keys WHERE key_hash IN ({HASHES})"
    assert await truth.number(left) == 12


async def test_what_another_process_removes_is_left_to_it(
    host: Person, truth: Truth, database: Database
) -> None:
    room = await finished(host, truth, DAYS + 1)
    await truth.rows("SELECT pg_advisory_lock(%s)", retention.LOCK)
    await keep(database, DAYS).round()
    assert await kept(truth, room)
    await truth.rows("SELECT pg_advisory_unlock(%s)", retention.LOCK)
    await keep(database, DAYS).round()
    assert not await kept(truth, room)
