import asyncio
import os
from collections import Counter

import httpx2

from tests.support.client import Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import StartServers
from tests.support.truth import Truth

WRITERS, WORDS, CUTS = 64, 6, 6
APPLICATION = f"gaps-{os.getpid()}"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
SENT_AGAIN = {httpx2.codes.SERVICE_UNAVAILABLE}


async def _write(room: Room, writer: Person, who: int, done: asyncio.Semaphore) -> list[int]:
    """Say something in turns with what is refused under the lock; return the numbers it got."""
    numbers = []
    for turn in range(WORDS):
        mine = {"content": f"{who}-{turn}"}
        for path, body in (("/comments", mine), ("/status", {"status": "FINISHED"})):
            method = "POST" if path == "/comments" else "PATCH"
            key = f"{room.id} {who} {turn} {path}"
            answer = await writer.send(method, f"{room.path}{path}", body, key=key)
            while answer.status_code in SENT_AGAIN:
                answer = await writer.send(method, f"{room.path}{path}", body, key=key)
            assert answer.status_code == (201 if path == "/comments" else 403), answer.text
            if answer.is_success:
                numbers.append(int(answer.headers["x-event-seq"].rpartition(".")[2]))
        done.release()
    return numbers


async def _read(room: Room, over: asyncio.Event) -> int:
    """Read on after the last number, again and again: none may come later than a higher one."""
    seen = 0
    while not over.is_set() or seen < await _head(room):
        page = await room.owner.send("GET", f"{room.path}/changes?after={seen}")
        if page.is_success:
            numbers = [change["seq"] for change in page.json()["items"]]
            assert numbers == list(range(seen + 1, seen + 1 + len(numbers)))
            seen += len(numbers)
    return seen


async def _head(room: Room) -> int:
    return int((await room.owner.get(room.path))["seq"])


async def test_numbers_have_no_gap_whatever_is_rolled_back_or_killed(
    start_servers: StartServers, truth: Truth
) -> None:
    servers = start_servers(2, PGAPPNAME=APPLICATION)
    async with connect(*(server.url for server in servers)) as api:
        room = await open_room(await api.sign_up("Host"), policies=MANUAL)
        writers = await room.guests(WRITERS)
        done, over = asyncio.Semaphore(0), asyncio.Event()

        async def kill_backends() -> None:
            for _ in range(CUTS):
                for _ in range(WRITERS * WORDS // (CUTS + 1)):
                    await done.acquire()
                await truth.rows(CUT, APPLICATION)

        reading = [asyncio.create_task(_read(room, over)) for _ in range(4)]
        writing = (_write(room, writer, n, done) for n, writer in enumerate(writers))
        _, *told = await asyncio.gather(kill_backends(), *writing)
        over.set()
        head = await truth.head(room.id)
        assert await asyncio.gather(*reading) == [head] * 4
    numbers = Counter(number for writer in told for number in writer)
    assert len(numbers) == WRITERS * WORDS == numbers.total()
    assert all(writer == sorted(writer) for writer in told)
    await truth.check(room.id)
