import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from uuid import uuid4

import pytest

from tests.support.client import Api, Person, connect, problem
from tests.support.rooms import open_room
from tests.support.server import StartServers
from tests.support.truth import Truth

COOKIE = "assent_session"
PASSWORD = "correct horse"


def _account() -> dict[str, str]:
    return {"email": f"{uuid4().hex}@Example.org", "password": PASSWORD, "name": "Ada"}


async def test_signing_up_signs_in(api: Api) -> None:
    account = _account()
    answer = await api.nobody().send("POST", "/auth/signup", account)
    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {"user", "token"}
    user = await api.person(body).get("/auth/me")
    assert user == body["user"]
    assert (user["name"], user["email"], user["is_guest"]) == ("Ada", account["email"], False)
    assert "password" not in answer.text


async def test_the_cookie_of_a_browser_is_closed_to_scripts(api: Api) -> None:
    answer = await api.nobody().send("POST", "/auth/signup", _account())
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name == f"{COOKIE}={answer.json()['token']}"
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(flags)
    assert "Secure" not in flags


async def test_over_https_the_cookie_is_bound_to_the_host(api: Api) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    answer = await api.nobody().send("POST", "/auth/signup", _account(), headers=headers)
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"__Host-{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)


async def test_emails_are_compared_without_their_case(api: Api) -> None:
    account = _account()
    await api.nobody().ok("POST", "/auth/signup", account)
    again = {**account, "email": account["email"].upper()}
    problem(await api.nobody().send("POST", "/auth/signup", again), 409, "email_taken")
    login = {"email": account["email"].upper(), "password": PASSWORD}
    assert (await api.nobody().ok("POST", "/auth/login", login))["user"]["name"] == "Ada"


async def test_a_failed_sign_in_does_not_tell_whether_there_is_an_account(api: Api) -> None:
    account = _account()
    await api.nobody().ok("POST", "/auth/signup", account)
    wrong = {"email": account["email"], "password": "wrong horse"}
    unknown = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    same = {"X-Request-ID": "same"}
    answers = [
        await api.nobody().send("POST", "/auth/login", body, headers=same)
        for body in (wrong, unknown)
    ]
    problem(answers[0], 401, "wrong_credentials")
    assert answers[0].content == answers[1].content
    assert {name: value for name, value in answers[0].headers.items() if name != "date"} == {
        name: value for name, value in answers[1].headers.items() if name != "date"
    }


async def test_sessions_are_listed_and_ended(api: Api) -> None:
    account = _account()
    first = api.person(await api.nobody().ok("POST", "/auth/signup", account))
    login = {"email": account["email"], "password": PASSWORD}
    second = api.person(await api.nobody().ok("POST", "/auth/login", login))
    sessions = (await first.get("/auth/sessions"))["items"]
    assert [session["current"] for session in sessions] == [False, True]
    assert not any("token" in name and session[name] for session in sessions for name in session)

    other = f"/auth/sessions/{sessions[0]['id']}"
    stranger = api.person(await api.nobody().ok("POST", "/auth/signup", _account()))
    problem(await stranger.send("DELETE", other), 404, "session_not_found")
    assert await first.ok("DELETE", other) == {"ended": 1}
    problem(await second.send("GET", "/auth/me"), 401, "not_signed_in")


async def test_signing_out_ends_the_session_and_forgets_the_cookie(api: Api) -> None:
    person = api.person(await api.nobody().ok("POST", "/auth/signup", _account()))
    answer = await person.send("POST", "/auth/logout")
    assert 'assent_session=""' in answer.headers["set-cookie"]
    for at in (0, 1):
        problem(await person.send("GET", "/auth/me", at=at), 401)


async def test_an_api_token_speaks_for_its_owner(api: Api, host: Person) -> None:
    issued = await host.ok("POST", "/auth/tokens", {"name": "Reporter", "days": 7})
    assert set(issued) == {"id", "name", "token", "expires_at"}
    assert (await Person(api, issued["token"]).get("/auth/me"))["id"] == host.id
    listed = (await host.get("/auth/sessions"))["items"]
    assert [s["name"] for s in listed if s["id"] == issued["id"]] == ["Reporter"]


async def test_only_hashes_of_tokens_are_kept(host: Person, truth: Truth) -> None:
    assert host.token is not None
    for table in ("users", "sessions", "password_resets", "idempotency_keys", "changes"):
        found = f"SELECT count(*) FROM {table} t WHERE position(%s IN t::text) > 0"
        assert await truth.number(found, host.token) == 0
        assert await truth.number(found, host.token.encode().hex()) == 0


async def test_a_profile_changes_what_it_names(api: Api) -> None:
    person = api.person(await api.nobody().ok("POST", "/auth/signup", _account()))
    user = await person.ok("PATCH", "/auth/me", {"locale": "ko"})
    assert (user["locale"], user["name"]) == ("ko", "Ada")
    wrong = {"password": "new password", "current_password": "wrong"}
    problem(await person.send("PATCH", "/auth/me", wrong), 422, "wrong_password")


async def test_a_claimed_guest_signs_in_with_the_new_account(api: Api, host: Person) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    account = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    taken = {"email": host.user["email"].upper(), "password": PASSWORD}
    problem(await guest.send("POST", "/auth/claim", taken), 409, "email_taken")
    await guest.ok("POST", "/auth/claim", account)
    user = (await api.nobody().ok("POST", "/auth/login", account))["user"]
    assert (user["id"], user["is_guest"]) == (guest.id, False)


async def test_a_password_is_reset_by_mail_once(api: Api, start_servers: StartServers) -> None:
    account = _account()
    person = api.person(await api.nobody().ok("POST", "/auth/signup", account))
    unknown = f"{uuid4().hex}@example.org"
    letters = await _letters(start_servers, account["email"].upper(), unknown)
    assert [letter["To"] for letter in letters] == [account["email"]]

    reset = {"token": _token(letters[0]), "password": "another horse"}
    path = "/auth/password-reset/confirm"
    answers = await asyncio.gather(*(api.nobody().send("POST", path, reset) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    problem(await person.send("GET", "/auth/me"), 401)
    login = {"email": account["email"], "password": "another horse"}
    assert await api.nobody().ok("POST", "/auth/login", login)
    old = {**login, "password": PASSWORD}
    problem(await api.nobody().send("POST", "/auth/login", old), 401)


async def test_a_reset_that_expired_is_refused(
    api: Api, start_servers: StartServers, truth: Truth
) -> None:
    account = _account()
    person = api.person(await api.nobody().ok("POST", "/auth/signup", account))
    (letter,) = await _letters(start_servers, account["email"])
    age = "UPDATE password_resets SET expires_at = now() WHERE user_id = %s RETURNING user_id"
    assert await truth.rows(age, person.id)
    reset = {"token": _token(letter), "password": "another horse"}
    answer = await api.nobody().send("POST", "/auth/password-reset/confirm", reset)
    problem(answer, 422, "reset_token_invalid")
    assert await person.get("/auth/me")


async def _letters(start_servers: StartServers, *asking: str) -> list[EmailMessage]:
    """Ask for resets, and return the letters that a server has sent by its orderly end."""
    (server,) = start_servers()
    async with connect(server.url) as api:
        answers = [
            await api.nobody().send("POST", "/auth/password-reset/request", {"email": to})
            for to in asking
        ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (202, answers[0].content)
    }
    server.stop()
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in server.mails.iterdir()
    ]


def _token(letter: EmailMessage) -> str:
    found = re.search(r"/reset#(\S+)", letter.get_content())
    assert found
    return found[1]


@pytest.mark.parametrize("kind", ["signup", "guest"])
async def test_names_are_kept_as_they_are_written(api: Api, host: Person, kind: str) -> None:
    room = await open_room(host)
    name = "<b>김서연</b> & Zoë 👩‍👩‍👧"
    body = {"signup": {**_account(), "name": name}, "guest": {"name": name}}[kind]
    if kind == "guest":
        body["entrance_code"] = room.code.lower()
    signed_in = await api.nobody().ok("POST", f"/auth/{kind}", body)
    assert signed_in["user"]["name"] == name
