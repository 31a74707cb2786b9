"""A load test that found nothing wrong has looked: what is missing has a name."""

from uuid import uuid4

import pytest
import requests

from loadtests.hall import Hall
from tests.support.server import Server


@pytest.fixture
def hall(servers: tuple[Server, Server]) -> Hall:
    opened = Hall(servers[0].url)
    opened.open()
    return opened


def _ask(hall: Hall, method: str, path: str, body: object, token: str = "") -> requests.Response:
    headers = {"Idempotency-Key": str(uuid4())}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    url = f"{hall.host}/api{path}"
    return requests.request(method, url, json=body, headers=headers, timeout=60)


def _vote(hall: Hall, choice: str) -> str:
    """Let somebody new vote on the first proposal; return their token."""
    guest = {"name": "Guest", "entrance_code": hall.code}
    token: str = _ask(hall, "POST", "/auth/guest", guest).json()["token"]
    where = f"/events/{hall.event_id}/assumption-proposals/{hall.proposals[0]}/votes"
    assert _ask(hall, "PUT", where, {"choice": choice}, token).ok
    return token


def test_a_vote_that_is_missing_is_named(hall: Hall) -> None:
    token = _vote(hall, "AGREE")
    hall.acknowledged[hall.proposals[0], token] = "AGREE"
    assert hall.check() == []
    hall.acknowledged[hall.proposals[1], token] = "DISAGREE"
    row, tally = hall.check()
    assert row == "a voter was told DISAGREE on proposal 2, and None stands"
    assert tally.startswith("of proposal 2 were acknowledged {'agree': 0, 'disagree': 1")


def test_what_was_under_way_may_have_been_done_or_not(hall: Hall) -> None:
    token = _vote(hall, "AGREE")
    hall.asking[hall.proposals[0], token] = "AGREE"
    hall.asking[hall.proposals[1], token] = "DISAGREE"
    assert hall.check() == []
    assert hall.acknowledged == {(hall.proposals[0], token): "AGREE"}


def test_another_change_than_the_others_saw_is_named(hall: Hall) -> None:
    hall.see(1, '{"seq": 1}')
    hall.see(1, '{"seq": 1, "type": "other"}')
    assert hall.check() == [
        "two watchers were shown different changes 1",
        "a watcher was shown something else as change 1",
    ]
