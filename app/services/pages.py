"""Lists in pages: an opaque cursor is the id of the last thing that was seen."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Generic, TypeVar
from uuid import UUID

from app.models.errors import Malformed
from app.models.payloads import Identified, Payload

Row = TypeVar("Row", bound=Identified)


class Page(Payload, Generic[Row]):
    """A part of a list. `next_cursor` is null on the last page."""

    items: list[Row]
    next_cursor: str | None


def cut(found: list[Row], limit: int) -> Page[Row]:
    """Make a page of at most `limit` rows from up to one more, which tells that there are more."""
    items = found[:limit]
    more = len(found) > limit
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if more else None)


def encode_cursor(last: UUID) -> str:
    return urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> UUID:
    """Read a cursor. Raises Malformed where it is none of ours."""
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=="))
    except ValueError:
        raise Malformed(
            "cursor_malformed", "This cursor is not one of ours. Start again without it."
        ) from None
