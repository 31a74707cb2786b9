"""Hypothesis plays with an event over the API, and with the model; the two must never differ."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.rules.model import DEEDS, STATUS_MOVES, Item, Model, Refused
from tests.rules.playing import PEOPLE, Answer, Line, play
from tests.support.client import Json

KINDS = ("assumption", "criterion", "conclusion")
COLLECTIONS = dict(
    zip(KINDS, ("assumption-proposals", "criteria-proposals", "conclusion-proposals"), strict=True)
)
WHO = st.integers(0, PEOPLE - 1)
# Most of what is tried should be allowed: members are asked more often than strangers.
SOMEBODY = st.one_of(st.integers(0, 2), WHO)
PLACE = st.integers(0, 50)
CHOICE = st.sampled_from(["AGREE", "AGREE", "DISAGREE", "ABSTAIN"])


class Game(RuleBasedStateMachine):
    """One event. `line` is set by the test."""

    line: Line

    def __init__(self) -> None:
        super().__init__()
        self.model = Model([])
        self.ids: list[str] = []
        self.proposals: list[str] = []
        self.seats: dict[int, str] = {}

    @initialize(joined=st.integers(0, 3), going=st.booleans())
    def open(self, joined: int, going: bool) -> None:
        body = {
            "subject": "Where to?",
            "options": ["Here", "There"],
            "assumptions": ["It rains"],
            "criteria": ["Near", "Cheap"],
            "capacity": self.model.capacity,
            "policies": {
                "max_pending_per_member": self.model.most_pending,
                "assumption": {"min_votes": 2},
                "criterion": {"min_votes": 2},
                "conclusion": {"threshold_percent": 50},
            },
        }
        opened = self.line.ask(0, "POST", "/events", body).json()
        self.path, self.code = f"/events/{opened['id']}", opened["entrance_code"]
        self.options = [option["id"] for option in opened["options"]]
        for item in (*opened["assumptions"], *opened["criteria"]):
            self.model.items.append(Item(item["content"], item["kind"]))
            self.ids.append(item["id"])
        for who in range(1, joined + 1):
            self.join(who)
        if going:
            self.move(0, "IN_PROGRESS")

    def both(
        self, rules: Callable[[], Any], who: int, method: str, path: str, body: Any = None
    ) -> Answer | None:
        """Do it in both worlds. None where both refuse, with the same status."""
        answer = self.line.ask(who, method, f"{self.path}{path}", body)
        return answer if _agree(answer, rules) else None

    @rule(who=WHO)
    def join(self, who: int) -> None:
        answer = self.line.ask(who, "POST", "/events/entry", {"entrance_code": self.code})
        if _agree(answer, lambda: self.model.join(who)):
            self.seats[who] = answer.json()["id"]

    @rule(admin=SOMEBODY, whom=WHO, deed=st.sampled_from(sorted(DEEDS)))
    def treat(self, admin: int, whom: int, deed: str) -> None:
        if whom in self.seats:
            path = f"/memberships/{self.seats[whom]}/{deed}"
            self.both(lambda: self.model.do(admin, deed, whom), admin, "PATCH", path)

    @rule(admin=SOMEBODY, whom=WHO, role=st.sampled_from(["ADMIN", "MEMBER", "OBSERVER", "OWNER"]))
    def give_role(self, admin: int, whom: int, role: str) -> None:
        if whom in self.seats:
            path, body = f"/memberships/{self.seats[whom]}/role", {"role": role}
            self.both(lambda: self.model.give_role(admin, whom, role), admin, "PATCH", path, body)

    @rule(owner=SOMEBODY, heir=WHO)
    def transfer(self, owner: int, heir: int) -> None:
        body = {"user_id": self.line.people[heir][1]}
        rules = lambda: self.model.transfer(owner, heir)  # noqa: E731
        self.both(rules, owner, "POST", "/transfer-ownership", body)

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        self.both(lambda: self.model.leave(who), who, "POST", "/leave")

    @rule(admin=SOMEBODY, status=st.sampled_from(["IN_PROGRESS", "IN_PROGRESS", "PAUSED"]))
    def move(self, admin: int, status: str) -> None:
        rules = lambda: self.model.move(admin, status)  # noqa: E731
        self.both(rules, admin, "PATCH", "/status", {"status": status})

    @precondition(lambda self: len(self.model.proposals) > 4)
    @rule(admin=SOMEBODY, status=st.sampled_from(sorted(STATUS_MOVES)))
    def close(self, admin: int, status: str) -> None:
        self.move(admin, status)

    @rule(
        admin=SOMEBODY,
        capacity=st.integers(2, 6),
        votes=st.integers(1, 3),
        percent=st.integers(20, 100),
        auto=st.booleans(),
    )
    def edit(self, admin: int, capacity: int, votes: int, percent: int, auto: bool) -> None:
        policies = {
            "membership_auto_approved": auto,
            "assumption": {"min_votes": votes},
            "criterion": {"min_votes": votes},
            "conclusion": {"threshold_percent": percent},
        }
        rules = lambda: self.model.edit(admin, capacity, votes, percent, auto)  # noqa: E731
        self.both(rules, admin, "PATCH", "", {"capacity": capacity, "policies": policies})

    @rule(
        who=SOMEBODY,
        kind=st.sampled_from(KINDS),
        category=st.sampled_from(["CREATION", "CREATION", "MODIFICATION", "DELETION"]),
        place=PLACE,
        content=st.text("abc 가", min_size=1, max_size=9).filter(str.strip),
    )
    def propose(self, who: int, kind: str, category: str, place: int, content: str) -> None:
        category = "CREATION" if kind == "conclusion" else category
        text = None if category == "DELETION" else content.strip()
        creates = category == "CREATION" and kind != "conclusion"
        of_kind = "assumption" if kind == "assumption" else "criterion"
        targets = [n for n, item in enumerate(self.model.items) if item.kind == of_kind]
        aim = None if creates else targets[place % len(targets)]
        body: Json = {"content": text} if text is not None else {}
        path = f"/{COLLECTIONS[kind]}"
        if kind == "conclusion":
            path = f"/criteria/{self.ids[aim or 0]}{path}"
        else:
            body |= {"category": category} | ({} if aim is None else {"target_id": self.ids[aim]})
        rules = lambda: self.model.propose(who, kind, category, text, aim)  # noqa: E731
        answer = self.both(rules, who, "POST", path, body)
        if answer is not None:
            self.proposals.append(answer.json()["id"])

    def _proposal(self, place: int) -> tuple[int, str]:
        """Choose one of the last few, which are mostly open."""
        n = max(0, len(self.proposals) - 1 - place % 5)
        return n, f"/{COLLECTIONS[self.model.proposals[n].kind]}/{self.proposals[n]}"

    @precondition(lambda self: self.proposals)
    @rule(who=SOMEBODY, place=PLACE)
    def withdraw(self, who: int, place: int) -> None:
        n, path = self._proposal(place)
        self.both(lambda: self.model.withdraw(who, n), who, "DELETE", path)

    @precondition(lambda self: self.proposals)
    @rule(admin=SOMEBODY, place=PLACE, verdict=st.sampled_from(["ACCEPTED", "REJECTED"]))
    def decide(self, admin: int, place: int, verdict: str) -> None:
        n, path = self._proposal(place)
        rules = lambda: self.model.decide(admin, n, verdict)  # noqa: E731
        self.both(rules, admin, "PATCH", f"{path}/status", {"status": verdict})

    @precondition(lambda self: self.proposals)
    @rule(
        who=SOMEBODY, place=PLACE, choice=CHOICE, method=st.sampled_from(["POST", "PUT", "DELETE"])
    )
    def vote(self, who: int, place: int, choice: str, method: str) -> None:
        n, path = self._proposal(place)
        wish = None if method == "DELETE" else choice
        body = None if wish is None else {"choice": wish}
        rules = lambda: self.model.vote(who, n, method, wish)  # noqa: E731
        self.both(rules, who, method, f"{path}/votes", body)

    @rule(who=SOMEBODY, option=st.integers(0, 1), data=st.data(), again=st.booleans())
    def cast(self, who: int, option: int, data: st.DataObject, again: bool) -> None:
        live = self.model.live("criterion")
        ranking = data.draw(st.permutations(live)) if live else []
        if data.draw(st.integers(0, 5)) == 0:
            ranking = ranking[1:] or [n for n, item in enumerate(self.model.items) if n not in live]
        body = {
            "option_id": self.options[option],
            "criterion_ids": [self.ids[n] for n in ranking],
        }
        rules = lambda: self.model.cast(who, option, list(ranking), again=again)  # noqa: E731
        self.both(rules, who, "PUT" if again else "POST", "/votes", body)

    @rule(who=SOMEBODY)
    def read_result(self, who: int) -> None:
        wanted: list[Any] = []
        rules = lambda: wanted.append(self.model.result(who))  # noqa: E731
        answer = self.both(rules, who, "GET", "/votes/result")
        if answer is not None:
            (votes, ranks), result = wanted[0], answer.json()
            assert [option["votes"] for option in result["options"]] == votes
            assert result["voters"] == len(self.model.ballots)
            told = {
                self.ids.index(one["criterion_id"]): (one["first_choices"], one["weighted_score"])
                for one in result["criteria"]
            }
            assert told == ranks

    @invariant()
    def both_worlds_are_one(self) -> None:
        if not hasattr(self, "path"):
            return
        looker = next((n for n, s in self.model.seats.items() if s.status == "ACCEPTED"), None)
        if looker is None:
            return
        event = self.line.ask(looker, "GET", self.path).json()
        self._learn_items(event)
        assert event["status"] == self.model.status
        assert event["capacity"] == self.model.capacity
        assert _counts(event) == _wanted_counts(self.model)
        assert self._items(event) == {
            n: (item.content, item.conclusion)
            for n, item in enumerate(self.model.items)
            if item.live
        }
        assert self._told(event) == self._wanted_proposals()
        owners = [who for who, seat in self.model.seats.items() if seat.role == "OWNER"]
        assert [event["owner"]["id"]] == [self.line.people[who][1] for who in owners[:1]] or (
            not owners
        )
        mine = event["me"]["membership"]
        assert mine["role"] == self.model.seats[looker].role

    def _learn_items(self, event: Json) -> None:
        """Items that proposals made have ids that only the API knows; they come in order."""
        fresh = [
            item
            for name in ("assumptions", "criteria")
            for item in event[name]
            if item["id"] not in self.ids
        ]
        self.ids += [item["id"] for item in sorted(fresh, key=lambda one: one["id"])]

    def _items(self, event: Json) -> dict[int, tuple[str, str | None]]:
        return {
            self.ids.index(item["id"]): (item["content"], item.get("conclusion"))
            for name in ("assumptions", "criteria")
            for item in event[name]
        }

    def _told(self, event: Json) -> dict[str, Any]:
        return {
            one["id"]: (one["status"], one["tally"], one["status"] == "PENDING" and one["needed"])
            for one in event["proposals"]
        }

    def _wanted_proposals(self) -> dict[str, Any]:
        return {
            id_: (one.status, _tally(one), one.status == "PENDING" and self.model.needed(one.kind))
            for id_, one in zip(self.proposals, self.model.proposals, strict=True)
            if one.status != "DELETED"
        }


def _agree(answer: Answer, rules: Callable[[], Any]) -> bool:
    """Check that both worlds allow it or refuse it alike; tell which."""
    refusal = None
    try:
        rules()
    except Refused as refused:
        refusal = refused.status
    done = answer.status < 300
    assert (None if done else answer.status) == refusal, f"{answer.asked}: {answer}"
    assert answer.kind == ("application/json" if done else "application/problem+json")
    return refusal is None


def _tally(proposal: Any) -> Json:
    given = list(proposal.votes.values())
    return {name: given.count(name.upper()) for name in ("agree", "disagree", "abstain")}


def _counts(event: Json) -> Json:
    return {name: event["counts"][name] for name in ("members", "pending", "observers", "voters")}


def _wanted_counts(model: Model) -> Json:
    seats = list(model.seats.values())
    accepted = [seat.role for seat in seats if seat.status == "ACCEPTED"]
    return {
        "members": len(accepted) - accepted.count("OBSERVER"),
        "pending": sum(seat.status == "PENDING" for seat in seats),
        "observers": accepted.count("OBSERVER"),
        "voters": len(model.ballots),
    }


def test_an_event_follows_its_rules(line: Line) -> None:
    Game.line = line
    play(Game)
