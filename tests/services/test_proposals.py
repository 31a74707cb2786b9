from itertools import product
from uuid import UUID

import pytest

from app.models.base import new_id
from app.models.bodies import EventEdit, NewProposal, PoliciesEdit
from app.models.errors import DomainError, NotFound
from app.models.statuses import Category, EventStatus, ProposalKind, ProposalStatus
from app.services import events, proposals
from tests.support.stage import Cast, Meeting

ITEMS = {ProposalKind.ASSUMPTION: "assumptions"}
CREATION, MODIFICATION, DELETION = Category


def fits(kind: ProposalKind, category: Category, *, target: bool, content: bool) -> bool:
    """`domain.md` §5: what a proposal of each shape names."""
    creates = category is CREATION and kind is not ProposalKind.CONCLUSION
    replaces = kind is ProposalKind.CONCLUSION and category is not CREATION
    return target is not creates and content is (category is not DELETION) and not replaces


@pytest.mark.parametrize("kind", ProposalKind)
async def test_a_proposal_has_the_shape_of_its_category(
    meeting: Meeting, cast: Cast, kind: ProposalKind
) -> None:
    event = await meeting.see(cast.owner)
    item = event[ITEMS.get(kind, "criteria")][0]["id"]
    made = 0
    for category, target, content in product(Category, (True, False), (True, False)):
        wish = NewProposal(
            category=category, target_id=item if target else None, content="So" if content else None
        )
        if fits(kind, category, target=target, content=content):
            made += 1
            await meeting.do(proposals.propose, cast.member, kind, wish)
        else:
            await meeting.refused("invalid_fields", proposals.propose, cast.member, kind, wish)
    assert made == (1 if kind is ProposalKind.CONCLUSION else 3)


@pytest.mark.parametrize("name", ["outsider", "observer", "staff"])
async def test_only_voting_members_propose(meeting: Meeting, cast: Cast, name: str) -> None:
    wish = NewProposal(category=CREATION, content="So")
    code = "observers_do_not_vote" if name == "observer" else "not_a_member"
    await meeting.refused(
        code, proposals.propose, getattr(cast, name), ProposalKind.ASSUMPTION, wish
    )


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ([], "event_not_started"),
        ([EventStatus.IN_PROGRESS, EventStatus.PAUSED], "event_paused"),
        ([EventStatus.IN_PROGRESS, EventStatus.FINISHED], "event_closed"),
    ],
)
async def test_proposing_is_open_while_the_event_goes_on(
    gathering: Meeting, cast: Cast, way: list[EventStatus], code: str
) -> None:
    for status in way:
        await gathering.move(status)
    wish = NewProposal(category=CREATION, content="So")
    await gathering.refused(code, proposals.propose, cast.member, ProposalKind.ASSUMPTION, wish)


async def test_a_member_has_five_pending_at_a_time(meeting: Meeting, cast: Cast) -> None:
    made = [await meeting.propose(cast.member) for _ in range(5)]
    wish = NewProposal(category=CREATION, content="A sixth")
    more = (proposals.propose, cast.member, ProposalKind.CRITERION, wish)
    refusal = await meeting.refused("too_many_pending_proposals", *more)
    assert refusal.current == "5"
    await meeting.propose(cast.second)
    await meeting.do(proposals.withdraw, cast.member, ProposalKind.ASSUMPTION, UUID(made[0]["id"]))
    await meeting.do(*more)


async def test_how_many_may_wait_is_a_policy(meeting: Meeting, cast: Cast) -> None:
    edit = EventEdit(policies=PoliciesEdit(max_pending_per_member=1))
    await meeting.do(events.edit_event, cast.owner, edit, None)
    await meeting.propose(cast.member)
    wish = NewProposal(category=CREATION, content="Another")
    await meeting.refused(
        "too_many_pending_proposals",
        proposals.propose,
        cast.member,
        ProposalKind.ASSUMPTION,
        wish,
    )


async def test_a_target_is_a_live_item_of_the_kind_and_event(meeting: Meeting, cast: Cast) -> None:
    event = await meeting.see(cast.owner)
    for target in (new_id(), event["criteria"][0]["id"], event["options"][0]["id"]):
        wish = NewProposal(category=MODIFICATION, target_id=target, content="So")
        await meeting.refused(
            "assumption_not_found",
            proposals.propose,
            cast.member,
            ProposalKind.ASSUMPTION,
            wish,
        )


async def test_a_target_that_was_deleted_is_no_target(meeting: Meeting, cast: Cast) -> None:
    item = (await meeting.see(cast.owner))["assumptions"][0]
    gone = await meeting.propose(cast.member, category=DELETION, target=item)
    await meeting.decide(cast.admin, gone, ProposalStatus.ACCEPTED)
    wish = NewProposal(category=MODIFICATION, target_id=item["id"], content="So")
    refusal = await meeting.refused(
        "target_deleted", proposals.propose, cast.member, ProposalKind.ASSUMPTION, wish
    )
    assert refusal.current == "DELETED"


async def test_an_item_of_another_event_is_no_target(meeting: Meeting, cast: Cast) -> None:
    other = await meeting.stage.open(cast.owner, assumptions=["Elsewhere"])
    item = (await other.see(cast.owner))["assumptions"][0]
    wish = NewProposal(category=DELETION, target_id=item["id"])
    await meeting.refused(
        "assumption_not_found", proposals.propose, cast.member, ProposalKind.ASSUMPTION, wish
    )


@pytest.mark.parametrize("name", ["member", "admin", "owner", "staff"])
async def test_its_author_and_admins_take_a_proposal_back(
    meeting: Meeting, cast: Cast, name: str
) -> None:
    proposal = await meeting.propose(cast.member)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]))
    await meeting.refused("not_the_author", proposals.withdraw, cast.second, *place)
    who = getattr(cast, name)
    gone = await meeting.do(proposals.withdraw, who, *place)
    assert (gone["status"], gone["decided_by"]["id"]) == ("DELETED", str(who.id))
    refusal = await meeting.refused("illegal_transition", proposals.withdraw, who, *place)
    assert refusal.current == "DELETED"


async def test_a_proposal_answers_to_its_own_kind(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.member)
    place = (ProposalKind.CRITERION, UUID(proposal["id"]))
    await meeting.refused("proposal_not_found", proposals.withdraw, cast.member, *place)
    with pytest.raises(NotFound):
        await proposals.read_proposal(meeting.stage.database, cast.member, meeting.id, *place)


async def test_a_list_of_proposals_comes_in_pages(meeting: Meeting, cast: Cast) -> None:
    made = [await meeting.propose(cast.member) for _ in range(3)]
    await meeting.do(proposals.withdraw, cast.member, ProposalKind.ASSUMPTION, UUID(made[1]["id"]))
    database, kind = meeting.stage.database, ProposalKind.ASSUMPTION
    first = await proposals.list_proposals(database, cast.observer, meeting.id, kind, None, None, 1)
    rest = await proposals.list_proposals(
        database, cast.observer, meeting.id, kind, None, first.next_cursor, 5
    )
    shown = [str(proposal.id) for proposal in (*first.items, *rest.items)]
    assert shown == [made[0]["id"], made[2]["id"]]
    assert rest.next_cursor is None


async def test_a_list_can_be_narrowed_to_a_status(meeting: Meeting, cast: Cast) -> None:
    made = [await meeting.propose(cast.member) for _ in range(2)]
    await meeting.decide(cast.owner, made[0], ProposalStatus.REJECTED)
    page = await proposals.list_proposals(
        meeting.stage.database,
        cast.member,
        meeting.id,
        ProposalKind.ASSUMPTION,
        ProposalStatus.REJECTED,
        None,
        5,
    )
    assert [str(proposal.id) for proposal in page.items] == [made[0]["id"]]


async def test_strangers_read_no_proposals(meeting: Meeting, cast: Cast) -> None:
    with pytest.raises(DomainError, match="not_a_member"):
        await proposals.list_proposals(
            meeting.stage.database,
            cast.outsider,
            meeting.id,
            ProposalKind.ASSUMPTION,
            None,
            None,
            5,
        )
