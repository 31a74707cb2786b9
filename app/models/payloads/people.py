"""Accounts, sessions and memberships as JSON."""

from uuid import UUID

from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.statuses import Locale, MembershipStatus, Role


class UserPayload(Payload):
    id: UUID
    email: str | None
    name: str
    locale: Locale
    is_staff: bool
    is_guest: bool
    created_at: Moment


class SessionPayload(Identified):
    name: str | None
    user_agent: str
    created_at: Moment
    last_used_at: Moment | None
    expires_at: Moment
    current: bool


class MembershipPayload(Identified):
    event_id: UUID
    user: Person
    status: MembershipStatus
    role: Role
    created_at: Moment
    joined_at: Moment | None


class BulkPayload(Payload):
    approved: int
    rejected: int
    no_place: int


class SignedIn(Payload):
    user: UserPayload
    token: str


class GuestSignedIn(SignedIn):
    membership: MembershipPayload


class ApiToken(Payload):
    id: UUID
    name: str
    token: str
    expires_at: Moment
