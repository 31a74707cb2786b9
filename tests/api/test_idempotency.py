import asyncio
import re
from uuid import uuid4

import httpx2
import pytest

from tests.support.client import Api, Json, Person, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.truth import Truth

KEYS = "SELECT count(*) FROM idempotency_keys"


def _same(first: httpx2.Response, again: httpx2.Response) -> bool:
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers.get("x-event-seq") == first.headers.get("x-event-seq")
    return (first.status_code, first.content) == (again.status_code, again.content)


async def test_a_replayed_write_answers_the_same_and_does_nothing(
    host: Person, truth: Truth
) -> None:
    room = await open_room(host)
    key = str(uuid4())
    path, body = f"{room.path}/comments", {"content": "Once"}
    first = await host.send("POST", path, body, key=key, at=0)
    await host.ok("POST", path, {"content": "Something else happens"})
    head = await truth.head(room.id)

    for at in (0, 1):
        assert _same(first, await host.send("POST", path, body, key=key, at=at))
    assert await truth.head(room.id) == head


async def test_a_replayed_vote_answers_as_it_did(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))
    key = str(uuid4())
    first = await host.send("POST", votes, key=key, at=0)
    await host.ok("PUT", votes, {"choice": "DISAGREE"})

    assert _same(first, await host.send("POST", votes, key=key, at=1))
    assert first.json()["choice"] == "AGREE"
    await truth.check(room.id)


async def test_an_answer_outlives_the_right_to_the_next(host: Person) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    path, body = f"{room.path}/comments", {"content": "My last word"}
    first = await guest.send("POST", path, body, key="last")
    await room.manage(guest.membership["id"], "kick")

    assert _same(first, await guest.send("POST", path, body, key="last"))
    problem(await guest.send("POST", path, body), 403, "membership_left")


async def test_an_answer_outlives_its_event(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))
    voted = await host.send("POST", votes, key=f"vote in {room.id}")
    gone = await host.send("DELETE", room.path, key=f"delete {room.id}")

    assert _same(voted, await host.send("POST", votes, key=f"vote in {room.id}"))
    assert _same(gone, await host.send("DELETE", room.path, key=f"delete {room.id}"))
    problem(await host.send("POST", votes), 404, "event_not_found")
    problem(await host.send("DELETE", room.path), 404, "event_not_found")


async def test_an_answer_outlives_the_password_it_was_given_for(api: Api, host: Person) -> None:
    room = await open_room(host, password="open")
    friend = await api.sign_up("Friend", "correct horse")
    entry = {"entrance_code": room.code, "password": "open"}
    entered = await friend.send("POST", "/events/entry", entry, key=f"enter {room.id}")
    await host.ok("PATCH", room.path, {"password": "other"})
    secret = {"password": "correct donkey", "current_password": "correct horse"}
    changed = await friend.send("PATCH", "/auth/me", secret, key=f"change {room.id}")

    assert _same(entered, await friend.send("POST", "/events/entry", entry, key=f"enter {room.id}"))
    assert _same(changed, await friend.send("PATCH", "/auth/me", secret, key=f"change {room.id}"))
    problem(await friend.send("POST", "/events/entry", entry), 403, "event_password_wrong")
    problem(await friend.send("PATCH", "/auth/me", secret), 422, "wrong_password")


@pytest.mark.parametrize("change", ["body", "path", "user", "method"])
async def test_a_key_belongs_to_one_request(host: Person, truth: Truth, change: str) -> None:
    room, other = await open_room(host), await open_room(host)
    (guest,) = await room.guests(1)
    key = str(uuid4())
    path, body = f"{room.path}/comments", {"content": "A secret word"}
    said = await host.send("POST", path, body, key=key)
    heads = [await truth.head(room.id), await truth.head(other.id)]

    answer = {
        "body": lambda: host.send("POST", path, {"content": "Another"}, key=key),
        "path": lambda: host.send("POST", f"{other.path}/comments", body, key=key),
        "user": lambda: guest.send("POST", path, body, key=key),
        "method": lambda: host.send("PATCH", f"{path}/{said.json()['id']}", body, key=key),
    }[change]
    refused = await answer()

    problem(refused, 422, "idempotency_key_reused")
    assert "secret" not in refused.text
    assert "x-event-seq" not in refused.headers
    assert [await truth.head(room.id), await truth.head(other.id)] == heads


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\u00e9"], ids=repr)
async def test_a_malformed_key_is_refused(host: Person, truth: Truth, key: str) -> None:
    room = await open_room(host)
    head = await truth.head(room.id)

    # The client sends text as ASCII; what it would refuse is sent as the bytes it would be.
    answer = await host.send(
        *("POST", f"{room.path}/comments", {"content": "No"}),
        key=None,
        headers={"Idempotency-Key": key.encode("latin-1")},
    )

    problem(answer, 400, "idempotency_key_malformed")
    assert await truth.head(room.id) == head


@pytest.mark.parametrize("key", ["k", "x" * 255, "with spaces ~!"], ids=len)
async def test_a_key_may_be_any_printable_text(host: Person, key: str) -> None:
    room = await open_room(host, start=False)
    path = f"{room.path}/comments"
    own = f"{key}{uuid4().hex}"[-255:]
    first = await host.send("POST", path, {"content": "Yes"}, key=own)
    assert _same(first, await host.send("POST", path, {"content": "Yes"}, key=own))


async def test_two_keys_are_none(host: Person, truth: Truth) -> None:
    """Which of them counts, a proxy may see otherwise."""
    room = await open_room(host)
    before = await truth.head(room.id)
    headers = [*host.headers.items(), *(("Idempotency-Key", f"{room.id}-{n}") for n in range(2))]
    path, body = f"/api{room.path}/comments", {"content": "Once or twice?"}
    answer = await host.api.client(0).post(path, json=body, headers=headers)
    problem(answer, 400, "idempotency_key_malformed")
    assert await truth.head(room.id) == before


async def test_a_refusal_is_not_stored(host: Person, truth: Truth) -> None:
    room = await open_room(host, start=False, policies=MANUAL)
    path, body = f"{room.path}/assumption-proposals", {"category": "CREATION", "content": "Yes"}
    before = await truth.number(KEYS)
    refused = await host.send("POST", path, body, key="early")
    assert await truth.number(KEYS) == before
    await room.move("IN_PROGRESS")

    accepted = await host.send("POST", path, body, key="early")

    problem(refused, 409, "event_not_started")
    assert accepted.status_code == 201
    assert "idempotency-replayed" not in accepted.headers


@pytest.mark.parametrize("route", ["signup", "guest", "login", "tokens"])
async def test_a_replayed_token_is_the_same_and_never_stored(
    api: Api, host: Person, truth: Truth, route: str
) -> None:
    room = await open_room(host)
    email = f"{uuid4().hex}@example.org"
    account = {"email": email, "password": "correct horse"}
    known = await api.nobody().ok("POST", "/auth/signup", {**account, "name": "Known"})
    body = {
        "signup": {**account, "email": f"new.{email}", "name": "New"},
        "guest": {"name": "Guest", "entrance_code": room.code},
        "login": account,
        "tokens": {"name": "A program"},
    }[route]
    who = api.person(known) if route == "tokens" else api.nobody()
    key = str(uuid4())
    answers = [await who.send("POST", f"/auth/{route}", body, key=key, at=at) for at in (0, 1)]

    assert _same(*answers)
    token = answers[0].json()["token"]
    if route != "tokens":
        cookies = [_cookies(answer) for answer in answers]
        assert cookies[0] == cookies[1]
        assert token in "".join(cookies[0])
    assert await Person(api, token).get("/auth/me")
    hits = "SELECT count(*) FROM idempotency_keys WHERE position(%s::bytea IN response_body) > 0"
    assert await truth.number(hits, token.encode()) == 0


async def test_a_double_click_opens_one_event(host: Person, truth: Truth) -> None:
    body = {"subject": f"Twice? {uuid4()}", "options": ["Yes"]}
    key = str(uuid4())

    answers = await asyncio.gather(*(host.send("POST", "/events", body, key=key) for _ in range(9)))

    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    events = "SELECT count(*) FROM events WHERE subject = %s"
    assert await truth.number(events, body["subject"]) == 1


async def test_without_a_key_every_request_counts(host: Person) -> None:
    room = await open_room(host)
    path, body = f"{room.path}/comments", {"content": "Again"}
    first, second = [await host.send("POST", path, body, key=None) for _ in range(2)]
    assert first.json()["id"] != second.json()["id"]


GUESSED = {"email": "nobody@example.org", "password": "correct horse"}


async def _leaver(api: Api, room: Room, route: str) -> tuple[Person, tuple[str, str, Json | None]]:
    """Somebody, and a request of theirs that ends the session in which they ask."""
    if route == "claim":
        email = f"{uuid4().hex}@example.org"
        body: Json = {"email": email, "password": "correct horse"}
        return await api.guest(room.code), ("POST", "/auth/claim", body)
    person = await api.sign_up("Leaver")
    if route == "logout":
        return person, ("POST", "/auth/logout", None)
    if route == "me":
        return person, ("DELETE", "/auth/me", None)
    (session,) = (await person.get("/auth/sessions"))["items"]
    return person, ("DELETE", f"/auth/sessions/{session['id']}", None)


def _cookies(answer: httpx2.Response) -> list[str]:
    """What is set, without the second at which one that ends is said to have ended."""
    said = answer.headers.get_list("set-cookie")
    return [re.sub("expires=[^;]+", "expires", one) for one in said]


@pytest.mark.parametrize("route", ["claim", "logout", "me", "session"])
async def test_an_answer_outlives_the_session_that_it_ended(
    api: Api, host: Person, truth: Truth, route: str
) -> None:
    person, (method, path, body) = await _leaver(api, await open_room(host), route)
    sent, key = {} if body is None else {"body": body}, str(uuid4())
    first = await person.send(method, path, **sent, key=key, at=0)
    sessions = "SELECT count(*) FROM sessions WHERE user_id = %s"
    left = await truth.number(sessions, person.id)

    for at in (0, 1):
        again = await person.send(method, path, **sent, key=key, at=at)
        assert _same(first, again)
        assert _cookies(again) == _cookies(first)
    assert first.status_code == 200
    assert await truth.number(sessions, person.id) == left == (1 if route == "claim" else 0)
    problem(await person.send("GET", "/auth/me"), 401, "not_signed_in")


@pytest.mark.parametrize("change", ["token", "nobody", "key", "body", "path", "member"])
async def test_an_ended_session_is_told_that_answer_and_nothing_else(
    api: Api, host: Person, truth: Truth, change: str
) -> None:
    room = await open_room(host)
    person, (method, path, body) = await _leaver(api, room, "claim")
    other, key = await api.guest(room.code), str(uuid4())
    first = await person.send(method, path, body, key=key)
    await other.ok("POST", "/auth/logout")
    before = await truth.number(KEYS)

    answer = {
        "token": lambda: other.send(method, path, body, key=key),
        "nobody": lambda: api.nobody().send(method, path, body, key=key),
        "key": lambda: person.send(method, path, body, key=str(uuid4())),
        "body": lambda: person.send(method, path, GUESSED, key=key),
        "path": lambda: person.send(method, "/auth/logout", key=key),
        "member": lambda: host.send(method, path, body, key=key),
    }[change]
    refused = await answer()

    if change == "member":
        problem(refused, 422, "idempotency_key_reused")
    else:
        problem(refused, 401, "not_signed_in")
    assert "set-cookie" not in refused.headers
    assert first.json()["token"] not in refused.text
    assert await truth.number(KEYS) == before
