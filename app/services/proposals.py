"""Proposals: putting one forward, taking it back, and reading them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Event, Item, Proposal, User
from app.models.base import now
from app.models.bodies import NewProposal
from app.models.callers import Caller
from app.models.errors import Conflict, Forbidden, invalid_field
from app.models.payloads import ProposalPayload, SourcePayload
from app.models.presenting import present_proposal
from app.models.statuses import Category, ProposalKind, ProposalStatus
from app.services import access
from app.services.access import Right
from app.services.changes import announce_proposal
from app.services.pages import Page, cut, decode_cursor
from app.utils.db import Database
from app.utils.transaction import UnitOfWork


async def propose(
    uow: UnitOfWork, author: Caller, event_id: UUID, kind: ProposalKind, wish: NewProposal
) -> ProposalPayload:
    """Put a proposal forward. Its shape must fit its category, its target must be live."""
    check_shape(kind, wish)
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    return await put_forward(uow, author, event, kind, wish)


async def put_forward(
    uow: UnitOfWork,
    author: Caller,
    event: Event,
    kind: ProposalKind,
    wish: NewProposal,
    source: SourcePayload | None = None,
) -> ProposalPayload:
    """Put a proposal forward in an event whose row is held by somebody who may vote in it.

    `source` is the version of a block of the brief that it cites.
    """
    access.require_in_progress(event)
    await _check_limit(uow, event, author)
    if wish.target_id is not None:
        await _check_target(uow, event, kind, wish.target_id)
    proposal = Proposal(
        event_id=event.id,
        kind=kind,
        category=wish.category,
        target_id=wish.target_id,
        content=wish.content,
        reason=wish.reason,
        source_block_id=source and source.block_id,
        source_version=source and source.version,
        author=await uow.session.get_one(User, author.id),
        decided_by=None,
    )
    uow.session.add(proposal)
    await uow.session.flush()
    announce_proposal(uow, event, proposal, author)
    return present_proposal(proposal, event)


async def withdraw(
    uow: UnitOfWork, caller: Caller, event_id: UUID, kind: ProposalKind, proposal_id: UUID
) -> ProposalPayload:
    """Delete a pending proposal: its author, or an admin."""
    event, membership = await access.lock_event(uow, event_id, caller, Right.SEE)
    access.require_open(event)
    proposal = await access.lock_proposal(uow, event, kind, proposal_id)
    if proposal.author_id != caller.id and not access.is_admin(membership, caller):
        raise Forbidden("not_the_author", "Only its author or an admin may delete a proposal.")
    proposal.status = ProposalStatus.DELETED
    proposal.needed = event.needed(kind)
    proposal.decided_at = now()
    proposal.decided_by = await uow.session.get_one(User, caller.id)
    await uow.session.flush()
    announce_proposal(uow, event, proposal, caller)
    return present_proposal(proposal, event)


async def list_proposals(
    database: Database,
    caller: Caller,
    event_id: UUID,
    kind: ProposalKind,
    status: ProposalStatus | None,
    cursor: str | None,
    limit: int,
) -> Page[ProposalPayload]:
    """Return proposals of one kind, oldest first, without the deleted ones."""
    shown = (
        Proposal.status != ProposalStatus.DELETED if status is None else Proposal.status == status
    )
    wanted = _readable(event_id, kind).where(shown).order_by(Proposal.id).limit(limit + 1)
    if cursor is not None:
        wanted = wanted.where(Proposal.id > decode_cursor(cursor))
    async with database.read() as session:
        event, _ = await access.find_event(session, event_id, caller)
        found = list(await session.scalars(wanted))
    return cut([present_proposal(proposal, event) for proposal in found], limit)


async def read_proposal(
    database: Database, caller: Caller, event_id: UUID, kind: ProposalKind, proposal_id: UUID
) -> ProposalPayload:
    async with database.read() as session:
        event, _ = await access.find_event(session, event_id, caller)
        found = _readable(event_id, kind).where(Proposal.id == proposal_id)
        proposal = await session.scalar(found)
    if proposal is None:
        raise access.no_such("proposal")
    return present_proposal(proposal, event)


def _readable(event_id: UUID, kind: ProposalKind) -> sa.Select[Proposal]:
    return (
        sa.select(Proposal)
        .options(joinedload(Proposal.author, innerjoin=True), joinedload(Proposal.decided_by))
        .where(
            Proposal.event_id == event_id,
            Proposal.kind == kind,
        )
    )


def check_shape(kind: ProposalKind, wish: NewProposal) -> None:
    """Raise Invalid where a wish names what its category has not, or lacks what it has."""
    creates_item = wish.category is Category.CREATION and kind is not ProposalKind.CONCLUSION
    if kind is ProposalKind.CONCLUSION and wish.category is not Category.CREATION:
        raise invalid_field("category", "A conclusion is proposed with CREATION; it replaces.")
    if creates_item and wish.target_id is not None:
        raise invalid_field("target_id", "A creation names no target. Leave target_id out.")
    if not creates_item and wish.target_id is None:
        raise invalid_field("target_id", "Name the item that this proposal is about.")
    if wish.category is Category.DELETION and wish.content is not None:
        raise invalid_field("content", "A deletion has no content. Leave content out.")
    if wish.category is not Category.DELETION and wish.content is None:
        raise invalid_field("content", "Say what it should read.")


async def _check_limit(uow: UnitOfWork, event: Event, author: Caller) -> None:
    limit = event.policies.max_pending_per_member
    pending = await uow.session.scalar(
        sa.select(sa.func.count())
        .select_from(Proposal)
        .where(
            Proposal.event_id == event.id,
            Proposal.author_id == author.id,
            Proposal.status == ProposalStatus.PENDING,
        )
    )
    if (pending or 0) >= limit:
        raise Conflict(
            "too_many_pending_proposals",
            f"You have {pending} pending proposals and may have {limit}. "
            "Wait for a decision or delete one of yours.",
            current=str(pending),
        )


async def _check_target(uow: UnitOfWork, event: Event, kind: ProposalKind, target_id: UUID) -> None:
    item = await uow.session.get(Item, (event.id, target_id))
    if item is None or item.kind is not kind.target_kind:
        raise access.no_such(kind.target_kind.value)
    if item.deleted_at is not None:
        raise Conflict("target_deleted", "This was deleted meanwhile.", current="DELETED")
