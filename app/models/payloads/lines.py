"""What a personal line says: the summary it begins with, events from afar, announcements."""

from uuid import UUID

from pydantic import ConfigDict, Field

from app.models.payloads.events import Counts, EventSummary
from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.statuses import EventStatus, Level


class LobbyEvent(Identified):
    """What everybody who has to do with an event knows of it from afar."""

    subject: str
    status: EventStatus
    entrance_code: str
    capacity: int
    counts: Counts
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    message_seq: int
    open_proposals: int


class OwnEvent(EventSummary):
    """An event of mine, and what waits in it for me.

    `undecided` counts the pending proposals that I may vote on and have not; `queue_position`
    counts from 1 while I wait at the door.
    """

    message_seq: int
    unread: int
    mentions: int
    open_proposals: int
    undecided: int
    queue_position: int | None


class DirectUnread(Identified):
    """A direct conversation in which something waits for me."""

    model_config = ConfigDict(serialize_by_alias=True)

    with_person: Person = Field(serialization_alias="with")
    last_seq: int
    read_seq: int
    unread: int


class AnnouncementPayload(Identified):
    """An announcement. `seen` is null where it is told to everybody at once.

    One with `edited_at` is news only to those who had it before.
    """

    title: str
    text: str
    level: Level
    link: str | None
    image: str | None
    author: Person
    created_at: Moment
    edited_at: Moment | None
    ends_at: Moment | None
    seen: bool | None


class AnnouncementSeen(Payload):
    announcement_id: UUID


class Summary(Payload):
    """All that a personal line begins with: what is now, never what was missed one by one."""

    notice_seq: int
    events: list[OwnEvent]
    conversations: list[DirectUnread]
    announcements: list[AnnouncementPayload]
