from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from app.models.base import new_id
from app.models.bodies import EventEdit, PoliciesEdit
from app.models.callers import Caller
from app.models.errors import Conflict, DomainError, Forbidden
from app.models.statuses import EventStatus, MembershipStatus, Role
from app.services import entry, events, memberships, ownership
from app.services.memberships import DEEDS
from tests.support.stage import Cast, Meeting

PENDING, ACCEPTED, REJECTED, LEFT, BANNED = MembershipStatus
# `domain.md` §3: what each deed is for, and where it leads.
WAYS = {
    "approve": (PENDING, ACCEPTED),
    "reject": (PENDING, REJECTED),
    "reset": (REJECTED, PENDING),
    "kick": (ACCEPTED, LEFT),
    "ban": (ACCEPTED, BANNED),
    "unban": (BANNED, LEFT),
}


async def knock(meeting: Meeting, *people: Caller) -> None:
    """Have people ask for admission to an event that asks its admins."""
    edit = EventEdit(policies=PoliciesEdit(membership_auto_approved=False))
    await meeting.do(events.edit_event, meeting.owner, edit, None)
    for who in people:
        await meeting.enter(who)


async def bring(meeting: Meeting, who: Caller, status: MembershipStatus) -> None:
    """Walk somebody's membership to a status, through what people and admins do."""
    await knock(meeting, who)
    path = {
        PENDING: [],
        ACCEPTED: ["approve"],
        REJECTED: ["reject"],
        LEFT: ["approve", "kick"],
        BANNED: ["approve", "ban"],
    }
    for deed in path[status]:
        await meeting.treat(deed, who)


def test_every_deed_has_its_way() -> None:
    assert DEEDS.keys() == WAYS.keys()


@pytest.mark.parametrize("status", MembershipStatus)
async def test_deeds_are_done_to_their_status_only(
    empty_meeting: Meeting, cast: Cast, status: MembershipStatus
) -> None:
    await bring(empty_meeting, cast.member, status)
    seat = await empty_meeting.seat(cast.member)
    for deed, (before, _) in WAYS.items():
        place = (seat, deed)
        if before is not status:
            refusal = await empty_meeting.refused(
                "illegal_transition", memberships.do_to_membership, cast.owner, *place
            )
            assert refusal.current == status
    possible = [(deed, after) for deed, (before, after) in WAYS.items() if before is status]
    if possible:
        deed, after = possible[-1]
        assert (await empty_meeting.treat(deed, cast.member))["status"] == after


@pytest.mark.parametrize("deed", WAYS)
@pytest.mark.parametrize("name", ["member", "observer", "outsider"])
async def test_deeds_are_for_admins(gathering: Meeting, cast: Cast, deed: str, name: str) -> None:
    seat = await gathering.seat(cast.second)
    code = "not_a_member" if name == "outsider" else "admins_only"
    who = getattr(cast, name)
    await gathering.refused(code, memberships.do_to_membership, who, seat, deed)


@pytest.mark.parametrize("deed", ["kick", "ban"])
@pytest.mark.parametrize("name", ["admin", "owner", "staff"])
async def test_nobody_sends_the_owner_out(
    gathering: Meeting, cast: Cast, deed: str, name: str
) -> None:
    seat = await gathering.seat(cast.owner)
    who = getattr(cast, name)
    await gathering.refused("owner_stays", memberships.do_to_membership, who, seat, deed)


@pytest.mark.parametrize("deed", WAYS)
async def test_nothing_is_done_in_a_finished_event(meeting: Meeting, cast: Cast, deed: str) -> None:
    await meeting.move(EventStatus.FINISHED)
    seat = await meeting.seat(cast.member)
    await meeting.refused("event_closed", memberships.do_to_membership, cast.owner, seat, deed)


async def test_a_membership_of_another_event_is_none_here(meeting: Meeting, cast: Cast) -> None:
    other = await meeting.stage.open(cast.member)
    seat = await other.seat(cast.member)
    for place in (seat, new_id()):
        await meeting.refused(
            "membership_not_found", memberships.do_to_membership, cast.owner, place, "kick"
        )


async def test_coming_in_takes_a_place_at_once(empty_meeting: Meeting, cast: Cast) -> None:
    joined = await empty_meeting.enter(cast.member)
    assert (joined["status"], joined["role"]) == ("ACCEPTED", "MEMBER")
    assert joined["joined_at"] is not None
    assert (await empty_meeting.see(cast.member))["counts"]["members"] == 2


async def test_coming_in_can_mean_waiting(empty_meeting: Meeting, cast: Cast) -> None:
    await knock(empty_meeting, cast.member)
    assert await empty_meeting.role(cast.member) == (PENDING, Role.MEMBER)
    with pytest.raises(Forbidden, match="membership_pending"):
        await empty_meeting.see(cast.member)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ACCEPTED, "already_member"),
        (PENDING, "already_waiting"),
        (BANNED, "membership_banned"),
        (REJECTED, "membership_rejected"),
    ],
)
async def test_who_may_not_come_in_again(
    empty_meeting: Meeting, cast: Cast, status: MembershipStatus, code: str
) -> None:
    await bring(empty_meeting, cast.member, status)
    door = await empty_meeting.door()
    head = await empty_meeting.head()
    with pytest.raises(DomainError, match=code):
        await empty_meeting.stage.write(empty_meeting.id, entry.enter, cast.member, door)
    assert await empty_meeting.head() == head


@pytest.mark.parametrize("auto", [True, False])
async def test_who_left_may_come_again(empty_meeting: Meeting, cast: Cast, auto: bool) -> None:
    await bring(empty_meeting, cast.member, LEFT)
    edit = EventEdit(policies=PoliciesEdit(membership_auto_approved=auto))
    await empty_meeting.do(events.edit_event, cast.owner, edit, None)
    back = await empty_meeting.enter(cast.member)
    assert back["status"] == ("ACCEPTED" if auto else "PENDING")
    rows = "SELECT count(*) FROM memberships WHERE event_id = :e AND user_id = :u"
    assert await empty_meeting.row(rows, cast.member) == 1


async def full_house(meeting: Meeting, cast: Cast) -> None:
    """Two places, both taken."""
    await meeting.enter(cast.member)
    await meeting.do(events.edit_event, cast.owner, EventEdit(capacity=2), None)


async def test_a_full_event_takes_nobody(empty_meeting: Meeting, cast: Cast) -> None:
    await full_house(empty_meeting, cast)
    door = await empty_meeting.door()
    with pytest.raises(Conflict, match="event_full"):
        await empty_meeting.stage.write(empty_meeting.id, entry.enter, cast.second, door)
    await empty_meeting.check()


async def test_a_full_event_approves_nobody(empty_meeting: Meeting, cast: Cast) -> None:
    await full_house(empty_meeting, cast)
    await knock(empty_meeting, cast.second)
    seat = await empty_meeting.seat(cast.second)
    place = (memberships.do_to_membership, cast.owner, seat, "approve")
    refusal = await empty_meeting.refused("event_full", *place)
    assert refusal.current == "2/2"
    await empty_meeting.treat("kick", cast.member)
    assert (await empty_meeting.do(*place))["status"] == "ACCEPTED"


async def test_observers_take_no_place(empty_meeting: Meeting, cast: Cast) -> None:
    await full_house(empty_meeting, cast)
    seat = await empty_meeting.seat(cast.member)
    await empty_meeting.do(memberships.change_role, cast.owner, seat, Role.OBSERVER)
    await empty_meeting.enter(cast.second)
    refused = (memberships.change_role, cast.owner, seat, Role.MEMBER)
    await empty_meeting.refused("event_full", *refused)
    assert (await empty_meeting.see(cast.owner))["counts"] == {
        "members": 2,
        "observers": 1,
        "pending": 0,
        "voters": 0,
    }


async def test_places_go_to_who_asked_first(empty_meeting: Meeting, cast: Cast) -> None:
    await knock(empty_meeting, cast.third, cast.member, cast.second)
    await empty_meeting.do(events.edit_event, cast.owner, EventEdit(capacity=3), None)
    done = await empty_meeting.do(memberships.approve_all, cast.owner, None)
    assert done == {"approved": 2, "rejected": 0, "no_place": 1}
    found = [(await empty_meeting.role(who))[0] for who in (cast.third, cast.member, cast.second)]
    assert found == [ACCEPTED, ACCEPTED, PENDING]


async def test_who_asks_again_stands_at_the_end(empty_meeting: Meeting, cast: Cast) -> None:
    await bring(empty_meeting, cast.member, REJECTED)
    await empty_meeting.enter(cast.second)
    await empty_meeting.treat("reset", cast.member)
    await empty_meeting.do(events.edit_event, cast.owner, EventEdit(capacity=2), None)
    await empty_meeting.do(memberships.approve_all, cast.owner, None)
    assert (await empty_meeting.role(cast.second))[0] is ACCEPTED
    assert (await empty_meeting.role(cast.member))[0] is PENDING


async def test_a_bulk_can_name_its_requests(empty_meeting: Meeting, cast: Cast) -> None:
    await knock(empty_meeting, cast.member, cast.second)
    seats = [await empty_meeting.seat(cast.second), await empty_meeting.seat(cast.owner), new_id()]
    done = await empty_meeting.do(memberships.approve_all, cast.owner, seats)
    assert done == {"approved": 1, "rejected": 0, "no_place": 0}
    assert (await empty_meeting.role(cast.member))[0] is PENDING


async def test_a_bulk_rejects_all_that_wait(empty_meeting: Meeting, cast: Cast) -> None:
    await knock(empty_meeting, cast.member, cast.second)
    done = await empty_meeting.do(memberships.reject_all, cast.owner, None)
    assert done == {"approved": 0, "rejected": 2, "no_place": 0}
    assert await empty_meeting.do(memberships.reject_all, cast.owner, None) == {
        "approved": 0,
        "rejected": 0,
        "no_place": 0,
    }


@pytest.mark.parametrize("work", [memberships.approve_all, memberships.reject_all])
async def test_bulks_are_for_admins(
    gathering: Meeting, cast: Cast, work: Callable[..., Awaitable[object]]
) -> None:
    await gathering.refused("admins_only", work, cast.member, None)


async def test_requests_are_told_to_admins_and_who_asks(empty_meeting: Meeting, cast: Cast) -> None:
    await empty_meeting.enter(cast.member)
    await knock(empty_meeting, cast.second)
    head = await empty_meeting.head()
    seen = {
        who.name: [c["type"] for c in await empty_meeting.changes(who, head - 2)]
        for who in (cast.owner, cast.member)
    }
    assert seen["owner"] == ["membership.changed", "turnout.changed"]
    assert seen["member"] == ["hidden", "turnout.changed"]


@pytest.mark.parametrize(
    ("who", "whom", "role", "code"),
    [
        ("admin", "member", Role.ADMIN, "owner_only"),
        ("admin", "owner", Role.MEMBER, "use_transfer"),
        ("owner", "member", Role.OWNER, "use_transfer"),
        ("owner", "owner", Role.ADMIN, "use_transfer"),
        ("member", "second", Role.OBSERVER, "admins_only"),
        ("observer", "observer", Role.MEMBER, "admins_only"),
    ],
)
async def test_which_roles_are_not_given(
    gathering: Meeting, cast: Cast, who: str, whom: str, role: Role, code: str
) -> None:
    seat = await gathering.seat(getattr(cast, whom))
    await gathering.refused(code, memberships.change_role, getattr(cast, who), seat, role)


@pytest.mark.parametrize(
    ("who", "whom", "role"),
    [
        ("owner", "member", Role.ADMIN),
        ("owner", "admin", Role.MEMBER),
        ("staff", "admin", Role.OBSERVER),
        ("admin", "member", Role.OBSERVER),
        ("admin", "observer", Role.MEMBER),
    ],
)
async def test_which_roles_are_given(
    meeting: Meeting, cast: Cast, who: str, whom: str, role: Role
) -> None:
    seat = await meeting.seat(getattr(cast, whom))
    given = await meeting.do(memberships.change_role, getattr(cast, who), seat, role)
    assert given["role"] == role


async def test_a_role_that_one_has_changes_nothing(meeting: Meeting, cast: Cast) -> None:
    head = await meeting.head()
    seat = await meeting.seat(cast.member)
    await meeting.do(memberships.change_role, cast.owner, seat, Role.MEMBER)
    assert await meeting.head() == head


async def test_who_is_not_in_has_no_role(meeting: Meeting, cast: Cast) -> None:
    await meeting.treat("kick", cast.member)
    seat = await meeting.seat(cast.member)
    change = (memberships.change_role, cast.owner, seat, Role.OBSERVER)
    refusal = await meeting.refused("not_a_member", *change)
    assert refusal.current == LEFT


async def test_an_admin_who_comes_back_is_a_member(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(ownership.leave, cast.admin)
    assert (await meeting.enter(cast.admin))["role"] == "MEMBER"


async def test_members_see_members_and_admins_see_everybody(meeting: Meeting, cast: Cast) -> None:
    await meeting.treat("ban", cast.third)
    database = meeting.stage.database
    seen = await memberships.list_memberships(database, cast.member, meeting.id, None, None, 50)
    assert {m.status for m in seen.items} == {ACCEPTED}
    seen = await memberships.list_memberships(database, cast.admin, meeting.id, BANNED, None, 50)
    assert [m.user.name for m in seen.items] == ["third"]
    with pytest.raises(Forbidden, match="admins_only"):
        await memberships.list_memberships(database, cast.member, meeting.id, BANNED, None, 50)


async def test_memberships_come_in_pages(meeting: Meeting, cast: Cast) -> None:
    names, cursor = [], None
    while True:
        page = await memberships.list_memberships(
            meeting.stage.database, cast.owner, meeting.id, None, cursor, 4
        )
        names += [m.user.name for m in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names == ["owner", "admin", "member", "second", "third", "observer"]


async def test_a_ban_is_known_by_its_id(meeting: Meeting, cast: Cast) -> None:
    banned = await meeting.treat("ban", cast.member)
    assert UUID(banned["id"]) == await meeting.seat(cast.member)


async def test_observers_come_in_by_themselves_only_where_they_may(
    empty_meeting: Meeting, cast: Cast
) -> None:
    with pytest.raises(Forbidden, match="observers_not_allowed"):
        await empty_meeting.enter(cast.member, observe=True)
    edit = EventEdit(capacity=1, policies=PoliciesEdit(observers_allowed=True))
    await empty_meeting.do(events.edit_event, empty_meeting.owner, edit, None)
    came = await empty_meeting.enter(cast.member, observe=True)
    assert (came["status"], came["role"]) == ("ACCEPTED", "OBSERVER")
