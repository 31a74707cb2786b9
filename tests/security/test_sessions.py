import asyncio

import pytest

from app.utils import security
from tests.support.client import Api, Person, problem

COOKIE = "assent_session"


async def test_a_sign_in_ends_the_session_that_the_browser_had(api: Api) -> None:
    person = await api.sign_up("Somebody")
    credentials = {"email": person.user["email"], "password": "correct horse"}
    cookie = {"Cookie": f"{COOKIE}={person.token}"}
    fresh = await api.nobody().ok("POST", "/auth/login", credentials, headers=cookie)
    assert fresh["token"] != person.token
    problem(await person.send("GET", "/auth/me"), 401)
    # Signing in elsewhere ends nothing.
    await api.nobody().ok("POST", "/auth/login", credentials)
    await api.person(fresh).get("/auth/me")


async def test_a_sign_up_ends_the_session_that_the_browser_had(api: Api) -> None:
    first = await api.sign_up("First")
    body = {"email": f"second.{first.id}@example.org", "password": "correct horse", "name": "Two"}
    cookie = {"Cookie": f"{COOKIE}={first.token}"}
    await api.nobody().ok("POST", "/auth/signup", body, headers=cookie)
    problem(await first.send("GET", "/auth/me"), 401)


async def test_a_session_that_is_brought_along_is_never_taken_over(api: Api) -> None:
    person = await api.sign_up("Careful")
    planted = "A" * 43
    credentials = {"email": person.user["email"], "password": "correct horse"}
    cookie = {"Cookie": f"{COOKIE}={planted}"}
    answer = await api.nobody().ok("POST", "/auth/login", credentials, headers=cookie)
    assert answer["token"] != planted
    problem(await Person(api, planted).send("GET", "/auth/me"), 401)


async def test_nobody_takes_as_much_work_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: one hash of the same cost, whether there is an account or not."""
    checked: list[str] = []
    plain = security._verify

    def verify(hashed: str, password: str) -> bool:
        checked.append(hashed)
        return plain(hashed, password)

    monkeypatch.setattr(security, "_verify", verify)
    somebody = await security.hash_password("correct horse")
    await asyncio.gather(
        security.password_matches("wrong horse", somebody),
        security.password_matches("wrong horse", None),
    )
    assert len(checked) == 2
    costs = {hashed.split("$")[3] for hashed in checked}
    assert costs == {"m=19456,t=2,p=1"}


@pytest.mark.parametrize("path", ["/auth/login", "/auth/password-reset/request"])
async def test_answers_do_not_tell_who_has_an_account(api: Api, path: str) -> None:
    person = await api.sign_up("Known")
    body = {"password": "wrong horse"} if path.endswith("login") else {}
    known = await api.nobody().send("POST", path, {"email": person.user["email"], **body})
    unknown = await api.nobody().send("POST", path, {"email": "no.one@example.org", **body})
    assert known.status_code == unknown.status_code
    hidden = {"x-request-id", "date"}
    assert {n: v for n, v in known.headers.items() if n not in hidden} == {
        n: v for n, v in unknown.headers.items() if n not in hidden
    }
    assert {**known.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
