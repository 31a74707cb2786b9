"""The closed sets of words that the domain uses."""

from enum import StrEnum


class EventStatus(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"


class MembershipStatus(StrEnum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    LEFT = "LEFT"
    BANNED = "BANNED"


class Role(StrEnum):
    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    OBSERVER = "OBSERVER"


class ItemKind(StrEnum):
    OPTION = "option"
    ASSUMPTION = "assumption"
    CRITERION = "criterion"


class ProposalKind(StrEnum):
    ASSUMPTION = "assumption"
    CRITERION = "criterion"
    CONCLUSION = "conclusion"

    @property
    def target_kind(self) -> ItemKind:
        """The kind of item that a proposal of this kind is about."""
        return ItemKind.ASSUMPTION if self is ProposalKind.ASSUMPTION else ItemKind.CRITERION


class Category(StrEnum):
    CREATION = "CREATION"
    MODIFICATION = "MODIFICATION"
    DELETION = "DELETION"


class ProposalStatus(StrEnum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    DELETED = "DELETED"


class Choice(StrEnum):
    AGREE = "AGREE"
    DISAGREE = "DISAGREE"
    ABSTAIN = "ABSTAIN"


class SubjectType(StrEnum):
    """What a comment can be about."""

    EVENT = "event"
    CRITERION = "criterion"
    PROPOSAL = "proposal"


class BlockKind(StrEnum):
    """What a block of the shared brief is."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    IMAGE = "image"
    QUOTE = "quote"


class ChangeType(StrEnum):
    EVENT = "event.changed"
    MEMBERSHIP = "membership.changed"
    ITEM = "item.changed"
    PROPOSAL = "proposal.changed"
    TALLY = "tally.changed"
    TURNOUT = "turnout.changed"
    COMMENT = "comment.changed"
    PERSON = "person.changed"
    MESSAGE = "message.changed"
    BLOCK = "block.changed"
    SNAPSHOT = "snapshot.changed"


class NoticeType(StrEnum):
    """What one person is told, beside the logs of events."""

    MEMBERSHIP = "membership.changed"
    SEEN = "announcement.seen"
    MESSAGE = "message.changed"
    MENTION = "mention.made"
    RECEIPT = "receipt.changed"
    READ = "read.changed"


class ConversationKind(StrEnum):
    """The conversation of an event, or one between two people."""

    EVENT = "event"
    DIRECT = "direct"


class MessageKind(StrEnum):
    """What somebody said, or what Assent tells about the event."""

    SAID = "said"
    SYSTEM = "system"


class Remover(StrEnum):
    """Who took a message away."""

    AUTHOR = "author"
    ADMIN = "admin"


class SystemCode(StrEnum):
    """What a system line tells; the client has the words for it."""

    STATUS_CHANGED = "status_changed"
    OWNER_CHANGED = "owner_changed"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_REJECTED = "proposal_rejected"
    KICKED = "kicked"
    BANNED = "banned"


class AttachmentKind(StrEnum):
    """An image is shown, a file is only downloaded."""

    IMAGE = "image"
    FILE = "file"


class AttachmentStatus(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class Level(StrEnum):
    """How loud an announcement is."""

    INFO = "info"
    WARNING = "warning"
    MAINTENANCE = "maintenance"


class WebhookStatus(StrEnum):
    """`DEAD` has failed for a day, and rests until an admin revives it."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DEAD = "DEAD"


class Wanted(StrEnum):
    """What of an event somebody wants to be told of while they are away."""

    ALL = "all"
    DECISIONS = "decisions"
    NONE = "none"


class Activity(StrEnum):
    """What somebody who is here does."""

    ACTIVE = "active"
    IDLE = "idle"


class Locale(StrEnum):
    ENGLISH = "en"
    KOREAN = "ko"
