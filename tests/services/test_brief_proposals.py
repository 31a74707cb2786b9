from typing import Any
from uuid import UUID

import pytest

from app.models.brief_bodies import BlockWish
from app.models.statuses import Category, EventStatus, ProposalKind, ProposalStatus
from app.services import briefs
from tests.support.fold import Json
from tests.support.stage import Cast
from tests.support.writing import Brief


@pytest.fixture
async def block(brief: Brief, cast: Cast) -> Json:
    await brief.meeting.start()
    return await brief.add(cast.member, "We are eight.")


def wish(kind: ProposalKind = ProposalKind.ASSUMPTION, **fields: Any) -> BlockWish:
    return BlockWish(kind=kind, **fields)


async def test_a_proposal_cites_the_version_it_came_from(
    brief: Brief, cast: Cast, block: Json
) -> None:
    id_ = UUID(block["id"])
    await brief.commit(cast.second, block, "We are nine.")
    now = await brief.do(briefs.propose_block, cast.member, id_, wish())
    then = await brief.do(briefs.propose_block, cast.member, id_, wish(version=1, reason="Why"))
    cited = {"block_id": block["id"], "version": 2}
    assert (now["content"], now["source"]) == ("We are nine.", cited)
    assert (then["content"], then["source"]) == ("We are eight.", {**cited, "version": 1})
    await brief.meeting.decide(cast.admin, now, ProposalStatus.ACCEPTED)
    event = await brief.meeting.see(cast.member)
    (accepted,) = [one for one in event["proposals"] if one["status"] == "ACCEPTED"]
    assert accepted["source"] == cited
    assert "We are nine." in [item["content"] for item in event["assumptions"]]
    plain = await brief.meeting.propose(cast.member)
    assert plain["source"] is None


async def test_a_conclusion_comes_from_a_block_too(brief: Brief, cast: Cast, block: Json) -> None:
    criterion = (await brief.meeting.see(cast.owner))["criteria"][0]
    made = await brief.do(
        briefs.propose_block,
        cast.member,
        UUID(block["id"]),
        wish(ProposalKind.CONCLUSION, target_id=criterion["id"], content="In short"),
    )
    assert (made["content"], made["target_id"]) == ("In short", criterion["id"])


async def test_what_cannot_be_proposed(brief: Brief, cast: Cast, block: Json) -> None:
    refuse, id_ = brief.meeting.refused, UUID(block["id"])
    propose = briefs.propose_block
    await refuse("block_not_found", propose, cast.member, id_, wish(version=7))
    await refuse("observers_do_not_vote", propose, cast.observer, id_, wish())
    await refuse("invalid_fields", propose, cast.member, id_, wish(category=Category.DELETION))
    long = await brief.add(cast.member, "x" * 2_001)
    await refuse("invalid_fields", propose, cast.member, UUID(long["id"]), wish())
    await brief.meeting.move(EventStatus.PAUSED)
    await refuse("event_paused", propose, cast.member, id_, wish())
