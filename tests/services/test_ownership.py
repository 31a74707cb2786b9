from itertools import pairwise

import pytest

from app.models.bodies import EventEdit
from app.models.statuses import EventStatus, MembershipStatus, Role
from app.services import events, memberships, ownership
from tests.support.stage import Cast, Meeting

LEFT = MembershipStatus.LEFT


async def test_the_owner_hands_the_event_over(meeting: Meeting, cast: Cast) -> None:
    heir = await meeting.do(ownership.transfer, cast.owner, cast.member.id)
    assert heir["role"] == "OWNER"
    assert (await meeting.role(cast.owner))[1] is Role.ADMIN
    assert (await meeting.see(cast.third))["owner"]["name"] == "member"
    await meeting.do(ownership.transfer, cast.member, cast.owner.id)


@pytest.mark.parametrize(
    ("who", "whom", "code"),
    [
        ("admin", "member", "owner_only"),
        ("member", "member", "owner_only"),
        ("owner", "owner", "already_owner"),
        ("owner", "outsider", "member_not_found"),
    ],
)
async def test_whom_an_event_is_not_handed_to(
    meeting: Meeting, cast: Cast, who: str, whom: str, code: str
) -> None:
    heir = getattr(cast, whom).id
    await meeting.refused(code, ownership.transfer, getattr(cast, who), heir)


async def test_an_observer_who_inherits_takes_a_place(meeting: Meeting, cast: Cast) -> None:
    members = (await meeting.see(cast.owner))["counts"]["members"]
    meeting.watch(cast.observer)
    await meeting.do(ownership.transfer, cast.owner, cast.observer.id)
    seen = await meeting.see(cast.observer)
    assert seen["owner"]["id"] == str(cast.observer.id)
    assert (seen["counts"]["members"], seen["counts"]["observers"]) == (members + 1, 0)


async def test_an_observer_inherits_nothing_where_no_place_is_left(
    meeting: Meeting, cast: Cast
) -> None:
    members = (await meeting.see(cast.owner))["counts"]["members"]
    await meeting.do(events.edit_event, cast.owner, EventEdit(capacity=members), None)
    await meeting.refused("event_full", ownership.transfer, cast.owner, cast.observer.id)
    assert (await meeting.role(cast.observer))[1] is Role.OBSERVER


async def test_who_left_inherits_nothing(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(ownership.leave, cast.member)
    await meeting.refused("member_not_found", ownership.transfer, cast.owner, cast.member.id)


async def test_staff_hand_an_event_over(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(ownership.transfer, cast.staff, cast.second.id)
    assert (await meeting.role(cast.second))[1] is Role.OWNER


@pytest.mark.parametrize("name", ["admin", "member", "observer"])
async def test_anybody_may_leave(meeting: Meeting, cast: Cast, name: str) -> None:
    who = getattr(cast, name)
    assert (await meeting.do(ownership.leave, who))["status"] == "LEFT"
    await meeting.refused("membership_left", ownership.leave, who)


async def test_an_owner_who_leaves_is_followed_by_admins_then_members(
    meeting: Meeting, cast: Cast
) -> None:
    line = [cast.owner, cast.admin, cast.member, cast.second, cast.third]
    for who, heir in pairwise(line):
        meeting.watch(heir)
        await meeting.do(ownership.leave, who)
        assert await meeting.role(heir) == (MembershipStatus.ACCEPTED, Role.OWNER)
        assert await meeting.role(who) == (LEFT, Role.MEMBER)


async def test_the_earliest_admin_comes_before_earlier_members(
    meeting: Meeting, cast: Cast
) -> None:
    await meeting.do(ownership.leave, cast.admin)
    seat = await meeting.seat(cast.third)
    await meeting.do(memberships.change_role, cast.owner, seat, Role.ADMIN)
    await meeting.do(ownership.leave, cast.owner)
    assert (await meeting.role(cast.third))[1] is Role.OWNER


@pytest.mark.parametrize("way", [[], [EventStatus.IN_PROGRESS, EventStatus.PAUSED]])
async def test_an_event_that_nobody_is_left_in_is_closed(
    empty_meeting: Meeting, cast: Cast, way: list[EventStatus]
) -> None:
    for status in way:
        await empty_meeting.move(status)
    await empty_meeting.do(ownership.leave, cast.owner)
    assert (await empty_meeting.see(cast.staff))["status"] == "FINISHED"


async def test_observers_do_not_inherit(empty_meeting: Meeting, cast: Cast) -> None:
    await empty_meeting.enter(cast.observer)
    seat = await empty_meeting.seat(cast.observer)
    await empty_meeting.do(memberships.change_role, cast.owner, seat, Role.OBSERVER)
    empty_meeting.watch(cast.observer)
    await empty_meeting.do(ownership.leave, cast.owner)
    assert (await empty_meeting.see(cast.observer))["status"] == "FINISHED"


@pytest.mark.parametrize("name", ["outsider", "staff"])
async def test_who_is_not_in_cannot_leave(meeting: Meeting, cast: Cast, name: str) -> None:
    await meeting.refused("not_a_member", ownership.leave, getattr(cast, name))


async def test_nobody_leaves_what_is_over(meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    await meeting.refused("event_closed", ownership.leave, cast.member)
    await meeting.refused("event_closed", ownership.transfer, cast.owner, cast.member.id)
