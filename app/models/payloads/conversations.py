"""Conversations and messages as JSON."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.statuses import (
    AttachmentKind,
    AttachmentStatus,
    ConversationKind,
    MessageKind,
    Remover,
    SystemCode,
)


class AttachmentPayload(Identified):
    """An image or a file. `size` is in bytes, `width` and `height` in pixels (of an image).

    While it is PENDING, only its author and admins get anything from its addresses.
    """

    name: str
    media_type: str
    size: int
    kind: AttachmentKind
    width: int | None
    height: int | None
    status: AttachmentStatus
    url: str
    thumbnail_url: str | None


class Quote(Payload):
    """What a message replies to. `excerpt` is empty where that was removed."""

    id: UUID
    seq: int
    author: Person | None
    excerpt: str


class SystemLine(Payload):
    """What a system line tells: `by` did it, `who` is whom it is about.

    `status` is the event's new one; `proposal` is `{id, kind, category, excerpt}`.
    """

    code: SystemCode
    by: Person | None
    who: Person | None
    status: str | None = None
    proposal: dict[str, Any] | None = None


class MessagePayload(Identified):
    """One message. `content` is null where it was removed, and in system lines."""

    conversation_id: UUID
    seq: int
    kind: MessageKind
    author: Person | None
    content: str | None
    system: SystemLine | None
    attachments: list[AttachmentPayload]
    reply_to: Quote | None
    mentions: list[Person]
    created_at: Moment
    edited_at: Moment | None
    deleted: Remover | None


class MessagesPage(Payload):
    """Messages in the order of their numbers."""

    items: list[MessagePayload]
    last_seq: int
    has_more_before: bool
    has_more_after: bool


class ConversationPayload(Identified):
    """A conversation as one of its people has it.

    `title` is the event's subject, `with` the other person; `other_…` is of direct ones only.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    kind: ConversationKind
    event_id: UUID | None
    title: str | None
    with_person: Person | None = Field(serialization_alias="with")
    last_message: MessagePayload | None
    last_seq: int
    read_seq: int
    unread: int
    mentions: int
    other_delivered_seq: int | None
    other_read_seq: int | None
    created_at: Moment


class ReadPayload(Payload):
    """One's own mark, and how much is unread above it."""

    seq: int
    unread: int


class ReadNotice(Payload):
    """One has read so far, on another line."""

    conversation_id: UUID
    seq: int


class ReceiptNotice(Payload):
    """How far the other person of a direct conversation got and read it."""

    conversation_id: UUID
    user_id: UUID
    delivered_seq: int
    read_seq: int


class MentionNotice(Payload):
    conversation_id: UUID
    message: MessagePayload


class ReadersPayload(Payload):
    """How many have read a message, of how many there are beside its author."""

    count: int
    of: int


class TypingSignal(Payload):
    """Who is typing; no longer true 6 s after it was told last."""

    conversation_id: UUID
    user: Person
