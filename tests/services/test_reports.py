"""What the lanes say of slow and broken writes, and that they say nothing of the rest."""

import pytest
from structlog.testing import capture_logs

from app.models.base import new_id
from app.models.errors import Conflict
from app.services import reports
from app.services.lanes import Lanes
from app.services.tallies import Verb
from app.utils.idempotency import Answer
from app.utils.tracing import request_id
from app.utils.transaction import OutcomeUnknown, UnitOfWork
from tests.support.stage import Cast, Meeting, Stage


@pytest.fixture
def named() -> str:
    request_id.set("word")
    return "word"


async def _broken(_uow: UnitOfWork) -> None:
    raise ValueError("what somebody wrote")


def test_a_slow_batch_names_its_requests_and_numbers() -> None:
    class Asked:
        request_id = "one"

    event_id = new_id()
    outcomes = [
        Answer(201, b"", "e.4"),
        Conflict("no", "No."),
        Answer(201, b"", "e.2", replayed=True),
        Answer(201, b"", "e.5"),
    ]
    with capture_logs() as said:
        reports.note(event_id, [Asked()] * 4, outcomes, reports.SLOW)
        reports.note(event_id, [Asked()] * 4, outcomes, reports.SLOW / 2)
    assert said == [
        {
            "event": "writes_slow",
            "log_level": "info",
            "event_id": str(event_id),
            "request_ids": ["one"] * 4,
            "first_seq": "e.4",
            "last_seq": "e.5",
            "milliseconds": 1_000.0,
        }
    ]


@pytest.mark.parametrize("in_event", [True, False])
async def test_a_write_that_breaks_is_told_without_what_was_written(
    stage: Stage, meeting: Meeting, named: str, in_event: bool
) -> None:
    lanes = Lanes(stage.database, stage.told, 3)
    event_id = meeting.id if in_event else None
    with capture_logs() as said, pytest.raises(ValueError, match="somebody"):
        await lanes.write(event_id, _broken, status=200, key=None)  # type: ignore[arg-type]
    await lanes.drain()
    assert said == [
        {
            "event": "write_failed",
            "log_level": "warning",
            "event_id": str(event_id),
            "request_ids": [named],
            "error": "ValueError",
        }
    ]


async def test_a_refusal_is_no_failure(meeting: Meeting, cast: Cast, named: str) -> None:
    proposal = await meeting.propose(cast.owner)
    with capture_logs() as said:
        await meeting.vote(cast.member, proposal)
        with pytest.raises(Conflict):
            await meeting.vote(cast.member, proposal, verb=Verb.CAST)
    assert (said, named) == ([], "word")


def test_an_unknown_outcome_is_a_failure() -> None:
    with capture_logs() as said:
        reports.note_failure(None, "word", OutcomeUnknown())
    assert [line["error"] for line in said] == ["OutcomeUnknown"]
