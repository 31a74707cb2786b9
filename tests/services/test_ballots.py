from collections import Counter
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.models.base import new_id
from app.models.bodies import BallotBody
from app.models.callers import Caller
from app.models.errors import Conflict, DomainError, NotFound
from app.models.payloads import BallotPayload, ResultPayload
from app.models.statuses import Category, EventStatus, ProposalKind, ProposalStatus
from app.services import ballots
from app.services.ballots import WEIGHTS
from app.utils.transaction import UnitOfWork
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting, Stage

CRITERIA = ["Cost", "Joy", "Time", "Size"]


async def cast_once(
    uow: UnitOfWork, who: Caller, event_id: UUID, body: BallotBody
) -> BallotPayload:
    return await ballots.cast_ballot(uow, who, event_id, body, again=False)


async def own(meeting: Meeting, who: Caller) -> BallotPayload:
    return await ballots.read_ballot(meeting.stage.database, who, meeting.id)


async def result(meeting: Meeting, who: Caller) -> ResultPayload:
    return await ballots.read_result(meeting.stage.database, who, meeting.id)


async def change_criteria(meeting: Meeting, cast: Cast, *, add: bool) -> Json:
    """Add a criterion, or take the first one away; return the event."""
    kind = ProposalKind.CRITERION
    first = (await meeting.see(cast.owner))["criteria"][0]
    wish = (Category.CREATION, None) if add else (Category.DELETION, first)
    proposal = await meeting.propose(cast.owner, kind, *wish)
    await meeting.decide(cast.owner, proposal, ProposalStatus.ACCEPTED)
    return await meeting.see(cast.owner)


async def test_a_ballot_is_cast_once_and_then_again(meeting: Meeting, cast: Cast) -> None:
    first = await meeting.cast_ballot(cast.member, option=0)
    with pytest.raises(Conflict, match="already_cast"):
        await meeting.cast_ballot(cast.member, option=1)
    second = await meeting.cast_ballot(cast.member, option=1, again=True)
    assert first["option_id"] != second["option_id"]
    assert str((await own(meeting, cast.member)).option_id) == second["option_id"]
    assert (await meeting.see(cast.owner))["counts"]["voters"] == 1


async def test_putting_a_first_ballot_casts_it(meeting: Meeting, cast: Cast) -> None:
    await meeting.cast_ballot(cast.member, again=True)
    assert (await meeting.see(cast.member))["me"]["has_ballot"] is True


async def test_turnout_is_told_without_names(meeting: Meeting, cast: Cast) -> None:
    await meeting.cast_ballot(cast.member)
    change = (await meeting.changes(cast.owner))[-1]
    assert (change["type"], change["actor"]) == ("turnout.changed", None)
    assert change["data"]["counts"]["voters"] == 1


@pytest.mark.parametrize("name", ["observer", "outsider", "staff"])
async def test_only_voting_members_cast_ballots(meeting: Meeting, cast: Cast, name: str) -> None:
    with pytest.raises(DomainError, match=r"observers_do_not_vote|not_a_member"):
        await meeting.cast_ballot(getattr(cast, name))
    with pytest.raises(NotFound, match="ballot_not_found"):
        await own(meeting, cast.member)


@pytest.mark.parametrize("status", [EventStatus.PAUSED, EventStatus.FINISHED])
async def test_ballots_are_open_while_the_event_goes_on(
    meeting: Meeting, cast: Cast, status: EventStatus
) -> None:
    await meeting.move(status)
    with pytest.raises(Conflict, match=r"event_paused|event_closed"):
        await meeting.cast_ballot(cast.member)


async def test_a_ballot_ranks_exactly_the_live_criteria(meeting: Meeting, cast: Cast) -> None:
    event = await meeting.see(cast.owner)
    one, two = (criterion["id"] for criterion in event["criteria"])
    option = event["options"][0]["id"]
    for ranking in ([], [one], [one, one], [one, two, two], [one, two, new_id()]):
        body = BallotBody(option_id=option, criterion_ids=ranking)
        await meeting.refused("ranking_incomplete", cast_once, cast.member, body)
    for wrong in (new_id(), one):
        body = BallotBody(option_id=wrong, criterion_ids=[one, two])
        await meeting.refused("invalid_fields", cast_once, cast.member, body)


@pytest.mark.parametrize("add", [True, False])
async def test_a_changed_list_of_criteria_outdates_the_ranking(
    meeting: Meeting, cast: Cast, add: bool
) -> None:
    await meeting.cast_ballot(cast.member)
    assert not (await own(meeting, cast.member)).ranking_outdated
    event = await change_criteria(meeting, cast, add=add)
    assert (await own(meeting, cast.member)).ranking_outdated
    assert event["counts"]["voters"] == 1
    await meeting.cast_ballot(cast.member, again=True)
    assert not (await own(meeting, cast.member)).ranking_outdated


async def test_a_gone_criterion_leaves_no_hole_in_the_ranking(meeting: Meeting, cast: Cast) -> None:
    await meeting.cast_ballot(cast.member)
    await change_criteria(meeting, cast, add=False)
    await meeting.move(EventStatus.FINISHED)
    (joy,) = (await result(meeting, cast.member)).criteria
    assert (joy.content, joy.first_choices, joy.weighted_score) == ("Joy", 1, WEIGHTS[0])


async def test_the_result_shows_at_the_end_to_those_who_are_in(
    meeting: Meeting, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="event_not_finished"):
        await result(meeting, cast.owner)
    await meeting.move(EventStatus.FINISHED)
    for who in (cast.owner, cast.member, cast.observer, cast.staff):
        assert (await result(meeting, who)).total_members == 5
    with pytest.raises(DomainError, match="not_a_member"):
        await result(meeting, cast.outsider)


ballot = st.tuples(st.integers(0, 1), st.permutations(range(len(CRITERIA))))


@given(wished=st.lists(ballot, min_size=0, max_size=5), gone=st.integers(-1, 3))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_result_is_a_plain_count(
    stage: Stage, cast: Cast, wished: list[tuple[int, list[int]]], gone: int
) -> None:
    meeting = await stage.open(cast.owner, criteria=CRITERIA)
    await meeting.gather(cast)
    await meeting.start()
    event = await meeting.see(cast.owner)
    ids = [criterion["id"] for criterion in event["criteria"]]
    for who, (option, ranking) in zip(cast.voters, wished, strict=False):
        body = BallotBody(
            option_id=event["options"][option]["id"], criterion_ids=[ids[i] for i in ranking]
        )
        await stage.write(meeting.id, cast_once, who, meeting.id, body)
    if gone >= 0:
        target = event["criteria"][gone]
        wish = (ProposalKind.CRITERION, Category.DELETION, target)
        proposal = await meeting.propose(cast.owner, *wish)
        await meeting.decide(cast.owner, proposal, ProposalStatus.ACCEPTED)
    await meeting.move(EventStatus.FINISHED)
    found = await result(meeting, cast.member)
    assert (found.voters, [o.votes for o in found.options]) == naive_options(wished)
    assert {c.content: (c.first_choices, c.weighted_score) for c in found.criteria} == (
        naive_criteria(wished, gone)
    )


def naive_options(wished: list[tuple[int, list[int]]]) -> tuple[int, list[int]]:
    votes = Counter(option for option, _ in wished)
    return len(wished), [votes[0], votes[1]]


def naive_criteria(wished: list[tuple[int, list[int]]], gone: int) -> dict[str, tuple[int, int]]:
    firsts: Counter[int] = Counter()
    scores: Counter[int] = Counter()
    for _, ranking in wished:
        live = [place for place in ranking if place != gone]
        firsts[live[0]] += 1
        for place, weight in zip(live, (3, 2, 1), strict=False):
            scores[place] += weight
    return {
        name: (firsts[place], scores[place]) for place, name in enumerate(CRITERIA) if place != gone
    }
