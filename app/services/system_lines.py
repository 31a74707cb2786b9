"""System lines: what happened to the decision, told in its conversation where people talk.

A line is written in the transaction of what it tells. It has a code and what belongs to it; the
client has the words.
"""

from typing import Any
from uuid import UUID

from app.models import Event, Item, Proposal, User
from app.models.base import new_id
from app.models.callers import Caller
from app.models.payloads import MessagePayload, Person, SystemLine
from app.models.presenting import present_person
from app.models.statuses import ChangeType, MessageKind, ProposalStatus, SystemCode
from app.services.appending import Draft, append
from app.services.changes import announce
from app.utils.transaction import UnitOfWork

# Characters of a proposal that a line cites.
EXCERPT = 200


async def tell_status(uow: UnitOfWork, event: Event, by: Caller) -> None:
    """Tell that the event was started, paused, resumed or closed."""
    await _tell(uow, event, SystemCode.STATUS_CHANGED, by, status=event.status.value)


async def tell_owner(uow: UnitOfWork, event: Event, owner: User, by: Caller) -> None:
    """Tell who owns the event now."""
    await _tell(uow, event, SystemCode.OWNER_CHANGED, by, owner)


async def tell_removal(
    uow: UnitOfWork, event: Event, who: User, by: Caller, *, banned: bool
) -> None:
    """Tell that somebody was sent out."""
    await _tell(uow, event, SystemCode.BANNED if banned else SystemCode.KICKED, by, who)


async def tell_decision(
    uow: UnitOfWork, event: Event, proposal: Proposal, by: Caller | None
) -> None:
    """Tell how a proposal was decided; `by` is None where the rule did."""
    accepted = proposal.status is ProposalStatus.ACCEPTED
    words = proposal.content
    if words is None:
        words = (await uow.session.get_one(Item, (event.id, proposal.target_id))).content
    cited = {
        "id": str(proposal.id),
        "kind": proposal.kind.value,
        "category": proposal.category.value,
        "excerpt": words[:EXCERPT],
    }
    code = SystemCode.PROPOSAL_ACCEPTED if accepted else SystemCode.PROPOSAL_REJECTED
    await _tell(uow, event, code, by, proposal=cited)


async def _tell(
    uow: UnitOfWork,
    event: Event,
    code: SystemCode,
    by: Caller | None,
    who: User | None = None,
    **params: Any,
) -> None:
    draft = Draft(
        id=new_id(),
        kind=MessageKind.SYSTEM,
        author_id=by.id if by else None,
        code=code,
        about_id=who.id if who else None,
        params=params or None,
    )
    seq = await append(uow, event.id, draft)
    assert seq is not None
    line = SystemLine(
        code=code,
        by=Person(id=by.id, name=by.name) if by else None,
        who=present_person(who) if who else None,
        **params,
    )
    announce(uow, ChangeType.MESSAGE, _message(event.id, draft, seq, line), by)


def _message(event_id: UUID, draft: Draft, seq: int, line: SystemLine) -> MessagePayload:
    return MessagePayload(
        id=draft.id,
        conversation_id=event_id,
        seq=seq,
        kind=MessageKind.SYSTEM,
        author=None,
        content=None,
        system=line,
        attachments=[],
        reply_to=None,
        mentions=[],
        created_at=draft.at,
        edited_at=None,
        deleted=None,
    )
