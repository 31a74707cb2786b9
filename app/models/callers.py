"""The person who asks, as far as a request knows them."""

from dataclasses import dataclass
from typing import Protocol
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


class Belonging(Protocol):
    """What a person is to an event, of which a right asks this much."""

    @property
    def status(self) -> MembershipStatus: ...

    @property
    def role(self) -> Role: ...


@dataclass(frozen=True, slots=True)
class Voter:
    """Of a membership, what a vote asks for."""

    status: MembershipStatus
    role: Role
