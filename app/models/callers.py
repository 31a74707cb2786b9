"""The person who asks, as far as a request knows them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person and the session that speaks for them."""

    id: UUID
    name: str
    is_staff: bool
    is_guest: bool
    session_id: UUID

    @property
    def actor(self) -> tuple[UUID, str]:
        return (self.id, self.name)
