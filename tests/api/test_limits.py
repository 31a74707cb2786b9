from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.utils.limits import STROKES
from tests.support.cast import many_strokes, upload_image
from tests.support.client import Api, Person, connect, problem
from tests.support.rooms import MANUAL, open_room
from tests.support.server import StartServers


@pytest_asyncio.fixture
async def limited(
    start_servers: StartServers, request: pytest.FixtureRequest
) -> AsyncIterator[Api]:
    """Two processes that count, together and apart from all others."""
    valkey = request.getfixturevalue("valkey")
    one, two = start_servers(
        2, REDIS_URL=valkey.url, ASSENT_RATE_LIMITS="1", ASSENT_WRITES_PER_MINUTE="30"
    )
    async with connect(one.url, two.url) as api:
        yield api


async def _until_refused(api: Api, path: str, body: dict[str, str], most: int) -> int:
    """Return how many were answered before one was too many, over both processes."""
    for n in range(most + 1):
        answer = await api.nobody().send("POST", path, body)
        if answer.status_code == 429:
            document = problem(answer, 429)
            wait = int(answer.headers["retry-after"])
            assert 1 <= wait <= 60
            assert document["retry_after"] == wait
            return n
    raise AssertionError("nothing was refused")


async def test_guesses_are_limited_and_successes_are_not(limited: Api, host: Person) -> None:
    # A minute may turn while we count: twice the limit is the most that can be let in.
    login = {"email": "nobody@example.org", "password": "wrong horse"}
    assert 20 <= await _until_refused(limited, "/auth/login", login, 40) <= 40
    mail = {"email": "nobody@example.org"}
    assert 5 <= await _until_refused(limited, "/auth/password-reset/request", mail, 10) <= 10

    room = await open_room(host)
    for n in range(70):  # a hall joins from one address
        await limited.guest(room.code, f"Guest {n}")
    wrong = {"entrance_code": "ZZZZZZ"}
    assert 60 <= await _until_refused(limited, "/events/entrance-code/check", wrong, 120) <= 120
    right = {"entrance_code": room.code}
    problem(await limited.nobody().send("POST", "/events/entrance-code/check", right), 429)


async def test_writes_are_limited_per_person(limited: Api, host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))
    guest, other = [Person(limited, g.token) for g in await room.guests(2)]
    statuses = [(await guest.send("PUT", votes, at=0)).status_code for _ in range(61)]
    refused = problem(await guest.send("PUT", votes, at=0), 429, "too_many_writes")
    assert statuses[:30] == [200] * 30
    assert 429 in statuses
    assert refused["retry_after"] >= 1
    assert (await other.send("PUT", votes, at=0)).status_code == 200


async def test_strokes_are_limited_and_told_when_to_go_on(limited: Api) -> None:
    owner = await limited.sign_up("Owner")
    room = await open_room(owner, policies=MANUAL)
    image = await upload_image(room, owner)
    block = {"kind": "image", "text": "A map", "attachment_id": image}
    await owner.ok("POST", f"{room.path}/brief/blocks", block)
    drawn, refused = 0, None
    # A window may turn while we draw.
    while refused is None and drawn <= 2 * STROKES.amount:
        strokes = {"strokes": many_strokes(100)}
        answer = await owner.send("POST", f"{room.path}/sketches/{image}/strokes", strokes, at=0)
        if answer.status_code == 429:
            refused = problem(answer, 429, "too_many_strokes")
        else:
            drawn += 100
    assert refused is not None
    assert drawn >= STROKES.amount
    assert 1 <= refused["retry_after"] <= STROKES.get_expiry()


async def test_typing_and_uploads_are_limited(limited: Api) -> None:
    owner = await limited.sign_up("Owner")
    room = await open_room(owner, policies=MANUAL)
    talk = f"/conversations/{room.id}"
    # Typing is counted by each process, uploads by both together; a minute may turn meanwhile.
    files = f"{talk}/attachments?name=a"
    for path, body, least, most in ((f"{talk}/typing", b"", 40, 80), (files, b"x", 20, 60)):
        for n in range(most + 2):
            answer = await owner.send("POST", path, content=body, at=0, key=None)
            if answer.status_code == 429:
                assert n >= least, path
                problem(answer, 429)
                break
            assert answer.is_success, answer.text
        else:
            raise AssertionError(path)
