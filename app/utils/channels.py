"""The names of the bus's channels. What stands in braces decides which node of a cluster has it."""

from typing import Final
from uuid import UUID

CONTROL: Final = "assent:control"
EVERYBODY: Final = "assent:everybody"
_EVENT: Final = "assent:{"
_PERSON: Final = "assent:me:{"


def event_channel(event_id: UUID) -> str:
    """Return the channel of one event's frames and signals."""
    return f"{_EVENT}{event_id}}}"


def person_channel(user_id: UUID) -> str:
    """Return the channel of one person's notices and whispers."""
    return f"{_PERSON}{user_id}}}"


def event_of(channel: str) -> UUID | None:
    """Return whose channel it is, where it is an event's."""
    return _inside(channel, _EVENT)


def person_of(channel: str) -> UUID | None:
    """Return whose channel it is, where it is a person's."""
    return _inside(channel, _PERSON)


def _inside(channel: str, prefix: str) -> UUID | None:
    return UUID(channel[len(prefix) : -1]) if channel.startswith(prefix) else None
