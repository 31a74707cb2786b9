import pytest

from app.models.statuses import EventStatus
from app.services import lifecycle
from tests.support.stage import Cast, Meeting

WAY = [EventStatus.IN_PROGRESS, EventStatus.PAUSED, EventStatus.IN_PROGRESS, EventStatus.FINISHED]


async def test_an_event_walks_its_way(gathering: Meeting) -> None:
    for status in WAY:
        assert (await gathering.move(status))["status"] == status


async def test_the_first_start_is_the_one_that_counts(gathering: Meeting) -> None:
    heads = [await gathering.move(status) for status in WAY]
    assert heads[0]["started_at"] is not None
    assert {head["started_at"] for head in heads} == {heads[0]["started_at"]}
    assert [head["finished_at"] is not None for head in heads] == [False, False, False, True]


async def test_nothing_leaves_the_end(meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    for status in EventStatus:
        refusal = await meeting.refused(
            "illegal_transition", lifecycle.change_status, cast.owner, status
        )
        assert refusal.current == "FINISHED"


@pytest.mark.parametrize("name", ["member", "observer"])
async def test_only_admins_move_an_event(meeting: Meeting, cast: Cast, name: str) -> None:
    who = getattr(cast, name)
    await meeting.refused("admins_only", lifecycle.change_status, who, EventStatus.PAUSED)


async def test_an_admin_and_staff_move_an_event(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(lifecycle.change_status, cast.admin, EventStatus.PAUSED)
    await meeting.do(lifecycle.change_status, cast.staff, EventStatus.FINISHED)
