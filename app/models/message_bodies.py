"""What comes in as JSON about conversations: strict, bounded, and with nothing undeclared."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictInt, model_validator

from app.models.bodies import ID, Body, example
from app.models.statuses import AttachmentStatus
from app.models.text import CommentText

MOST_ATTACHMENTS = 10


class NewConversation(Body):
    model_config = example({"user_id": ID})

    user_id: UUID


class NewMessage(Body):
    """Words, attachments, or both. The sender makes the id: sent again, it is the same message."""

    model_config = example({"id": ID, "content": "Is Monday open?"})

    id: UUID
    content: CommentText | None = None
    attachment_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_ATTACHMENTS)] = ()
    reply_to: UUID | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.content is None and not self.attachment_ids:
            raise ValueError("a message needs words or attachments")
        if len(set(self.attachment_ids)) < len(self.attachment_ids):
            raise ValueError("an attachment can be sent once")
        return self


class MessageEdit(Body):
    model_config = example({"content": "Is Tuesday open?"})

    content: CommentText


class ReadEdit(Body):
    model_config = example({"seq": 12})

    seq: Annotated[StrictInt, Field(ge=0, le=2**62)]


class AttachmentDecision(Body):
    model_config = example({"status": "APPROVED"})

    status: AttachmentStatus
