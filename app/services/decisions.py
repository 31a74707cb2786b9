"""Deciding proposals: by an admin, by the rule, and what an acceptance does to the items."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Event, Item, Proposal
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict, invalid_field
from app.models.payloads import ProposalPayload
from app.models.presenting import present_proposal
from app.models.statuses import (
    Category,
    EventStatus,
    ItemKind,
    ProposalKind,
    ProposalStatus,
)
from app.services import access
from app.services.access import Right
from app.services.changes import announce_item, announce_proposal
from app.services.system_lines import tell_decision
from app.utils.transaction import UnitOfWork

TARGET_DELETED: Final = "What this proposal is about was deleted."


async def decide(
    uow: UnitOfWork,
    admin: Caller,
    event_id: UUID,
    kind: ProposalKind,
    proposal_id: UUID,
    verdict: ProposalStatus,
    reason: str | None,
) -> ProposalPayload:
    """Accept or reject a pending proposal by an admin's word; the first commit wins."""
    if verdict not in {ProposalStatus.ACCEPTED, ProposalStatus.REJECTED}:
        raise invalid_field("status", "Decide with ACCEPTED or REJECTED.")
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    proposal = await access.lock_proposal(uow, event, kind, proposal_id)
    await settle(uow, event, proposal, verdict, by=admin, reason=reason)
    return present_proposal(proposal, event)


async def settle(
    uow: UnitOfWork,
    event: Event,
    proposal: Proposal,
    verdict: ProposalStatus,
    *,
    by: Caller | None,
    reason: str | None = None,
) -> None:
    """Move a locked proposal to its end, and apply it where it was accepted.

    `by` is None where the rule decides. Raises IllegalTransition where it was decided before.
    """
    proposal.status = verdict
    proposal.needed = event.needed(proposal.kind)
    proposal.decided_at = now()
    proposal.decision_reason = reason
    proposal.decided_by_id = by.id if by else None
    if verdict is ProposalStatus.ACCEPTED:
        proposal.applied_at = proposal.decided_at
    await uow.session.flush()
    await uow.session.refresh(proposal, ["decided_by"])
    announce_proposal(uow, event, proposal, by)
    await tell_decision(uow, event, proposal, by)
    if verdict is ProposalStatus.ACCEPTED:
        await _APPLICATIONS[proposal.kind, proposal.category](uow, event, proposal, by)


async def run_rule(uow: UnitOfWork, event: Event) -> None:
    """Accept every pending proposal whose policy is met now.

    For whatever can make a policy true other than a vote: a smaller denominator, a new policy, an
    event that goes on. Each is looked at again, because an acceptance can reject others.
    """
    if event.status is not EventStatus.IN_PROGRESS:
        return
    met = [
        (Proposal.kind == kind) & (Proposal.agree >= needed)
        for kind in ProposalKind
        if (needed := event.needed(kind)) is not None
    ]
    if not met:
        return
    for proposal in await access.lock_pending_proposals(uow, event, sa.or_(*met)):
        if proposal.status is ProposalStatus.PENDING:
            await settle(uow, event, proposal, ProposalStatus.ACCEPTED, by=None)


async def _create_item(
    uow: UnitOfWork, event: Event, proposal: Proposal, by: Caller | None
) -> None:
    item = await add_item(
        uow, event, proposal.kind.target_kind, proposal.content or "", position=None
    )
    announce_item(uow, item, by)


async def add_item(
    uow: UnitOfWork, event: Event, kind: ItemKind, content: str, position: int | None
) -> Item:
    """Add an item to the locked event: at the position, or after the last of its kind."""
    if position is None:
        last = await uow.session.scalar(
            sa.select(sa.func.max(Item.position)).where(
                Item.event_id == event.id, Item.kind == kind
            )
        )
        position = 0 if last is None else last + 1
    item = Item(event_id=event.id, kind=kind, content=content, position=position)
    uow.session.add(item)
    await uow.session.flush()
    return item


async def _modify_item(
    uow: UnitOfWork, event: Event, proposal: Proposal, by: Caller | None
) -> None:
    item = await _live_target(uow, event, proposal)
    item.original_content = item.original_content or item.content
    item.content = proposal.content or ""
    announce_item(uow, item, by)


async def _delete_item(
    uow: UnitOfWork, event: Event, proposal: Proposal, by: Caller | None
) -> None:
    item = await _live_target(uow, event, proposal)
    item.deleted_at = now()
    announce_item(uow, item, by)
    others = await access.lock_pending_proposals(uow, event, Proposal.target_id == item.id)
    for other in others:
        await settle(uow, event, other, ProposalStatus.REJECTED, by=by, reason=TARGET_DELETED)


async def _conclude(uow: UnitOfWork, event: Event, proposal: Proposal, by: Caller | None) -> None:
    item = await _live_target(uow, event, proposal)
    item.conclusion = proposal.content
    announce_item(uow, item, by)


async def _live_target(uow: UnitOfWork, event: Event, proposal: Proposal) -> Item:
    item = await uow.session.get_one(Item, (event.id, proposal.target_id))
    if item.deleted_at is not None:
        raise Conflict("target_deleted", TARGET_DELETED, current="DELETED")
    return item


_Application = Callable[[UnitOfWork, Event, Proposal, Caller | None], Awaitable[None]]
_APPLICATIONS: Final[Mapping[tuple[ProposalKind, Category], _Application]] = {
    (ProposalKind.ASSUMPTION, Category.CREATION): _create_item,
    (ProposalKind.ASSUMPTION, Category.MODIFICATION): _modify_item,
    (ProposalKind.ASSUMPTION, Category.DELETION): _delete_item,
    (ProposalKind.CRITERION, Category.CREATION): _create_item,
    (ProposalKind.CRITERION, Category.MODIFICATION): _modify_item,
    (ProposalKind.CRITERION, Category.DELETION): _delete_item,
    (ProposalKind.CONCLUSION, Category.CREATION): _conclude,
}
