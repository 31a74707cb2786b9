"""Events over HTTP: opening, entering, reading, changing, closing."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Response

from app.models.bodies import CodeQuestion, Entry, EventEdit, NewEvent, StatusEdit
from app.models.callers import Caller
from app.models.payloads import (
    AuditPage,
    ChangesPage,
    CodeCheck,
    EntranceCode,
    EventHead,
    EventOverview,
    EventPayload,
    EventSummary,
    MembershipPayload,
)
from app.routers.api import api_router
from app.routers.auth import client_address
from app.routers.deps import (
    CurrentUser,
    MaybeCaller,
    PageCursor,
    PageLimit,
    TheDesk,
    TheHouse,
    as_response,
    json_body,
)
from app.routers.problems import problem_responses
from app.services import audit, changes, codes, entry, events, lifecycle, lobby
from app.services.house import House
from app.services.pages import Page
from app.services.snapshots import State
from app.utils.limits import GUESSES
from app.utils.security import hash_password

router = api_router("/events", "events", 400, 401, 422, 429, 503)

Address = Annotated[str, Depends(client_address)]


@router.post("", status_code=201, response_model=EventPayload, responses=problem_responses(409))
async def open_event(desk: TheDesk, user: CurrentUser, body: NewEvent) -> Response:
    password_hash = await hash_password(body.password) if body.password else None
    return await desk.write(201, None, events.open_event, user, body, password_hash)


@router.get("", response_model=Page[EventSummary])
async def list_events(
    house: TheHouse, user: CurrentUser, cursor: PageCursor = None, limit: PageLimit = 50
) -> Response:
    return json_body(await lobby.list_events(house.database, user, cursor, limit))


@router.post(
    "/entry",
    status_code=201,
    response_model=MembershipPayload,
    responses=problem_responses(403, 404, 409),
)
async def enter_event(
    desk: TheDesk, house: TheHouse, user: CurrentUser, body: Entry, address: Address
) -> Response:
    known = await desk.known()
    if known is not None:
        return as_response(known)
    async with house.limits.on_failures(GUESSES, address):
        door = await entry.check_door(house.database, body)
    return await desk.write(201, door.id, entry.enter, user, door, observe=body.observe)


@router.get("/entrance-code/generate", response_model=EntranceCode)
async def generate_entrance_code(house: TheHouse, _user: CurrentUser) -> Response:
    return json_body(await codes.suggest_code(house.database))


@router.post("/entrance-code/check", response_model=CodeCheck, responses=problem_responses(404))
async def check_entrance_code(house: TheHouse, body: CodeQuestion, address: Address) -> Response:
    async with house.limits.on_failures(GUESSES, address):
        return json_body(await codes.check_code(house.database, body.entrance_code))


@router.get("/{event_id}/overview", response_model=EventOverview, responses=problem_responses(404))
async def read_overview(house: TheHouse, user: MaybeCaller, event_id: UUID) -> Response:
    return json_body(await lobby.read_overview(house.database, user, event_id))


@router.get(
    "/{event_id}",
    response_model=EventPayload,
    responses={
        304: {"description": "Nothing has changed since the `ETag` that was sent"},
        **problem_responses(403, 404),
    },
)
async def read_event(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    if_none_match: Annotated[str | None, Header(max_length=1_000)] = None,
) -> Response:
    """Read an event as the caller sees it. `If-None-Match` with its `ETag` saves the body."""
    if if_none_match is not None:
        state = await house.snapshots.still(user, event_id, if_none_match)
        if state is not None:
            return Response(None, 304, _named(house, user, state))
    view = await house.snapshots.read(user, event_id)
    named = _named(house, user, view.state)
    return Response(view.encode(), 200, named, "application/json")


def _named(house: House, user: Caller, state: State) -> dict[str, str]:
    tag = house.snapshots.tag(user, state)
    return {"Cache-Control": "no-store", "ETag": tag, "X-Event-Seq": state.cursor}


@router.patch(
    "/{event_id}", response_model=EventPayload, responses=problem_responses(403, 404, 409)
)
async def edit_event(desk: TheDesk, user: CurrentUser, event_id: UUID, body: EventEdit) -> Response:
    password_hash = await hash_password(body.password) if body.password else None
    return await desk.write(200, event_id, events.edit_event, user, event_id, body, password_hash)


@router.delete("/{event_id}", response_model=EventHead, responses=problem_responses(403, 404))
async def delete_event(desk: TheDesk, user: CurrentUser, event_id: UUID) -> Response:
    return await desk.write(200, event_id, events.delete_event, user, event_id)


@router.patch(
    "/{event_id}/status", response_model=EventHead, responses=problem_responses(403, 404, 409)
)
async def change_event_status(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: StatusEdit
) -> Response:
    return await desk.write(200, event_id, lifecycle.change_status, user, event_id, body.status)


@router.get(
    "/{event_id}/changes", response_model=ChangesPage, responses=problem_responses(403, 404, 410)
)
async def read_changes(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Response:
    return json_body(await changes.read_changes(house.database, user, event_id, after))


@router.get("/{event_id}/audit", response_model=AuditPage, responses=problem_responses(403, 404))
async def read_audit(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: PageLimit = 50,
) -> Response:
    return json_body(await audit.read_audit(house.database, user, event_id, before, limit))
