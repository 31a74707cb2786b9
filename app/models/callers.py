"""The person who asks, as far as a request knows them."""

from dataclasses import dataclass
from uuid import UUID

from app.models.statuses import MembershipStatus, Role


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


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a person is to an event: of their membership, what a right asks for."""

    status: MembershipStatus
    role: Role

    @property
    def is_accepted(self) -> bool:
        return self.status is MembershipStatus.ACCEPTED
