"""The shared brief as JSON: blocks, who holds them, what they were, and snapshots."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.statuses import BlockKind


class BlockPayload(Identified):
    """A block as it is, or as it was when it was removed.

    `width` and `height` are those of the image, in pixels.
    """

    kind: BlockKind
    text: str
    attachment_id: UUID | None = Field(description="the image, where the block is one")
    width: int | None
    height: int | None
    position: int
    version: int
    author: Person
    created_at: Moment
    updated_at: Moment
    removed: bool = False


class Holder(Person):
    colour: str = Field(description="`#rrggbb`, the same for a person everywhere")


class LockPayload(Payload):
    """Who writes in a block, and for how long without a heartbeat. Nobody where `holder` is null.

    `broken_by` is the admin who ended it before its time.
    """

    block_id: UUID
    holder: Holder | None
    expires_in_ms: int
    broken_by: Person | None = None


class LockGrant(LockPayload):
    """A lock that the caller holds: the token goes with the commit, `renew_in_ms` is a heartbeat.

    `block` is the state to start from.
    """

    token: int
    renew_in_ms: int
    block: BlockPayload


class BriefPayload(Payload):
    """The brief as of the event's change number `version`. `locks` is null where nobody knows."""

    version: int
    blocks: list[BlockPayload]
    locks: list[LockPayload] | None


Difference = tuple[Literal["=", "-", "+"], str]


class VersionPayload(Payload):
    """A version, and how it differs from the one before: kept, taken out and put in, in order."""

    version: int
    text: str
    removed: bool
    author: Person
    created_at: Moment
    difference: list[Difference]


class VersionsPage(Payload):
    items: list[VersionPayload]
    next_before: int | None


class SnapshotPayload(Identified):
    name: str
    block_count: int
    author: Person
    created_at: Moment
    restored_at: Moment | None


class SnapshotsPage(Payload):
    items: list[SnapshotPayload]
