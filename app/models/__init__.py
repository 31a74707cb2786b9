"""The nouns: tables, statuses, errors, and the payloads they become."""

from app.models.ballots import Ballot
from app.models.base import Base
from app.models.blocks import Block, BlockVersion
from app.models.briefs import BriefSnapshot, SnapshotBlock
from app.models.changes import Change
from app.models.comments import Comment
from app.models.events import Event
from app.models.idempotency import IdempotencyKey
from app.models.inboxes import Inbox
from app.models.items import Item
from app.models.memberships import Membership
from app.models.proposals import Proposal, ProposalVote
from app.models.sketches import Sketch, Stroke
from app.models.users import PasswordReset, Session, User

__all__ = [
    "Ballot",
    "Base",
    "Block",
    "BlockVersion",
    "BriefSnapshot",
    "Change",
    "Comment",
    "Event",
    "IdempotencyKey",
    "Inbox",
    "Item",
    "Membership",
    "PasswordReset",
    "Proposal",
    "ProposalVote",
    "Session",
    "Sketch",
    "SnapshotBlock",
    "Stroke",
    "User",
]
