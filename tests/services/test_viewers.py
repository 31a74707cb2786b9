from uuid import UUID

import pytest

from app.models.statuses import MembershipStatus, Role
from app.services.viewers import Viewer
from app.utils.frames import Frame

EVENT, PERSON, OTHER, SESSION = (UUID(int=n) for n in range(4))
ACCEPTED, LEFT, BANNED = (
    MembershipStatus.ACCEPTED,
    MembershipStatus.LEFT,
    MembershipStatus.BANNED,
)


def viewer(*, staff: bool = False) -> Viewer:
    return Viewer(EVENT, PERSON, SESSION, is_staff=staff)


def sees(who: Viewer, seq: int, only: UUID | None = OTHER) -> bool:
    """Whether somebody is shown a frame that is for admins and one person."""
    return who.show(Frame(seq, "membership.changed", only, b"shown", b"hidden")) == b"shown"


@pytest.mark.parametrize(("admin", "staff"), [(True, False), (False, True), (False, False)])
def test_the_queue_is_for_admins_and_staff(admin: bool, staff: bool) -> None:
    who = viewer(staff=staff)
    who.check_in(5, admin=admin)
    assert sees(who, 6) is (admin or staff)
    assert sees(who, 6, only=None)
    assert sees(who, 6, only=PERSON)


def test_rights_hold_from_their_own_number_on() -> None:
    who = viewer()
    who.check_in(5, admin=False)
    who.follow_membership(7, ACCEPTED, Role.ADMIN, by_self=False)
    who.follow_membership(9, ACCEPTED, Role.MEMBER, by_self=False)
    assert [sees(who, seq) for seq in range(6, 11)] == [False, True, True, False, False]


def test_what_was_heard_before_the_rights_were_read_is_older() -> None:
    who = viewer()
    who.follow_membership(3, BANNED, Role.MEMBER, by_self=False)
    who.follow_membership(4, ACCEPTED, Role.ADMIN, by_self=False)
    who.check_in(5, admin=False)
    who.follow_membership(5, BANNED, Role.MEMBER, by_self=False)
    assert who.end is None
    assert not sees(who, 6)


def test_what_was_heard_after_the_rights_were_read_is_younger() -> None:
    who = viewer()
    who.follow_membership(7, ACCEPTED, Role.ADMIN, by_self=False)
    who.follow_membership(9, BANNED, Role.MEMBER, by_self=False)
    who.check_in(5, admin=False)
    assert sees(who, 8)
    assert who.end == (9, "banned")


@pytest.mark.parametrize(
    ("status", "by_self", "reason"),
    [(BANNED, False, "banned"), (LEFT, False, "kicked"), (LEFT, True, "left")],
)
def test_nothing_is_shown_above_the_end(
    status: MembershipStatus, by_self: bool, reason: str
) -> None:
    who = viewer()
    who.check_in(5, admin=False)
    who.follow_membership(7, status, Role.MEMBER, by_self=by_self)
    assert who.end == (7, reason)
    assert [who.may_see(seq) for seq in (6, 7, 8)] == [True, True, False]


def test_staff_stay_whatever_becomes_of_their_membership() -> None:
    who = viewer(staff=True)
    who.check_in(5, admin=True)
    who.follow_membership(7, BANNED, Role.MEMBER, by_self=False)
    assert who.end is None
    assert sees(who, 8)


def test_the_first_end_is_the_one_that_counts() -> None:
    who = viewer()
    who.check_in(5, admin=False)
    who.finish(5, "event_closed")
    assert who.end is None
    who.follow_membership(7, BANNED, Role.MEMBER, by_self=False)
    who.finish(8, "event_closed")
    assert who.end == (7, "banned")
