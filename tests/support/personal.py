"""A reader of personal lines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.client import Json, Person
from tests.support.sse import Frame, Line


@asynccontextmanager
async def open_personal(
    person: Person, event_id: str | None = None, cursor: str | None = None, *, at: int | None = None
) -> AsyncIterator[Line]:
    """Open a person's own line, with an event in focus where one is given."""
    headers = {**person.headers, "Accept": "text/event-stream"}
    if cursor is not None:
        headers["Last-Event-ID"] = cursor
    params = {} if event_id is None else {"event": event_id}
    client = person.api.client(at)
    async with client.stream("GET", "/api/me/stream", headers=headers, params=params) as response:
        yield Line(response)


async def until(line: Line, event: str, **wanted: object) -> Frame:
    """Read up to a frame of this name whose JSON has these values, and return it."""

    def fits(frame: Frame) -> bool:
        return frame.event == event and wanted.items() <= frame.json.items()

    return (await line.until(fits))[-1]


async def first_summary(line: Line) -> Json:
    """Read the first frame, which is the summary."""
    frame = await line.next()
    assert frame is not None
    assert frame.event == "summary"
    return dict(frame.json)
