"""A reader of live streams: every frame as it came, and a watcher who always comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

import httpx2
import orjson

from tests.support.client import Json, Person
from tests.support.fold import fold

PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One block of a stream. A frame with neither event nor data only moves the cursor."""

    event: str = ""
    data: str = ""
    id: str | None = None
    retry: int | None = None
    comment: str | None = None

    @property
    def seq(self) -> int:
        assert self.id is not None
        return int(self.id.rpartition(".")[2])

    @property
    def json(self) -> Any:
        return orjson.loads(self.data)

    @property
    def is_change(self) -> bool:
        """Whether this is a number of the log, shown or hidden."""
        return self.id is not None and not self.event


class Parser:
    """Turns bytes into frames, wherever they were cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []

    def feed(self, data: bytes) -> list[Frame]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        frames = []
        for line in lines:
            if line:
                self._lines.append(line.decode())
            elif self._lines:
                frames.append(_frame(self._lines))
                self._lines = []
        return frames


def _frame(lines: list[str]) -> Frame:
    fields: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in fields:
            value = f"{fields['data']}\n{value}"
        fields[name or "comment"] = int(value) if name == "retry" else value
    return Frame(**fields)


class Line:
    """One connection to a stream. Who is here is told beside the log, and left out if not asked."""

    def __init__(self, response: httpx2.Response, *, presence: bool = True) -> None:
        self.response = response
        self._presence = presence
        self.seen: list[Frame] = []
        self._chunks = response.aiter_raw()
        self._parser = Parser()
        self._ready: list[Frame] = []

    async def next(self) -> Frame | None:
        """Return the next frame, or None at the end."""
        async with asyncio.timeout(PATIENCE):
            while not self._ready:
                chunk = await anext(self._chunks, None)
                if chunk is None:
                    return None
                self._ready = [f for f in self._parser.feed(chunk) if self._wants(f)]
        frame = self._ready.pop(0)
        self.seen.append(frame)
        return frame

    def _wants(self, frame: Frame) -> bool:
        return self._presence or not frame.event.startswith("presence")

    async def until(self, wanted: Callable[[Frame], bool]) -> list[Frame]:
        """Read up to a frame that is wanted, and return all that were read."""
        read: list[Frame] = []
        while not read or not wanted(read[-1]):
            frame = await self.next()
            assert frame is not None, f"the stream ended after {self.seen[-3:]}"
            read.append(frame)
        return read

    async def until_seq(self, seq: int) -> list[Frame]:
        return await self.until(lambda frame: frame.id is not None and frame.seq >= seq)

    async def rest(self) -> list[Frame]:
        """Read to the end."""
        read: list[Frame] = []
        while (frame := await self.next()) is not None:
            read.append(frame)
        return read


@asynccontextmanager
async def open_line(
    person: Person,
    event_id: str,
    cursor: str | None = None,
    *,
    query: str | None = None,
    at: int | None = None,
    presence: bool = False,
) -> AsyncIterator[Line]:
    """Open a stream, after a cursor where one is given, in the header or in the query."""
    headers = {**person.headers, "Accept": "text/event-stream"}
    if cursor is not None:
        headers["Last-Event-ID"] = cursor
    path = f"/api/events/{event_id}/stream"
    params = {} if query is None else {"last_event_id": query}
    client = person.api.client(at)
    async with client.stream("GET", path, headers=headers, params=params) as response:
        line = Line(
            response, presence=presence
        )  # held here: an iterator that nobody holds closes its connection
        yield line


@dataclass
class Watcher:
    """Somebody who looks at an event, and comes back wherever the line breaks.

    It fails as soon as a number is missing or comes twice. `state` is what a browser would show.
    """

    person: Person
    event_id: str
    at: int | None = None
    state: Json = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    cursor: str | None = None
    lines: int = 0
    over: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _line: asyncio.Task[None] | None = None
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        await self.until(lambda: bool(self.state) or bool(self.over))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        failed = self._task.done() and not self._task.cancelled()
        # The line is a task of its own, which nobody ends with who waits for it.
        ending = [task for task in (self._task, self._line) if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.wait(ending)
        if failed:
            self._task.result()

    @property
    def seq(self) -> int:
        return int(self.state.get("seq", -1))

    def drop(self) -> None:
        """Break the line: the watcher comes back after the last number it saw."""
        if self._line is not None:
            self._line.cancel()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not wanted():
                assert self._task is not None
                news = asyncio.create_task(self._news.wait())
                await asyncio.wait({news, self._task}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                if self._task.done() and not wanted():
                    self._task.result()
                    raise AssertionError(f"the stream is over: {self.over}")
                self._news.clear()

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda: self.seq >= seq)

    async def _watch(self) -> None:
        while not self.over:
            self._line = asyncio.create_task(self._read())
            await asyncio.wait({self._line})
            if not self._line.cancelled():
                self._line.result()
        self._news.set()

    async def _read(self) -> None:
        try:
            async with open_line(self.person, self.event_id, self.cursor, at=self.at) as line:
                self.lines += 1
                if line.response.status_code != httpx2.codes.OK:
                    self.over = str(line.response.status_code)
                while (frame := await line.next()) is not None:
                    self._take(frame)
        except httpx2.TransportError:
            await asyncio.sleep(0)

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame.event == "reset":
            self.state = {}
        elif frame.event == "snapshot":
            self.state = frame.json
        elif frame.event == "revoked":
            self.over = frame.json["reason"]
        elif frame.is_change:
            assert frame.seq == self.seq + 1, f"{frame.id} came after {self.seq}"
            self.state = (
                fold(self.state, frame.json) if frame.data else {**self.state, "seq": frame.seq}
            )
        self.cursor = frame.id or self.cursor
        self._news.set()
