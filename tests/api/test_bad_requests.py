import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.client import Api, Person, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.truth import Truth

BIG = 300_000
UNKNOWN = "01987654-3210-7abc-8def-0123456789ab"
COMMENTS = "{room}/comments"
PROPOSALS = "{room}/assumption-proposals"
CREATION = {"category": "CREATION", "content": "Yes"}
EVENT = {"subject": "Mine", "options": ["Yes"]}


@pytest_asyncio.fixture
async def room(host: Person, truth: Truth) -> AsyncIterator[Room]:
    """An event in which nothing may happen."""
    opened = await open_room(host, policies=MANUAL)
    head = await truth.head(opened.id)
    users = await truth.number("SELECT count(*) FROM users")
    yield opened
    assert await truth.head(opened.id) == head
    assert await truth.number("SELECT count(*) FROM users") == users


BODIES = [
    ("POST", COMMENTS, {}, "content"),
    ("POST", COMMENTS, {"content": None}, "content"),
    ("POST", COMMENTS, {"content": 5}, "content"),
    ("POST", COMMENTS, {"content": ""}, "content"),
    ("POST", COMMENTS, {"content": " \n "}, "content"),
    ("POST", COMMENTS, {"content": "x" * 5_001}, "content"),
    ("POST", COMMENTS, {"content": "null\x00byte"}, "content"),
    ("POST", COMMENTS, {"content": "bell\x07"}, "content"),
    ("POST", COMMENTS, {"content": "right to left \u202e"}, "content"),
    ("POST", COMMENTS, {"content": "Yes", "author": "me"}, "author"),
    ("POST", COMMENTS, ["Yes"], "body"),
    ("POST", COMMENTS, "Yes", "body"),
    ("POST", PROPOSALS, {**CREATION, "category": "creation"}, "category"),
    ("POST", PROPOSALS, {**CREATION, "content": "x" * 2_001}, "content"),
    ("POST", PROPOSALS, {**CREATION, "reason": "x" * 2_001}, "reason"),
    ("POST", PROPOSALS, {**CREATION, "target_id": "x"}, "target_id"),
    ("POST", PROPOSALS, {"category": "CREATION"}, "content"),
    ("POST", PROPOSALS, {**CREATION, "target_id": UNKNOWN}, "target_id"),
    ("POST", PROPOSALS, {"category": "DELETION"}, "target_id"),
    ("PATCH", "{room}", {"capacity": True}, "capacity"),
    ("PATCH", "{room}", {"capacity": "100"}, "capacity"),
    ("PATCH", "{room}", {"capacity": 1.5}, "capacity"),
    ("PATCH", "{room}", {"capacity": 0}, "capacity"),
    ("PATCH", "{room}", {"capacity": 10**30}, "capacity"),
    ("PATCH", "{room}", {"policies": {"assumption": {"min_votes": True}}}, "min_votes"),
    ("PATCH", "{room}", {"policies": {"guests_allowed": 1}}, "guests_allowed"),
    ("PATCH", "{room}", {"policies": {"conclusion": {"threshold_percent": 101}}}, "percent"),
    ("PATCH", "{room}", {"policies": {"vetoes": True}}, "vetoes"),
    ("PATCH", "{room}", {"entrance_code": "ABC"}, "entrance_code"),
    ("PATCH", "{room}/status", {"status": "OPEN"}, "status"),
    ("POST", "{room}/transfer-ownership", {"user_id": 1}, "user_id"),
    ("POST", "{room}/memberships/bulk-approve", {"membership_ids": []}, "membership_ids"),
    ("POST", "/events", {**EVENT, "options": []}, "options"),
    ("POST", "/events", {**EVENT, "options": ["Yes"] * 6}, "options"),
    ("POST", "/events", {**EVENT, "criteria": ["Yes"] * 11}, "criteria"),
    ("POST", "/events", {**EVENT, "subject": "two\nlines"}, "subject"),
    ("POST", "/events", {**EVENT, "subject": "x" * 501}, "subject"),
    ("POST", "/auth/signup", {"email": "a", "password": "12345678", "name": "A"}, "email"),
    ("POST", "/auth/signup", {"email": "a@b.c", "password": "1234567", "name": "A"}, "password"),
    ("POST", "/auth/signup", {"email": "a@b.c", "password": "x" * 129, "name": "A"}, "password"),
    ("POST", "/auth/signup", {"email": "a@b.c", "password": "12345678", "name": "x" * 101}, "name"),
    ("POST", "/auth/login", {"email": "a\x00@b.c", "password": "12345678"}, "email"),
    ("POST", "/auth/password-reset/request", {"email": "a\x00@b.c"}, "email"),
    ("POST", "/auth/tokens", {"name": "A", "days": 366}, "days"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), BODIES, ids=lambda v: str(v)[:40])
async def test_a_bad_field_is_named(
    host: Person, room: Room, method: str, path: str, body: Any, field: str
) -> None:
    answer = await host.send(method, path.format(room=room.path), body)

    document = problem(answer, 422, "invalid_fields")
    assert any(field in error["field"] for error in document["errors"]), document
    assert document["action"] == "ROLLBACK"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"content": "Yes"',
        b'{"content": Yes}',
        b"\xff\xfe",
        b'{"content": "\xff"}',
        b"[" * 100_000,
        b'{"content": ' * 20_000,
    ],
    ids=lambda content: str(content[:20]),
)
async def test_what_is_not_json_is_refused(host: Person, room: Room, content: bytes) -> None:
    answer = await host.send(
        *("POST", f"{room.path}/comments"),
        content=content,
        headers={"Content-Type": "application/json"},
    )
    problem(answer, 400, "json_malformed")


@pytest.mark.parametrize(
    "content",
    [
        b'{"content": "\\ud800"}',
        b'{"content": "\\u0000"}',
        b'{"content": 1e999}',
        b'{"content": NaN}',
        b'{"content": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda content: str(content[:24]),
)
async def test_json_that_says_the_impossible_is_refused(
    host: Person, room: Room, content: bytes
) -> None:
    answer = await host.send(
        *("POST", f"{room.path}/comments"),
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code)


async def test_a_body_that_is_too_large_is_refused(host: Person, room: Room) -> None:
    answer = await host.send("POST", f"{room.path}/comments", {"content": "x" * BIG})
    problem(answer, 413, "too_large")


async def test_a_body_that_does_not_tell_its_length_is_bounded(host: Person, room: Room) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * (BIG // 10)

    answer = await host.send(
        *("POST", f"{room.path}/comments"),
        content=pieces(),
        headers={"Content-Type": "application/json"},
    )
    problem(answer, 413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_called_json_is_refused(
    host: Person, room: Room, kind: str
) -> None:
    answer = await host.send(
        *("POST", f"{room.path}/comments"),
        content=b'{"content": "Yes"}',
        headers={"Content-Type": kind},
    )
    problem(answer, 415, "not_json")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/events"),
        ("DELETE", "{room}/comments"),
        ("POST", "{room}"),
        ("PATCH", "{room}/leave"),
        ("POST", "/healthz"),
        ("TRACE", "{room}"),
    ],
)
async def test_a_wrong_method_is_refused(host: Person, room: Room, method: str, path: str) -> None:
    answer = await host.send(method, path.format(room=room.path))
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/events/1",
        "/events/not-an-id/changes",
        "/events/{unknown}",
        "/events/{unknown}/stream",
        "{room}/nothing",
        "{room}/assumption-proposals/{unknown}",
        "{room}/assumption-proposals/x",
        "{room}/criteria/{unknown}/comments/count",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_address_is_not_found(
    host: Person, room: Room, method: str, path: str
) -> None:
    address = path.format(room=room.path, unknown=uuid4())
    if method == "GET" or address.endswith("/nothing"):
        problem(await host.send(method, address), 404)


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", f"after={2**63}", "after=1.5"],
)
async def test_a_bad_query_is_refused(host: Person, room: Room, query: str) -> None:
    problem(await host.send("GET", f"{room.path}/changes?{query}"), 422, "invalid_fields")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/events?limit=0", 422),
        ("/events?limit=101", 422),
        ("/events?cursor=%00", 400),
        ("/events?cursor=abc", 400),
        ("/events?cursor=%C3%A9", 400),
        ("{room}/comments?cursor=!!!", 400),
        ("{room}/comments?subject=nothing", 400),
        ("{room}/comments?subject=criterion:x", 400),
        ("{room}/memberships?status=X", 422),
    ],
)
async def test_a_bad_page_is_refused(host: Person, room: Room, path: str, status: int) -> None:
    problem(await host.send("GET", path.format(room=room.path)), status)


@pytest.mark.parametrize(
    "token", ["x", "x" * 10_000, "\u00e9", "'; DROP TABLE users", "A" * 43], ids=lambda t: t[:9]
)
async def test_a_session_that_is_none_is_nobody(api: Api, room: Room, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = await api.nobody().send("GET", room.path, headers=headers)
    problem(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_session_that_expired_is_nobody(api: Api, host: Person, truth: Truth) -> None:
    issued = await host.ok("POST", "/auth/tokens", {"name": "Short"})
    program = Person(api, issued["token"])
    assert await program.get("/auth/me")
    await truth.rows(
        "UPDATE sessions SET expires_at = now() WHERE id = %s RETURNING id", issued["id"]
    )
    problem(await program.send("GET", "/auth/me"), 401, "not_signed_in")


async def test_ids_of_another_event_are_not_found(host: Person, truth: Truth) -> None:
    room, other = await open_room(host, policies=MANUAL), await open_room(host, policies=MANUAL)
    (stranger,) = await other.guests(1)
    comment = (await host.ok("POST", f"{other.path}/comments", {"content": "There"}))["id"]
    proposal = await other.propose(host)
    heads = [await truth.head(room.id), await truth.head(other.id)]
    verdict, ballot = {"status": "ACCEPTED"}, [c["id"] for c in room.event["criteria"]]
    attempts: list[tuple[str, str, Any, int]] = [
        ("GET", f"assumption-proposals/{proposal}", None, 404),
        ("DELETE", f"assumption-proposals/{proposal}", None, 404),
        ("PATCH", f"assumption-proposals/{proposal}/status", verdict, 404),
        ("POST", f"assumption-proposals/{proposal}/votes", {}, 404),
        ("PUT", f"assumption-proposals/{proposal}/votes", {}, 404),
        ("DELETE", f"assumption-proposals/{proposal}/votes", None, 404),
        ("PATCH", f"comments/{comment}", {"content": "Here"}, 404),
        ("DELETE", f"comments/{comment}", None, 404),
        ("POST", f"comments?subject=proposal:{proposal}", {"content": "Here"}, 404),
        ("POST", f"criteria/{other.criterion}/comments", {"content": "Here"}, 404),
        ("GET", f"criteria/{other.criterion}/comments/count", None, 404),
        ("POST", f"criteria/{other.criterion}/conclusion-proposals", {"content": "So"}, 404),
        *(
            ("PATCH", f"memberships/{stranger.membership['id']}/{deed}", None, 404)
            for deed in ("approve", "reject", "reset", "kick", "ban", "unban")
        ),
        ("PATCH", f"memberships/{stranger.membership['id']}/role", {"role": "OBSERVER"}, 404),
        ("POST", "transfer-ownership", {"user_id": stranger.id}, 404),
        (
            *("POST", "votes"),
            {"option_id": other.event["options"][0]["id"], "criterion_ids": ballot},
            422,
        ),
    ]
    for method, path, body, status in attempts:
        sent = {} if body is None else {"body": body}
        answer = await host.send(method, f"{room.path}/{path}", **sent)
        problem(answer, status)
    bulk = {"membership_ids": [stranger.membership["id"]]}
    assert await host.ok("POST", f"{room.path}/memberships/bulk-approve", bulk) == {
        "approved": 0,
        "rejected": 0,
        "no_place": 0,
    }
    assert [await truth.head(room.id), await truth.head(other.id)] == heads


async def test_a_proposal_is_in_its_own_collection_only(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    proposal = await room.propose(host)
    for collection in ("criteria-proposals", "conclusion-proposals"):
        path = f"{room.path}/{collection}/{proposal}"
        problem(await host.send("GET", path), 404, "proposal_not_found")
        problem(await host.send("POST", f"{path}/votes"), 404, "proposal_not_found")


async def test_a_body_that_breaks_off_does_nothing(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))
    base, head = host.api.client(0).base_url, await truth.head(room.id)
    reader, writer = await asyncio.open_connection(base.host, base.port)
    writer.write(
        f"POST /api{votes} HTTP/1.1\r\nHost: {base.host}\r\nContent-Length: 25\r\n"
        f"Content-Type: application/json\r\nAuthorization: Bearer {host.token}\r\n\r\n".encode()
    )
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await room.propose(host, "What came after it in the same lane.", at=0)
    # What came is a valid request too: a vote to agree.
    assert await truth.head(room.id) == head + 1


@pytest.mark.parametrize(
    "path", ["/%00", "/" + "a" * 300, "/" + "a/" * 3_000, "/..%2f..%2fetc%2fpasswd"], ids=len
)
async def test_an_address_that_no_file_can_have_is_a_page(api: Api, path: str) -> None:
    answer = await api.client(0).get(path)
    assert answer.status_code in {200, 404}
    assert "root:" not in answer.text
