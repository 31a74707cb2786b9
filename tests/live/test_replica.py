"""A replica answers where it has come far enough, and is passed over where it has not."""

import re
from dataclasses import replace

from tests.support.client import Api, Person, connect
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers
from tests.support.sse import open_line
from tests.support.standby import Standby
from tests.support.truth import Truth

READS = re.compile(r'assent_replica_reads_total\{outcome="(\w+)"\} (\d+)')


async def reads(api: Api) -> dict[str, int]:
    text = (await api.nobody().send("GET", "/metrics")).text
    return {outcome: int(count) for outcome, count in READS.findall(text)}


async def grown(api: Api, before: dict[str, int]) -> dict[str, int]:
    """Which outcomes became more, and by how much."""
    now = await reads(api)
    return {
        outcome: now[outcome] - before[outcome] for outcome in now if now[outcome] - before[outcome]
    }


async def look(room: Room, cursor: str) -> tuple[object, list[int]]:
    """Read the event, its changes after the cursor, and the same on a stream that resumes."""
    event = await room.owner.get(room.path)
    after = int(cursor.rpartition(".")[2])
    page = await room.owner.get(f"{room.path}/changes?after={after}")
    seqs = [change["seq"] for change in page["items"]]
    async with open_line(room.owner, room.id, cursor) as line:
        frames = await line.until_seq(event["seq"])
    assert [frame.seq for frame in frames if frame.id] == seqs
    assert seqs == list(range(after + 1, event["seq"] + 1))
    return event, seqs


async def test_a_replica_is_asked_only_for_what_it_has(
    host: Person, start_servers: StartServers, standby: Standby, truth: Truth
) -> None:
    (server,) = start_servers(DATABASE_REPLICA_URL=standby.at)
    async with connect(server.url) as api:
        room = await open_room(replace(host, api=api))
        cursor = f"{room.event['epoch']}.1"
        standby.catch_up()
        before = await reads(api)
        await look(room, cursor)
        assert await grown(api, before) == {"used": 3}

        standby.hold()
        await room.owner.ok("POST", f"{room.path}/comments", {"content": "Seen by the first only"})
        before = await reads(api)
        event, seqs = await look(room, cursor)
        assert await grown(api, before) == {"behind": 3}
        assert seqs[-1] == await truth.head(room.id)

        standby.go_on()
        standby.catch_up()
        before = await reads(api)
        async with open_line(room.owner, room.id, cursor) as line:
            await line.until_seq(seqs[-1])
        assert await grown(api, before) == {"used": 1}

        standby.kill()
        await room.owner.ok("POST", f"{room.path}/comments", {"content": "It is gone"})
        before = await reads(api)
        later, _ = await look(room, cursor)
        # One look is enough to let it rest for a while.
        assert await grown(api, before) == {"failed": 1}
        assert later != event
    await truth.check(room.id)
