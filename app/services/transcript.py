"""What was said, read: every message with its author, its quote, its mentions and attachments."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.callers import Caller
from app.models.payloads import (
    AttachmentPayload,
    MessagePayload,
    MessagesPage,
    Person,
    Quote,
    SystemLine,
)
from app.models.statuses import AttachmentKind, MessageKind
from app.services import access
from app.services.talks import find_talk
from app.utils.db import Database

# Characters of a quoted message.
EXCERPT: Final = 200
_END: Final = 2**62


async def list_messages(
    database: Database,
    caller: Caller,
    conversation_id: UUID,
    before: int | None,
    after: int | None,
    limit: int,
) -> MessagesPage:
    """Return a page in the order of the numbers: around `before` or `after`, else the newest."""
    async with database.read() as session:
        talk = await find_talk(session, conversation_id, caller)
        place = {"conversation_id": conversation_id, "limit": limit}
        if after is not None:
            items = await _read(session, _AFTER, place | {"after": after})
        else:
            items = await _read(session, _BEFORE, place | {"before": before or _END})
            items.reverse()
    # A message may have come since the conversation was looked at.
    last = max([talk.conversation.last_seq, *(item.seq for item in items)])
    return MessagesPage(
        items=items,
        last_seq=last,
        has_more_before=items[0].seq > 1 if items else min(after or 0, last) > 0,
        has_more_after=items[-1].seq < last if items else (before or _END) <= last,
    )


async def read_message(
    session: AsyncSession, conversation_id: UUID, message_id: UUID
) -> MessagePayload:
    """Return one message as it is now. Raises NotFound."""
    found = await _read(session, _ONE, {"conversation_id": conversation_id, "id": message_id})
    if not found:
        raise access.no_such("message")
    return found[0]


async def read_last(
    session: AsyncSession, conversation_ids: Sequence[UUID]
) -> dict[UUID, MessagePayload]:
    """Return the last message of each conversation that has one."""
    found = await _read(session, _LAST, {"conversation_ids": list(conversation_ids)})
    return {message.conversation_id: message for message in found}


async def _read(
    session: AsyncSession, statement: sa.TextClause, place: Mapping[str, object]
) -> list[MessagePayload]:
    rows = await session.execute(statement, place)
    return [_present(row) for row in rows]


def _present(row: sa.Row[Any]) -> MessagePayload:
    removed, said = row.removed_by is not None, row.kind == MessageKind.SAID
    return MessagePayload(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        kind=row.kind,
        author=_person(row.author_id, row.author_name) if said else None,
        content=row.content if said and not removed else None,
        system=None if said else _system(row),
        attachments=[present_attachment(row.conversation_id, a) for a in row.attachments or ()],
        reply_to=_quote(row),
        mentions=[Person(**person) for person in row.mentions or ()],
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted=row.removed_by,
    )


def present_attachment(conversation_id: UUID, fields: Mapping[str, Any]) -> AttachmentPayload:
    """Return an attachment with the addresses that its bytes are at."""
    url = f"/api/conversations/{conversation_id}/attachments/{fields['id']}"
    image = fields["kind"] == AttachmentKind.IMAGE
    return AttachmentPayload(**fields, url=url, thumbnail_url=f"{url}/thumbnail" if image else None)


def _person(user_id: UUID | None, name: str | None) -> Person | None:
    return Person(id=user_id, name=name or "") if user_id is not None else None


def _system(row: sa.Row[Any]) -> SystemLine:
    return SystemLine(
        code=row.code,
        by=_person(row.author_id, row.author_name),
        who=_person(row.about_id, row.about_name),
        **(row.params or {}),
    )


def _quote(row: sa.Row[Any]) -> Quote | None:
    if row.quoted_id is None:
        return None
    author = _person(row.quoted_author_id, row.quoted_author_name)
    return Quote(id=row.quoted_id, seq=row.reply_to_seq, author=author, excerpt=row.excerpt)


_SELECT: Final = f"""
    SELECT m.conversation_id, m.seq, m.id, m.kind, m.content, m.code, m.params, m.reply_to_seq,
           m.created_at, m.edited_at, m.removed_by,
           m.author_id, a.name AS author_name, m.about_id, w.name AS about_name,
           q.id AS quoted_id, q.author_id AS quoted_author_id, b.name AS quoted_author_name,
           CASE WHEN q.removed_at IS NULL THEN left(q.content, {EXCERPT}) ELSE '' END AS excerpt,
           (SELECT json_agg(json_build_object('id', u.id, 'name', u.name) ORDER BY u.name, u.id)
              FROM mentions n JOIN users u ON u.id = n.user_id
             WHERE n.conversation_id = m.conversation_id AND n.seq = m.seq) AS mentions,
           (SELECT json_agg(json_build_object(
                     'id', f.id, 'name', f.name, 'media_type', f.media_type, 'size', f.size,
                     'kind', f.kind, 'width', f.width, 'height', f.height, 'status', f.status)
                   ORDER BY f.position, f.id)
              FROM attachments f
             WHERE f.conversation_id = m.conversation_id AND f.message_seq = m.seq
               AND f.removed_at IS NULL) AS attachments
    FROM messages m
    LEFT JOIN users a ON a.id = m.author_id
    LEFT JOIN users w ON w.id = m.about_id
    LEFT JOIN messages q ON q.conversation_id = m.conversation_id AND q.seq = m.reply_to_seq
    LEFT JOIN users b ON b.id = q.author_id
"""  # noqa: S608 - constants only
_HERE: Final = _SELECT + " WHERE m.conversation_id = :conversation_id"
_ONE = sa.text(f"{_HERE} AND m.id = :id")
_BEFORE = sa.text(f"{_HERE} AND m.seq < :before ORDER BY m.seq DESC LIMIT :limit")
_AFTER = sa.text(f"{_HERE} AND m.seq > :after ORDER BY m.seq LIMIT :limit")
_LAST = sa.text(f"""{_SELECT}
    JOIN conversations c ON c.id = m.conversation_id AND c.last_seq = m.seq
    WHERE c.id = ANY(CAST(:conversation_ids AS uuid[]))
""")
