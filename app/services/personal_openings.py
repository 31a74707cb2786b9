"""Opening a personal line, with an event in focus where one is asked for."""

from uuid import UUID

from app.models.callers import Caller
from app.models.errors import Forbidden, NotFound
from app.services.cursors import Cursor
from app.services.focus import Focus
from app.services.involvement import Involvement
from app.services.openings import open_stream
from app.services.personal import Parts, PersonalLine
from app.services.sayings import revoked
from app.services.snapshots import Snapshots


async def open_line(
    parts: Parts,
    snapshots: Snapshots,
    caller: Caller,
    event_id: UUID | None,
    cursor: Cursor | None,
) -> PersonalLine:
    """Register, then read. Leaves nothing behind where it fails."""
    line = PersonalLine(parts, caller, Involvement(parts.lobby))
    try:
        await line.open()
        if event_id is not None:
            await _focus(line, snapshots, event_id, cursor)
    except BaseException:
        line.close()
        raise
    return line


async def _focus(
    line: PersonalLine, snapshots: Snapshots, event_id: UUID, cursor: Cursor | None
) -> None:
    """Put an event into focus; where that cannot be, say why, and go on without it."""
    parts = line.parts
    try:
        stream = await open_stream(
            *(parts.hub, snapshots, parts.database, line.caller, event_id, cursor, parts.timing)
        )
    except (Forbidden, NotFound) as refusal:
        line.first += revoked(refusal.code, event_id)
        return
    if stream.is_over:
        stream.close()
        line.first += revoked("event_closed", event_id)
    else:
        line.focus = Focus(stream, line)
