"""Events: opening one, changing what may be changed, and deleting it."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.models import Conversation, Event, Item, Membership, User
from app.models.base import now
from app.models.bodies import EventEdit, NewEvent, PoliciesEdit
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.payloads import EventHead, EventPayload
from app.models.policies import Policies
from app.models.presenting import present_event, present_membership
from app.models.statuses import EventStatus, ItemKind, MembershipStatus, NoticeType, Role
from app.services import access
from app.services.access import Right
from app.services.changes import announce_event, announce_item
from app.services.codes import free_code
from app.services.decisions import add_item, run_rule
from app.services.snapshots import read_in_transaction
from app.utils.transaction import UnitOfWork

LISTS = {
    "options": ItemKind.OPTION,
    "assumptions": ItemKind.ASSUMPTION,
    "criteria": ItemKind.CRITERION,
}
"""The content lists of an event, by the name that they have in a body."""


async def open_event(
    uow: UnitOfWork, owner: Caller, body: NewEvent, password_hash: str | None
) -> EventPayload:
    """Open an event that has not started, with its first contents and its owner in it."""
    await uow.claim()
    await access.lock_name(uow, owner.id)
    event = Event(
        subject=body.subject,
        description=body.description,
        entrance_code=await free_code(uow.session, body.entrance_code),
        password_hash=password_hash,
        capacity=body.capacity,
        policies=merge_policies(Policies(), body.policies),
        owner_id=owner.id,
        members=1,
        seq=0,
    )
    uow.session.add(event)
    await uow.session.flush()
    await uow.session.refresh(event)
    uow.hold(event)
    uow.session.add(Conversation(id=event.id, event_id=event.id))
    own = Membership(
        event_id=event.id,
        user_id=owner.id,
        user=await uow.session.get_one(User, owner.id),
        status=MembershipStatus.ACCEPTED,
        role=Role.OWNER,
        joined_at=now(),
    )
    uow.session.add(own)
    for name, kind in LISTS.items():
        await _append(uow, event, kind, getattr(body, name))
    await uow.session.flush()
    await announce_event(uow, event, owner)
    uow.notify(owner.id, NoticeType.MEMBERSHIP, present_membership(own))
    return await read_in_transaction(uow, event, owner)


async def edit_event(
    uow: UnitOfWork, admin: Caller, event_id: UUID, body: EventEdit, password_hash: str | None
) -> EventPayload:
    """Change an event's settings; its subject and contents only before it starts."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    given = body.model_fields_set
    _refuse_late_edits(event, given)
    if body.capacity is not None and body.capacity < event.members:
        raise Conflict(
            "capacity_below_members",
            f"{event.members} members are in. The capacity cannot be below that.",
            current=str(event.members),
        )
    if body.entrance_code is not None and body.entrance_code != event.entrance_code:
        event.entrance_code = await free_code(uow.session, body.entrance_code)
    if "password" in given:
        event.password_hash = password_hash
    for name in ("subject", "description", "capacity"):
        value = getattr(body, name)
        if value is not None:
            setattr(event, name, value)
    if body.policies is not None:
        event.policies = merge_policies(event.policies, body.policies)
    await uow.session.flush()
    for name, kind in LISTS.items():
        contents = getattr(body, name)
        if contents is not None:
            await _replace(uow, event, kind, contents, admin)
    await announce_event(uow, event, admin)
    await run_rule(uow, event)
    return await read_in_transaction(uow, event, admin)


async def delete_event(uow: UnitOfWork, owner: Caller, event_id: UUID) -> EventHead:
    """Hide an event from everybody for good; its streams end, its log stays."""
    event, _ = await access.lock_event(uow, event_id, owner, Right.OWNER)
    event.deleted_at = now()
    await announce_event(uow, event, owner)
    return present_event(event, await uow.session.get_one(User, event.owner_id))


def merge_policies(present: Policies, edit: PoliciesEdit) -> Policies:
    """Return the policies with the parts that an edit names."""
    merged = present.model_dump()
    for name, value in edit.model_dump(exclude_none=True).items():
        merged[name] = {**merged[name], **value} if isinstance(value, dict) else value
    return Policies.model_validate(merged)


def _refuse_late_edits(event: Event, given: set[str]) -> None:
    late = sorted(given & {"subject", *LISTS})
    if late and event.status is not EventStatus.NOT_STARTED:
        raise Conflict(
            "event_started",
            f"{', '.join(late)}: fixed since the event started. Propose a change instead.",
            current=event.status,
        )


async def _append(
    uow: UnitOfWork, event: Event, kind: ItemKind, contents: Sequence[str]
) -> list[Item]:
    return [
        await add_item(uow, event, kind, content, position)
        for position, content in enumerate(contents)
    ]


async def _replace(
    uow: UnitOfWork, event: Event, kind: ItemKind, contents: Sequence[str], admin: Caller
) -> None:
    """Make the list read as given: what stays in its place keeps its id."""
    found = await uow.session.scalars(
        sa.select(Item)
        .where(Item.event_id == event.id, Item.kind == kind, Item.deleted_at.is_(None))
        .order_by(Item.position)
    )
    present = list(found)
    for item, content in zip(present, contents, strict=False):
        if item.content != content:
            item.content = content
            announce_item(uow, item, admin)
    for item in present[len(contents) :]:
        item.deleted_at = now()
        announce_item(uow, item, admin)
    for position, content in enumerate(contents[len(present) :], start=len(present)):
        announce_item(uow, await add_item(uow, event, kind, content, position), admin)
    await uow.session.flush()
