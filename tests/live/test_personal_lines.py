"""One line for a person: a summary, notices, events from afar, and one event in full."""

import asyncio
from dataclasses import replace

from tests.support.client import Api, Person
from tests.support.personal import first_summary, open_personal, until
from tests.support.rooms import MANUAL, open_room
from tests.support.sse import Frame, Line
from tests.support.truth import Truth


async def until_notice(line: Line, type_: str) -> Frame:
    return await until(line, "notice", type=type_)


async def test_a_line_begins_with_what_waits_for_its_person(api: Api, host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    person = await api.sign_up("Comes Back")
    await room.join(person)
    await room.propose(host)
    voted = await room.propose(host)
    await person.ok("POST", room.votes_on(voted))
    async with open_personal(person) as line:
        (event,) = (await first_summary(line))["events"]
    assert (event["id"], event["status"]) == (room.id, "IN_PROGRESS")
    assert (event["open_proposals"], event["undecided"]) == (2, 1)
    assert event["queue_position"] is None
    assert event["me"]["membership"]["user"]["id"] == person.id


async def test_my_events_are_followed_from_afar(api: Api, host: Person) -> None:
    room = await open_room(host, start=False)
    person = await api.sign_up("Afar")
    await room.join(person)
    async with open_personal(person, at=1) as line:
        await first_summary(line)
        await host.ok("PATCH", room.path, {"subject": "Renamed", "capacity": 7}, at=0)
        frame = await until(line, "lobby", id=room.id, subject="Renamed", capacity=7)
        assert frame.id is None
        await room.move("IN_PROGRESS")
        await until(line, "lobby", id=room.id, status="IN_PROGRESS")
        await host.ok("DELETE", room.path)
        gone = await until(line, "lobby", id=room.id, deleted=True)
    assert gone.json == {"id": room.id, "deleted": True}


async def test_a_line_moves_with_its_person(api: Api, host: Person) -> None:
    """Let in, an event comes into view; sent out, it goes."""
    room = await open_room(host, policies={"membership_auto_approved": False})
    person = await api.sign_up("Moving")
    async with open_personal(person) as line:
        assert (await first_summary(line))["events"] == []
        membership = await room.join(person)
        asked = await until_notice(line, "membership.changed")
        assert asked.json["data"]["status"] == "PENDING"
        waiting = await until(line, "lobby", id=room.id)
        assert waiting.json["queue_position"] == 1
        await room.manage(membership["id"], "approve")
        came = await until_notice(line, "membership.changed")
        assert came.json["data"]["status"] == "ACCEPTED"
        inside = await until(line, "lobby", id=room.id)
        assert "queue_position" not in inside.json
        await room.manage(membership["id"], "kick")
        left = await until_notice(line, "membership.changed")
        assert left.json["data"]["status"] == "LEFT"
        own = await open_room(person)
        await host.ok("PATCH", room.path, {"capacity": 9})
        await until(line, "lobby", id=own.id, status="IN_PROGRESS")
    assert room.id not in {f.json["id"] for f in line.seen[-1:] if f.event == "lobby"}


async def test_a_place_in_the_queue_moves_live(api: Api, host: Person) -> None:
    room = await open_room(host, policies={"membership_auto_approved": False})
    first, second = await api.sign_up("First"), await api.sign_up("Second")
    ahead = await room.join(first)
    await room.join(second)
    async with open_personal(second) as line:
        (event,) = (await first_summary(line))["events"]
        assert event["queue_position"] == 2
        await room.manage(ahead["id"], "reject")
        await until(line, "lobby", id=room.id, queue_position=1)


async def test_three_layers_come_over_one_line(api: Api, host: Person) -> None:
    room, other = await open_room(host), await open_room(host)
    person = await api.sign_up("Focused")
    await asyncio.gather(room.join(person), other.join(person))
    async with open_personal(person, room.id) as line:
        await first_summary(line)
        snapshot = await until(line, "snapshot", id=room.id)
        said = await host.ok("POST", f"{room.path}/comments", {"content": "Hello"})
        change = (await line.until_seq(snapshot.seq + 1))[-1]
        assert change.json["type"] == "comment.changed"
        assert said["id"] in change.data
        await other.move("PAUSED")
        await until(line, "lobby", id=other.id, status="PAUSED")
    async with open_personal(person, room.id, change.id) as again:
        await first_summary(again)
        await host.ok("POST", f"{room.path}/comments", {"content": "More"})
        await again.until_seq(snapshot.seq + 2)
    assert "snapshot" not in {frame.event for frame in again.seen}


async def test_a_removed_member_loses_the_event_and_keeps_the_line(api: Api, host: Person) -> None:
    room, other = await open_room(host), await open_room(host)
    person = await api.sign_up("Removed")
    membership = await room.join(person)
    await other.join(person)
    async with open_personal(person, room.id, at=1) as line:
        await until(line, "snapshot", id=room.id)
        await room.manage(membership["id"], "kick")
        seen = await line.until(lambda f: f.event == "notice")
        if not any(f.event == "revoked" for f in seen):
            seen += await line.until(lambda f: f.event == "revoked")
        (ended,) = [f for f in line.seen if f.event == "revoked"]
        assert ended.json == {"reason": "kicked", "event_id": room.id}
        await other.move("PAUSED")
        await until(line, "lobby", id=other.id, status="PAUSED")


async def test_an_event_that_may_not_be_seen_is_no_reason_to_end(api: Api, host: Person) -> None:
    room = await open_room(host)
    person = await api.sign_up("Outside")
    async with open_personal(person, room.id) as line:
        await first_summary(line)
        refused = await until(line, "revoked", event_id=room.id)
        assert refused.json["reason"] == "not_a_member"
        own = await open_room(person)
        await until(line, "lobby", id=own.id)


async def test_a_finished_event_that_was_read_ends_its_part(host: Person) -> None:
    room = await open_room(host)
    await room.move("FINISHED")
    head = (await host.send("GET", room.path)).headers["x-event-seq"]
    async with open_personal(host, room.id, head) as line:
        await until(line, "revoked", reason="event_closed", event_id=room.id)


async def test_signing_out_ends_the_line(api: Api, host: Person) -> None:
    room = await open_room(host)
    person = await api.sign_up("Leaving")
    await room.join(person)
    async with open_personal(person, at=1) as plain, open_personal(person, room.id, at=1) as both:
        await first_summary(plain)
        await until(both, "snapshot", id=room.id)
        await person.ok("POST", "/auth/logout", at=0)
        ends = [await plain.rest(), await both.rest()]
    for frames in ends:
        assert frames[-1].event == "revoked"
        assert frames[-1].json == {"reason": "signed_out"}


async def test_a_line_with_an_event_counts_as_one(api: Api, host: Person) -> None:
    room = await open_room(host)
    person = await api.sign_up("Six Tabs")
    await room.join(person)
    tabs = [open_personal(person, room.id if n % 2 else None, at=0) for n in range(6)]
    lines = [await tab.__aenter__() for tab in tabs]
    try:
        for line in lines:
            await first_summary(line)
        async with open_personal(person, at=0) as seventh:
            (frame,) = await seventh.rest()
        assert frame.retry is not None
        await tabs.pop().__aexit__(None, None, None)
        async with asyncio.timeout(10):
            while True:
                async with open_personal(person, at=0) as again:
                    frame = await again.next()
                    if frame is not None and frame.event == "summary":
                        break
    finally:
        for tab in tabs:
            await tab.__aexit__(None, None, None)


async def test_nobody_has_no_line(api: Api) -> None:
    response = await replace(api.nobody()).send("GET", "/me/stream")
    assert response.status_code == 401


async def test_the_head_of_a_line_is_told_without_it(host: Person) -> None:
    response = await host.send("HEAD", "/me/stream")
    assert (response.status_code, response.content) == (200, b"")


async def test_what_is_read_matches_the_log(api: Api, host: Person, truth: Truth) -> None:
    """The focus is a whole stream: a summary between its frames takes nothing away."""
    room = await open_room(host)
    person = await api.sign_up("Complete")
    await room.join(person)
    async with open_personal(person, room.id) as line:
        snapshot = await until(line, "snapshot", id=room.id)
        for n in range(10):
            await host.ok("POST", f"{room.path}/comments", {"content": f"Word {n}"}, at=n % 2)
        head = await truth.head(room.id)
        await line.until_seq(head)
    seqs = [f.seq for f in line.seen if f.is_change]
    assert seqs == list(range(snapshot.seq + 1, head + 1))
