"""However a vote is written, its route understands it as every other route would."""

from collections.abc import Callable

import pytest

from tests.support.client import Person, problem
from tests.support.rooms import MANUAL, open_room

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "choice"),
    [
        (b'{"choice":"DISAGREE"}', "DISAGREE"),
        (b' { "choice" : "ABSTAIN" }\n', "ABSTAIN"),
        (b'{"choice":"\\u0041GREE"}', "AGREE"),
        (b"{}", "AGREE"),
        (b"null", "AGREE"),
        (b"", "AGREE"),
    ],
)
@pytest.mark.parametrize("spelling", [str, str.upper, lambda text: text.replace("-", "")])
async def test_every_spelling_of_a_vote_counts_as_one(
    host: Person, body: bytes, choice: str, spelling: Callable[[str], str]
) -> None:
    room = await open_room(host, policies=MANUAL)
    path = f"/events/{room.id}/assumption-proposals/{spelling(await room.propose(host))}/votes"

    answer = await host.send("PUT", path, content=body, headers=JSON if body else {})

    assert answer.status_code == 200, answer.text
    assert answer.json()["choice"] == choice
    assert answer.json()["tally"][choice.lower()] == 1
    taken_back = await host.send("DELETE", path)
    assert sum(taken_back.json()["tally"].values()) == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"choice":"MAYBE"}', 422, "invalid_fields"),
        (b'{"choice":"agree"}', 422, "invalid_fields"),
        (b'{"choice":null}', 422, "invalid_fields"),
        (b'{"choice":"AGREE","weight":2}', 422, "invalid_fields"),
        (b'["AGREE"]', 422, "invalid_fields"),
        (b'"AGREE"', 422, "invalid_fields"),
        (b'{"choice":"AGREE"', 400, "json_malformed"),
        (b'{"choice":"AGREE"}{}', 400, "json_malformed"),
        (b'{"choice":"\xff"}', 400, "json_malformed"),
    ],
)
async def test_what_is_no_vote_is_refused_in_the_words_of_every_route(
    host: Person, body: bytes, status: int, code: str
) -> None:
    room = await open_room(host, policies=MANUAL)
    path = room.votes_on(await room.propose(host))

    for method in ("POST", "PUT"):
        problem(await host.send(method, path, content=body, headers=JSON), status, code)
    # Nothing is asked of who takes a vote back, and there is none.
    problem(await host.send("DELETE", path), 404, "vote_not_found")


@pytest.mark.parametrize("proposal", ["1", "{0}0", "g{0}", "{0}%20"])
async def test_a_vote_on_what_cannot_be_a_proposal_finds_nothing(
    host: Person, proposal: str
) -> None:
    room = await open_room(host, policies=MANUAL)
    path = room.votes_on(proposal.format(await room.propose(host)))

    problem(await host.send("PUT", path, {"choice": "AGREE"}), 404, "not_found")
