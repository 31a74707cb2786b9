from collections.abc import Awaitable, Callable

import pytest

from app.models.callers import Caller
from app.models.statuses import Choice, EventStatus, ProposalStatus, Role
from app.services import memberships, ownership
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

Departure = Callable[[Meeting, Caller], Awaitable[object]]


async def _leave(meeting: Meeting, who: Caller) -> None:
    await meeting.do(ownership.leave, who)


async def _observe(meeting: Meeting, who: Caller) -> None:
    seat = await meeting.seat(who)
    await meeting.do(memberships.change_role, meeting.owner, seat, Role.OBSERVER)


DEPARTURES: dict[str, Departure] = {
    "left": _leave,
    "kicked": lambda meeting, who: meeting.treat("kick", who),
    "banned": lambda meeting, who: meeting.treat("ban", who),
    "observer": _observe,
}
SENT_OUT = (DEPARTURES["kicked"], DEPARTURES["banned"])
every_departure = pytest.mark.parametrize("depart", DEPARTURES.values(), ids=DEPARTURES)


def tally(event: Json, proposal: Json) -> Json:
    found: Json = next(p for p in event["proposals"] if p["id"] == proposal["id"])["tally"]
    return found


@every_departure
async def test_who_goes_takes_open_votes_and_the_ballot(
    meeting: Meeting, cast: Cast, depart: Departure
) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal, Choice.DISAGREE)
    await meeting.vote(cast.second, proposal, Choice.ABSTAIN)
    await meeting.cast_ballot(cast.member)
    await depart(meeting, cast.member)
    event = await meeting.see(cast.owner)
    assert tally(event, proposal) == {"agree": 0, "disagree": 0, "abstain": 1}
    assert event["counts"]["voters"] == 0


@every_departure
async def test_decided_proposals_keep_the_tally_they_were_decided_with(
    meeting: Meeting, cast: Cast, depart: Departure
) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal, Choice.DISAGREE)
    await meeting.decide(cast.owner, proposal, ProposalStatus.REJECTED)
    await depart(meeting, cast.member)
    assert tally(await meeting.see(cast.owner), proposal)["disagree"] == 1


@every_departure
async def test_a_departure_shows_in_one_order(
    meeting: Meeting, cast: Cast, depart: Departure
) -> None:
    for _ in range(2):
        await meeting.vote(cast.member, await meeting.propose(cast.owner))
    head = await meeting.head()
    await depart(meeting, cast.member)
    assert [change["type"] for change in await meeting.changes(cast.owner, head)] == [
        "membership.changed",
        "tally.changed",
        "tally.changed",
        "turnout.changed",
        *["message.changed"] * (depart in SENT_OUT),
    ]


async def test_tallies_do_not_tell_who_voted(meeting: Meeting, cast: Cast) -> None:
    await meeting.vote(cast.member, await meeting.propose(cast.owner))
    await meeting.treat("kick", cast.member)
    quiet = {"tally.changed", "turnout.changed"}
    changes = [c for c in await meeting.changes(cast.owner) if c["type"] in quiet]
    assert changes
    assert {change["actor"] for change in changes} == {None}


async def test_an_owner_who_leaves_takes_their_votes_too(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.vote(cast.owner, proposal)
    await meeting.cast_ballot(cast.owner)
    await meeting.do(ownership.leave, cast.owner)
    event = await meeting.see(cast.admin)
    assert tally(event, proposal)["agree"] == 0
    assert event["counts"]["voters"] == 0


async def test_an_admin_who_becomes_a_member_keeps_their_votes(
    meeting: Meeting, cast: Cast
) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.vote(cast.admin, proposal)
    seat = await meeting.seat(cast.admin)
    await meeting.do(memberships.change_role, cast.owner, seat, Role.MEMBER)
    assert tally(await meeting.see(cast.owner), proposal)["agree"] == 1


async def test_whoever_comes_back_starts_without_votes(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal)
    await meeting.do(ownership.leave, cast.member)
    await meeting.enter(cast.member)
    assert (await meeting.see(cast.member))["me"]["votes"] == {}
    await meeting.vote(cast.member, proposal, Choice.DISAGREE)


async def test_a_departure_while_paused_takes_votes_too(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal)
    await meeting.move(EventStatus.PAUSED)
    await meeting.treat("kick", cast.member)
    assert tally(await meeting.see(cast.owner), proposal)["agree"] == 0
