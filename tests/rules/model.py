"""The rules of an event in a few dictionaries: what may happen, and what it comes to.

Written from the domain's sentences and from nothing else. A method either changes the model or
raises Refused with the status that the API has to answer.
"""

from dataclasses import dataclass, field

VOTING, ADMINS = {"OWNER", "ADMIN", "MEMBER"}, {"OWNER", "ADMIN"}
STATUS_MOVES = {
    "NOT_STARTED": {"IN_PROGRESS"},
    "IN_PROGRESS": {"PAUSED", "FINISHED"},
    "PAUSED": {"IN_PROGRESS", "FINISHED"},
    "FINISHED": set(),
}
DEEDS = {
    "approve": ("PENDING", "ACCEPTED"),
    "reject": ("PENDING", "REJECTED"),
    "reset": ("REJECTED", "PENDING"),
    "kick": ("ACCEPTED", "LEFT"),
    "ban": ("ACCEPTED", "BANNED"),
    "unban": ("BANNED", "LEFT"),
}


class Refused(Exception):
    """The rules do not allow it; `status` is the HTTP status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def require(holds: object, status: int) -> None:
    if not holds:
        raise Refused(status)


@dataclass
class Seat:
    """One membership. `joined` orders those who came in."""

    status: str = "LEFT"
    role: str = "MEMBER"
    joined: int = 0

    @property
    def votes(self) -> bool:
        return self.status == "ACCEPTED" and self.role in VOTING


@dataclass
class Item:
    content: str
    kind: str
    live: bool = True
    conclusion: str | None = None


@dataclass
class Proposal:
    kind: str
    category: str
    author: int
    content: str | None
    target: int | None
    status: str = "PENDING"
    votes: dict[int, str] = field(default_factory=dict)


@dataclass
class Model:
    """One event. People are numbers, 0 opens it; items and proposals are places in lists."""

    items: list[Item]
    options: int = 2
    status: str = "NOT_STARTED"
    capacity: int = 4
    auto_join: bool = True
    most_pending: int = 3
    needed_votes: dict[str, int] = field(default_factory=lambda: {"assumption": 2, "criterion": 2})
    percent: int = 50
    seats: dict[int, Seat] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    ballots: dict[int, tuple[int, list[int]]] = field(default_factory=dict)
    comers: int = 1

    def __post_init__(self) -> None:
        self.seats[0] = Seat("ACCEPTED", "OWNER", 0)

    @property
    def members(self) -> list[int]:
        return [who for who, seat in self.seats.items() if seat.votes]

    def needed(self, kind: str) -> int:
        if kind == "conclusion":
            return max(1, -(-self.percent * len(self.members) // 100))
        return self.needed_votes[kind]

    def live(self, kind: str) -> list[int]:
        return [n for n, item in enumerate(self.items) if item.kind == kind and item.live]

    def join(self, who: int) -> None:
        seat = self.seats.get(who, Seat())
        require(seat.status not in {"ACCEPTED", "PENDING"}, 409)
        require(seat.status == "LEFT", 403)
        require(self.status != "FINISHED", 409)
        if self.auto_join:
            self._admit(seat, "MEMBER")
        seat.status, seat.role = "ACCEPTED" if self.auto_join else "PENDING", "MEMBER"
        self.seats[who] = seat

    def do(self, admin: int, deed: str, whom: int) -> None:
        self._rights(admin, ADMINS)
        require(self.status != "FINISHED", 409)
        seat, (found, wanted) = self.seats[whom], DEEDS[deed]
        require(deed not in {"kick", "ban"} or seat.role != "OWNER", 403)
        require(seat.status == found, 409)
        if wanted == "ACCEPTED":
            self._admit(seat, seat.role)
        seat.status = wanted
        if found == "ACCEPTED":
            seat.role = "MEMBER"
            self._withdraw(whom)

    def give_role(self, admin: int, whom: int, role: str) -> None:
        self._rights(admin, ADMINS)
        require(self.status != "FINISHED", 409)
        seat = self.seats[whom]
        require(seat.status == "ACCEPTED" and "OWNER" not in {role, seat.role}, 409)
        require("ADMIN" not in {role, seat.role} or self.seats[admin].role == "OWNER", 403)
        if seat.role == "OBSERVER" != role:
            require(len(self.members) < self.capacity, 409)
        voted, seat.role = seat.votes, role
        if voted and not seat.votes:
            self._withdraw(whom)

    def transfer(self, owner: int, heir: int) -> None:
        self._rights(owner, {"OWNER"})
        require(self.status != "FINISHED", 409)
        seat = self.seats.get(heir)
        require(seat and seat.status == "ACCEPTED", 404)
        assert seat
        require(seat.role not in {"OWNER", "OBSERVER"}, 409)
        self.seats[owner].role, seat.role = "ADMIN", "OWNER"

    def leave(self, who: int) -> None:
        self._rights(who, VOTING | {"OBSERVER"})
        require(self.status != "FINISHED", 409)
        seat, abandoned = self.seats[who], False
        if seat.role == "OWNER":
            line = [other for other in self.members if other != who]
            line.sort(key=lambda one: (self.seats[one].role != "ADMIN", self.seats[one].joined))
            abandoned = not line
            for heir in line[:1]:
                self.seats[heir].role = "OWNER"
        seat.status, seat.role = "LEFT", "MEMBER"
        self._withdraw(who)
        if abandoned:
            self.status = "FINISHED"

    def move(self, admin: int, status: str) -> None:
        self._rights(admin, ADMINS)
        require(status in STATUS_MOVES[self.status], 409)
        self.status = status
        self._run_rule()

    def edit(self, admin: int, capacity: int, votes: int, percent: int, auto_join: bool) -> None:
        self._rights(admin, ADMINS)
        require(self.status != "FINISHED", 409)
        require(capacity >= len(self.members), 409)
        self.capacity, self.percent, self.auto_join = capacity, percent, auto_join
        self.needed_votes = {"assumption": votes, "criterion": votes}
        self._run_rule()

    def propose(
        self, who: int, kind: str, category: str, content: str | None, target: int | None
    ) -> None:
        self._rights(who, VOTING)
        require(self.status == "IN_PROGRESS", 409)
        own = [p for p in self.proposals if p.author == who and p.status == "PENDING"]
        require(len(own) < self.most_pending, 409)
        require(target is None or self.items[target].live, 409)
        self.proposals.append(Proposal(kind, category, who, content, target))

    def withdraw(self, who: int, place: int) -> None:
        self._rights(who, VOTING | {"OBSERVER"})
        require(self.status != "FINISHED", 409)
        proposal = self.proposals[place]
        require(proposal.author == who or self.seats[who].role in ADMINS, 403)
        require(proposal.status == "PENDING", 409)
        proposal.status = "DELETED"

    def decide(self, admin: int, place: int, verdict: str) -> None:
        self._rights(admin, ADMINS)
        require(self.status != "FINISHED", 409)
        require(self.proposals[place].status == "PENDING", 409)
        self._settle(self.proposals[place], verdict)

    def vote(self, who: int, place: int, method: str, choice: str | None) -> None:
        self._rights(who, VOTING)
        require(self.status == "IN_PROGRESS", 409)
        proposal = self.proposals[place]
        require(proposal.status == "PENDING", 409)
        require(method != "POST" or who not in proposal.votes, 409)
        require(method != "DELETE" or who in proposal.votes, 404)
        proposal.votes.pop(who, None)
        if choice is not None:
            proposal.votes[who] = choice
            if self._agree(proposal) >= self.needed(proposal.kind):
                self._settle(proposal, "ACCEPTED")

    def cast(self, who: int, option: int, ranking: list[int], *, again: bool) -> None:
        self._rights(who, VOTING)
        require(self.status == "IN_PROGRESS", 409)
        require(option < self.options, 422)
        require(sorted(ranking) == self.live("criterion"), 422)
        require(again or who not in self.ballots, 409)
        self.ballots[who] = (option, ranking)

    def result(self, who: int) -> tuple[list[int], dict[int, tuple[int, int]]]:
        """Return the votes of each option, and first choices and score of each criterion."""
        self._rights(who, VOTING | {"OBSERVER"})
        require(self.status == "FINISHED", 409)
        live = self.live("criterion")
        votes = [0] * self.options
        ranks: dict[int, tuple[int, int]] = dict.fromkeys(live, (0, 0))
        for option, ranking in self.ballots.values():
            votes[option] += 1
            for place, criterion in enumerate([one for one in ranking if one in live]):
                first, score = ranks[criterion]
                ranks[criterion] = first + (place == 0), score + max(0, 3 - place)
        return votes, ranks

    def _rights(self, who: int, roles: set[str]) -> None:
        seat = self.seats.get(who)
        require(seat and seat.status == "ACCEPTED" and seat.role in roles, 403)

    def _admit(self, seat: Seat, role: str) -> None:
        require(role not in VOTING or len(self.members) < self.capacity, 409)
        seat.joined, self.comers = self.comers, self.comers + 1

    def _withdraw(self, who: int) -> None:
        for proposal in self.proposals:
            if proposal.status == "PENDING":
                proposal.votes.pop(who, None)
        self.ballots.pop(who, None)
        self._run_rule()

    def _agree(self, proposal: Proposal) -> int:
        return sum(choice == "AGREE" for choice in proposal.votes.values())

    def _run_rule(self) -> None:
        if self.status == "IN_PROGRESS":
            for proposal in self.proposals:
                met = self._agree(proposal) >= self.needed(proposal.kind)
                if proposal.status == "PENDING" and met:
                    self._settle(proposal, "ACCEPTED")

    def _settle(self, proposal: Proposal, verdict: str) -> None:
        proposal.status = verdict
        if verdict != "ACCEPTED":
            return
        if proposal.target is None:
            self.items.append(Item(proposal.content or "", proposal.kind))
            return
        item = self.items[proposal.target]
        if proposal.kind == "conclusion":
            item.conclusion = proposal.content
        elif proposal.category == "MODIFICATION":
            item.content = proposal.content or ""
        else:
            item.live = False
            for other in self.proposals:
                if other.target == proposal.target and other.status == "PENDING":
                    other.status = "REJECTED"
