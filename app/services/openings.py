"""Opening a stream: who asks is in the room before anything is read, and in step after it."""

from uuid import UUID

from app.models.callers import Caller
from app.services.cursors import Cursor
from app.services.hub import Hub
from app.services.sayings import Opening
from app.services.snapshots import Snapshots
from app.services.streams import Stream, Timing
from app.services.viewers import Viewer
from app.utils.db import Database


async def open_stream(
    hub: Hub,
    snapshots: Snapshots,
    database: Database,
    caller: Caller,
    event_id: UUID,
    cursor: Cursor | None,
    timing: Timing,
) -> Stream:
    """Register, then check, then read. Raises NotFound or Forbidden, and leaves nothing behind."""
    viewer = Viewer(event_id, caller.id, caller.session_id, caller.is_staff, caller.name)
    try:
        room = await hub.enter(viewer)
        view = await snapshots.read(caller, event_id)
    except BaseException:
        hub.leave(viewer)
        raise
    # What is replayed is filtered by what the viewer may see now.
    viewer.check_in(view.checked, admin=view.admin)
    room.hear(view.shared.epoch, view.shared.seq)
    opening = Opening(view, cursor)
    epoch = view.shared.epoch
    return Stream(hub, room, viewer, snapshots, database, caller, timing, epoch, opening)
