"""Appending a message to a locked conversation: its number, its row and what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.models.base import now
from app.models.errors import invalid_field
from app.models.statuses import MessageKind, SystemCode
from app.utils.transaction import UnitOfWork


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has a number."""

    id: UUID
    kind: MessageKind
    author_id: UUID | None
    content: str = ""
    code: SystemCode | None = None
    about_id: UUID | None = None
    params: dict[str, Any] | None = None
    reply_to_seq: int | None = None
    mentioned: Sequence[UUID] = ()
    attachment_ids: Sequence[UUID] = ()
    images_pending: bool = False
    at: datetime = field(default_factory=now)


async def append(uow: UnitOfWork, conversation_id: UUID, draft: Draft) -> int | None:
    """Number and write a message in one statement; None where one of this id is there already.

    Whoever says something has read what came before it. Raises Invalid where an attachment is not
    the author's own and unsent.
    """
    columns = {name: getattr(draft, name) for name in Draft.__slots__}
    row = (
        await uow.session.execute(
            _APPEND,
            columns
            | {
                "conversation_id": conversation_id,
                "params": draft.params and orjson.dumps(draft.params).decode(),
                "mentioned": list(draft.mentioned),
                "attachment_ids": list(draft.attachment_ids),
                "reader": draft.author_id if draft.kind is MessageKind.SAID else None,
            },
        )
    ).one_or_none()
    if row is None:
        return None
    if row.attached < len(draft.attachment_ids):
        raise invalid_field("attachment_ids", "Attach what you uploaded here and have not sent.")
    seq: int = row.seq
    return seq


_APPEND = sa.text("""
    WITH taken AS (
      UPDATE conversations SET last_seq = last_seq + 1, last_at = :at
      WHERE id = :conversation_id AND NOT EXISTS (
        SELECT FROM messages WHERE conversation_id = :conversation_id AND id = :id)
      RETURNING last_seq AS seq
    ), said AS (
      INSERT INTO messages (conversation_id, seq, id, kind, author_id, content, code, about_id,
                            params, reply_to_seq, created_at)
      SELECT :conversation_id, seq, :id, :kind, :author_id, :content, :code,
             CAST(:about_id AS uuid), CAST(:params AS jsonb), CAST(:reply_to_seq AS bigint), :at
      FROM taken
    ), marked AS (
      INSERT INTO read_marks (conversation_id, user_id, seq, delivered_seq)
      SELECT :conversation_id, CAST(:reader AS uuid), seq, seq FROM taken
      WHERE CAST(:reader AS uuid) IS NOT NULL
      ON CONFLICT (conversation_id, user_id) DO UPDATE
      SET seq = greatest(read_marks.seq, excluded.seq),
          delivered_seq = greatest(read_marks.delivered_seq, excluded.delivered_seq)
    ), named AS (
      INSERT INTO mentions (conversation_id, user_id, seq)
      SELECT :conversation_id, person, seq
      FROM taken, unnest(CAST(:mentioned AS uuid[])) AS person
    ), sent AS (
      UPDATE attachments f
      SET message_seq = taken.seq, position = w.place,
          status = CASE WHEN :images_pending AND kind = 'image' THEN 'PENDING' ELSE 'APPROVED' END
      FROM taken, unnest(CAST(:attachment_ids AS uuid[])) WITH ORDINALITY AS w(id, place)
      WHERE f.conversation_id = :conversation_id AND f.id = w.id AND f.uploader_id = :author_id
        AND f.message_seq IS NULL AND f.removed_at IS NULL
      RETURNING f.id
    )
    SELECT seq, (SELECT count(*) FROM sent) AS attached FROM taken
""").execution_options(timed="append_message")
