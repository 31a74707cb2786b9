"""What routes ask for: the house, the caller, and the desk that carries out their writes."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Concatenate, ParamSpec
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from app.models.callers import Caller
from app.models.errors import Malformed, NotSignedIn
from app.models.payloads import Payload
from app.services.house import House
from app.services.tallies import VoteIntent
from app.utils.idempotency import Answer, RequestKey, request_key, who_asked
from app.utils.transaction import UnitOfWork

P = ParamSpec("P")

SESSION_COOKIE = "assent_session"
SECURE_COOKIE = "__Host-assent_session"


# Dependencies are coroutines throughout: a plain function would be sent to a thread and back.
async def the_house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def session_token(request: Request) -> str | None:
    """Return the token of a request: the header of a program, or the cookie of a browser."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return cookie_token(request)


def cookie_token(request: Request) -> str | None:
    """Return the token that a browser sends by itself."""
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(SESSION_COOKIE)


async def maybe_caller(
    request: Request, house: Annotated[House, Depends(the_house)]
) -> Caller | None:
    token = session_token(request)
    return await house.callers.find(token) if token else None


async def current_user(caller: Annotated[Caller | None, Depends(maybe_caller)]) -> Caller:
    return require_caller(caller)


def require_caller(caller: Caller | None) -> Caller:
    """Return who asks. Raises NotSignedIn where that is nobody."""
    if caller is None:
        raise NotSignedIn(
            "not_signed_in", "Sign in, or come in with an entrance code, and try again."
        )
    return caller


TheHouse = Annotated[House, Depends(the_house)]
MaybeCaller = Annotated[Caller | None, Depends(maybe_caller)]
CurrentUser = Annotated[Caller, Depends(current_user)]
PageCursor = Annotated[str | None, Query(max_length=100)]
PageLimit = Annotated[int, Query(ge=1, le=100)]


class Desk:
    """Takes one request's write to its lane and brings back the answer."""

    def __init__(self, house: House, caller: Caller | None, key: RequestKey | None) -> None:
        self._house = house
        self._caller = caller
        self.key = key

    async def answer(
        self,
        status: int,
        event_id: UUID | None,
        work: Callable[Concatenate[UnitOfWork, P], Awaitable[Payload]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run `work` in one unit of work: in the event's lane, or beside them all."""
        self.count()
        return await self._house.lanes.write(
            event_id, lambda uow: work(uow, *args, **kwargs), status=status, key=self.key
        )

    async def known(self) -> Answer | None:
        """Return the answer of before: for what looks at a password before its unit of work."""
        return await self._house.lanes.known(self.key)

    async def write(
        self,
        status: int,
        event_id: UUID | None,
        work: Callable[Concatenate[UnitOfWork, P], Awaitable[Payload]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Response:
        """Run `work` and render its answer."""
        return as_response(await self.answer(status, event_id, work, *args, **kwargs))

    async def vote(self, event_id: UUID, intent: VoteIntent) -> Response:
        """Count a vote and render its answer."""
        self.count()
        return as_response(await self._house.lanes.vote(event_id, intent))

    def count(self) -> None:
        """Count one write of the caller. Raises TooMany."""
        if self._caller is not None:
            self._house.limits.count_write(str(self._caller.id))


def as_response(answer: Answer) -> Response:
    """Render an answer, fresh or replayed."""
    headers = {"Cache-Control": "no-store"}
    if answer.seq is not None:
        headers["X-Event-Seq"] = answer.seq
    if answer.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(answer.body, answer.status, headers, "application/json")


async def the_desk(request: Request, house: TheHouse, caller: MaybeCaller) -> Desk:
    return Desk(house, caller, await _key(request, house, caller.id if caller else None))


async def last_desk(request: Request, house: TheHouse, caller: MaybeCaller) -> Desk:
    """The desk for what may end the session that asks: its answer outlives that session.

    Whoever sends the same token, key and request again is told what was answered, and nothing else.
    """
    user_id, token = caller.id if caller else None, session_token(request)
    key = await _key(request, house, user_id, token)
    if caller is None and key is not None:
        async with house.database.read() as session:
            user_id = await who_asked(session, key)
        key = await _key(request, house, user_id) if user_id else None
    return Desk(house, caller, key)


async def front_desk(request: Request, house: TheHouse) -> Desk:
    """The desk for people who are not known yet: a cookie of before says nothing about them."""
    return Desk(house, None, await _key(request, house, None))


def the_key(request: Request) -> str | None:
    """Return the `Idempotency-Key` of a request. Raises Malformed where it has several.

    Which of them counts, a proxy may see otherwise than we do.
    """
    given = request.headers.getlist("idempotency-key")
    if len(given) > 1:
        raise Malformed("idempotency_key_malformed", "Send one Idempotency-Key, not several.")
    return given[0] if given else None


async def _key(
    request: Request, house: House, user_id: UUID | None, token: str | None = None
) -> RequestKey | None:
    header = the_key(request)
    if header is None:
        return None
    target = f"{request.url.path}?{request.url.query}"
    body = await request.body()
    return request_key(house.key_secret, header, user_id, request.method, target, body, token)


TheDesk = Annotated[Desk, Depends(the_desk)]
LastDesk = Annotated[Desk, Depends(last_desk)]
FrontDesk = Annotated[Desk, Depends(front_desk)]


def json_body(payload: Payload, status: int = 200) -> Response:
    """Render what was read; nobody but the reader may keep it."""
    return Response(payload.encode(), status, {"Cache-Control": "no-store"}, "application/json")
