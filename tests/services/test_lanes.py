import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import with_scheme
from app.models.base import new_id
from app.models.errors import Conflict, Unavailable
from app.models.payloads import CommentCount, Payload
from app.services import jobs
from app.services import lanes as lanes_module
from app.services.jobs import BATCH, Lane, VoteJob, WorkJob
from app.services.lanes import ATTEMPTS, Lanes
from app.utils import metrics
from app.utils.db import Database
from app.utils.failures import SACRIFICED, as_unavailable
from app.utils.idempotency import Answer, request_key
from app.utils.transaction import OutcomeUnknown, UnitOfWork
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting, Stage

BOUND = 3


@pytest.fixture
async def lanes(stage: Stage) -> AsyncIterator[Lanes]:
    """Lanes of the test's own, narrow ones."""
    made = Lanes(stage.database, stage.told, BOUND)
    yield made
    await made.drain()


class Gate:
    """A write that waits until it is let through."""

    def __init__(self) -> None:
        self.entered, self.open = asyncio.Event(), asyncio.Event()

    async def work(self, uow: UnitOfWork) -> Payload:
        await uow.claim()
        self.entered.set()
        await self.open.wait()
        return CommentCount(count=1)


async def start(
    lanes: Lanes, event_id: UUID, work: Callable[..., Awaitable[Payload]]
) -> asyncio.Task[object]:
    task: asyncio.Task[object] = asyncio.create_task(
        lanes.write(event_id, work, status=200, key=None)  # type: ignore[arg-type]
    )
    await asyncio.sleep(0)
    return task


async def nothing(uow: UnitOfWork) -> Payload:
    await uow.claim()
    return CommentCount(count=0)


async def broken(_uow: UnitOfWork) -> Payload:
    raise ValueError("broken")


async def test_writes_of_one_event_run_in_the_order_of_arrival(lanes: Lanes) -> None:
    gate, order = Gate(), []

    async def note(uow: UnitOfWork, number: int) -> Payload:
        order.append(number)
        return await nothing(uow)

    event_id = new_id()
    tasks = [await start(lanes, event_id, gate.work)]
    await gate.entered.wait()
    tasks += [
        await start(lanes, event_id, lambda uow, n=number: note(uow, n)) for number in range(BOUND)
    ]
    assert lanes.depth == BOUND
    gate.open.set()
    await asyncio.gather(*tasks)
    assert order == list(range(BOUND))


async def test_events_do_not_wait_for_one_another(lanes: Lanes) -> None:
    gate = Gate()
    waiting = await start(lanes, new_id(), gate.work)
    await gate.entered.wait()
    await (await start(lanes, new_id(), nothing))
    await lanes.write(None, nothing, status=200, key=None)
    assert not waiting.done()
    gate.open.set()
    await waiting


async def test_a_full_lane_refuses_at_once(lanes: Lanes) -> None:
    gate, event_id = Gate(), new_id()
    tasks = [await start(lanes, event_id, gate.work)]
    await gate.entered.wait()
    tasks += [await start(lanes, event_id, nothing) for _ in range(BOUND)]
    with pytest.raises(Unavailable, match="event_busy") as caught:
        await lanes.write(event_id, nothing, status=200, key=None)
    assert caught.value.retry_after
    gate.open.set()
    await asyncio.gather(*tasks)
    await lanes.write(event_id, nothing, status=200, key=None)


async def test_a_broken_write_spoils_nobody(lanes: Lanes) -> None:
    event_id = new_id()
    tasks = [await start(lanes, event_id, work) for work in (nothing, broken, nothing)]
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one).__name__ for one in found] == ["Answer", "ValueError", "Answer"]


async def test_whoever_stops_waiting_holds_nobody_up(lanes: Lanes) -> None:
    gate, event_id = Gate(), new_id()
    first = await start(lanes, event_id, gate.work)
    await gate.entered.wait()
    second, third = [await start(lanes, event_id, nothing) for _ in range(2)]
    second.cancel()
    gate.open.set()
    await asyncio.gather(first, third)
    assert second.cancelled()


async def test_a_drain_finishes_what_was_taken_and_takes_no_more(lanes: Lanes) -> None:
    gate, event_id = Gate(), new_id()
    tasks = [await start(lanes, event_id, gate.work), await start(lanes, event_id, nothing)]
    await gate.entered.wait()
    draining = asyncio.create_task(lanes.drain())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="shutting_down"):
        await lanes.write(event_id, nothing, status=200, key=None)
    assert not draining.done()
    gate.open.set()
    await draining
    assert all(task.done() for task in tasks)
    assert lanes.depth == 0


def test_votes_side_by_side_share_a_turn() -> None:
    vote = VoteJob(None, None)  # type: ignore[arg-type]
    work = WorkJob(None, 200, None, None)  # type: ignore[arg-type]
    lane = Lane()
    lane.waiting.extend([vote, vote, work, vote, *[vote] * BATCH])
    turns = [len(lane.take()) for _ in range(4)]
    assert turns == [2, 1, BATCH, 1]


async def test_votes_that_wait_are_one_batch(meeting: Meeting, cast: Cast) -> None:
    proposal, gate = await meeting.propose(cast.owner), Gate()
    told = meeting.stage.told
    first = await start(meeting.stage.lanes, meeting.id, gate.work)
    await gate.entered.wait()
    before = len(told.of(meeting.id))
    votes = [
        asyncio.create_task(meeting.stage.lanes.vote(meeting.id, meeting.intent(who, proposal)))
        for who in (*cast.voters[:2], cast.observer, cast.voters[0])
    ]
    await asyncio.sleep(0)
    gate.open.set()
    found = await asyncio.gather(first, *votes, return_exceptions=True)
    names = [type(one).__name__ for one in found[1:]]
    assert names == ["Answer", "Answer", "Forbidden", "Conflict"]
    (published,) = told.of(meeting.id)[before:]
    assert len(published.frames) == 2


async def test_a_vote_that_breaks_a_batch_breaks_alone(
    meeting: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, gate = await meeting.propose(cast.owner), Gate()
    count = lanes_module.count_votes

    async def count_or_break(uow: UnitOfWork, event_id: UUID, intents: list[Json]) -> object:
        if any(intent.caller == cast.third for intent in intents):  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return await count(uow, event_id, intents)  # type: ignore[arg-type]

    monkeypatch.setattr(lanes_module, "count_votes", count_or_break)
    first = await start(meeting.stage.lanes, meeting.id, gate.work)
    await gate.entered.wait()
    votes = [
        asyncio.create_task(meeting.stage.lanes.vote(meeting.id, meeting.intent(who, proposal)))
        for who in (cast.member, cast.third, cast.second)
    ]
    await asyncio.sleep(0)
    gate.open.set()
    found = await asyncio.gather(first, *votes, return_exceptions=True)
    assert [type(one).__name__ for one in found[1:]] == ["Answer", "ZeroDivisionError", "Answer"]


async def test_a_refusal_is_not_tried_again(lanes: Lanes) -> None:
    runs = 0

    async def refuse(_uow: UnitOfWork) -> Payload:
        nonlocal runs
        runs += 1
        raise Conflict("no", "No.")

    with pytest.raises(Conflict):
        await lanes.write(new_id(), refuse, status=200, key=None)
    assert runs == 1


def failing(error: Exception, times: int) -> tuple[Callable[..., Awaitable[Payload]], list[int]]:
    """A write that fails so often, and where it counts its runs."""
    runs: list[int] = []

    async def work(uow: UnitOfWork) -> Payload:
        runs.append(1)
        if len(runs) <= times:
            raise error
        return await nothing(uow)

    return work, runs


BREAK = InterfaceError("SELECT 1", {}, Exception("gone"))


async def test_a_break_before_the_commit_is_tried_again(lanes: Lanes) -> None:
    work, runs = failing(BREAK, ATTEMPTS - 1)
    await lanes.write(new_id(), work, status=200, key=None)  # type: ignore[arg-type]
    assert len(runs) == ATTEMPTS


async def test_a_break_that_stays_is_told(lanes: Lanes) -> None:
    work, runs = failing(BREAK, ATTEMPTS)
    with pytest.raises(InterfaceError):
        await lanes.write(new_id(), work, status=200, key=None)  # type: ignore[arg-type]
    assert len(runs) == ATTEMPTS


@pytest.mark.parametrize("keyed", [True, False])
async def test_an_unknown_outcome_is_tried_again_with_a_key_only(lanes: Lanes, keyed: bool) -> None:
    work, runs = failing(OutcomeUnknown(), 1)
    key = request_key(b"s", str(new_id()), None, "POST", "/", b"") if keyed else None
    writing = lanes.write(new_id(), work, status=200, key=key)  # type: ignore[arg-type]
    if keyed:
        await writing
    else:
        with pytest.raises(OutcomeUnknown):
            await writing
    assert len(runs) == (2 if keyed else 1)


@pytest.mark.parametrize("state", sorted(SACRIFICED))
async def test_who_lost_to_another_transaction_is_tried_again(lanes: Lanes, state: str) -> None:
    """PostgreSQL solves a deadlock by undoing one of its transactions: of that nothing remains."""
    reason = psycopg.errors.lookup(state)("deadlock")
    work, runs = failing(OperationalError("SELECT 1", {}, reason), ATTEMPTS - 1)
    await lanes.write(new_id(), work, status=200, key=None)  # type: ignore[arg-type]
    assert len(runs) == ATTEMPTS


@pytest.fixture
async def impatient(stage: Stage, database_url: str) -> AsyncIterator[Lanes]:
    """Lanes whose database waits for a lock no longer than a moment."""
    database = Database(with_scheme(database_url, "postgresql+psycopg"), 2)

    @sa.event.listens_for(database.engine.sync_engine, "begin")
    def hurry(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = 200")

    made = Lanes(database, stage.told, BATCH * 3)
    yield made
    await made.drain()
    await database.close()


async def test_an_event_that_somebody_locks_is_told_of_at_once_to_all_who_wait(
    meeting: Meeting, cast: Cast, impatient: Lanes, database_url: str
) -> None:
    """Each alone would wait for the lock as long as all of them did, one after another."""
    proposal = await meeting.propose(cast.owner)
    failures = metrics.ROLLBACKS["error"]
    before = failures._value.get()  # type: ignore[attr-defined]
    async with await psycopg.AsyncConnection.connect(database_url) as somebody:
        await somebody.execute("SELECT 1 FROM events WHERE id = %s FOR UPDATE", [meeting.id])
        votes = [
            impatient.vote(meeting.id, meeting.intent(who, proposal))
            for who in [cast.member, cast.second] * BATCH
        ]
        found = await asyncio.gather(*votes, return_exceptions=True)
        assert {as_unavailable(one).code for one in found} == {"database_unavailable"}  # type: ignore[arg-type, union-attr]
        await somebody.rollback()
    assert failures._value.get() - before == 2  # type: ignore[attr-defined]
    answer = await impatient.vote(meeting.id, meeting.intent(cast.member, proposal))
    assert answer.status == 201


async def test_who_waited_too_long_is_told_to_come_again(
    lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, event_id = Gate(), new_id()
    first = await start(lanes, event_id, gate.work)
    await gate.entered.wait()
    late = [await start(lanes, event_id, broken) for _ in range(2)]
    monkeypatch.setattr(jobs, "PATIENCE", -1.0)
    gate.open.set()
    await first
    found = await asyncio.gather(*late, return_exceptions=True)
    assert [getattr(one, "code", "") for one in found] == ["event_busy"] * 2
    assert lanes.depth == 0


async def test_a_batch_whose_outcome_is_open_is_asked_for_by_key_alone(
    meeting: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, gate, commit = await meeting.propose(cast.owner), Gate(), AsyncSession.commit

    async def lose_the_answer(session: AsyncSession) -> None:
        await commit(session)
        monkeypatch.setattr(AsyncSession, "commit", commit)
        raise InterfaceError("COMMIT", {}, Exception("gone"))

    first = await start(meeting.stage.lanes, meeting.id, gate.work)
    await gate.entered.wait()
    key = request_key(b"s", str(new_id()), cast.second.id, "POST", "/", b"")
    votes = [
        asyncio.create_task(
            meeting.stage.lanes.vote(meeting.id, meeting.intent(who, proposal, key=own))
        )
        for who, own in ((cast.member, None), (cast.second, key))
    ]
    await asyncio.sleep(0)
    gate.open.set()
    await first
    monkeypatch.setattr(AsyncSession, "commit", lose_the_answer)
    unknown, answered = await asyncio.gather(*votes, return_exceptions=True)
    assert isinstance(unknown, OutcomeUnknown)
    assert isinstance(answered, Answer)
    assert answered.replayed
    (seen,) = (await meeting.see(cast.owner))["proposals"]
    assert seen["tally"]["agree"] == 2
