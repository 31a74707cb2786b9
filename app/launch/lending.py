"""uvicorn's HTTP, which can hand the connection of a begun response to whoever writes it.

ASGI costs a stream a coroutine for each chunk, and the whole of its request for as long as it is
open. Here a response may ask for its connection, as an upgrade does, and the request ends.
"""

import asyncio
from functools import partial

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.routers.lines import LENDING
from app.routers.sinks import CUTTING


class LendingProtocol(HttpToolsProtocol):
    """Offers two ASGI extensions to a response.

    `LENDING` is a function that takes a protocol and says whether, `CUTTING` one that breaks off.
    """

    _cycles: tuple[RequestResponseCycle, ...] = ()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        # uvicorn tells the newest request alone, which need not be the one that is answered.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {LENDING: self.lend}  # type: ignore[dict-item]

    @override
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        under_way = (cycle for cycle in self._cycles if not cycle.response_complete)
        self._cycles = (*under_way, self.cycle)
        offers = self.scope["extensions"]
        offers[CUTTING] = partial(self._cut, self.cycle)  # type: ignore[assignment]

    def lend(self, borrower: asyncio.Protocol) -> bool:
        """Give the connection away for good, unless its request or response forbids it.

        From here on the response is complete for uvicorn, and the connection none of its own.
        """
        cycle = self.cycle
        if (
            not cycle.response_started
            or not cycle.chunked_encoding
            or cycle.response_complete
            or cycle.disconnected
            or cycle.more_body
            or cycle.scope["method"] == "HEAD"
            or self.pipeline
            or self.transport.is_closing()
        ):
            return False
        cycle.response_complete = True
        self.connections.discard(self)
        self.flow.resume_reading()
        self.transport.set_protocol(borrower)
        borrower.connection_made(self.transport)
        if self.flow.write_paused:
            borrower.pause_writing()
        return True

    def _cut(self, cycle: RequestResponseCycle) -> None:
        """Break the connection off, with all that its client did not take.

        Closing would wait for the client. That the line is lost comes later than what else is
        written to it.
        """
        self.transport.abort()
        cycle.disconnected = True
        cycle.message_event.set()
