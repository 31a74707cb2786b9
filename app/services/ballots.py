"""Ballots: casting one, and what they come to when the event is over."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Ballot, Item
from app.models.base import now
from app.models.bodies import BallotBody
from app.models.callers import Caller
from app.models.errors import Conflict, NotFound, invalid_field
from app.models.payloads import BallotPayload, CriterionResult, OptionResult, ResultPayload
from app.models.statuses import EventStatus, ItemKind
from app.services import access
from app.services.access import Right
from app.services.changes import announce_turnout
from app.utils.db import Database, ReadSession
from app.utils.transaction import UnitOfWork

# `domain.md` §6: first 3, second 2, third 1, others 0.
WEIGHTS: Final = (3, 2, 1)


async def cast_ballot(
    uow: UnitOfWork, voter: Caller, event_id: UUID, body: BallotBody, *, again: bool
) -> BallotPayload:
    """Cast the voter's ballot. `again` replaces one that was cast before, or casts the first."""
    event, _ = await access.lock_event(uow, event_id, voter, Right.VOTE)
    access.require_in_progress(event)
    live = await _live_items(uow.session, event.id)
    _check(body, live)
    ballot = await uow.session.get(Ballot, (event.id, voter.id))
    if ballot is not None and not again:
        raise Conflict("already_cast", "You have already cast your ballot. Use PUT to change it.")
    if ballot is None:
        ballot = Ballot(event_id=event.id, user_id=voter.id)
        uow.session.add(ballot)
        event.ballots += 1
    ballot.option_id, ballot.criterion_ids = body.option_id, list(body.criterion_ids)
    ballot.updated_at = now()
    await uow.session.flush()
    announce_turnout(uow, event)
    return _present(ballot, live)


async def read_ballot(database: Database, voter: Caller, event_id: UUID) -> BallotPayload:
    """Return the caller's own ballot."""
    async with database.read() as session:
        await access.find_event(session, event_id, voter)
        ballot = await session.get(Ballot, (event_id, voter.id))
        live = await _live_items(session, event_id)
    if ballot is None:
        raise NotFound("ballot_not_found", "You have not cast a ballot in this event.")
    return _present(ballot, live)


async def read_result(database: Database, caller: Caller, event_id: UUID) -> ResultPayload:
    """Count the ballots of a finished event. Raises Conflict before it is finished."""
    async with database.read_consistently() as session:
        event, _ = await access.find_event(session, event_id, caller)
        if event.status is not EventStatus.FINISHED:
            raise Conflict(
                "event_not_finished",
                "The result shows when the event is finished.",
                current=event.status,
            )
        live = await _live_items(session, event_id)
        votes = await _votes_per_option(session, event_id)
        ranks = await _ranks(session, event_id)
    return ResultPayload(
        total_members=event.members,
        voters=event.ballots,
        options=[
            OptionResult(option_id=item.id, content=item.content, votes=votes.get(item.id, 0))
            for item in live
            if item.kind is ItemKind.OPTION
        ],
        criteria=[
            _criterion_result(item, ranks) for item in live if item.kind is ItemKind.CRITERION
        ],
    )


async def _live_items(session: AsyncSession, event_id: UUID) -> Sequence[Item]:
    found = await session.scalars(
        sa.select(Item)
        .where(
            Item.event_id == event_id,
            Item.kind.in_([ItemKind.OPTION, ItemKind.CRITERION]),
            Item.deleted_at.is_(None),
        )
        .order_by(Item.position, Item.id)
    )
    return found.all()


def _live(items: Sequence[Item], kind: ItemKind) -> set[UUID]:
    return {item.id for item in items if item.kind is kind}


def _check(body: BallotBody, live: Sequence[Item]) -> None:
    if body.option_id not in _live(live, ItemKind.OPTION):
        raise invalid_field("option_id", "This option is not one of the event's options.")
    criteria = _live(live, ItemKind.CRITERION)
    ranked = body.criterion_ids
    if len(ranked) != len(set(ranked)) or set(ranked) != criteria:
        raise invalid_field(
            "criterion_ids",
            f"Rank each of the {len(criteria)} present criteria once. "
            "The criteria may have changed; reload them.",
            "ranking_incomplete",
        )


def _present(ballot: Ballot, live: Sequence[Item]) -> BallotPayload:
    return BallotPayload(
        option_id=ballot.option_id,
        criterion_ids=ballot.criterion_ids,
        ranking_outdated=set(ballot.criterion_ids) != _live(live, ItemKind.CRITERION),
        updated_at=ballot.updated_at,
    )


async def _votes_per_option(session: ReadSession, event_id: UUID) -> dict[UUID, int]:
    rows = await session.execute(
        sa.select(Ballot.option_id, sa.func.count().label("votes"))
        .where(Ballot.event_id == event_id)
        .group_by(Ballot.option_id)
    )
    return {row.option_id: row.votes for row in rows}


async def _ranks(session: ReadSession, event_id: UUID) -> dict[UUID, dict[int, int]]:
    """Return how often each live criterion stands at each of the weighted places.

    Criteria that are gone leave no hole: those behind them move up.
    """
    rows = await session.execute(_RANKS, {"event_id": event_id, "last": len(WEIGHTS)})
    ranks: dict[UUID, dict[int, int]] = {}
    for row in rows:
        ranks.setdefault(row.criterion_id, {})[row.rank] = row.times
    return ranks


def _criterion_result(item: Item, ranks: dict[UUID, dict[int, int]]) -> CriterionResult:
    places = ranks.get(item.id, {})
    return CriterionResult(
        criterion_id=item.id,
        content=item.content,
        first_choices=places.get(1, 0),
        weighted_score=sum(
            weight * places.get(rank, 0) for rank, weight in enumerate(WEIGHTS, start=1)
        ),
    )


_RANKS = sa.text("""
    SELECT criterion_id, rank, count(*) AS times
    FROM (
      SELECT r.criterion_id, row_number() OVER (PARTITION BY b.user_id ORDER BY r.place) AS rank
      FROM ballots b
      CROSS JOIN LATERAL unnest(b.criterion_ids) WITH ORDINALITY AS r(criterion_id, place)
      JOIN items i ON i.event_id = b.event_id AND i.id = r.criterion_id AND i.deleted_at IS NULL
      WHERE b.event_id = :event_id
    ) AS ranked
    WHERE rank <= :last
    GROUP BY criterion_id, rank
""")
