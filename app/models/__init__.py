"""The nouns: tables, statuses, errors, and the payloads they become."""

from app.models.announcements import Announcement, SeenAnnouncement
from app.models.attachments import Attachment
from app.models.ballots import Ballot
from app.models.base import Base
from app.models.blocks import Block, BlockVersion
from app.models.briefs import BriefSnapshot, SnapshotBlock
from app.models.changes import Change
from app.models.comments import Comment
from app.models.conversations import Conversation, ReadMark
from app.models.events import Event
from app.models.idempotency import IdempotencyKey
from app.models.inboxes import Inbox
from app.models.items import Item
from app.models.memberships import Membership
from app.models.messages import Mention, Message
from app.models.notifications import Digest, NotificationLevel, PushSubscription
from app.models.proposals import Proposal, ProposalVote
from app.models.sketches import Sketch, Stroke
from app.models.users import PasswordReset, Session, User
from app.models.webhooks import Webhook

__all__ = [
    "Announcement",
    "Attachment",
    "Ballot",
    "Base",
    "Block",
    "BlockVersion",
    "BriefSnapshot",
    "Change",
    "Comment",
    "Conversation",
    "Digest",
    "Event",
    "IdempotencyKey",
    "Inbox",
    "Item",
    "Membership",
    "Mention",
    "Message",
    "NotificationLevel",
    "PasswordReset",
    "Proposal",
    "ProposalVote",
    "PushSubscription",
    "ReadMark",
    "SeenAnnouncement",
    "Session",
    "Sketch",
    "SnapshotBlock",
    "Stroke",
    "User",
    "Webhook",
]
