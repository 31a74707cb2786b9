import asyncio
import contextlib
from uuid import uuid4

import pytest

from tests.support.client import Person, connect, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import StartServers
from tests.support.sse import Frame, Watcher, open_line
from tests.support.truth import Truth


async def _comment(room: Room, times: int = 1) -> None:
    for n in range(times):
        await room.owner.ok("POST", f"{room.path}/comments", {"content": f"Word {n}"})


def _seqs(frames: list[Frame]) -> list[int]:
    return [frame.seq for frame in frames if frame.is_change]


def _cursor(room: Room, seq: int) -> str:
    return f"{room.event['epoch']}.{seq}"


async def test_a_stream_begins_with_a_snapshot_and_goes_on_by_one(host: Person) -> None:
    room = await open_room(host)
    async with open_line(host, room.id) as line:
        snapshot = await line.next()
        await _comment(room, 5)
        head = (await host.get(room.path))["seq"]
        changes = await line.until_seq(head)

    assert line.response.headers["content-type"].startswith("text/event-stream")
    assert line.response.headers["cache-control"] == "no-store, no-transform"
    assert line.response.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in line.response.headers
    assert snapshot is not None
    assert snapshot.event == "snapshot"
    assert snapshot.json["seq"] == snapshot.seq
    assert snapshot.json["me"]["membership"]["role"] == "OWNER"
    assert _seqs(changes) == [*range(snapshot.seq + 1, head + 1)]
    assert set(changes[0].json) == {"seq", "type", "at", "actor", "data"}
    assert changes[0].json["actor"] == {"id": host.id, "name": "Host"}


async def test_the_snapshot_is_the_event(host: Person) -> None:
    room = await open_room(host)
    async with open_line(host, room.id) as line:
        snapshot = await line.next()
    assert snapshot is not None
    assert snapshot.json == await host.get(room.path)


@pytest.mark.parametrize("how", ["cursor", "query"])
async def test_a_known_cursor_resumes_after_its_number(host: Person, how: str) -> None:
    room = await open_room(host)
    async with open_line(host, room.id) as line:
        await line.next()  # the room is kept, and its ring fills
        await _comment(room, 6)
        head = (await host.get(room.path))["seq"]
        await line.until_seq(head)
    cursor = _cursor(room, head - 4)
    async with open_line(host, room.id, **{how: cursor}) as line:
        frames = await line.until_seq(head)
    assert _seqs(frames) == [*range(head - 3, head + 1)]
    assert all(frame.event == "" for frame in frames)


async def test_a_cursor_older_than_the_ring_resumes_from_the_log(
    host: Person, start_servers: StartServers
) -> None:
    room = await open_room(host)
    await _comment(room, 20)
    (fresh,) = start_servers()  # it has seen nothing of this event
    async with connect(fresh.url) as api:
        viewer = Person(api, host.token, host.user)
        head = (await viewer.get(room.path))["seq"]
        async with open_line(viewer, room.id, _cursor(room, 1)) as line:
            assert _seqs(await line.until_seq(head)) == [*range(2, head + 1)]


@pytest.mark.parametrize(
    ("reason", "cursor"),
    [
        ("unknown_epoch", "01987654-3210-7abc-8def-0123456789ab.1"),
        ("unknown_epoch", "nonsense"),
        ("unknown_epoch", "1"),
        ("ahead_of_log", "{epoch}.999999"),
        ("unknown_epoch", "{epoch}.-1"),
    ],
)
async def test_a_cursor_that_leads_nowhere_is_reset(host: Person, reason: str, cursor: str) -> None:
    room = await open_room(host)
    async with open_line(host, room.id, cursor.format(epoch=room.event["epoch"])) as line:
        reset, snapshot = await line.next(), await line.next()
    assert reset is not None
    assert snapshot is not None
    assert (reset.event, reset.json["reason"]) == ("reset", reason)
    assert (snapshot.event, snapshot.id) == ("snapshot", reset.json["head"])


async def test_more_than_500_behind_is_reset_and_500_is_not(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    votes = room.votes_on(await room.propose(host))
    choices = ("AGREE", "DISAGREE")
    await asyncio.gather(
        *(host.ok("PUT", votes, {"choice": choices[n % 2]}, at=0) for n in range(520))
    )
    head = (await host.get(room.path))["seq"]
    assert head > 501
    async with open_line(host, room.id, _cursor(room, head - 500)) as line:
        assert _seqs(await line.until_seq(head)) == [*range(head - 499, head + 1)]
    async with open_line(host, room.id, _cursor(room, head - 501)) as line:
        reset = await line.next()
    assert reset is not None
    assert reset.json["reason"] == "too_far_behind"


async def test_who_asks_to_join_is_shown_to_admins_and_hidden_from_members(host: Person) -> None:
    room = await open_room(host, policies={"membership_auto_approved": True})
    (member,) = await room.guests(1)
    await host.ok("PATCH", room.path, {"policies": {"membership_auto_approved": False}})
    start = (await host.get(room.path))["seq"]
    async with open_line(host, room.id) as admins, open_line(member, room.id) as members:
        await asyncio.gather(admins.next(), members.next())
        (waiting,) = await room.guests(1)
        await room.manage(waiting.membership["id"], "reject")
        head = (await host.get(room.path))["seq"]
        shown, hidden = await admins.until_seq(head), await members.until_seq(head)

    assert _seqs(shown) == _seqs(hidden) == [*range(start + 1, head + 1)]
    asked = [frame for frame in shown if frame.json["type"] == "membership.changed"]
    assert [frame.json["data"]["status"] for frame in asked] == ["PENDING", "REJECTED"]
    blank = {frame.seq for frame in hidden if not frame.data}
    assert blank == {frame.seq for frame in asked}
    assert waiting.id not in "".join(frame.data for frame in hidden)
    page = await member.get(f"{room.path}/changes?after={start}")
    assert {c["seq"] for c in page["items"] if c["type"] == "hidden"} == blank
    assert waiting.id not in str(page)


async def test_an_admin_who_becomes_one_sees_from_then_on(host: Person) -> None:
    room = await open_room(host)
    (member,) = await room.guests(1)
    await host.ok("PATCH", room.path, {"policies": {"membership_auto_approved": False}})
    async with open_line(member, room.id) as line:
        await line.next()
        await room.guests(1)
        await room.give_role(member.membership["id"], "ADMIN")
        await room.guests(1)
        head = (await host.get(room.path))["seq"]
        frames = await line.until_seq(head)
    told = [bool(f.data) for f in frames if not f.data or '"PENDING"' in f.data]
    assert told == [False, True]


async def test_a_quiet_line_beats(host: Person, start_servers: StartServers) -> None:
    room = await open_room(host)
    (server,) = start_servers(ASSENT_HEARTBEAT="0.05")
    async with connect(server.url) as api:
        viewer = Person(api, host.token, host.user)
        async with open_line(viewer, room.id) as line:
            snapshot, beat = [await line.next(), await line.next()]
    assert snapshot is not None
    assert beat is not None
    assert (beat.event, beat.json["head"], beat.id) == ("heartbeat", snapshot.id, None)


async def test_a_line_ends_when_its_time_is_up(host: Person, start_servers: StartServers) -> None:
    room = await open_room(host)
    (server,) = start_servers(ASSENT_STREAM_LIFETIME="0.1")
    async with connect(server.url) as api:
        viewer = Person(api, host.token, host.user)
        async with open_line(viewer, room.id) as line:
            _, end = await line.rest()
    assert end.retry is not None
    assert 0 < end.retry <= 1_000
    assert not end.event


async def test_too_many_streams_of_one_person_are_told_when_to_come_back(
    host: Person, start_servers: StartServers
) -> None:
    room = await open_room(host)
    (server,) = start_servers(ASSENT_STREAMS_PER_USER="2")
    async with connect(server.url) as api, contextlib.AsyncExitStack() as stack:
        viewer = Person(api, host.token, host.user)
        for _ in range(2):
            await (await stack.enter_async_context(open_line(viewer, room.id))).next()
        async with open_line(viewer, room.id) as third:
            (frame,) = await third.rest()
        (other,) = await room.guests(1)
        async with open_line(Person(api, other.token), room.id) as line:
            first = await line.next()
    assert third.response.status_code == 200
    assert frame.retry is not None
    assert 5_000 <= frame.retry <= 15_000
    assert first is not None
    assert first.event == "snapshot"


async def test_a_finished_event_that_was_read_is_over(host: Person) -> None:
    room = await open_room(host)
    async with open_line(host, room.id) as line:
        await line.next()
        await room.move("FINISHED")
        *_, closed, revoked = await line.rest()
    assert closed.json["data"]["status"] == "FINISHED"
    assert (revoked.event, revoked.json) == (
        "revoked",
        {"reason": "event_closed", "event_id": room.id},
    )
    for at in (0, 1):
        async with open_line(host, room.id, closed.id, at=at) as again:
            assert again.response.status_code == 204
            assert await again.rest() == []


async def test_a_finished_event_is_read_to_its_end_first(host: Person) -> None:
    room = await open_room(host)
    await room.move("FINISHED")
    head = (await host.get(room.path))["seq"]
    async with open_line(host, room.id, _cursor(room, head - 1)) as line:
        frames = await line.rest()
    assert _seqs(frames) == [head]
    assert frames[-1].json == {"reason": "event_closed", "event_id": room.id}
    async with open_line(host, room.id) as line:
        snapshot, revoked = await line.rest()
    assert snapshot.json["status"] == "FINISHED"
    assert revoked.json == {"reason": "event_closed", "event_id": room.id}


async def test_who_may_not_look_is_told_by_status(host: Person) -> None:
    room = await open_room(host)
    other = await open_room(host)
    (stranger,) = await other.guests(1)
    for person, event_id, status in (
        (host.api.nobody(), room.id, 401),
        (stranger, room.id, 403),
        (host, str(uuid4()), 404),
    ):
        async with open_line(person, event_id) as line:
            await line.response.aread()
        problem(line.response, status)


async def test_every_change_reaches_both_processes(host: Person, truth: Truth) -> None:
    room = await open_room(host, policies={"assumption": {"min_votes": 2}})
    (guest,) = await room.guests(1)
    async with Watcher(host, room.id, at=0) as near, Watcher(host, room.id, at=1) as far:
        proposal = await room.propose(guest)
        await host.ok("POST", room.votes_on(proposal))
        await guest.ok("POST", room.votes_on(proposal))
        await _comment(room)
        await host.ok("POST", f"{room.path}/criteria/{room.criterion}/comments", {"content": "So"})
        body = {"content": "Near enough"}
        path = f"{room.path}/criteria/{room.criterion}/conclusion-proposals"
        conclusion = (await host.ok("POST", path, body))["id"]
        path = f"{room.path}/conclusion-proposals/{conclusion}/status"
        await host.ok("PATCH", path, {"status": "ACCEPTED"})
        await host.ok("DELETE", f"{room.path}/assumption-proposals/{await room.propose(host)}")
        await host.ok("PATCH", room.path, {"capacity": 150})
        await guest.ok("POST", f"{room.path}/leave")
        head = await truth.head(room.id)
        await asyncio.gather(near.until_seq(head), far.until_seq(head))
        fresh = await host.get(room.path)
    for watcher in (near, far):
        # What the caller did is told by the answers to the caller, not by the stream.
        watcher.state["me"]["votes"] = fresh["me"]["votes"]
        assert watcher.state == fresh
