"""The hall that a load test fills: one event, what was acknowledged in it, and what must hold."""

import json
import random
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

PROPOSALS = 5
TIMEOUT = 30
# Seconds that a server has to come back in before its end is believed.
AWAY = 30
# Voters who are asked in the end what they voted.
ASKED = 300
NOBODY = {"agree": 0, "disagree": 0, "abstain": 0}


@dataclass
class Hall:
    """One event of the running server, opened by the test itself."""

    host: str
    token: str = ""
    event_id: str = ""
    code: str = ""
    proposals: list[str] = field(default_factory=list)
    acknowledged: dict[tuple[str, str], str | None] = field(default_factory=dict)
    asking: dict[tuple[str, str], str | None] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    # Why requests were sent again: their status, 0 where nobody answered.
    sent_again: Counter[int] = field(default_factory=Counter)
    cut: int = 0
    complaints: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Sign an owner up, open and start an event, and put proposals forward."""
        owner = {"email": f"{uuid.uuid4()}@example.org", "password": uuid.uuid4().hex}
        self.token = self._ask("POST", "/auth/signup", {**owner, "name": "Owner"})["token"]
        policy = {"auto_approve": False}
        event = self._ask(
            "POST",
            "/events",
            {
                "subject": "What does the hall say?",
                "options": ["Yes", "No"],
                "criteria": ["Clarity"],
                "capacity": 100_000,
                "policies": {"assumption": policy, "max_pending_per_member": 100},
            },
        )
        self.event_id, self.code = event["id"], event["entrance_code"]
        self._ask("PATCH", f"/events/{self.event_id}/status", {"status": "IN_PROGRESS"})
        for number in range(PROPOSALS):
            wish = {"category": "CREATION", "content": f"Assumption {number}"}
            made = self._ask("POST", f"/events/{self.event_id}/assumption-proposals", wish)
            self.proposals.append(made["id"])

    def complain(self, what: str) -> None:
        """Note something that a participant saw and must never see."""
        self.complaints.append(what)

    def see(self, seq: int, data: str) -> None:
        """Note what a watcher was shown as change `seq`; nobody may be shown another."""
        if self.seen.setdefault(seq, data) != data:
            self.complain(f"two watchers were shown different changes {seq}")

    def check(self) -> list[str]:
        """Return everything that does not hold now that the storm is over."""
        said = Counter(self.complaints)
        wrong = [what if said[what] == 1 else f"{what}, {said[what]} times" for what in said]
        try:
            return [*wrong, *self._check_at_rest()]
        except requests.RequestException as error:
            why = type(error).__name__
            return [*wrong, f"the rest cannot be asked, as {self.host} does not answer ({why})"]

    def standing(self) -> int:
        """Return how many votes were acknowledged and not taken back."""
        return sum(choice is not None for choice in self.acknowledged.values())

    def troubles(self) -> str:
        """Return what people got over: none of it is a promise, all of it is worth knowing."""
        again = f"{self.sent_again.total()} requests were sent again"
        if self.sent_again:
            reasons = [f"{n} x {why or 'no answer'}" for why, n in self.sent_again.items()]
            again += f" ({', '.join(reasons)})"
        return f"{again}, {self.cut} streams were cut"

    def _check_at_rest(self) -> list[str]:
        """Check again where something that was under way at the end was done meanwhile."""
        where = f"/events/{self.event_id}"
        while True:
            event = self._ask("GET", where)
            wrong = [*self._check_rows(), *self._check_tallies(event)]
            wrong += [*self._check_members(event), *self._check_log(event)]
            if self._ask("GET", where)["seq"] == event["seq"]:
                return wrong

    def _check_rows(self) -> Iterator[str]:
        """Ask voters what they voted; what was under way when they were stopped, they may tell."""
        told: dict[str, dict[str, str]] = defaultdict(dict)
        for (proposal, token), choice in self.acknowledged.items():
            told[token] |= {proposal: choice} if choice else {}
        sure = random.sample(sorted(told), min(len(told), ASKED))
        for token in {token for _, token in self.asking} | set(sure):
            rows = self._ask("GET", f"/events/{self.event_id}", token=token)["me"]["votes"]
            for place, choice in self.asking.items():
                if place[1] == token and rows.get(place[0]) == choice:
                    self.acknowledged[place] = choice
                    told[token] = {**told[token], place[0]: choice} if choice else told[token]
                    if choice is None:
                        told[token].pop(place[0], None)
            for number, proposal in enumerate(self.proposals, 1):
                was, stands = told[token].get(proposal), rows.get(proposal)
                if was != stands:
                    yield f"a voter was told {was} on proposal {number}, and {stands} stands"

    def _check_tallies(self, event: dict[str, Any]) -> Iterator[str]:
        shown = {p["id"]: p["tally"] for p in event["proposals"]}
        for number, proposal in enumerate(self.proposals, 1):
            told = Counter(
                choice.lower()
                for (voted, _), choice in self.acknowledged.items()
                if voted == proposal and choice is not None
            )
            expected = {name: told[name] for name in ("agree", "disagree", "abstain")}
            if shown[proposal] != expected:
                counted = shown[proposal]
                yield f"of proposal {number} were acknowledged {expected}, and counted {counted}"

    def _check_members(self, event: dict[str, Any]) -> Iterator[str]:
        counted, where = 0, f"/events/{self.event_id}/memberships?status=ACCEPTED"
        page = self._ask("GET", where)
        while True:
            counted += len(page["items"])
            if page["next_cursor"] is None:
                break
            page = self._ask("GET", f"{where}&cursor={page['next_cursor']}")
        if counted != event["counts"]["members"]:
            yield f"{counted} members stand, {event['counts']['members']} are counted"

    def _check_log(self, event: dict[str, Any]) -> Iterator[str]:
        """Read the log from its beginning: no number is missing, and nobody was shown another.

        It ends at the tallies that are counted, so whoever was shown all of it was shown those.
        """
        after, tallies = 0, dict.fromkeys(self.proposals, NOBODY)
        while after < event["seq"]:
            page = self._ask("GET", f"/events/{self.event_id}/changes?after={after}")["items"]
            for change in page:
                if change["seq"] != after + 1:
                    yield f"the log jumps from {after} to {change['seq']}"
                    return
                after = change["seq"]
                if after in self.seen and json.loads(self.seen[after]) != change:
                    yield f"a watcher was shown something else as change {after}"
                if change["type"] == "tally.changed":
                    tallies[change["data"]["proposal_id"]] = change["data"]["tally"]
        counted = {one["id"]: one["tally"] for one in event["proposals"]}
        if tallies != {proposal: counted[proposal] for proposal in tallies}:
            yield f"the log ends at {tallies}, and {counted} are counted"

    def _ask(self, method: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
        """Ask until somebody answers: a server may be on its way back."""
        deadline = time.monotonic() + AWAY
        while True:
            try:
                return self._ask_once(method, path, body, token or self.token)
            except requests.RequestException as error:
                refused = error.response is not None and error.response.status_code < 500
                if refused or time.monotonic() > deadline:
                    raise
            time.sleep(0.5)

    def _ask_once(self, method: str, path: str, body: object, who: str) -> dict[str, Any]:
        answer = requests.request(
            method,
            f"{self.host}/api{path}",
            json=body,
            headers={"Authorization": f"Bearer {who}"} if who else {},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content


# The one of this run: locust makes people without arguments.
HALLS: dict[str, Hall] = {}
