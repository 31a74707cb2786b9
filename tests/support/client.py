"""People who use Assent over HTTP: each with a token, at whichever process is next."""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from uuid import uuid4

import httpx2

Json = dict[str, Any]

PATIENCE: Final = 60.0
NOTHING: Final[Any] = object()


class Api:
    """The processes of one Assent. A request goes to the next of them unless it names one."""

    def __init__(self, clients: list[httpx2.AsyncClient]) -> None:
        self.clients = clients
        self._turns = itertools.cycle(clients)

    def client(self, at: int | None = None) -> httpx2.AsyncClient:
        return next(self._turns) if at is None else self.clients[at]

    def nobody(self) -> "Person":
        return Person(self)

    async def sign_up(self, name: str, password: str = "correct horse") -> "Person":
        email = f"{name.lower().replace(' ', '.')}.{uuid4().hex[:12]}@example.org"
        body = {"email": email, "password": password, "name": name}
        return self.person(await self.nobody().ok("POST", "/auth/signup", body))

    async def guest(self, code: str, name: str = "Guest") -> "Person":
        body = {"name": name, "entrance_code": code}
        return self.person(await self.nobody().ok("POST", "/auth/guest", body))

    def person(self, signed_in: Json) -> "Person":
        return Person(self, signed_in["token"], signed_in["user"], signed_in.get("membership", {}))


@asynccontextmanager
async def connect(*urls: str) -> AsyncIterator[Api]:
    """Open an Api on running servers."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=200)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx2.AsyncClient(
                    base_url=url,
                    limits=limits,
                    timeout=PATIENCE,
                    trust_env=False,
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # keeps none
                )
            )
            for url in urls
        ]
        yield Api(clients)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or nobody where there is no token."""

    api: Api
    token: str | None = None
    user: Json = field(default_factory=dict)
    membership: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.user["id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def send(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        key: str | None = NOTHING,
        at: int | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx2.Response:
        """Send a request. A write carries a fresh key unless one is given, or None for none."""
        sent = {**self.headers, **(headers or {})}
        if key is NOTHING:
            key = str(uuid4()) if method not in {"GET", "HEAD"} else None
        if key is not None:
            sent["Idempotency-Key"] = key
        if body is not NOTHING:
            more["json"] = body
        return await self.api.client(at).request(method, f"/api{path}", headers=sent, **more)

    async def ok(self, method: str, path: str, body: Any = NOTHING, **more: Any) -> Any:
        """Send a request that must succeed, and return its body."""
        response = await self.send(method, path, body, **more)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    async def get(self, path: str, **more: Any) -> Any:
        return await self.ok("GET", path, **more)


def problem(response: httpx2.Response, status: int, code: str | None = None) -> Json:
    """Check that an answer is a problem document of this status, and return it."""
    assert response.status_code == status, f"{response.status_code} {response.text}"
    assert response.headers["content-type"] == "application/problem+json"
    document: Json = response.json()
    assert document["status"] == status
    assert document["type"] == f"urn:assent:problem:{document['code']}"
    assert document["title"]
    assert document["detail"]
    assert code in {None, document["code"]}, document
    return document
