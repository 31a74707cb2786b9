from uuid import UUID

import pytest

from app.models.bodies import EventEdit, PoliciesEdit
from app.models.statuses import Category, EventStatus, ProposalKind, ProposalStatus
from app.services import decisions, events
from app.services.decisions import TARGET_DELETED
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

ACCEPTED, REJECTED = ProposalStatus.ACCEPTED, ProposalStatus.REJECTED
CONCLUSION, CRITERION = ProposalKind.CONCLUSION, ProposalKind.CRITERION


async def statuses(meeting: Meeting) -> dict[str, str]:
    return {p["id"]: p["status"] for p in (await meeting.see(meeting.owner))["proposals"]}


async def edit_policies(meeting: Meeting, **policies: object) -> None:
    edit = EventEdit(policies=PoliciesEdit(**policies))
    await meeting.do(events.edit_event, meeting.owner, edit, None)


async def test_a_creation_adds_the_item_after_the_others(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member, content="It rains")
    decided = await meeting.decide(cast.admin, proposal, ACCEPTED, "It does")
    assert decided["decided_by"]["name"] == "admin"
    assert decided["decision_reason"] == "It does"
    assert decided["applied_at"] == decided["decided_at"]
    items = (await meeting.see(cast.member))["assumptions"]
    assert [(item["content"], item["position"]) for item in items] == [
        ("It is May", 0),
        ("It rains", 1),
    ]


async def test_a_modification_keeps_the_first_words(meeting: Meeting, cast: Cast) -> None:
    item = (await meeting.see(cast.owner))["assumptions"][0]
    for words in ("It is June", "It is July"):
        proposal = await meeting.propose(
            cast.member, category=Category.MODIFICATION, target=item, content=words
        )
        await meeting.decide(cast.admin, proposal, ACCEPTED)
    item = (await meeting.see(cast.owner))["assumptions"][0]
    assert (item["content"], item["original_content"]) == ("It is July", "It is May")


async def test_a_deletion_hides_the_item_and_rejects_its_siblings(
    meeting: Meeting, cast: Cast
) -> None:
    first, second = (await meeting.see(cast.owner))["criteria"]
    changed = await meeting.propose(cast.member, CRITERION, Category.MODIFICATION, first)
    concluded = await meeting.propose(cast.second, CONCLUSION, target=first)
    elsewhere = await meeting.propose(cast.second, CONCLUSION, target=second)
    gone = await meeting.propose(cast.third, CRITERION, Category.DELETION, first)
    await meeting.decide(cast.owner, gone, ACCEPTED)
    event = await meeting.see(cast.member)
    assert [item["id"] for item in event["criteria"]] == [second["id"]]
    proposals = {p["id"]: (p["status"], p["decision_reason"]) for p in event["proposals"]}
    assert proposals[changed["id"]] == proposals[concluded["id"]] == ("REJECTED", TARGET_DELETED)
    assert proposals[elsewhere["id"]] == ("PENDING", None)


async def test_a_conclusion_is_set_and_replaced(meeting: Meeting, cast: Cast) -> None:
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    for words in ("North is dear", "South is dearer"):
        proposal = await meeting.propose(cast.member, CONCLUSION, target=criterion, content=words)
        await meeting.decide(cast.owner, proposal, ACCEPTED)
        assert (await meeting.see(cast.member))["criteria"][0]["conclusion"] == words


async def test_a_rejection_applies_nothing(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    decided = await meeting.decide(cast.admin, proposal, REJECTED)
    assert (decided["applied_at"], decided["decision_reason"]) == (None, None)
    assert len((await meeting.see(cast.member))["assumptions"]) == 1


@pytest.mark.parametrize("first", [ACCEPTED, REJECTED])
@pytest.mark.parametrize("second", [ACCEPTED, REJECTED])
async def test_the_second_admin_learns_what_the_first_did(
    meeting: Meeting, cast: Cast, first: ProposalStatus, second: ProposalStatus
) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.decide(cast.owner, proposal, first)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]), second, None)
    refusal = await meeting.refused("illegal_transition", decisions.decide, cast.admin, *place)
    assert refusal.current == first


@pytest.mark.parametrize("name", ["member", "observer", "outsider"])
async def test_only_admins_decide(meeting: Meeting, cast: Cast, name: str) -> None:
    proposal = await meeting.propose(cast.member)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]), ACCEPTED, None)
    code = "not_a_member" if name == "outsider" else "admins_only"
    await meeting.refused(code, decisions.decide, getattr(cast, name), *place)


@pytest.mark.parametrize("verdict", [ProposalStatus.PENDING, ProposalStatus.DELETED])
async def test_a_verdict_accepts_or_rejects(
    meeting: Meeting, cast: Cast, verdict: ProposalStatus
) -> None:
    proposal = await meeting.propose(cast.member)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]), verdict, None)
    await meeting.refused("invalid_fields", decisions.decide, cast.owner, *place)


async def test_the_rule_accepts_at_the_third_agreement(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    assert proposal["needed"] == 3
    await meeting.agree(proposal, cast.member, cast.second)
    assert (await statuses(meeting))[proposal["id"]] == "PENDING"
    vote = await meeting.vote(cast.third, proposal)
    assert (vote["status"], vote["tally"]["agree"]) == ("ACCEPTED", 3)
    (decided,) = (await meeting.see(cast.member))["proposals"]
    assert (decided["decided_by"], decided["needed"]) == ("rule", 3)


async def test_a_conclusion_needs_its_share_of_the_voters(meeting: Meeting, cast: Cast) -> None:
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    proposal = await meeting.propose(cast.member, CONCLUSION, target=criterion)
    assert proposal["needed"] == 3, "half of five, in whole votes"
    await meeting.agree(proposal, cast.member, cast.second, cast.third)
    assert (await statuses(meeting))[proposal["id"]] == "ACCEPTED"


async def waiting_conclusion(meeting: Meeting, cast: Cast) -> Json:
    """A conclusion with two of the three votes that it needs."""
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    proposal = await meeting.propose(cast.member, CONCLUSION, target=criterion)
    await meeting.agree(proposal, cast.member, cast.second)
    return proposal


@pytest.mark.parametrize("deed", ["kick", "ban"])
async def test_the_rule_runs_again_when_a_voter_goes(
    meeting: Meeting, cast: Cast, deed: str
) -> None:
    proposal = await waiting_conclusion(meeting, cast)
    await meeting.treat(deed, cast.third)
    (decided,) = (await meeting.see(cast.member))["proposals"]
    assert (decided["id"], decided["status"]) == (proposal["id"], "ACCEPTED")
    assert (decided["decided_by"], decided["needed"]) == ("rule", 2)


async def test_the_votes_of_who_goes_do_not_count_any_more(meeting: Meeting, cast: Cast) -> None:
    proposal = await waiting_conclusion(meeting, cast)
    await meeting.treat("kick", cast.second)
    (left,) = (await meeting.see(cast.member))["proposals"]
    assert (left["id"], left["status"]) == (proposal["id"], "PENDING")
    assert (left["tally"]["agree"], left["needed"]) == (1, 2)


async def test_the_rule_runs_again_when_a_policy_changes(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.agree(proposal, cast.member, cast.second)
    await edit_policies(meeting, assumption={"min_votes": 2})
    assert (await statuses(meeting))[proposal["id"]] == "ACCEPTED"


async def test_the_rule_can_be_off_and_on_again(meeting: Meeting, cast: Cast) -> None:
    await edit_policies(meeting, assumption={"auto_approve": False})
    proposal = await meeting.propose(cast.member)
    assert proposal["needed"] is None
    await meeting.agree(proposal, cast.member, cast.second, cast.third)
    assert (await statuses(meeting))[proposal["id"]] == "PENDING"
    await edit_policies(meeting, assumption={"auto_approve": True})
    assert (await statuses(meeting))[proposal["id"]] == "ACCEPTED"


async def test_the_rule_waits_while_the_event_is_paused(meeting: Meeting, cast: Cast) -> None:
    proposal = await waiting_conclusion(meeting, cast)
    await meeting.move(EventStatus.PAUSED)
    await meeting.treat("kick", cast.third)
    assert (await statuses(meeting))[proposal["id"]] == "PENDING"
    await meeting.move(EventStatus.IN_PROGRESS)
    assert (await statuses(meeting))[proposal["id"]] == "ACCEPTED"


async def test_an_acceptance_by_the_rule_can_end_the_next(meeting: Meeting, cast: Cast) -> None:
    item = (await meeting.see(cast.owner))["assumptions"][0]
    gone = await meeting.propose(cast.member, category=Category.DELETION, target=item)
    other = await meeting.propose(cast.member, category=Category.MODIFICATION, target=item)
    for proposal in (gone, other):
        await meeting.agree(proposal, cast.member, cast.second)
    await edit_policies(meeting, assumption={"min_votes": 2})
    found = await statuses(meeting)
    assert (found[gone["id"]], found[other["id"]]) == ("ACCEPTED", "REJECTED")


async def test_an_admin_decides_while_the_event_is_paused(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.move(EventStatus.PAUSED)
    assert (await meeting.decide(cast.owner, proposal, ACCEPTED))["status"] == "ACCEPTED"


async def test_nobody_decides_when_it_is_over(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    await meeting.move(EventStatus.FINISHED)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]), ACCEPTED, None)
    await meeting.refused("event_closed", decisions.decide, cast.owner, *place)
