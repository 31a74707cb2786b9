"""The live stream over HTTP: the only file that knows sse-starlette."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus, SendTimeoutError
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from app.models.errors import Unavailable
from app.routers.deps import CurrentUser, TheHouse
from app.routers.problems import problem_responses
from app.services.cursors import Cursor
from app.services.streams import busy_frame, open_stream
from app.utils import metrics
from app.utils.db import as_unavailable

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/events", tags=["stream"])

HEADERS: Final = {"Cache-Control": "no-store, no-transform"}
# Seconds in which a socket must take what it is sent.
SLOW: Final = 10.0


@router.get(
    "/{event_id}/stream",
    response_class=Response,
    responses={
        200: {"description": "The live stream", "content": {"text/event-stream": {}}},
        204: {"description": "The event is finished and has been read to its end"},
        **problem_responses(401, 403, 404, 422),
    },
)
async def stream_event(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    last_event_id: Annotated[str | None, Query(max_length=100)] = None,
    last_event_id_header: Annotated[str | None, Header(alias="last-event-id")] = None,
) -> Response:
    """Follow an event: a snapshot, then every change; or every change after `Last-Event-ID`."""
    at = last_event_id_header or last_event_id
    full = house.hub.draining or house.hub.streams >= house.settings.max_streams
    if full or house.hub.streams_of(user.id) >= house.settings.streams_per_user:
        return _busy()
    try:
        stream = await open_stream(
            house.hub,
            house.snapshots,
            house.database,
            user,
            event_id,
            Cursor.parse(at) if at else None,
            house.timing,
        )
    except (Unavailable, SQLAlchemyError) as error:
        if isinstance(error, SQLAlchemyError) and as_unavailable(error) is None:
            raise
        return _busy()
    if stream.is_over:
        stream.discard()
        return Response(status_code=204)
    # `ping=0` is off: the stream's own heartbeats say more.
    return LiveResponse(stream.frames(), headers=HEADERS, ping=0, send_timeout=SLOW)


class LiveResponse(EventSourceResponse):
    """A response that lets go of a client whose socket takes nothing: it can resume."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            metrics.SLOW_CUTS.inc()
            log.info("slow_stream_cut", path=scope["path"])


def leave_shutdown_to_the_drain() -> None:
    """Let streams end when the hub ends them, not when the response sees the server stop."""
    AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]


def _busy() -> Response:
    """A native EventSource gives up for good on any answer but 200: so say when to come back."""
    metrics.STREAMS_REFUSED.inc()

    async def frames() -> AsyncIterator[bytes]:
        yield busy_frame()

    return LiveResponse(frames(), headers=HEADERS, ping=0, send_timeout=SLOW)
