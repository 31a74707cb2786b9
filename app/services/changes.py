"""The log: announcing a change inside the transaction, and reading what came after a number."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.models import Block, Change, Event, Item, Membership, Proposal, User
from app.models.callers import Caller
from app.models.errors import Gone
from app.models.payloads import ChangePayload, ChangesPage, Payload, Person
from app.models.presenting import (
    present_event,
    present_item,
    present_membership,
    present_proposal,
    present_turnout,
)
from app.models.presenting_briefs import present_block
from app.models.statuses import ChangeType, MembershipStatus, NoticeType
from app.services.access import find_event, is_admin
from app.services.replicas import read_as_of
from app.utils.db import Database, ReadSession
from app.utils.frames import LoggedChange
from app.utils.transaction import UnitOfWork

PAGE = 500
AT_THE_DOOR = (MembershipStatus.PENDING, MembershipStatus.REJECTED)


def announce(
    uow: UnitOfWork,
    kind: ChangeType,
    payload: Payload,
    actor: Caller | None,
    *,
    only: UUID | None = None,
) -> int:
    """Number a change of the locked event; return its number.

    `only` keeps it to admins and that person. The state in `payload` must already hold.
    """
    return uow.record(kind, payload, actor.actor if actor else None, only)


async def announce_event(uow: UnitOfWork, event: Event, actor: Caller | None) -> None:
    """Announce the event's own fields, with the number that this very change gets."""
    owner = await uow.session.get_one(User, event.owner_id)
    payload = present_event(event, owner).model_copy(update={"seq": event.seq + 1})
    announce(uow, ChangeType.EVENT, payload, actor)


def announce_membership(uow: UnitOfWork, membership: Membership, actor: Caller | None) -> None:
    only = membership.user_id if membership.status in AT_THE_DOOR else None
    state = present_membership(membership)
    announce(uow, ChangeType.MEMBERSHIP, state, actor, only=only)
    uow.notify(membership.user_id, NoticeType.MEMBERSHIP, state)


def announce_turnout(uow: UnitOfWork, event: Event) -> None:
    """Announce how many there are and have voted; nobody is told who."""
    announce(uow, ChangeType.TURNOUT, present_turnout(event), None)


def announce_item(uow: UnitOfWork, item: Item, actor: Caller | None) -> None:
    announce(uow, ChangeType.ITEM, present_item(item), actor)


def announce_proposal(
    uow: UnitOfWork, event: Event, proposal: Proposal, actor: Caller | None
) -> None:
    announce(uow, ChangeType.PROPOSAL, present_proposal(proposal, event), actor)


def announce_block(uow: UnitOfWork, block: Block, actor: Caller) -> None:
    announce(uow, ChangeType.BLOCK, present_block(block), actor)


async def changes_after(
    session: ReadSession, event_id: UUID, after: int, limit: int = PAGE
) -> list[LoggedChange]:
    """Return at most `limit` changes with numbers above `after`, in order."""
    found = await session.execute(
        sa.select(
            Change.seq,
            Change.type,
            Change.created_at,
            Change.actor_id,
            User.name,
            Change.for_user_id,
            sa.cast(Change.payload, sa.Text).label("payload"),
        )
        .outerjoin(User, User.id == Change.actor_id)
        .where(Change.event_id == event_id, Change.seq > after)
        .order_by(Change.seq)
        .limit(limit)
    )
    return [LoggedChange(*row[:-1], row.payload.encode()) for row in found]


def follows(changes: Sequence[LoggedChange], after: int, head: int) -> bool:
    """Tell whether changes go on right after a number: the log of an old event is not kept."""
    return changes[0].seq == after + 1 if changes else after >= head


async def read_changes(
    database: Database, caller: Caller, event_id: UUID, after: int
) -> ChangesPage:
    """Return the page of changes after a number, as the caller may see them.

    Raises Gone where the log does not reach back so far any more.
    """
    async with database.read() as session:
        event, membership = await find_event(session, event_id, caller)
    reading = partial(changes_after, event_id=event_id, after=after)
    changes = await read_as_of(database, event_id, (event.epoch, event.seq), reading)
    if not follows(changes, after, event.seq):
        raise _forgotten()
    admin = is_admin(membership, caller)
    items = [
        _present(change, admin or change.for_user_id in {None, caller.id}) for change in changes
    ]
    # The event was read before its changes: the page may already hold younger ones.
    head = max(event.seq, changes[-1].seq if changes else 0)
    return ChangesPage(items=items, head=head, epoch=event.epoch)


def _forgotten() -> Gone:
    return Gone(
        "changes_not_kept",
        "The changes after this number are not kept any more. Read the event itself instead.",
    )


def _present(change: LoggedChange, visible: bool) -> ChangePayload:
    if not visible:
        return ChangePayload(seq=change.seq, type="hidden", at=change.at, actor=None, data=None)
    actor = change.actor_id and Person(id=change.actor_id, name=change.actor_name or "")
    return ChangePayload(
        seq=change.seq,
        type=change.type,
        at=change.at,
        actor=actor or None,
        data=orjson.loads(change.payload),
    )
