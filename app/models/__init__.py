"""The nouns: tables, statuses, errors, and the payloads they become."""

from app.models.attachments import Attachment
from app.models.ballots import Ballot
from app.models.base import Base
from app.models.changes import Change
from app.models.comments import Comment
from app.models.conversations import Conversation, ReadMark
from app.models.events import Event
from app.models.idempotency import IdempotencyKey
from app.models.inboxes import Inbox
from app.models.items import Item
from app.models.memberships import Membership
from app.models.messages import Mention, Message
from app.models.proposals import Proposal, ProposalVote
from app.models.users import PasswordReset, Session, User

__all__ = [
    "Attachment",
    "Ballot",
    "Base",
    "Change",
    "Comment",
    "Conversation",
    "Event",
    "IdempotencyKey",
    "Inbox",
    "Item",
    "Membership",
    "Mention",
    "Message",
    "PasswordReset",
    "Proposal",
    "ProposalVote",
    "ReadMark",
    "Session",
    "User",
]
