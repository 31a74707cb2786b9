"""How much people want to be told while they are away, over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Response

from app.models.errors import Conflict
from app.models.payloads import Identified, NotificationPayload, PushKey
from app.models.reaching import Endpoint, NotificationBody, PushBody
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, FrontDesk, TheDesk, TheHouse, json_body
from app.services import notifications
from app.utils.addresses import find_target

router = api_router("", "notifications", *USUAL)
EVENT: Final = "/events/{event_id}/notifications"
Token = Annotated[str, Query(max_length=100)]

_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>Assent</title>
<p>Get no more mails about this event? / 이 이벤트의 메일을 더 받지 않으시겠습니까?</p>
<form method="post"><button>Yes / 네</button></form>"""


@router.get(EVENT, response_model=NotificationPayload)
async def read_notifications(house: TheHouse, user: CurrentUser, event_id: UUID) -> Response:
    return json_body(await notifications.read_level(house.database, user, event_id))


@router.put(EVENT, response_model=NotificationPayload)
async def choose_notifications(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: NotificationBody
) -> Response:
    return await desk.write(200, None, notifications.choose_level, user, event_id, body.level)


@router.get("/me/push-key", response_model=PushKey)
async def read_push_key(house: TheHouse, _user: CurrentUser) -> Response:
    return json_body(PushKey(key=_push_key(house)))


@router.post("/me/push-subscriptions", status_code=201, response_model=Identified)
async def subscribe(house: TheHouse, desk: TheDesk, user: CurrentUser, body: PushBody) -> Response:
    """Have this browser told. It ends with the session."""
    _push_key(house)
    await find_target(body.endpoint, private=house.outside.outbound.private)
    return await desk.write(201, None, notifications.subscribe, user, body)


@router.delete("/me/push-subscriptions", status_code=204)
async def unsubscribe_browser(desk: TheDesk, user: CurrentUser, body: Endpoint) -> Response:
    await desk.answer(200, None, notifications.unsubscribe, user, body.endpoint)
    return Response(status_code=204)


@router.get("/unsubscribe", response_class=Response)
async def ask_to_unsubscribe(token: Token) -> Response:
    """Ask whether to: what only looks at links must not follow them to the end."""
    del token
    return Response(_PAGE, media_type="text/html")


@router.post("/unsubscribe", response_model=NotificationPayload)
async def unsubscribe(house: TheHouse, desk: FrontDesk, token: Token) -> Response:
    """End the mails about one event, by the link in one of them."""
    return await desk.write(200, None, house.outside.digests.unsubscribe, token)


def _push_key(house: TheHouse) -> str:
    keys = house.outside.pushes.keys
    if keys is None:
        raise Conflict("push_off", "Push is not set up on this site. Ask whoever runs it.")
    return keys.public
