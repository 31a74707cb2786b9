"""Presence as frames: who is here by name, or how many where they are a crowd."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from app.models.statuses import Activity
from app.utils.frames import named_frame

# Above so many, people are counted and not named: each would be told to all the others.
CROWD: Final = 500


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who is here."""

    id: UUID
    name: str
    status: Activity

    @property
    def json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "status": self.status}


People = Mapping[UUID, Here]


def pack_people(people: Iterable[Here]) -> bytes:
    """Put people into what one process says of an event; nothing for nobody."""
    packed = [(here.id, here.name, here.status) for here in people]
    return orjson.dumps(packed) if packed else b""


def unpack_people(said: bytes) -> Iterable[Here]:
    for id_, name, status in orjson.loads(said):
        yield Here(UUID(id_), name, Activity(status))


def merge(people: dict[UUID, Here], more: Iterable[Here]) -> dict[UUID, Here]:
    """Add people who are here by another process; active in one place is active."""
    for here in more:
        known = people.get(here.id)
        if known is None or known.status is Activity.IDLE:
            people[here.id] = here
    return people


def presence(people: People | None) -> bytes:
    """Say who is here: all by name, a crowd by its number, or that it is unknown."""
    if people is None:
        said: dict[str, Any] = {"here": None, "count": None}
    elif len(people) > CROWD:
        said = {"here": None, "count": len(people)}
    else:
        said = {"here": [here.json for here in people.values()], "count": len(people)}
    return named_frame("presence", orjson.dumps(said))


def moves(joined: Collection[Here], left: Collection[UUID], changed: Collection[Here]) -> bytes:
    """Say what became of those who are known by name."""
    said = b""
    for name, field, what in (
        ("presence.joined", "people", [here.json for here in joined]),
        ("presence.left", "ids", list(left)),
        ("presence.changed", "people", [here.json for here in changed]),
    ):
        if what:
            said += named_frame(name, orjson.dumps({field: what}))
    return said
