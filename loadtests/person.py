"""Somebody at the event, who sends as the client does: again, until it is answered."""

import random
import time
import uuid

import gevent
from hall import HALLS
from locust import HttpUser
from locust.exception import StopUser
from requests import Response

# Nobody answered, or whoever did asked for another try.
AGAIN = (0, 502, 503, 504)
PATIENCE = 30


def is_done(answer: Response) -> bool:
    """Whether it was answered, and done; `ok` is true too where nobody answered."""
    return 200 <= answer.status_code < 300


class Person(HttpUser):
    """Somebody who came in with the code and a name."""

    abstract = True

    def on_start(self) -> None:
        self.hall = HALLS["hall"]
        self.come_in()

    def come_in(self) -> None:
        """Become a guest of the event."""
        body = {"name": f"Guest {uuid.uuid4().hex[:6]}", "entrance_code": self.hall.code}
        answer = self.send("POST", "/api/auth/guest", "join", body)
        if not is_done(answer):
            raise StopUser
        self.token = answer.json()["token"]
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {self.token}"

    @property
    def event_url(self) -> str:
        return f"/api/events/{self.hall.event_id}"

    def send(self, method: str, path: str, name: str, body: object = None) -> Response:
        """Send with one key until somebody answers or PATIENCE is at its end; then it failed."""
        headers = {} if method == "GET" else {"Idempotency-Key": str(uuid.uuid4())}
        deadline = time.monotonic() + PATIENCE
        while True:
            with self.client.request(
                method, path, json=body, headers=headers, name=name, catch_response=True
            ) as answer:
                if answer.status_code not in AGAIN or time.monotonic() > deadline:
                    return answer
                answer.success()
            self.hall.sent_again[answer.status_code] += 1
            gevent.sleep(random.uniform(0.2, 1))
