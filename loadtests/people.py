"""The people of a load test: voters, watchers, joiners, an admin; with human pauses."""

import json
import random
import time
import uuid
from typing import Any

import gevent
import requests
from hall import HALLS, Hall
from locust import between, events, task
from locust.env import Environment
from person import AGAIN, Person, is_done

CHOICES = ("AGREE", "DISAGREE", "ABSTAIN")


@events.init.add_listener
def look_first(environment: Environment, **_: object) -> None:
    """Say in a sentence what would be a stack trace for each person."""
    try:
        requests.get(f"{environment.host}/healthz", timeout=10).raise_for_status()
    except requests.RequestException:
        raise SystemExit(
            f"No Assent answers at {environment.host}: `make run` opens one, TARGET names another."
        ) from None


@events.test_start.add_listener
def open_hall(environment: Environment, **_: object) -> None:
    hall = HALLS["hall"] = Hall(environment.host or "")
    hall.open()


@events.test_stop.add_listener
def check_hall(environment: Environment, **_: object) -> None:
    """Say what does not hold; the run fails where anything does not, or any request failed."""
    hall = HALLS["hall"]
    wrong = hall.check()
    for line in wrong:
        print(f"BROKEN: {line}")
    failed = environment.stats.total.num_failures
    print(f"{hall.standing()} votes were acknowledged, {len(hall.seen)} changes watched.")
    print(f"{hall.troubles()}, {failed} requests failed. Promises broken: {len(wrong)}.")
    environment.process_exit_code = 1 if wrong or failed else 0


@events.user_error.add_listener
def note_error(exception: Exception, **_: object) -> None:
    """A person who stumbles is a fault of the test or of an answer, and neither may pass."""
    HALLS["hall"].complain(f"somebody stumbled: {exception!r}")


class Voter(Person):
    """Votes, changes their mind, takes it back; now and then says something."""

    weight = 8
    wait_time = between(0.5, 2)

    @task(10)
    def vote(self) -> None:
        self._choose("PUT", random.choice(CHOICES))

    @task(1)
    def take_back(self) -> None:
        self._choose("DELETE", None)

    @task(1)
    def comment(self) -> None:
        words = {"content": "I see it the same way."}
        self.send("POST", f"{self.event_url}/comments", "comment", words)

    @task(1)
    def read(self) -> None:
        self.send("GET", self.event_url, "read event")

    def _choose(self, method: str, choice: str | None) -> None:
        proposal = random.choice(self.hall.proposals)
        place = (proposal, self.token)
        if choice is None and self.hall.acknowledged.get(place) is None:
            return
        self.hall.asking[place] = choice
        where = f"{self.event_url}/assumption-proposals/{proposal}/votes"
        name, body = ("vote", {"choice": choice}) if choice else ("take back", None)
        answer = self.send(method, where, name, body)
        if is_done(answer):
            self.hall.acknowledged[place] = choice
        if answer.status_code not in AGAIN:
            # Done, or refused: what will stand is known.
            del self.hall.asking[place]


class Watcher(Person):
    """Follows the event, or a line of their own as browsers do; comes back where that stopped."""

    weight = 2
    wait_time = between(0, 1)
    at: str | None = None

    @task
    def follow(self) -> None:
        headers = {"Last-Event-ID": self.at} if self.at else {}
        own_line = f"/api/me/stream?event={self.hall.event_id}"
        where, name = random.choice(
            ((f"{self.event_url}/stream", "stream opened"), (own_line, "line opened"))
        )
        with self.client.get(
            where, headers=headers, stream=True, name=name, catch_response=True
        ) as answer:
            if answer.status_code in AGAIN:
                self.hall.cut += 1
                answer.success()
        # It is told as opened by now: many are stopped before it ends.
        if is_done(answer):
            self._read(answer)

    def _read(self, answer: requests.Response) -> None:
        """Read for a while; where the line is cut, come back later and go on after the last id."""
        until = time.monotonic() + random.uniform(5, 30)
        frame: dict[str, str] = {}
        try:
            for line in answer.iter_lines(chunk_size=None, decode_unicode=True):
                if line:
                    name, _, value = line.partition(": ")
                    frame[name] = value
                    continue
                self._take(frame)
                frame = {}
                if time.monotonic() > until:
                    return
        except (requests.RequestException, OSError):
            self.hall.cut += 1
        finally:
            answer.close()

    def _take(self, frame: dict[str, str]) -> None:
        if "id" not in frame:
            return
        seq = int(frame["id"].rpartition(".")[2])
        if frame.get("event") != "snapshot" and self.at is not None:
            before = int(self.at.rpartition(".")[2])
            if seq != before + 1:
                self.hall.complain(f"a stream jumped from {before} to {seq}")
        self.at = frame["id"]
        if "data" in frame and frame.get("event") is None:
            change: dict[str, Any] = json.loads(frame["data"])
            if change["seq"] != seq:
                self.hall.complain(f"frame {seq} holds change {change['seq']}")
            self.hall.see(seq, frame["data"])


class Joiner(Person):
    """Comes in, looks around, says hello and leaves; then the next one comes."""

    weight = 1
    wait_time = between(1, 3)

    @task
    def visit(self) -> None:
        self.come_in()
        self.send("GET", self.event_url, "read event")
        gevent.sleep(random.uniform(1, 4))
        self.send("GET", f"{self.event_url}/comments", "read comments")
        self.send("POST", f"{self.event_url}/leave", "leave", {})


class Admin(Person):
    """Proposes criteria and decides them, and looks at who is there."""

    fixed_count = 1
    wait_time = between(1, 4)

    def come_in(self) -> None:
        self.token = self.hall.token
        self.client.headers["Authorization"] = f"Bearer {self.token}"

    @task(3)
    def decide(self) -> None:
        where = f"{self.event_url}/criteria-proposals"
        wish = {"category": "CREATION", "content": f"It is {uuid.uuid4().hex[:8]}"}
        made = self.send("POST", where, "propose", wish)
        if is_done(made):
            verdict = {"status": random.choice(("ACCEPTED", "REJECTED"))}
            self.send("PATCH", f"{where}/{made.json()['id']}/status", "decide", verdict)

    @task(1)
    def look(self) -> None:
        self.send("GET", f"{self.event_url}/memberships", "list members")
