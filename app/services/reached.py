"""Delivered: a message that one line of its recipient has told."""

from typing import Final
from uuid import UUID

import orjson

from app.models.statuses import NoticeType
from app.services.receipts import Receipts
from app.utils.notices import Notice

_MESSAGE: Final = b'"type":"%b"' % NoticeType.MESSAGE.encode()


def note_reached(receipts: Receipts, user_id: UUID, notice: Notice) -> None:
    """Note that a direct message reached a line, where the notice is one of somebody else's."""
    if _MESSAGE not in notice.frame.partition(b',"at"')[0]:
        return
    message = orjson.loads(notice.frame.partition(b"\ndata: ")[2])["data"]
    author = message["author"]
    if author is not None and author["id"] != str(user_id):
        receipts.note(user_id, UUID(message["conversation_id"]), message["seq"])
