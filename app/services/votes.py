"""Votes: a batch of one or many in one transaction, each with its own answer.

The hot path. It reads everything that a batch needs in one statement, and what it writes goes with
the log, the event's number and the answers, in the unit of work's own. What a batch is worth is
decided in `tallies.py`, in memory, under the event's lock.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Event
from app.models.callers import Voter
from app.models.errors import DomainError
from app.models.payloads import TallyPayload, VotePayload
from app.models.statuses import (
    ChangeType,
    Choice,
    MembershipStatus,
    ProposalKind,
    ProposalStatus,
    Role,
)
from app.services import access
from app.services.access import Right
from app.services.changes import announce
from app.services.decisions import settle
from app.services.tallies import Count, Standing, Verb, VoteIntent
from app.utils.arrays import bare, blobs
from app.utils.idempotency import Answer
from app.utils.logbook import NONE, Rows
from app.utils.transaction import UnitOfWork

Outcome = Answer | DomainError
STATUS = {Verb.CAST: 201, Verb.SET: 200, Verb.TAKE_BACK: 200}


async def count_votes(
    uow: UnitOfWork, event_id: UUID, intents: Sequence[VoteIntent]
) -> list[Outcome]:
    """Count the votes of one event in order of arrival; return an outcome for each.

    One vote's refusal touches no other. What a vote decides is applied before the next is counted.
    """
    event = await access.lock_event_row(uow, event_id)
    voters, count = await _read(uow, event_id, intents)
    outcomes: list[Outcome] = []
    for intent, voter in zip(intents, voters, strict=True):
        try:
            outcomes.append(await _answer(uow, event, count, intent, voter))
        except DomainError as refusal:
            outcomes.append(refusal)
    uow.rows = _written(count)
    return outcomes


async def _answer(
    uow: UnitOfWork, event: Event, count: Count, intent: VoteIntent, voter: Voter | None
) -> Answer:
    known = uow.ledger.find(intent.key)
    if known is not None:
        return known
    access.require_there(event)
    access.allow(voter, intent.caller, Right.VOTE)
    access.require_in_progress(event)
    standing, changed = count.take(intent)
    if changed:
        _announce(uow, event, standing)
        await _decide(uow, event, count, standing)
    vote = VotePayload(
        proposal_id=standing.id,
        choice=intent.choice,
        tally=standing.tally,
        status=standing.status,
        seq=event.seq,
    )
    return uow.answer(STATUS[intent.verb], vote.encode(), intent.key, changed=changed)


def _announce(uow: UnitOfWork, event: Event, standing: Standing) -> None:
    needed = event.needed(standing.kind)
    tally = TallyPayload(proposal_id=standing.id, tally=standing.tally, needed=needed)
    announce(uow, ChangeType.TALLY, tally, None)


async def _decide(uow: UnitOfWork, event: Event, count: Count, standing: Standing) -> None:
    """Accept the proposal where this vote was the one that its policy waited for."""
    needed = event.needed(standing.kind)
    if needed is None or standing.counts[Choice.AGREE] < needed:
        return
    rows = _written(count)
    await uow.execute(_WRITE, {"event_id": event.id, **rows.values})
    proposal = await access.lock_proposal(uow, event, standing.kind, standing.id)
    await settle(uow, event, proposal, ProposalStatus.ACCEPTED, by=None)
    await _refresh(uow, event.id, count)


async def _read(
    uow: UnitOfWork, event_id: UUID, intents: Sequence[VoteIntent]
) -> tuple[list[Voter | None], Count]:
    """Read what each is, votes on, voted before and was answered before, in one statement."""
    uow.claimed = True
    rows = await uow.execute(
        _READ,
        {
            "event_id": event_id,
            "users": bare(intent.caller.id for intent in intents),
            "proposals": bare(intent.proposal_id for intent in intents),
            "keys": blobs(i.key.key_hash if i.key else None for i in intents),
        },
    )
    voters: list[Voter | None] = []
    count = Count()
    for row in rows:
        voters.append(_voter(row))
        if row.kind is not None:
            count.standings[row.proposal_id] = _standing(row)
        if row.choice is not None:
            count.votes[row.proposal_id, row.user_id] = Choice(row.choice)
        if row.fingerprint is not None:
            uow.ledger.learn(row)
    return voters, count


def _voter(row: sa.Row[tuple[object, ...]]) -> Voter | None:
    if row.membership_status is None:
        return None
    return Voter(MembershipStatus(row.membership_status), Role(row.role))


def _standing(row: sa.Row[tuple[object, ...]]) -> Standing:
    counts = {
        Choice.AGREE: row.agree,
        Choice.DISAGREE: row.disagree,
        Choice.ABSTAIN: row.abstain,
    }
    return Standing(
        row.proposal_id, ProposalKind(row.kind), ProposalStatus(row.proposal_status), counts
    )


async def _refresh(uow: UnitOfWork, event_id: UUID, count: Count) -> None:
    """Read the statuses again: a decision can end other proposals of the same batch."""
    rows = await uow.execute(_STATUSES, {"event_id": event_id, "proposals": bare(count.standings)})
    for row in rows:
        count.standings[row.id].status = ProposalStatus(row.status)


def _written(count: Count) -> Rows:
    """Return the votes counted since the last call, and the tallies that they led to."""
    written, count.written = count.written, {}
    if not written:
        return NONE
    cast = [(place, choice) for place, choice in written.items() if choice is not None]
    taken = [place for place, choice in written.items() if choice is None]
    moved = [count.standings[proposal_id] for proposal_id in {place[0] for place in written}]
    return Rows(
        _VOTES,
        {
            "cast_proposals": bare(place[0] for place, _ in cast),
            "cast_users": bare(place[1] for place, _ in cast),
            "choices": bare(choice for _, choice in cast),
            "taken_proposals": bare(place[0] for place in taken),
            "taken_users": bare(place[1] for place in taken),
            "moved": bare(standing.id for standing in moved),
            "agrees": bare(standing.counts[Choice.AGREE] for standing in moved),
            "disagrees": bare(standing.counts[Choice.DISAGREE] for standing in moved),
            "abstains": bare(standing.counts[Choice.ABSTAIN] for standing in moved),
        },
    )


_READ = sa.text("""
    SELECT w.user_id, w.proposal_id, m.status AS membership_status, m.role,
           p.kind, p.status AS proposal_status, p.agree, p.disagree, p.abstain, v.choice,
           k.key_hash, k.fingerprint, k.response_status, k.response_body, k.response_seq
    FROM unnest(CAST(:users AS uuid[]), CAST(:proposals AS uuid[]), CAST(:keys AS bytea[]))
         WITH ORDINALITY AS w(user_id, proposal_id, key_hash, place)
    LEFT JOIN memberships m ON m.event_id = :event_id AND m.user_id = w.user_id
    LEFT JOIN proposals p ON p.event_id = :event_id AND p.id = w.proposal_id
    LEFT JOIN proposal_votes v
           ON v.event_id = :event_id AND v.proposal_id = w.proposal_id AND v.user_id = w.user_id
    LEFT JOIN idempotency_keys k ON k.key_hash = w.key_hash
    ORDER BY w.place
""").execution_options(timed="read_votes")
_STATUSES = sa.text("""
    SELECT id, status FROM proposals
    WHERE event_id = :event_id AND id = ANY(CAST(:proposals AS uuid[]))
""")
_VOTES: Final = """
    cast_votes AS (
      INSERT INTO proposal_votes (event_id, proposal_id, user_id, choice, created_at)
      SELECT CAST(:event_id AS uuid), proposal_id, user_id, choice, now()
      FROM unnest(CAST(:cast_proposals AS uuid[]), CAST(:cast_users AS uuid[]),
                  CAST(:choices AS text[])) AS c(proposal_id, user_id, choice)
      ON CONFLICT (event_id, proposal_id, user_id) DO UPDATE SET choice = excluded.choice
    ), taken_back AS (
      DELETE FROM proposal_votes v
      USING unnest(CAST(:taken_proposals AS uuid[]), CAST(:taken_users AS uuid[]))
            AS t(proposal_id, user_id)
      WHERE v.event_id = :event_id AND v.proposal_id = t.proposal_id AND v.user_id = t.user_id
    ), moved AS (
      UPDATE proposals p SET agree = t.agree, disagree = t.disagree, abstain = t.abstain
      FROM unnest(CAST(:moved AS uuid[]), CAST(:agrees AS integer[]),
                  CAST(:disagrees AS integer[]), CAST(:abstains AS integer[]))
           AS t(id, agree, disagree, abstain)
      WHERE p.event_id = :event_id AND p.id = t.id
    )"""
# Before a decision, which reads what was counted; else the log's statement takes them along.
_WRITE = sa.text(f"WITH {_VOTES} SELECT")
