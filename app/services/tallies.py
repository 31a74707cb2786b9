"""What a batch of votes is worth: counted one after another, in order of arrival, in memory."""

from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from app.models.callers import Caller
from app.models.errors import Conflict, NotFound
from app.models.payloads import Tally
from app.models.statuses import Choice, ProposalKind, ProposalStatus
from app.utils.idempotency import RequestKey


class Verb(Enum):
    """What a voter asks for: a first vote, a vote whatever it was before, or none any more."""

    CAST = "cast"
    SET = "set"
    TAKE_BACK = "take back"


@dataclass(frozen=True, slots=True)
class VoteIntent:
    """One request to vote. `choice` is None to take a vote back."""

    caller: Caller
    kind: ProposalKind
    proposal_id: UUID
    verb: Verb
    choice: Choice | None
    key: RequestKey | None = None


@dataclass(slots=True)
class Standing:
    """A proposal as the batch sees it: its status and its tally so far."""

    id: UUID
    kind: ProposalKind
    status: ProposalStatus
    counts: dict[Choice, int]

    @property
    def tally(self) -> Tally:
        return Tally(
            agree=self.counts[Choice.AGREE],
            disagree=self.counts[Choice.DISAGREE],
            abstain=self.counts[Choice.ABSTAIN],
        )


@dataclass(slots=True)
class Count:
    """The votes of one batch: what stood before, and what has been written down since."""

    standings: dict[UUID, Standing] = field(default_factory=dict)
    votes: dict[tuple[UUID, UUID], Choice | None] = field(default_factory=dict)
    written: dict[tuple[UUID, UUID], Choice | None] = field(default_factory=dict)

    def take(self, intent: VoteIntent) -> tuple[Standing, bool]:
        """Count one vote; return the proposal's standing, and whether anything changed.

        Raises NotFound or Conflict, and counts nothing, where the vote cannot stand.
        """
        standing = self._open_standing(intent)
        place = (intent.proposal_id, intent.caller.id)
        before = self.votes.get(place)
        if intent.verb is Verb.CAST and before is not None:
            raise Conflict(
                "already_voted",
                "You have already voted on this proposal. Use PUT to change your vote.",
                current=before,
            )
        if intent.verb is Verb.TAKE_BACK and before is None:
            raise NotFound("vote_not_found", "You have no vote on this proposal to take back.")
        if before is intent.choice:
            return standing, False
        self._move(standing, before, -1)
        self._move(standing, intent.choice, +1)
        self.votes[place] = self.written[place] = intent.choice
        return standing, True

    def _open_standing(self, intent: VoteIntent) -> Standing:
        standing = self.standings.get(intent.proposal_id)
        if standing is None or standing.kind is not intent.kind:
            raise NotFound("proposal_not_found", "There is no such proposal. Check the address.")
        if standing.status is not ProposalStatus.PENDING:
            raise Conflict(
                "proposal_decided",
                f"This proposal is {standing.status} and takes no more votes.",
                current=standing.status,
            )
        return standing

    @staticmethod
    def _move(standing: Standing, choice: Choice | None, by: int) -> None:
        if choice is not None:
            standing.counts[choice] += by
