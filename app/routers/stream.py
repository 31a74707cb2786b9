"""The live stream over HTTP: the only file that knows sse-starlette."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final, Protocol
from uuid import UUID

import structlog
from fastapi import Header, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from app.models.errors import Unavailable
from app.routers.api import api_router
from app.routers.deps import TheHouse, current_user, maybe_caller
from app.routers.lines import LENDING, LineSink
from app.routers.problems import problem_responses
from app.routers.sinks import CUTTING, AsgiSink
from app.services.cursors import Cursor
from app.services.openings import open_stream
from app.services.sayings import come_back_later
from app.services.sinks import Sink
from app.services.streams import SLOW
from app.utils import metrics
from app.utils.failures import as_unavailable

log = structlog.get_logger(__name__)

router = api_router("/events", "stream")

HEADERS: Final = {"Cache-Control": "no-store, no-transform"}


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
    request: Request,
    house: TheHouse,
    event_id: UUID,
    last_event_id: Annotated[str | None, Query(max_length=100)] = None,
    last_event_id_header: Annotated[str | None, Header(alias="last-event-id")] = None,
) -> Response:
    """Follow an event: a snapshot, then every change; or every change after `Last-Event-ID`."""
    at = last_event_id_header or last_event_id
    if house.hub.draining or house.hub.streams >= house.settings.max_streams:
        return busy()
    try:
        # Asked for here, so that a database that is away is no reason to give up for good.
        user = await current_user(await maybe_caller(request, house))
        if house.hub.streams_of(user.id) >= house.settings.streams_per_user:
            return busy()
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
        return busy()
    if stream.is_over:
        stream.close()
        return Response(status_code=204)
    return LiveResponse(stream)


class Live(Protocol):
    """What is pushed to a sink for as long as somebody listens."""

    def start(self, sink: Sink) -> None: ...

    def pump(self) -> None: ...

    def close(self) -> None: ...


class LiveResponse(EventSourceResponse):
    """A response whose stream is pushed to by its room.

    With a connection of its own the stream outlives the request; else the request waits for it.
    """

    def __init__(self, stream: Live) -> None:
        super().__init__(_nothing(), headers=HEADERS, ping=0)
        self._stream = stream

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offers = scope.get("extensions") or {}
        lend = offers.get(LENDING)
        lent = False
        try:
            if lend is not None:
                # Nothing else follows on a line that is lent.
                self.headers["Connection"] = "close"
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            line = LineSink(self._stream.pump, self._stream.close)
            lent = lend is not None and lend(line)
            if lent:
                self._stream.start(line)
            else:
                sink = AsgiSink(send, self._stream.pump, offers.get(CUTTING))
                await self._drive(sink, receive, scope["path"])
        finally:
            if not lent:
                self._stream.close()

    async def _drive(self, sink: AsgiSink, receive: Receive, path: str) -> None:
        """Stay for as long as the stream does: where all there is is `send`."""
        try:
            self._stream.start(sink)
            await sink.until_gone(receive)
        except asyncio.CancelledError:
            if not sink.was_cut:
                raise
        finally:
            sink.close()
            if sink.was_cut:
                log.info("slow_stream_cut", path=path)


async def _nothing() -> AsyncIterator[bytes]:
    """The iterator that sse-starlette's response asks for, and that nobody reads here."""
    for chunk in list[bytes]():
        yield chunk


def busy() -> Response:
    """A native EventSource gives up for good on any answer but 200: so say when to come back."""
    metrics.STREAMS_REFUSED.inc()

    async def frames() -> AsyncIterator[bytes]:
        yield come_back_later()

    return EventSourceResponse(frames(), headers=HEADERS, ping=0, send_timeout=SLOW)
