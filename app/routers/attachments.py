"""Attachments over HTTP: sent up as raw bytes, had back by whoever may read their message."""

from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app.models.callers import Caller
from app.models.errors import DomainError
from app.models.message_bodies import AttachmentDecision
from app.models.payloads import AttachmentPayload
from app.models.text import FileName
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, as_response, the_key
from app.routers.problems import problem, problem_responses
from app.services import attachments
from app.services.attachments import Download
from app.services.house import House
from app.services.uploads import Offer, Taken, answer_upload
from app.utils.idempotency import Answer, request_key
from app.utils.limits import UPLOADS

router = api_router("/conversations/{conversation_id}/attachments", "conversations", *USUAL)

RAW: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
BYTES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The bytes",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The one that you have"},
}
# Whatever a file is, a browser that opens its address runs nothing of it.
NOTHING_RUNS: Final = "default-src 'none'; sandbox"


@router.post(
    "",
    status_code=201,
    response_model=AttachmentPayload,
    openapi_extra=RAW,
    responses=problem_responses(413, 415),
)
async def upload(
    request: Request,
    house: TheHouse,
    user: CurrentUser,
    conversation_id: UUID,
    name: Annotated[FileName, Query()],
) -> Response:
    """Send up an image or a file, as the body itself. A message carries it by its id."""
    await house.limits.count(UPLOADS, str(user.id))
    try:
        taken = await house.uploads.take(
            user, conversation_id, _offer(request, name), request.stream()
        )
    except ClientDisconnect:
        return Response(status_code=400)  # nobody hears it
    except DomainError as refusal:
        answer = problem(request, refusal)
        answer.headers["Connection"] = "close"  # the rest of the body is not waited for
        return answer
    return as_response(await _answer(request, house, user, conversation_id, taken))


@router.get("/{attachment_id}", response_class=StreamingResponse, responses=BYTES)
async def download(
    house: TheHouse,
    user: CurrentUser,
    conversation_id: UUID,
    attachment_id: UUID,
    if_none_match: Annotated[str | None, Header(max_length=1_000)] = None,
) -> Response:
    """Have an attachment: an image to show, anything else to keep as a file."""
    place = (conversation_id, attachment_id)
    return await _send(house, user, place, if_none_match, thumbnail=False)


@router.get("/{attachment_id}/thumbnail", response_class=StreamingResponse, responses=BYTES)
async def thumbnail(
    house: TheHouse,
    user: CurrentUser,
    conversation_id: UUID,
    attachment_id: UUID,
    if_none_match: Annotated[str | None, Header(max_length=1_000)] = None,
) -> Response:
    """Have an image in small, as WebP."""
    place = (conversation_id, attachment_id)
    return await _send(house, user, place, if_none_match, thumbnail=True)


@router.patch("/{attachment_id}", response_model=AttachmentPayload)
async def decide_image(
    desk: TheDesk,
    user: CurrentUser,
    conversation_id: UUID,
    attachment_id: UUID,
    body: AttachmentDecision,
) -> Response:
    """Let an image be seen by everybody, or not: where the event's images need approval."""
    place = (conversation_id, attachment_id, body.status)
    return await desk.write(200, conversation_id, attachments.decide_image, user, *place)


def _offer(request: Request, name: str) -> Offer:
    declared = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Offer(name, kind, int(declared) if declared.isdigit() else None)


async def _answer(
    request: Request, house: House, user: Caller, conversation_id: UUID, taken: Taken
) -> Answer:
    target = f"{request.url.path}?{request.url.query}"
    try:
        header = the_key(request)
        key = header and request_key(
            house.key_secret, header, user.id, request.method, target, taken.digest
        )
        answer = await house.lanes.write(
            None, lambda uow: answer_upload(uow, taken), status=201, key=key or None
        )
    except DomainError:
        await house.uploads.discard(taken, conversation_id)
        raise
    if answer.replayed:
        await house.uploads.discard(taken, conversation_id)
    return answer


async def _send(
    house: House, user: Caller, place: tuple[UUID, UUID], known: str | None, *, thumbnail: bool
) -> Response:
    """Ask anew who may have it, each time; the bytes themselves never change."""
    found = await attachments.find_attachment(house.database, user, *place)
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{found.id}"',
        "Content-Security-Policy": NOTHING_RUNS,
    }
    if known is not None and headers["ETag"] in known:
        return Response(None, 304, headers)
    opened = await attachments.open_attachment(house.store, found, thumbnail=thumbnail)
    headers["Content-Disposition"] = _disposition(opened)
    return StreamingResponse(opened.pieces, 200, headers, opened.media_type)


def _disposition(opened: Download) -> str:
    how = "inline" if opened.shown else "attachment"
    return f"{how}; filename*=UTF-8''{quote(opened.name, safe='')}"
