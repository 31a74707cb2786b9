import pytest

from tests.support.client import Api, Person, problem
from tests.support.rooms import open_room
from tests.support.truth import Truth

COOKIE = "assent_session"


def _browser(person: Person, **headers: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={person.token}", **headers}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://{host}"},
    ],
    ids=str,
)
async def test_another_site_cannot_write_with_the_cookie(
    api: Api, host: Person, truth: Truth, headers: dict[str, str]
) -> None:
    room = await open_room(host)
    head = await truth.head(room.id)
    netloc = api.client(0).base_url.netloc.decode()
    filled = {name: value.format(host=netloc) for name, value in headers.items()}
    answer = await api.nobody().send(
        *("POST", f"{room.path}/comments", {"content": "No"}),
        headers=_browser(host, **filled),
        at=0,
    )
    problem(answer, 403, "cross_site")
    assert await truth.head(room.id) == head


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://{host}"},
        {},
    ],
    ids=str,
)
async def test_the_own_site_writes_with_the_cookie(
    api: Api, host: Person, headers: dict[str, str]
) -> None:
    room = await open_room(host)
    netloc = api.client(0).base_url.netloc.decode()
    filled = {name: value.format(host=netloc) for name, value in headers.items()}
    assert await api.nobody().ok(
        *("POST", f"{room.path}/comments", {"content": "Yes"}),
        headers=_browser(host, **filled),
        at=0,
    )


async def test_another_site_cannot_sign_a_browser_in(api: Api, host: Person) -> None:
    room = await open_room(host)
    body = {"name": "Lured", "entrance_code": room.code}
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = await api.nobody().send("POST", "/auth/guest", body, headers=headers)
    problem(answer, 403, "cross_site")
    assert "set-cookie" not in answer.headers


async def test_another_site_may_link_here(host: Person) -> None:
    headers = _browser(host, **{"Sec-Fetch-Site": "cross-site"})
    assert await host.api.nobody().get("/auth/me", headers=headers)


@pytest.mark.parametrize("path", ["/auth/me", "/healthz", "/nothing", "/events"])
async def test_every_answer_carries_the_headers_of_a_careful_site(host: Person, path: str) -> None:
    answer = await host.send("GET", path)
    policy = answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "server" not in answer.headers


async def test_nothing_personal_is_kept_by_caches(host: Person) -> None:
    room = await open_room(host)
    for path in (room.path, "/auth/me", "/events", f"{room.path}/changes"):
        answer = await host.send("GET", path)
        assert "no-store" in answer.headers["cache-control"]


async def test_no_other_origin_is_let_in(host: Person) -> None:
    answer = await host.send("GET", "/auth/me", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
