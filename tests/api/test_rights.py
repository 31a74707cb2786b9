from typing import Any

import httpx2
import pytest

from tests.api.rights import ANYBODY, EVENT, EVERYBODY, OTHERWISE, PROPOSAL, ROWS, Row
from tests.support.cast import Scene
from tests.support.client import NOTHING, Api, Person, problem
from tests.support.personal import open_personal
from tests.support.sse import open_line
from tests.support.truth import Truth

# After these, somebody is somebody else: a member, or no guest.
BECOMING = ("/events/entry", "/auth/claim")


def _leaves_the_scene(row: Row) -> bool:
    """Whether everybody, and all that was in the event, is the same afterwards."""
    if row.path in BECOMING:
        return False
    reaches = "{event_id}" in row.path or "{conversation_id}" in row.path
    adds = row.method == "POST" and row.ok == 201 and not row.path.endswith(("/votes", "/lock"))
    return adds or row.ok in {204, 404} or not reaches


READS = [row for row in ROWS if row.method == "GET"]
ADDITIONS = [row for row in ROWS if row not in READS and _leaves_the_scene(row)]
CHANGES = [row for row in ROWS if row not in READS and row not in ADDITIONS]


async def test_every_route_has_a_row(api: Api) -> None:
    document = (await api.nobody().send("GET", "/openapi.json")).json()
    routes = {
        (method.upper(), path.removeprefix("/api"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert {(row.method, row.path) for row in ROWS} == routes


@pytest.mark.timeout(300)
async def test_who_may_read(scene: Scene, truth: Truth) -> None:
    for row in READS:
        await _try(row, scene, truth)


@pytest.mark.timeout(300)
async def test_who_may_add(scene: Scene, truth: Truth) -> None:
    for row in ADDITIONS:
        await _try(row, scene, truth)


@pytest.mark.parametrize("row", CHANGES, ids=str)
async def test_who_may_write(row: Row, scene: Scene, truth: Truth) -> None:
    await _try(row, scene, truth)


async def _try(row: Row, scene: Scene, truth: Truth) -> None:
    refused = [name for name in EVERYBODY if name not in row.allowed]
    head = await truth.head(scene.room.id)
    for name in refused:
        answer = await _ask(row, scene, name)
        assert answer.status_code == _refusal(row, name), f"{row} by {name}: {answer.text}"
        problem(answer, answer.status_code)
    if row.writes_in_event:
        assert await truth.head(scene.room.id) == head, row

    for name in row.allowed:
        first = name == row.allowed[0]
        answer = await _ask(row, scene, name)
        wanted = row.ok if first or row.later is None else row.later
        assert answer.status_code == wanted, f"{row} by {name}: {answer.text}"
        if first and row.writes_in_event:
            head = await truth.head(scene.room.id)
            assert answer.headers["x-event-seq"] == f"{scene.room.event['epoch']}.{head}", row


async def _ask(row: Row, scene: Scene, name: str) -> httpx2.Response:
    person = await _with_a_session_of_its_own(row, scene, scene.people[name])
    path = scene.fill(row.filled)
    if path.endswith("/stream"):
        opened = open_personal(person) if "/me/" in path else open_line(person, scene.room.id)
        async with opened as line:
            await (line.next() if line.response.is_success else line.response.aread())
        return line.response
    return await person.send(row.method, path, _fill(row.body, scene))


async def _with_a_session_of_its_own(row: Row, scene: Scene, person: Person) -> Person:
    """Where a route ends a session, let it end one that nobody else uses."""
    scene.ids.setdefault("email", scene.people["member"].user["email"])
    if (row.method, row.path) == ("DELETE", "/auth/me") and person.token is not None:
        return await person.api.sign_up("Goes at once")
    if row.path not in {"/auth/logout", "/auth/sessions/{session_id}"} or person.token is None:
        scene.ids.setdefault("session_id", scene.room.id)
        return person
    token = await person.ok("POST", "/auth/tokens", {"name": "Of its own"})
    scene.ids["session_id"] = token["id"]
    return Person(person.api, token["token"], person.user)


def _fill(body: Any, scene: Scene) -> Any:
    if isinstance(body, dict):
        return {name: _fill(value, scene) for name, value in body.items()}
    if isinstance(body, list):
        return [_fill(value, scene) for value in body]
    return NOTHING if body is None else scene.fill(body) if isinstance(body, str) else body


def _refusal(row: Row, name: str) -> int:
    """Return the status for somebody whom a row leaves out: who they are, or else what is."""
    route = f"{row.method} {row.path}"
    if name == "nobody" and row.allowed and row.allowed != ANYBODY:
        return 401
    return OTHERWISE.get((route, name)) or OTHERWISE.get((route, "*")) or 403


CONTENT = ("/{collection}", "-proposals", "/votes", "/proposal")


@pytest.mark.parametrize("status", ["FINISHED", "PAUSED"])
async def test_what_is_not_in_progress_takes_no_more(
    status: str, scene: Scene, truth: Truth
) -> None:
    """A finished event is read-only; a paused one stands still, but for words and people."""
    await scene.room.move(status)
    head = await truth.head(scene.room.id)
    decides = {("PATCH", f"{PROPOSAL}/status"), ("DELETE", PROPOSAL)}
    for row in ROWS:
        stands = any(part in row.path for part in CONTENT) and (row.method, row.path) not in decides
        refused = stands if status == "PAUSED" else (row.method, row.path) != ("DELETE", EVENT)
        if row.writes_in_event and refused:
            who = "member" if "member" in row.allowed else "owner"
            assert problem(await _ask(row, scene, who), 409)["current"] == status, row
    assert await truth.head(scene.room.id) == head
    if status == "PAUSED":
        await scene.people["member"].ok("POST", f"{scene.room.path}/comments", {"content": "So?"})
