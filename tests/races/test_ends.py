import asyncio
import itertools
from collections import Counter
from typing import Any

import httpx2
import pytest

from tests.support.client import Json, Person
from tests.support.rooms import MANUAL, open_room
from tests.support.truth import Truth

OWNER = "SELECT user_id FROM memberships WHERE event_id = %s AND role = 'OWNER'"


def _seq(answer: httpx2.Response) -> int:
    return int(answer.headers["x-event-seq"].rpartition(".")[2])


async def _until_refused(
    voter: Person, path: str, bodies: list[Json], begun: asyncio.Event
) -> tuple[list[httpx2.Response], httpx2.Response]:
    """Write again and again; return the answers up to the refusal, and the refusal."""
    counted: list[httpx2.Response] = []
    for body in itertools.cycle(bodies):
        answer = await voter.send("PUT", path, body)
        if not answer.is_success:
            return counted, answer
        counted.append(answer)
        begun.set()
    raise AssertionError("there is always a next body")


@pytest.mark.parametrize("status", ["FINISHED", "PAUSED"])
async def test_a_close_is_a_barrier_for_votes(host: Person, truth: Truth, status: str) -> None:
    room = await open_room(host, policies=MANUAL)
    voters = await room.guests(100)
    proposal = await room.propose(host)
    begun = asyncio.Event()
    choices: list[Json] = [{"choice": "AGREE"}, {"choice": "DISAGREE"}]

    async def close() -> httpx2.Response:
        await begun.wait()
        return await host.send("PATCH", f"{room.path}/status", {"status": status})

    closed, *runs = await asyncio.gather(
        close(), *(_until_refused(v, room.votes_on(proposal), choices, begun) for v in voters)
    )

    code = {"FINISHED": "event_closed", "PAUSED": "event_paused"}[status]
    assert {refusal.json()["code"] for _, refusal in runs} == {code}
    acknowledged = [counted for counted, _ in runs if counted]
    assert max(_seq(counted[-1]) for counted in acknowledged) < _seq(closed)
    assert await truth.votes(proposal) == len(acknowledged)
    last = Counter(counted[-1].json()["choice"] for counted in acknowledged)
    tally = (await host.get(f"{room.path}/assumption-proposals/{proposal}"))["tally"]
    assert (tally["agree"], tally["disagree"]) == (last["AGREE"], last["DISAGREE"])
    assert [c["type"] for c in await truth.log(room.id) if c["seq"] >= _seq(closed)] == [
        "event.changed"
    ]
    await truth.check(room.id)


async def test_a_kick_takes_the_vote_whichever_comes_first(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    guests = await room.guests(32)
    proposal = await room.propose(host)

    async def fight(guest: Person) -> None:
        vote, kick = await asyncio.gather(
            guest.send("POST", room.votes_on(proposal)),
            host.send("PATCH", f"{room.path}/memberships/{guest.membership['id']}/kick"),
        )
        assert kick.status_code == 200
        assert vote.status_code in {201, 403}

    await asyncio.gather(*map(fight, guests))

    assert await truth.votes(proposal) == 0
    assert (await truth.check(room.id))["members"] == 1


async def test_an_owner_who_leaves_while_handing_over(host: Person, truth: Truth) -> None:
    room = await open_room(host)
    guests = await room.guests(4)
    heir = guests[-1]

    leave, transfer = await asyncio.gather(
        host.send("POST", f"{room.path}/leave"),
        host.send("POST", f"{room.path}/transfer-ownership", {"user_id": heir.id}),
    )

    assert leave.status_code == 200
    assert transfer.status_code in {200, 403}
    await truth.check(room.id)
    owner = (await truth.row(OWNER, room.id))["user_id"]
    if transfer.status_code == 200:
        assert str(owner) == heir.id


async def test_everybody_leaves_at_once(host: Person, truth: Truth) -> None:
    room = await open_room(host)
    people = [host, *await room.guests(15)]

    answers = await asyncio.gather(*(p.send("POST", f"{room.path}/leave") for p in people))

    assert {answer.status_code for answer in answers} == {200}
    event = await truth.check(room.id)
    assert (event["members"], event["status"]) == (0, "FINISHED")


async def test_two_owners_in_a_row_leave_at_once(host: Person, truth: Truth) -> None:
    room = await open_room(host)
    first, *_ = await room.guests(8)
    await host.ok("POST", f"{room.path}/transfer-ownership", {"user_id": first.id})

    async def leave(person: Person) -> Any:
        return await person.ok("POST", f"{room.path}/leave")

    await asyncio.gather(leave(host), leave(first))

    assert (await truth.check(room.id))["members"] == 7


async def test_a_close_is_a_barrier_for_ballots(host: Person, truth: Truth) -> None:
    room = await open_room(host)
    voters = await room.guests(40)
    criteria = [criterion["id"] for criterion in room.event["criteria"]]
    ballots: list[Json] = [
        {"option_id": option["id"], "criterion_ids": criteria} for option in room.event["options"]
    ]
    begun = asyncio.Event()

    async def close() -> None:
        await begun.wait()
        await room.move("FINISHED")

    path = f"{room.path}/votes"
    _, *runs = await asyncio.gather(
        close(), *(_until_refused(voter, path, ballots, begun) for voter in voters)
    )

    assert {refusal.json()["code"] for _, refusal in runs} == {"event_closed"}
    last = Counter(counted[-1].json()["option_id"] for counted, _ in runs if counted)
    result = await host.get(f"{room.path}/votes/result")
    assert {option["option_id"]: option["votes"] for option in result["options"]} == {
        ballot["option_id"]: last[ballot["option_id"]] for ballot in ballots
    }
    assert (await truth.check(room.id))["ballots"] == last.total()


async def test_proposals_at_once_keep_to_the_limit(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    body = {"category": "CREATION", "content": "Too many"}

    answers = await asyncio.gather(
        *(host.send("POST", f"{room.path}/assumption-proposals", body) for _ in range(32))
    )

    created = [answer for answer in answers if answer.status_code == 201]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert (len(created), refused) == (5, {"too_many_pending_proposals"})
    await truth.check(room.id)
