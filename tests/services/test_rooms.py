"""Rooms, viewers and streams within one process: order, gaps, rights and epochs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from app.config import Settings
from app.models.bodies import EventEdit
from app.models.callers import Caller
from app.models.errors import Forbidden
from app.models.statuses import EventStatus, ProposalKind, Role
from app.services import events, memberships, ownership, proposals
from app.services.cursors import Cursor
from app.services.house import House
from app.services.openings import open_stream
from app.services.rooms import Room
from app.services.streams import Stream, Timing
from app.services.viewers import Viewer
from app.utils.frames import NOTHING
from app.utils.transaction import Published
from tests.support.fold import Json, fold_all
from tests.support.stage import Cast, Meeting, Stage

EDIT = EventEdit(description="After the restore")
LONG = Timing(heartbeat=600, lifetime=6_000)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A process with a hub and nobody beside it; its clocks do not run."""
    house = House(Settings(DATABASE_URL=database_url, REDIS_URL=""))
    yield house
    await house.close()


@pytest.fixture
def hall(house: House, meeting: Meeting) -> Meeting:
    """The meeting, written through this process: its hub hears every commit."""
    meeting.stage = Stage(house.database, meeting.stage.told, house.lanes)
    return meeting


class Inbox:
    """A sink that takes everything and keeps it."""

    blocked_since: float | None = None
    line = None

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()

    def push(self, chunk: bytes) -> None:
        self.chunks.put_nowait(chunk)

    def end(self) -> None:
        self.chunks.put_nowait(None)

    def cut(self) -> None:
        self.end()


class Listener:
    """Somebody who reads a stream to its end, as a browser does."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._inbox = Inbox()
        self._waiting: list[Json] = []
        self.last = ""
        stream.start(self._inbox)

    async def next(self) -> Json:
        """The next frame: its fields by name, `data` read."""
        while not self._waiting:
            chunk = await self._inbox.chunks.get()
            if chunk is None:
                self._stream.close()
                raise StopAsyncIteration
            parts = chunk.decode().split("\n\n")
            self._waiting = [frame for part in parts if (frame := _fields(part))]
        frame = self._waiting.pop(0)
        self.last = frame.get("id", self.last)
        return frame

    async def seqs(self, count: int) -> list[int]:
        return [int((await self.next())["id"].rpartition(".")[2]) for _ in range(count)]

    async def rest(self) -> list[Json]:
        """Every frame to the end of the stream."""
        frames = []
        while True:
            try:
                frames.append(await self.next())
            except StopAsyncIteration:
                return frames

    async def close(self) -> None:
        self._stream.close()


def _fields(part: str) -> Json:
    lines = [line.partition(": ") for line in part.split("\n") if line and line[0] != ":"]
    fields: Json = {name: value for name, _, value in lines}
    return fields | ({"data": orjson.loads(fields["data"])} if "data" in fields else {})


async def listen(
    house: House, meeting: Meeting, who: Caller, cursor: str | None = None
) -> Listener:
    place = (who, meeting.id, Cursor.parse(cursor) if cursor else None, LONG)
    return Listener(await open_stream(house.hub, house.snapshots, house.database, *place))


async def change(meeting: Meeting, who: Caller, count: int = 1) -> None:
    for _ in range(count):
        proposal = await meeting.propose(who)
        await meeting.do(proposals.withdraw, who, ProposalKind.ASSUMPTION, UUID(proposal["id"]))


async def test_a_newcomer_gets_a_snapshot_and_then_every_change(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listener = await listen(house, hall, cast.member)
    first = await listener.next()
    assert first["event"] == "snapshot"
    assert first["data"] == await hall.see(cast.member)
    await change(hall, cast.second)
    changes = [(await listener.next())["data"] for _ in range(2)]
    assert fold_all(first["data"], changes) == await hall.see(cast.member)
    await listener.close()
    assert house.hub.viewers() == []


async def test_a_known_client_goes_on_where_it_stopped(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listener = await listen(house, hall, cast.member)
    await listener.next()
    await listener.close()
    head = await hall.head()
    await change(hall, cast.second, 2)
    listener = await listen(house, hall, cast.member, listener.last)
    await change(hall, cast.second)
    assert await listener.seqs(6) == list(range(head + 1, head + 7))
    await listener.close()


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        (f"{UUID(int=7)}.1", "unknown_epoch"),
        ("nonsense", "unknown_epoch"),
        ("{epoch}.999", "ahead_of_log"),
    ],
)
async def test_who_cannot_go_on_starts_over(
    house: House, hall: Meeting, cast: Cast, cursor: str, reason: str
) -> None:
    epoch = (await hall.see(cast.owner))["epoch"]
    listener = await listen(house, hall, cast.member, cursor.replace("{epoch}", epoch))
    reset, snapshot = await listener.next(), await listener.next()
    assert (reset["event"], reset["data"]["reason"]) == ("reset", reason)
    assert (snapshot["event"], snapshot["id"]) == ("snapshot", reset["data"]["head"])
    await listener.close()


async def test_a_client_that_is_far_behind_starts_over(
    house: House, hall: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.streams.REPLAY", 2)
    epoch = (await hall.see(cast.owner))["epoch"]
    listener = await listen(house, hall, cast.member, f"{epoch}.1")
    assert (await listener.next())["data"]["reason"] == "too_far_behind"
    await listener.close()


async def last_of(meeting: Meeting, count: int) -> tuple[UUID, list[Published]]:
    """The last commits of an event, as they were published."""
    told = meeting.stage.told.of(meeting.id)[-count:]
    return told[-1].epoch, told


@pytest.fixture
async def room(house: House, meeting: Meeting, cast: Cast) -> Room:
    """A room that hears of nothing by itself: the meeting is written elsewhere."""
    viewer = Viewer(meeting.id, cast.member.id, cast.member.session_id, is_staff=False)
    return await house.hub.enter(viewer)


async def until(room: Room, head: int) -> None:
    """Wait until a room has got to a number."""
    async with asyncio.timeout(10):
        while (room.head or 0) < head:
            await room.news.wait()


async def test_frames_go_out_in_order_and_once(room: Room, meeting: Meeting, cast: Cast) -> None:
    start = room.head or 0
    await change(meeting, cast.member, 2)
    epoch, told = await last_of(meeting, 4)
    for published in (told[1], told[0], told[0], told[3], told[2], told[1]):
        room.feed(epoch, published.frames)
    batch = room.after(start)
    assert batch is not None
    assert [frame.seq for frame in batch.frames] == list(range(start + 1, start + 5))


async def test_a_gap_is_healed_from_the_log(room: Room, meeting: Meeting, cast: Cast) -> None:
    start = room.head or 0
    await change(meeting, cast.member, 3)
    epoch, told = await last_of(meeting, 1)
    room.feed(epoch, told[-1].frames)
    await until(room, start + 6)
    batch = room.after(start)
    assert batch is not None
    assert [frame.seq for frame in batch.frames] == list(range(start + 1, start + 7))
    assert batch.frames[-1] == told[-1].frames[-1]


async def test_a_lost_last_message_is_heard_of(
    house: House, room: Room, meeting: Meeting, cast: Cast
) -> None:
    start = room.head or 0
    await change(meeting, cast.member)
    assert room.after(start) == NOTHING
    await house.hub._cast_net()
    await until(room, start + 2)


async def test_the_ring_reaches_back_so_far(room: Room, meeting: Meeting, cast: Cast) -> None:
    head = room.head or 0
    assert room.after(head) == NOTHING
    assert room.after(head - 1) is None, "it began at the head"
    await change(meeting, cast.member)
    epoch, told = await last_of(meeting, 2)
    for published in told:
        room.feed(epoch, published.frames)
    assert len((room.after(head) or NOTHING).frames) == 2
    assert room.after(head - 1) is None


async def test_a_ban_cuts_exactly(house: House, hall: Meeting, cast: Cast) -> None:
    listener = await listen(house, hall, cast.member)
    await listener.next()
    await hall.treat("ban", cast.member)
    ban = next(
        c["seq"]
        for c in await hall.changes(cast.owner)
        if c["type"] == "membership.changed" and c["data"]["status"] == "BANNED"
    )
    await change(hall, cast.second, 2)
    *seen, last = await listener.rest()
    assert max(int(frame["id"].rpartition(".")[2]) for frame in seen) == ban
    assert (last["event"], last["data"]) == (
        "revoked",
        {"reason": "banned", "event_id": str(hall.id)},
    )
    with pytest.raises(Forbidden):
        await listen(house, hall, cast.member)
    assert house.hub.viewers() == []


@pytest.mark.parametrize("reason", ["kicked", "left"])
async def test_who_goes_is_told_why(house: House, hall: Meeting, cast: Cast, reason: str) -> None:
    listener = await listen(house, hall, cast.member)
    if reason == "left":
        await hall.do(ownership.leave, cast.member)
    else:
        await hall.treat("kick", cast.member)
    assert (await listener.rest())[-1]["data"] == {"reason": reason, "event_id": str(hall.id)}


async def test_a_new_admin_sees_the_queue_from_then_on(
    house: House, hall: Meeting, cast: Cast
) -> None:
    await hall.do(
        events.edit_event,
        cast.owner,
        EventEdit(policies={"membership_auto_approved": False}),
        None,
    )
    listener = await listen(house, hall, cast.member)
    await listener.next()
    first, second = await hall.stage.people("first", "second")
    await hall.enter(first)
    seat = await hall.seat(cast.member)
    await hall.do(memberships.change_role, cast.owner, seat, Role.ADMIN)
    await hall.enter(second)
    shown = [(await listener.next()).get("data", {}).get("type") for _ in range(6)]
    assert shown == [None, "turnout.changed", *["membership.changed", "turnout.changed"] * 2]
    await listener.close()


async def test_the_queue_is_not_replayed_to_members(
    house: House, hall: Meeting, cast: Cast
) -> None:
    edit = EventEdit(policies={"membership_auto_approved": False})
    await hall.do(events.edit_event, cast.owner, edit, None)
    cursor = f"{(await hall.see(cast.owner))['epoch']}.{await hall.head()}"
    await hall.enter(cast.outsider)
    for who, shown in ((cast.member, False), (cast.admin, True)):
        listener = await listen(house, hall, who, cursor)
        assert ("data" in await listener.next()) is shown
        await listener.close()


async def test_the_end_of_the_event_ends_its_streams(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listener = await listen(house, hall, cast.member)
    await hall.move(EventStatus.FINISHED)
    *_, last_change, last = await listener.rest()
    assert last_change["data"]["data"]["status"] == "FINISHED"
    assert last["data"] == {"reason": "event_closed", "event_id": str(hall.id)}
    again = await open_stream(
        house.hub,
        house.snapshots,
        house.database,
        cast.member,
        hall.id,
        Cursor.parse(listener.last),
        LONG,
    )
    assert again.is_over
    again.close()


async def test_a_deleted_event_ends_its_streams(house: House, hall: Meeting, cast: Cast) -> None:
    listener = await listen(house, hall, cast.member)
    await hall.do(events.delete_event, cast.owner)
    last = (await listener.rest())[-1]["data"]
    assert last == {"reason": "event_deleted", "event_id": str(hall.id)}


async def test_a_session_that_ends_takes_its_streams_along(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listener, other = [await listen(house, hall, who) for who in (cast.member, cast.second)]
    house.hub.end_sessions([cast.member.session_id])
    assert (await listener.rest())[-1]["data"] == {"reason": "signed_out", "event_id": str(hall.id)}
    assert house.hub.streams_of(cast.second.id) == 1
    await other.next()
    await other.close()


async def test_the_recheck_finds_sessions_that_are_gone(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listener = await listen(house, hall, cast.member)
    await house.hub._recheck()
    assert (await listener.rest())[-1]["data"] == {"reason": "signed_out", "event_id": str(hall.id)}


@pytest.mark.parametrize("by_net", [True, False])
async def test_a_new_epoch_starts_everybody_over(
    house: House, hall: Meeting, cast: Cast, by_net: bool
) -> None:
    listener = await listen(house, hall, cast.member)
    await listener.next()
    text = "UPDATE events SET epoch = gen_random_uuid() WHERE id = :e"
    async with house.database.engine.begin() as connection:
        await connection.execute(sa.text(text), {"e": hall.id})
    if by_net:
        await house.hub._cast_net()
    else:
        await hall.stage.write(hall.id, events.edit_event, cast.owner, hall.id, EDIT, None)
    reset, snapshot = await listener.next(), await listener.next()
    assert reset["data"]["reason"] == "unknown_epoch"
    assert snapshot["data"]["epoch"] == (await hall.see(cast.member))["epoch"]
    await listener.close()


async def test_a_drain_sends_everybody_away_to_come_back(
    house: House, hall: Meeting, cast: Cast
) -> None:
    listeners = [await listen(house, hall, who) for who in (cast.member, cast.second)]
    await house.drain()
    for listener in listeners:
        last = (await listener.rest())[-1]
        assert last.keys() == {"retry"}
    assert not house.ready


async def test_a_restored_log_that_is_shorter_is_read_at_once(
    room: Room, meeting: Meeting, cast: Cast
) -> None:
    await change(meeting, cast.member)
    _, told = await last_of(meeting, 2)
    for published in told:
        room.feed(published.epoch, published.frames)
    text = "UPDATE events SET epoch = gen_random_uuid(), seq = 1 WHERE id = :e RETURNING epoch"
    async with meeting.stage.database.engine.begin() as connection:
        epoch = (await connection.execute(sa.text(text), {"e": meeting.id})).scalar_one()
    room.feed(epoch, [replace(told[0].frames[0], seq=1)])
    async with asyncio.timeout(10):
        while room.epoch != epoch:
            await room.news.wait()
    assert (room.head, room.after(1)) == (1, NOTHING)
