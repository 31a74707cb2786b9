"""The hall that a load test fills: one event, what was acknowledged in it, and what must hold."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

PROPOSALS = 5
TIMEOUT = 30


@dataclass
class Hall:
    """One event of the running server, opened by the test itself."""

    host: str
    token: str = ""
    event_id: str = ""
    code: str = ""
    proposals: list[str] = field(default_factory=list)
    acknowledged: dict[tuple[str, str], str | None] = field(default_factory=dict)
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

    def check(self) -> list[str]:
        """Return everything that does not hold now that the storm is over."""
        event = self._ask("GET", f"/events/{self.event_id}")
        return [*self.complaints, *self._check_tallies(event), *self._check_log(event["seq"])]

    def _check_tallies(self, event: dict[str, Any]) -> list[str]:
        wrong = []
        shown = {p["id"]: p["tally"] for p in event["proposals"]}
        for proposal in self.proposals:
            told = Counter(
                choice.lower()
                for (voted, _), choice in self.acknowledged.items()
                if voted == proposal and choice is not None
            )
            expected = {name: told[name] for name in ("agree", "disagree", "abstain")}
            if shown[proposal] != expected:
                wrong.append(f"{proposal}: acknowledged {expected}, counted {shown[proposal]}")
        return wrong

    def _check_log(self, head: int) -> list[str]:
        after = 0
        while after < head:
            page = self._ask("GET", f"/events/{self.event_id}/changes?after={after}")["items"]
            for change in page:
                if change["seq"] != after + 1:
                    return [f"the log jumps from {after} to {change['seq']}"]
                after = change["seq"]
        return []

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = requests.request(
            method,
            f"{self.host}/api{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content
