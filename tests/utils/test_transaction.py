from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Event, IdempotencyKey
from app.models.base import new_id
from app.models.errors import Conflict, Invalid
from app.models.payloads import CommentCount
from app.models.statuses import ChangeType
from app.services import access
from app.utils.idempotency import RequestKey, request_key
from app.utils.logbook import Rows
from app.utils.transaction import OutcomeUnknown, Replay, UnitOfWork, unit_of_work
from tests.support.recorder import Told
from tests.support.stage import Meeting, Stage

ONE = CommentCount(count=1)


def fresh_key(header: str | None = None, body: bytes = b"") -> RequestKey:
    return request_key(b"secret", header or str(new_id()), None, "POST", "/", body)


async def change(uow: UnitOfWork, meeting: Meeting) -> Event:
    """Write something in the event, and announce it."""
    event = await access.lock_event_row(uow, meeting.id)
    await uow.recall_own()
    event.description = "Written"
    uow.record(ChangeType.TURNOUT, ONE, None, None)
    return event


async def traces(meeting: Meeting) -> Any:
    log = "SELECT count(*) FROM changes WHERE event_id = :e"
    text = "SELECT description FROM events WHERE id = :e"
    return await meeting.head(), await meeting.row(log), await meeting.row(text)


async def stored(stage: Stage, key: RequestKey) -> bool:
    async with stage.database.read() as session:
        found = sa.select(IdempotencyKey).where(IdempotencyKey.key_hash == key.key_hash)
        return bool(await session.scalar(sa.select(found.exists())))


async def test_what_is_committed_is_published(empty_meeting: Meeting) -> None:
    told, before = Told(), await traces(empty_meeting)
    async with unit_of_work(empty_meeting.stage.database, told) as uow:
        await change(uow, empty_meeting)
        assert told.published == []
    (published,) = told.of(empty_meeting.id)
    assert [frame.seq for frame in published.frames] == [before[0] + 1]
    assert await traces(empty_meeting) == (before[0] + 1, before[1] + 1, "Written")


async def test_what_is_rolled_back_leaves_nothing(empty_meeting: Meeting) -> None:
    told, before, key = Told(), await traces(empty_meeting), fresh_key()
    ran: list[int] = []
    with pytest.raises(Conflict):
        async with unit_of_work(empty_meeting.stage.database, told, key) as uow:
            await change(uow, empty_meeting)
            uow.answer(200, b"{}", key)
            uow.ended_sessions.append(new_id())
            uow.after_commit.append(lambda: ran.append(1))
            raise Conflict("no", "No.")
    assert (told.published, told.ended, ran) == ([], [], [])
    assert await traces(empty_meeting) == before
    assert not await stored(empty_meeting.stage, key)


async def rolled_back(meeting: Meeting) -> None:
    async with unit_of_work(meeting.stage.database, Told()) as uow:
        await change(uow, meeting)
        raise Conflict("no", "No.")


async def test_the_next_change_takes_the_number_of_a_rolled_back_one(
    empty_meeting: Meeting,
) -> None:
    database, told, head = empty_meeting.stage.database, Told(), await empty_meeting.head()
    with pytest.raises(Conflict):
        await rolled_back(empty_meeting)
    async with unit_of_work(database, told) as uow:
        await change(uow, empty_meeting)
    assert await empty_meeting.head() == head + 1


async def test_a_break_during_the_commit_leaves_the_outcome_open(
    empty_meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_off(_session: AsyncSession) -> None:
        raise OperationalError("COMMIT", {}, Exception("gone"))

    told = Told()
    with pytest.raises(OutcomeUnknown) as caught:
        async with unit_of_work(empty_meeting.stage.database, told) as uow:
            await change(uow, empty_meeting)
            monkeypatch.setattr(AsyncSession, "commit", break_off)
    assert told.published == []
    assert caught.value.retry_after


async def test_steps_after_the_commit_run_once_it_is_there(empty_meeting: Meeting) -> None:
    told, ended, ran = Told(), new_id(), []
    async with unit_of_work(empty_meeting.stage.database, told) as uow:
        await uow.claim()
        uow.ended_sessions.append(ended)
        uow.after_commit.append(lambda: ran.append(1))
        assert (told.ended, ran) == ([], [])
    assert (told.ended, ran) == ([ended], [1])


async def test_an_answer_is_stored_with_its_work(empty_meeting: Meeting) -> None:
    database, told, key = empty_meeting.stage.database, Told(), fresh_key()
    async with unit_of_work(database, told, key) as uow:
        event = await change(uow, empty_meeting)
        answer = uow.answer(201, b'{"a": 1}', key)
        assert answer.seq == event.cursor
    with pytest.raises(Replay) as caught:
        async with unit_of_work(database, told, key) as uow:
            await change(uow, empty_meeting)
    again = caught.value.answer
    assert (again.status, again.body, again.seq) == (answer.status, answer.body, answer.seq)
    assert again.replayed
    assert len(told.published) == 1


async def test_another_request_with_the_same_key_is_refused(stage: Stage) -> None:
    header = str(new_id())
    async with unit_of_work(stage.database, Told(), fresh_key(header)) as uow:
        await uow.claim()
        uow.answer(200, b"{}", uow.key)
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        async with unit_of_work(stage.database, Told(), fresh_key(header, b"other")) as uow:
            await uow.claim()


async def test_a_key_that_was_taken_meanwhile_rolls_everything_back(
    empty_meeting: Meeting,
) -> None:
    database, told, header = empty_meeting.stage.database, Told(), str(new_id())
    before = await traces(empty_meeting)
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        async with unit_of_work(database, told, fresh_key(header)) as uow:
            await change(uow, empty_meeting)
            uow.answer(200, b"{}", uow.key)
            async with unit_of_work(database, Told(), fresh_key(header, b"other")) as other:
                await other.claim()
                other.answer(200, b"{}", other.key)
    assert told.published == []
    assert await traces(empty_meeting) == before


async def test_a_write_that_forgets_its_key_is_a_bug(empty_meeting: Meeting) -> None:
    with pytest.raises(RuntimeError, match="did not look for the answer"):
        async with unit_of_work(empty_meeting.stage.database, Told()) as uow:
            await access.lock_event_row(uow, empty_meeting.id)


async def test_rows_that_no_change_tells_of_are_a_bug(empty_meeting: Meeting) -> None:
    before = await traces(empty_meeting)
    with pytest.raises(RuntimeError, match="no change tells"):
        async with unit_of_work(empty_meeting.stage.database, Told()) as uow:
            await access.lock_event_row(uow, empty_meeting.id)
            await uow.claim()
            uow.rows = Rows("gone AS (DELETE FROM events WHERE id = :event_id)", {})
    assert await traces(empty_meeting) == before


async def test_a_change_without_its_event_is_a_bug(stage: Stage) -> None:
    with pytest.raises(RuntimeError, match="without holding its event"):
        async with unit_of_work(stage.database, Told()) as uow:
            await uow.claim()
            uow.record(ChangeType.TURNOUT, ONE, None, None)


async def test_tokens_of_a_replayed_request_are_the_same(stage: Stage) -> None:
    key = fresh_key()
    tokens = []
    for told in (Told(), Told()):
        async with unit_of_work(stage.database, told, key) as uow:
            await uow.claim()
            tokens.append(uow.new_token())
    assert tokens[0] == tokens[1]
    async with unit_of_work(stage.database, Told()) as uow:
        await uow.claim()
        assert uow.new_token() not in tokens
