"""Mentions: who is named in a text. A name stands right after its `@`, the longest one counts."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Event, Membership, User
from app.models.payloads import Person
from app.models.statuses import MembershipStatus
from app.utils.transaction import UnitOfWork

# As many are looked at in one message; a name has at most so many characters.
MOST: Final = 20
LONGEST: Final = 100
# Scripts from here on write without spaces, or put endings right after a name.
UNSPACED: Final = 0x2E80


async def find_mentioned(uow: UnitOfWork, event: Event, text: str, author_id: UUID) -> list[Person]:
    """Return the members of the event that a text names, without its author."""
    places = [_beginnings(text, place) for place in _places(text)]
    wanted = {name for names in places for name in names}
    if not wanted:
        return []
    rows = await uow.session.execute(
        sa.select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.event_id == event.id,
            Membership.status == MembershipStatus.ACCEPTED,
            sa.func.lower(User.name).in_(wanted),
        )
        .order_by(User.name, User.id)
    )
    people = [Person(id=user_id, name=name) for user_id, name in rows]
    known = {person.name.lower() for person in people}
    named = {next((name for name in names if name in known), None) for names in places}
    return [p for p in people if p.name.lower() in named and p.id != author_id][:MOST]


def _places(text: str) -> Iterator[int]:
    """Where a name may begin: after an `@` that is not in the middle of a word."""
    found = 0
    for place, character in enumerate(text):
        if character == "@" and not (place and text[place - 1].isalnum()):
            yield place + 1
            found += 1
        if found == MOST:
            return


def _beginnings(text: str, start: int) -> list[str]:
    """Return all that could be the name at a place, longest first."""
    rest = text[start : start + LONGEST]
    line = rest.partition("\n")[0]
    return [
        line[:end].lower()
        for end in range(len(line), 0, -1)
        if not line[end - 1].isspace() and _ends(text, start + end)
    ]


def _ends(text: str, end: int) -> bool:
    """Whether a name can end here: no letter goes on with it, but for endings put right after."""
    return end >= len(text) or not text[end].isalnum() or ord(text[end]) >= UNSPACED
