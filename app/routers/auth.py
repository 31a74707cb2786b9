"""Accounts and sessions over HTTP."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Request, Response

from app.models.bodies import (
    Claim,
    Guest,
    LogIn,
    ProfileEdit,
    ResetConfirm,
    ResetRequest,
    SignUp,
    TokenRequest,
)
from app.models.payloads import (
    ApiToken,
    GuestSignedIn,
    PersonExport,
    SessionPayload,
    SignedIn,
    UserPayload,
)
from app.models.presenting import present_user
from app.routers.api import api_router
from app.routers.deps import (
    SECURE_COOKIE,
    SESSION_COOKIE,
    CurrentUser,
    FrontDesk,
    LastDesk,
    MaybeCaller,
    TheDesk,
    TheHouse,
    as_response,
    cookie_token,
    json_body,
    require_caller,
)
from app.routers.problems import problem_responses
from app.services import accounts, entry, privacy, sessions
from app.services.pages import Page
from app.utils.idempotency import Answer
from app.utils.limits import GUESSES, MAILS, SIGN_INS, SIGN_UPS, SPRAYS
from app.utils.security import hash_password

router = api_router("/auth", "auth", 400, 422, 429, 503)


async def client_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


Address = Annotated[str, Depends(client_address)]
UserAgent = Annotated[str, Depends(user_agent)]


def _signed_in(request: Request, house: TheHouse, answer: Answer) -> Response:
    """Render an answer that holds a fresh token, which a browser keeps as a cookie."""
    response = as_response(answer)
    secure = request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if secure else SESSION_COOKIE,
        orjson.loads(answer.body)["token"],
        max_age=house.settings.session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=secure,
        path="/",
    )
    return response


def _forget_cookie(response: Response) -> Response:
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    response.delete_cookie(SECURE_COOKIE, path="/", httponly=True, samesite="lax", secure=True)
    return response


@router.post("/signup", status_code=201, response_model=SignedIn, responses=problem_responses(409))
async def sign_up(
    request: Request,
    house: TheHouse,
    desk: FrontDesk,
    body: SignUp,
    address: Address,
    agent: UserAgent,
) -> Response:
    await house.limits.count(SIGN_UPS, address)
    password_hash = await hash_password(body.password)
    days = house.settings.session_days
    before = cookie_token(request)
    answer = await desk.answer(
        201, None, accounts.sign_up, body, password_hash, days, agent, before
    )
    return _signed_in(request, house, answer)


@router.post("/login", response_model=SignedIn, responses=problem_responses(401))
async def log_in(
    request: Request,
    house: TheHouse,
    desk: FrontDesk,
    body: LogIn,
    address: Address,
    agent: UserAgent,
) -> Response:
    who = (address, body.email.strip().lower())
    async with (
        house.limits.on_failures(SPRAYS, address),
        house.limits.on_failures(SIGN_INS, *who),
    ):
        user_id = await accounts.check_credentials(house.database, body.email, body.password)
    days = house.settings.session_days
    before = cookie_token(request)
    answer = await desk.answer(200, None, accounts.log_in, user_id, days, agent, before)
    return _signed_in(request, house, answer)


@router.post("/logout", response_model=sessions.Ended, responses=problem_responses(401))
async def log_out(desk: LastDesk, caller: MaybeCaller) -> Response:
    known = await desk.known()
    answer = known or await desk.answer(200, None, sessions.log_out, require_caller(caller))
    return _forget_cookie(as_response(answer))


@router.post(
    "/guest",
    status_code=201,
    response_model=GuestSignedIn,
    responses=problem_responses(403, 404, 409),
)
async def enter_as_guest(
    request: Request, house: TheHouse, desk: FrontDesk, body: Guest, address: Address
) -> Response:
    known = await desk.known()
    if known is not None:
        return _signed_in(request, house, known)
    async with house.limits.on_failures(GUESSES, address):
        door = await entry.check_door(house.database, body)
    days = house.settings.session_days
    answer = await desk.answer(201, door.id, entry.enter_as_guest, body, door, days)
    return _signed_in(request, house, answer)


@router.post("/claim", response_model=SignedIn, responses=problem_responses(401, 409))
async def claim(
    request: Request,
    house: TheHouse,
    desk: LastDesk,
    caller: MaybeCaller,
    body: Claim,
    agent: UserAgent,
) -> Response:
    known = await desk.known()
    if known is not None:
        return _signed_in(request, house, known)
    user = require_caller(caller)
    password_hash = await hash_password(body.password)
    days = house.settings.session_days
    answer = await desk.answer(200, None, accounts.claim, user, body, password_hash, days, agent)
    return _signed_in(request, house, answer)


@router.get("/me", response_model=UserPayload, responses=problem_responses(401))
async def read_profile(house: TheHouse, user: CurrentUser) -> Response:
    return json_body(present_user(await sessions.find_user(house.database, user)))


@router.patch("/me", response_model=UserPayload, responses=problem_responses(401, 409))
async def edit_profile(
    house: TheHouse, desk: TheDesk, user: CurrentUser, body: ProfileEdit
) -> Response:
    known = await desk.known()
    if known is not None:
        return as_response(known)
    password_hash = await accounts.new_password_hash(house.database, user, body)
    return await desk.write(200, None, accounts.edit_profile, user, body, password_hash)


@router.delete("/me", response_model=UserPayload, responses=problem_responses(401, 409))
async def forget_me(desk: LastDesk, caller: MaybeCaller) -> Response:
    known = await desk.known()
    answer = known or await desk.answer(200, None, privacy.forget_person, require_caller(caller))
    return _forget_cookie(as_response(answer))


@router.get("/me/export", response_model=PersonExport, responses=problem_responses(401))
async def export_me(house: TheHouse, user: CurrentUser) -> Response:
    answer = json_body(await privacy.export_person(house.database, user))
    answer.headers["Content-Disposition"] = 'attachment; filename="assent-export.json"'
    return answer


@router.get("/sessions", response_model=Page[SessionPayload], responses=problem_responses(401))
async def list_sessions(house: TheHouse, user: CurrentUser) -> Response:
    return json_body(await sessions.list_sessions(house.database, user))


@router.delete(
    "/sessions/{session_id}", response_model=sessions.Ended, responses=problem_responses(401, 404)
)
async def end_session(desk: LastDesk, caller: MaybeCaller, session_id: UUID) -> Response:
    known = await desk.known()
    if known is not None:
        return as_response(known)
    return await desk.write(200, None, sessions.end_session, require_caller(caller), session_id)


@router.post("/tokens", status_code=201, response_model=ApiToken, responses=problem_responses(401))
async def issue_api_token(desk: TheDesk, user: CurrentUser, body: TokenRequest) -> Response:
    return await desk.write(201, None, sessions.issue_api_token, user, body.name, body.days)


@router.post("/password-reset/request", status_code=202, response_model=accounts.Accepted)
async def request_password_reset(
    request: Request, house: TheHouse, desk: FrontDesk, body: ResetRequest, address: Address
) -> Response:
    await house.limits.count(MAILS, address, body.email.strip().lower())
    public_url = house.settings.public_url or str(request.base_url).rstrip("/")
    return await desk.write(202, None, accounts.request_reset, body.email, house.mailer, public_url)


@router.post("/password-reset/confirm", response_model=accounts.Accepted)
async def confirm_password_reset(
    house: TheHouse, desk: FrontDesk, body: ResetConfirm, address: Address
) -> Response:
    await house.limits.count(GUESSES, address)
    password_hash = await hash_password(body.password)
    return await desk.write(200, None, accounts.confirm_reset, body.token, password_hash)
