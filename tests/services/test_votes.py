from uuid import UUID

import pytest

from app.models.base import new_id
from app.models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.models.statuses import Category, Choice, EventStatus, ProposalKind, ProposalStatus
from app.services.tallies import Verb
from app.services.votes import Outcome
from app.utils.idempotency import Answer, RequestKey, request_key
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

AGREE, DISAGREE, ABSTAIN = Choice


def key(header: str, body: bytes = b"") -> RequestKey:
    return request_key(b"secret", header, None, "POST", "/votes", body)


def kinds(outcomes: list[Outcome]) -> list[int | str]:
    return [one.status if isinstance(one, Answer) else one.code for one in outcomes]


@pytest.fixture
async def proposal(meeting: Meeting, cast: Cast) -> Json:
    return await meeting.propose(cast.owner)


@pytest.mark.parametrize("choice", Choice)
async def test_a_vote_moves_its_tally(
    meeting: Meeting, cast: Cast, proposal: Json, choice: Choice
) -> None:
    vote = await meeting.vote(cast.member, proposal, choice)
    assert vote["tally"] == {c.lower(): int(c is choice) for c in Choice}
    assert (vote["choice"], vote["status"]) == (choice, "PENDING")
    assert vote["seq"] == await meeting.head()


async def test_one_member_has_one_vote(meeting: Meeting, cast: Cast, proposal: Json) -> None:
    await meeting.vote(cast.member, proposal)
    for choice in Choice:
        with pytest.raises(Conflict, match="already_voted") as caught:
            await meeting.vote(cast.member, proposal, choice)
        assert caught.value.current == AGREE
    await meeting.check()


async def test_a_vote_can_be_set_whatever_it_was(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    for choice in (AGREE, DISAGREE, ABSTAIN, AGREE):
        vote = await meeting.vote(cast.member, proposal, choice, Verb.SET)
        assert vote["tally"] == {c.lower(): int(c is choice) for c in Choice}


async def test_the_same_vote_again_changes_nothing(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    await meeting.vote(cast.member, proposal)
    head = await meeting.head()
    await meeting.vote(cast.member, proposal, AGREE, Verb.SET)
    assert await meeting.head() == head


async def test_a_vote_can_be_taken_back(meeting: Meeting, cast: Cast, proposal: Json) -> None:
    await meeting.vote(cast.member, proposal)
    vote = await meeting.vote(cast.member, proposal, None, Verb.TAKE_BACK)
    assert (vote["choice"], vote["tally"]["agree"]) == (None, 0)
    with pytest.raises(NotFound, match="vote_not_found"):
        await meeting.vote(cast.member, proposal, None, Verb.TAKE_BACK)
    await meeting.vote(cast.member, proposal, DISAGREE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("observer", "observers_do_not_vote"),
        ("outsider", "not_a_member"),
        ("staff", "not_a_member"),
    ],
)
async def test_only_voting_members_vote(
    meeting: Meeting, cast: Cast, proposal: Json, name: str, code: str
) -> None:
    with pytest.raises(Forbidden, match=code):
        await meeting.vote(getattr(cast, name), proposal)


@pytest.mark.parametrize(
    ("status", "code"),
    [(EventStatus.PAUSED, "event_paused"), (EventStatus.FINISHED, "event_closed")],
)
async def test_no_vote_counts_after_the_barrier(
    meeting: Meeting, cast: Cast, proposal: Json, status: EventStatus, code: str
) -> None:
    await meeting.vote(cast.member, proposal)
    await meeting.move(status)
    for verb, choice in ((Verb.CAST, AGREE), (Verb.SET, AGREE), (Verb.TAKE_BACK, None)):
        with pytest.raises(Conflict, match=code):
            await meeting.vote(cast.member, proposal, choice, verb)
    (seen,) = (await meeting.see(cast.owner))["proposals"]
    assert seen["tally"]["agree"] == 1


@pytest.mark.parametrize("verdict", [ProposalStatus.ACCEPTED, ProposalStatus.REJECTED])
async def test_what_is_decided_takes_no_votes(
    meeting: Meeting, cast: Cast, proposal: Json, verdict: ProposalStatus
) -> None:
    await meeting.decide(cast.owner, proposal, verdict)
    with pytest.raises(Conflict, match="proposal_decided") as caught:
        await meeting.vote(cast.member, proposal)
    assert caught.value.current == verdict


async def test_a_vote_names_a_proposal_of_its_event_and_kind(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    other = await meeting.stage.open(cast.owner)
    await other.start()
    elsewhere = await other.propose(cast.owner)
    for wrong in (
        {"id": str(new_id()), "kind": "assumption"},
        {**proposal, "kind": ProposalKind.CRITERION},
        elsewhere,
    ):
        with pytest.raises(NotFound, match="proposal_not_found"):
            await meeting.vote(cast.member, wrong)


async def test_the_third_of_five_meets_the_threshold(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    intents = [meeting.intent(who, proposal) for who in cast.voters]
    outcomes = await meeting.batch(*intents)
    assert kinds(outcomes) == [201, 201, 201, "proposal_decided", "proposal_decided"]
    (seen,) = (await meeting.see(cast.owner))["proposals"]
    assert (seen["status"], seen["tally"]["agree"]) == ("ACCEPTED", 3)


async def test_a_decision_in_a_batch_ends_its_siblings(meeting: Meeting, cast: Cast) -> None:
    item = (await meeting.see(cast.owner))["assumptions"][0]
    gone = await meeting.propose(cast.owner, category=Category.DELETION, target=item)
    other = await meeting.propose(cast.owner, category=Category.MODIFICATION, target=item)
    deciding = [meeting.intent(who, gone) for who in cast.voters[:3]]
    late = meeting.intent(cast.member, other)
    early = meeting.intent(cast.second, other)
    outcomes = await meeting.batch(early, *deciding, late)
    assert kinds(outcomes) == [201, 201, 201, 201, "proposal_decided"]


async def test_a_refusal_spoils_nobody(meeting: Meeting, cast: Cast, proposal: Json) -> None:
    nowhere = {"id": str(new_id()), "kind": "assumption"}
    outcomes = await meeting.batch(
        meeting.intent(cast.outsider, proposal),
        meeting.intent(cast.member, proposal),
        meeting.intent(cast.member, nowhere),
        meeting.intent(cast.member, proposal),
        meeting.intent(cast.second, proposal, DISAGREE),
    )
    assert kinds(outcomes) == ["not_a_member", 201, "proposal_not_found", "already_voted", 201]


async def test_one_key_in_a_batch_has_one_effect(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    mine = meeting.intent(cast.member, proposal, key=key(f"one {meeting.id}"))
    other = meeting.intent(cast.second, proposal, key=key(f"one {meeting.id}", b"other"))
    first, second, third = await meeting.batch(mine, mine, other)
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert (first.replayed, second.replayed) == (False, True)
    assert (first.body, first.seq) == (second.body, second.seq)
    assert isinstance(third, Invalid)


async def test_a_key_is_answered_again_later(meeting: Meeting, cast: Cast, proposal: Json) -> None:
    mine = meeting.intent(cast.member, proposal, key=key(f"again {meeting.id}"))
    first = (await meeting.batch(mine))[0]
    await meeting.move(EventStatus.FINISHED)
    again = (await meeting.batch(mine))[0]
    assert isinstance(first, Answer)
    assert isinstance(again, Answer)
    assert again.replayed
    assert (again.status, again.body, again.seq) == (first.status, first.body, first.seq)


async def test_a_refusal_is_not_stored(meeting: Meeting, cast: Cast, proposal: Json) -> None:
    await meeting.move(EventStatus.PAUSED)
    mine = meeting.intent(cast.member, proposal, key=key(f"refused {meeting.id}"))
    (refused,) = await meeting.batch(mine)
    await meeting.move(EventStatus.IN_PROGRESS)
    (counted,) = await meeting.batch(mine)
    assert isinstance(refused, DomainError)
    assert isinstance(counted, Answer)
    assert not counted.replayed


async def test_votes_are_told_without_their_voters(
    meeting: Meeting, cast: Cast, proposal: Json
) -> None:
    await meeting.vote(cast.member, proposal)
    change = (await meeting.changes(cast.owner))[-1]
    assert (change["type"], change["actor"]) == ("tally.changed", None)
    assert UUID(change["data"]["proposal_id"]) == UUID(proposal["id"])
    assert str(cast.member.id) not in str(change)
