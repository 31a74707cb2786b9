"""What a personal line says: the summary it begins with, events from afar, announcements."""

from uuid import UUID

from app.models.payloads.conversations import ConversationPayload
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
    open_proposals: int
    message_seq: int


class OwnEvent(EventSummary):
    """An event of mine, and what waits in it for me.

    `undecided` counts the pending proposals that I may vote on and have not; `queue_position`
    counts from 1 while I wait at the door. `unread` counts the messages above my read mark, and
    `mentions` those among them that name me.
    """

    open_proposals: int
    undecided: int
    queue_position: int | None
    message_seq: int
    unread: int
    mentions: int


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
    conversations: list[ConversationPayload]
    announcements: list[AnnouncementPayload]
