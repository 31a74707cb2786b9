"""Requests to servers of other people: bounded in time and size, sent only where it was checked.

The connection goes to the very address that was checked, so that a name which leads elsewhere a
moment later leads nowhere. Redirects are answers like any other.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import httptools

from app.models.errors import DomainError
from app.utils.addresses import Target, find_target

# Bytes of an answer that are read; what is longer is no answer.
LONGEST: Final = 65_536
AT_ONCE: Final = 8_192


class NotTaken(Exception):
    """The other side did not take a request: in one line, why. `status` is its answer, if any."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class _Answer:
    """What httptools tells while it reads an answer."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.complete = False
        self.keeps = False

    def on_message_complete(self) -> None:
        self.complete = True
        self.keeps = bool(self.parser.should_keep_alive())


class Outbound:
    """Connects to servers outside."""

    def __init__(self, *, private: bool, patience: float = 10.0) -> None:
        """`private` allows the operator's own network; `patience` is seconds for one answer."""
        self.private = private
        self._patience = patience
        self._tls = ssl.create_default_context()

    @asynccontextmanager
    async def connect(self, url: str) -> AsyncIterator["Wire"]:
        """Open a connection for requests that follow one another. Raises NotTaken."""
        try:
            async with asyncio.timeout(self._patience):
                target = await find_target(url, private=self.private)
                reader, writer = await self._reach(target)
        except DomainError as refusal:
            raise NotTaken(refusal.detail) from refusal
        except TimeoutError:
            raise NotTaken("No connection in time.") from None
        wire = Wire(target, reader, writer, self._patience)
        try:
            yield wire
        finally:
            writer.close()

    async def _reach(self, target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trouble = "There is no address."
        for address in target.addresses:
            try:
                return await asyncio.open_connection(
                    address,
                    target.port,
                    limit=AT_ONCE,
                    ssl=self._tls if target.tls else None,
                    server_hostname=target.host if target.tls else None,
                )
            except OSError as error:
                trouble = str(error) or type(error).__name__
        raise NotTaken(f"No connection: {trouble}"[:300])


class Wire:
    """One connection. It is good for another request as long as `is_open`."""

    def __init__(
        self,
        target: Target,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        patience: float,
    ) -> None:
        self._target = target
        self._reader = reader
        self._writer = writer
        self._patience = patience
        self.is_open = True

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a body and return the status that it is answered with. Raises NotTaken."""
        self.is_open = False
        try:
            async with asyncio.timeout(self._patience):
                self._writer.write(self._head(len(body), headers) + body)
                await self._writer.drain()
                return await self._read_answer()
        except TimeoutError:
            raise NotTaken("No answer in time.") from None
        except OSError as error:
            raise NotTaken(f"The connection broke: {error}"[:300]) from error
        except httptools.HttpParserError as error:
            raise NotTaken("The answer is no HTTP.") from error

    def _head(self, length: int, headers: Mapping[str, str]) -> bytes:
        lines = [
            f"POST {self._target.path} HTTP/1.1",
            f"Host: {self._target.authority}",
            "User-Agent: Assent",
            f"Content-Length: {length}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")

    async def _read_answer(self) -> int:
        answer = _Answer()
        parser = answer.parser
        read = 0
        while not answer.complete:
            data = await self._reader.read(AT_ONCE)
            read += len(data)
            if not data and not read:
                raise NotTaken("The connection was closed without an answer.")
            if not data or read > LONGEST:
                # Its status is known, or it is no answer.
                return self._status(parser)
            parser.feed_data(data)
        self.is_open = answer.keeps
        return self._status(parser)

    @staticmethod
    def _status(parser: httptools.HttpResponseParser) -> int:
        status: int = parser.get_status_code()
        if not status:
            raise NotTaken("The answer is no HTTP.")
        return status
