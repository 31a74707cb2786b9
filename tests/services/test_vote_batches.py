"""A batch is worth exactly what its votes would be one after another, in order of arrival."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.models.base import new_id
from app.models.bodies import NewProposal
from app.models.statuses import Category, Choice, ProposalKind
from app.services.proposals import propose
from app.services.tallies import Verb, VoteIntent
from app.services.votes import Outcome, count_votes
from app.utils.idempotency import Answer, request_key
from app.utils.transaction import unit_of_work
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting, Stage

PROPOSALS = 5


@dataclass(frozen=True)
class Wish:
    """A vote before it is known in which event: people and proposals are places in lists."""

    voter: int
    proposal: int
    verb: Verb
    choice: Choice
    key: int | None


wishes = st.lists(
    st.builds(
        Wish,
        voter=st.integers(0, 5),
        proposal=st.integers(0, PROPOSALS - 1),
        verb=st.sampled_from([Verb.CAST, Verb.CAST, Verb.SET, Verb.TAKE_BACK]),
        choice=st.sampled_from([Choice.AGREE, Choice.AGREE, Choice.DISAGREE, Choice.ABSTAIN]),
        key=st.none() | st.integers(0, 4),
    ),
    min_size=1,
    max_size=30,
)


async def twin(stage: Stage, cast: Cast) -> tuple[Meeting, list[Json]]:
    """An event with proposals that get in one another's way, each a few votes from its end."""
    meeting = await stage.open(cast.owner, criteria=["Cost"], assumptions=["It is May"])
    await meeting.gather(cast)
    await meeting.start()
    event = await meeting.see(cast.owner)
    item, criterion = event["assumptions"][0]["id"], event["criteria"][0]["id"]
    kinds = ProposalKind
    wished = [
        (kinds.ASSUMPTION, NewProposal(category=Category.DELETION, target_id=item)),
        (kinds.ASSUMPTION, NewProposal(category="MODIFICATION", target_id=item, content="So")),
        (kinds.CONCLUSION, NewProposal(category="CREATION", target_id=criterion, content="So")),
        (kinds.CRITERION, NewProposal(category=Category.DELETION, target_id=criterion)),
    ]
    for kind, wish in wished:
        await stage.write(meeting.id, propose, cast.owner, meeting.id, kind, wish)
    proposals = (await meeting.see(cast.owner))["proposals"]
    return meeting, [*proposals, {"id": str(new_id()), "kind": "assumption"}]


def intents(
    meeting: Meeting, proposals: list[Json], cast: Cast, wished: list[Wish]
) -> list[VoteIntent]:
    found = []
    for wish in wished:
        who = (*cast.voters, cast.observer)[wish.voter]
        choice = None if wish.verb is Verb.TAKE_BACK else wish.choice
        request = f"{wish.proposal} {wish.verb} {choice}".encode()
        key = wish.key is not None and request_key(
            b"secret", f"{meeting.id} {wish.key}", who.id, "POST", "/", request
        )
        found.append(meeting.intent(who, proposals[wish.proposal], choice, wish.verb, key or None))
    return found


def told(outcome: Outcome, proposals: list[Json], start: int) -> Any:
    """An outcome without what differs between twins: ids, and where the log began."""
    if not isinstance(outcome, Answer):
        return (outcome.code, outcome.current)
    body = orjson.loads(outcome.body)
    ids = [proposal["id"] for proposal in proposals]
    changed = outcome.seq is not None and int(outcome.seq.rpartition(".")[2]) - start
    place, at = ids.index(body.pop("proposal_id")), body.pop("seq") - start
    return (outcome.status, outcome.replayed, place, at, changed, body)


async def state(meeting: Meeting, start: int) -> Any:
    event = await meeting.see(meeting.owner)
    log = [change["type"] for change in await meeting.changes(meeting.owner, start)]
    proposals = [(p["status"], p["tally"], p["needed"]) for p in event["proposals"]]
    return log, proposals, [item["content"] for item in event["assumptions"]]


FIRST = Wish(voter=0, proposal=0, verb=Verb.CAST, choice=Choice.AGREE, key=None)


@given(wished=wishes)
@example(wished=[FIRST, replace(FIRST, verb=Verb.SET)])
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_a_batch_is_its_votes_one_by_one(
    stage: Stage, cast: Cast, wished: list[Wish]
) -> None:
    (together, one_by_one) = [await twin(stage, cast) for _ in range(2)]
    start = await together[0].head()
    batched = await together[0].batch(*intents(*together, cast, wished))
    single: list[Outcome] = []
    for intent in intents(*one_by_one, cast, wished):
        async with unit_of_work(stage.database, stage.told) as uow:
            single += await count_votes(uow, one_by_one[0].id, [intent])
    assert [told(outcome, together[1], start) for outcome in batched] == [
        told(outcome, one_by_one[1], start) for outcome in single
    ]
    assert await state(together[0], start) == await state(one_by_one[0], start)
