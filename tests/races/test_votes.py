import asyncio
from collections import Counter

import pytest

from tests.support.client import Person
from tests.support.rooms import MANUAL, open_room
from tests.support.truth import Truth


async def test_one_member_votes_once_however_often_they_try(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    (voter,) = await room.guests(1)
    votes = room.votes_on(await room.propose(host))

    answers = await asyncio.gather(*(voter.send("POST", votes) for _ in range(50)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(problem["code"], problem["current"]) for problem in refused} == {
        ("already_voted", "AGREE")
    }
    assert len(await truth.log(room.id, "tally.changed")) == 1
    await truth.check(room.id)


async def test_one_key_has_one_effect_and_one_answer(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))

    answers = await asyncio.gather(*(host.send("POST", votes, key="once") for _ in range(50)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.content, answer.headers["x-event-seq"]) for answer in answers}) == 1
    replayed = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert Counter(replayed) == {"true": 49, None: 1}
    assert len(await truth.log(room.id, "tally.changed")) == 1
    await truth.check(room.id)


@pytest.mark.parametrize("round_", range(3))
async def test_the_vote_that_meets_the_threshold_decides_once(
    host: Person, truth: Truth, round_: int
) -> None:
    room = await open_room(host, policies={"assumption": {"min_votes": 3}})
    voters = await room.guests(8 + round_)
    proposal = await room.propose(host)
    votes = room.votes_on(proposal)

    answers = await asyncio.gather(*(voter.send("POST", votes) for voter in voters))

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 5 + round_}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"proposal_decided"}
    decided = await truth.log(room.id, "proposal.changed")
    assert [change["payload"]["status"] for change in decided] == ["PENDING", "ACCEPTED"]
    assert decided[-1]["payload"]["decided_by"] == "rule"
    items = await truth.log(room.id, "item.changed")
    assert [change["payload"]["content"] for change in items] == ["It will rain."]
    await truth.check(room.id)


async def test_the_rule_and_two_admins_leave_one_decision(host: Person, truth: Truth) -> None:
    room = await open_room(
        host, policies={"assumption": {"min_votes": 1}, "max_pending_per_member": 20}
    )
    admins = await room.guests(2)
    for admin in admins:
        await room.give_role(admin.membership["id"], "ADMIN")
    (voter,) = await room.guests(1)
    proposals = [await room.propose(host, f"Assumption {n}") for n in range(12)]

    async def fight(proposal: str) -> None:
        path = f"{room.path}/assumption-proposals/{proposal}/status"
        answers = await asyncio.gather(
            voter.send("POST", room.votes_on(proposal)),
            admins[0].send("PATCH", path, {"status": "ACCEPTED"}),
            admins[1].send("PATCH", path, {"status": "REJECTED"}),
        )
        assert sorted(answer.is_success for answer in answers) == [False, False, True]
        status = (await host.get(f"{room.path}/assumption-proposals/{proposal}"))["status"]
        losers = [answer.json() for answer in answers if not answer.is_success]
        assert {loser["current"] for loser in losers} == {status}

    await asyncio.gather(*map(fight, proposals))
    changes = await truth.log(room.id, "proposal.changed")
    last_words = Counter(change["payload"]["status"] for change in changes)
    assert last_words["PENDING"] == 12
    assert last_words["ACCEPTED"] + last_words["REJECTED"] == 12
    assert len(await truth.log(room.id, "item.changed")) == last_words["ACCEPTED"]
    await truth.check(room.id)


async def test_a_hundred_voters_at_once(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    voters = await room.guests(100)
    proposals = [await room.propose(host, f"Assumption {n}") for n in range(4)]

    async def vote(voter: Person, proposal: str, choice: str) -> None:
        await voter.ok("POST", room.votes_on(proposal), {"choice": choice})

    choices = ("AGREE", "DISAGREE", "ABSTAIN")
    await asyncio.gather(
        *(
            vote(voter, proposal, choices[(n + m) % 3])
            for n, voter in enumerate(voters)
            for m, proposal in enumerate(proposals)
        )
    )

    assert [await truth.votes(proposal) for proposal in proposals] == [100] * 4
    assert len(await truth.log(room.id, "tally.changed")) == 400
    await truth.check(room.id)


async def test_votes_that_change_and_go_keep_the_tally_true(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    voters = await room.guests(16)
    votes = room.votes_on(await room.propose(host))

    async def waver(voter: Person) -> None:
        await asyncio.gather(
            voter.send("POST", votes, {"choice": "AGREE"}),
            voter.send("PUT", votes, {"choice": "DISAGREE"}),
            voter.send("DELETE", votes),
            voter.send("PUT", votes, {"choice": "ABSTAIN"}),
        )

    await asyncio.gather(*map(waver, voters))
    await truth.check(room.id)
