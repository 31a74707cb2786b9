"""A thousand streams of one process: some never read, and all are sent away at a stop."""

import asyncio
import contextlib
import signal
from dataclasses import replace

import orjson

from tests.support.client import Api, Person, connect
from tests.support.readers import Reader, never_read, reading
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers
from tests.support.truth import Truth

CROWD = 1_000
EXIT_SECONDS = 30.0
MANY = {"ASSENT_STREAMS_PER_USER": "2000"}


async def _say(room: Room, times: int, length: int = 10) -> None:
    for _ in range(times):
        body = {"content": "x" * length}
        await room.owner.ok("POST", f"{room.path}/comments", body, at=-1)


async def test_who_never_reads_takes_nothing_from_who_does(
    host: Person, start_servers: StartServers, truth: Truth
) -> None:
    (server,) = start_servers(**MANY)
    async with connect(server.url) as api, contextlib.AsyncExitStack() as stack:
        room = await open_room(replace(host, api=api))
        readers = [Reader(host, room.id) for _ in range(CROWD)]
        await stack.enter_async_context(reading(server, readers))
        for _ in range(CROWD // 10):
            stack.enter_context(never_read(server, Reader(host, room.id)))
        await _until(api, "assent_open_streams", 1.1 * CROWD)
        start = await truth.head(room.id)
        await _say(room, 60, length=5_000)
        head = await truth.head(room.id)
        await asyncio.gather(*(reader.until_seq(head) for reader in readers))
        for reader in readers:
            assert reader.seqs == [start, *range(start + 1, head + 1)]
        slow = 'assent_stream_disconnects_total{reason="slow"}'
        await _until(api, slow, CROWD // 10)
        assert not any(reader.over for reader in readers)


async def test_who_never_reads_is_cut_where_no_connection_is_lent(
    host: Person, start_servers: StartServers
) -> None:
    """A line with another request behind it stays the server's, and one line of ours tells."""
    (server,) = start_servers(ASSENT_LOG_LEVEL="info")
    async with connect(server.url) as api, contextlib.AsyncExitStack() as stack:
        room = await open_room(replace(host, api=api))
        reader = Reader(host, room.id)
        reader.request *= 2
        for _ in range(3):
            stack.enter_context(never_read(server, reader))
        await _until(api, "assent_open_streams", 3)
        await _say(room, 60, length=5_000)
        await _until(api, 'assent_stream_disconnects_total{reason="slow"}', 3)
    said = [orjson.loads(line)["event"] for line in server.log.read_text().splitlines()]
    assert said.count("slow_stream_cut") == 3
    assert server.complaints() == []


async def test_a_stop_sends_a_thousand_streams_away_and_nothing_is_lost(
    host: Person, start_servers: StartServers, truth: Truth
) -> None:
    one, two = start_servers(2, **MANY)
    async with connect(one.url, two.url) as api, contextlib.AsyncExitStack() as stack:
        room = await open_room(replace(host, api=api))
        readers = [Reader(host, room.id) for _ in range(CROWD)]
        await stack.enter_async_context(reading(one, readers))
        start = await truth.head(room.id)
        talk = asyncio.create_task(_say(room, 30))
        one.terminate()
        await asyncio.gather(*(reader.until_over() for reader in readers))
        code = await asyncio.to_thread(one.exit_code, EXIT_SECONDS)
        await talk
        head = await truth.head(room.id)
        again = [Reader(host, room.id, reader.cursor) for reader in readers]
        await stack.enter_async_context(reading(two, again))
        for before, after in zip(readers, again, strict=True):
            if before.seqs[-1] < head:
                await after.until_seq(head)
            assert before.seqs + after.seqs == [start, *range(start + 1, head + 1)]
    assert code in {0, -signal.SIGTERM}
    pauses = [reader.last.retry for reader in readers if reader.last and not reader.last.event]
    assert len([pause for pause in pauses if pause]) == CROWD
    assert len(set(pauses)) > CROWD // 10


async def _until(api: Api, metric: str, least: float) -> None:
    """Wait for a figure of the first server to grow."""
    for _ in range(600):
        text = (await api.nobody().send("GET", "/metrics", at=0)).text
        (line,) = (line for line in text.splitlines() if line.startswith(f"{metric} "))
        if float(line.rpartition(" ")[2]) >= least:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{metric} stays below {least}")
