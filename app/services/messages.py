"""Messages: said, mended and taken back; in an event until it is finished."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.models import Attachment, Mention, Message
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict, DomainError, Forbidden, invalid_field
from app.models.message_bodies import NewMessage
from app.models.payloads import MentionNotice, MessagePayload, Person
from app.models.statuses import MessageKind, NoticeType, Remover
from app.services import access
from app.services.appending import Draft, append
from app.services.naming import find_mentioned
from app.services.talks import Talk, lock_talk, tell
from app.services.transcript import read_message
from app.utils.transaction import UnitOfWork


async def send(
    uow: UnitOfWork, author: Caller, conversation_id: UUID, body: NewMessage
) -> MessagePayload:
    """Say something. The same id again, by the same author, is the same message."""
    talk = await lock_talk(uow, conversation_id, author)
    try:
        talk.require_open()
    except DomainError:
        # It may have been said in time, and only its answer was lost.
        if await _find(uow, talk, body.id) is None:
            raise
        return await _as_it_is(uow, talk, body.id)
    mentioned = await _mentioned(uow, talk, body.content or "")
    draft = Draft(
        id=body.id,
        kind=MessageKind.SAID,
        author_id=author.id,
        content=body.content or "",
        reply_to_seq=await _reply_seq(uow, talk, body.reply_to),
        mentioned=[person.id for person in mentioned],
        attachment_ids=body.attachment_ids,
        images_pending=talk.holds_images,
    )
    seq = await append(uow, talk.id, draft)
    if seq is None:
        return await _as_it_is(uow, talk, body.id)
    if mentioned or body.reply_to or body.attachment_ids:
        message = await read_message(uow.session, talk.id, body.id)
    else:
        message = _plain(talk, draft, seq)
    tell(uow, talk, message)
    _notify(uow, mentioned, message)
    return message


async def edit(
    uow: UnitOfWork, author: Caller, conversation_id: UUID, message_id: UUID, content: str
) -> MessagePayload:
    """Mend one's own message; whoever is newly named in it is told."""
    talk = await lock_talk(uow, conversation_id, author)
    talk.require_open()
    message = await _require(uow, talk, message_id)
    if message.author_id != author.id:
        raise Forbidden("not_the_author", "Only its author may edit a message.")
    message.content, message.edited_at = content, now()
    mentioned = await _mentioned(uow, talk, content)
    before = await _rename(uow, message, mentioned)
    shown = await _show(uow, talk, message_id)
    _notify(uow, [person for person in mentioned if person.id not in before], shown)
    return shown


async def remove(
    uow: UnitOfWork, caller: Caller, conversation_id: UUID, message_id: UUID
) -> MessagePayload:
    """Take a message away: its author, or an admin. A trace stays; its attachments go."""
    talk = await lock_talk(uow, conversation_id, caller)
    talk.require_open()
    message = await _require(uow, talk, message_id)
    own = message.author_id == caller.id
    if not own and not talk.admin:
        raise Forbidden("not_the_author", "Only its author or an admin may delete a message.")
    message.removed_at = now()
    message.removed_by = Remover.AUTHOR if own else Remover.ADMIN
    await _rename(uow, message, ())
    await uow.session.execute(
        sa.update(Attachment)
        .where(Attachment.conversation_id == talk.id, Attachment.message_seq == message.seq)
        .values(removed_at=message.removed_at)
    )
    return await _show(uow, talk, message_id)


async def _as_it_is(uow: UnitOfWork, talk: Talk, message_id: UUID) -> MessagePayload:
    """Return a message that was sent before; somebody else's is not told."""
    message = await read_message(uow.session, talk.id, message_id)
    if message.author is None or message.author.id != talk.caller.id:
        raise Conflict("message_id_taken", "This id names another message. Send it with a new id.")
    uow.existed = True
    return message


async def _find(uow: UnitOfWork, talk: Talk, message_id: UUID) -> Message | None:
    found: Message | None = await uow.session.scalar(
        sa.select(Message).where(Message.conversation_id == talk.id, Message.id == message_id)
    )
    return found


async def _require(uow: UnitOfWork, talk: Talk, message_id: UUID) -> Message:
    message = await _find(uow, talk, message_id)
    if message is None or message.removed_at is not None or message.kind is MessageKind.SYSTEM:
        raise access.no_such("message")
    return message


async def _reply_seq(uow: UnitOfWork, talk: Talk, message_id: UUID | None) -> int | None:
    if message_id is None:
        return None
    quoted = await _find(uow, talk, message_id)
    if quoted is None or quoted.removed_at is not None or quoted.kind is MessageKind.SYSTEM:
        raise invalid_field("reply_to", "The message that this replies to is not there any more.")
    return quoted.seq


async def _mentioned(uow: UnitOfWork, talk: Talk, content: str) -> list[Person]:
    """Return who is named. Between two people nobody has to be."""
    if talk.event is None or "@" not in content:
        return []
    return await find_mentioned(uow, talk.event, content, talk.caller.id)


async def _rename(uow: UnitOfWork, message: Message, people: Sequence[Person]) -> set[UUID]:
    """Let a message name these people and nobody else; return whom it named before."""
    before = await uow.session.scalars(
        sa.delete(Mention)
        .where(Mention.conversation_id == message.conversation_id, Mention.seq == message.seq)
        .returning(Mention.user_id)
    )
    place = {"conversation_id": message.conversation_id, "seq": message.seq}
    if people:
        rows = [place | {"user_id": person.id} for person in people]
        await uow.session.execute(sa.insert(Mention), rows)
    return set(before)


async def _show(uow: UnitOfWork, talk: Talk, message_id: UUID) -> MessagePayload:
    """Tell everybody how a message is now, and return it."""
    await uow.session.flush()
    message = await read_message(uow.session, talk.id, message_id)
    tell(uow, talk, message)
    return message


def _plain(talk: Talk, draft: Draft, seq: int) -> MessagePayload:
    """Form a message with nothing but words: there is nothing to read for it."""
    return MessagePayload(
        id=draft.id,
        conversation_id=talk.id,
        seq=seq,
        kind=draft.kind,
        author=Person(id=talk.caller.id, name=talk.caller.name),
        content=draft.content,
        system=None,
        attachments=[],
        reply_to=None,
        mentions=[],
        created_at=draft.at,
        edited_at=None,
        deleted=None,
    )


def _notify(uow: UnitOfWork, people: Sequence[Person], message: MessagePayload) -> None:
    notice = MentionNotice(conversation_id=message.conversation_id, message=message)
    for person in people:
        uow.notify(person.id, NoticeType.MENTION, notice)
