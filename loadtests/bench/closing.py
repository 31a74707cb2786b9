"""Closing an event while everybody votes: the barrier has to come down at once."""

import asyncio
from dataclasses import replace

from loadtests.bench.crowd import Crowd
from loadtests.bench.hall import Hall, fill
from loadtests.bench.report import Finding
from loadtests.bench.stage import open_stage
from loadtests.bench.wire import connect

VOTERS = (200, 2_000)
ROUNDS = 3
CONNECTIONS = 100
CHOICES = (b'{"choice":"AGREE"}', b'{"choice":"DISAGREE"}')
COLUMNS = ("voters", "closed ms", "votes/s before", "votes after the close", "refused", "errors")
NOTE = (
    f"{CONNECTIONS} connections vote without a pause for everybody in turn while the owner "
    "finishes the event: the time is until the owner has the answer. No vote that was asked for "
    "after it may be acknowledged."
)


def measure(seconds: float) -> list[Finding]:
    """Close events of each size, some of each."""
    found = Finding("Closing an event under load", COLUMNS, note=NOTE)
    with open_stage() as stage:
        hall = asyncio.run(fill(stage.url, max(VOTERS)))
        # Copies of the event have the same people, whose sessions are good in all of them.
        copies = iter(Crowd(stage.postgres).copies(hall.event_id, len(VOTERS) * ROUNDS))
        for voters in VOTERS:
            for _ in range(ROUNDS):
                one = replace(hall, event_id=next(copies))
                found.add(voters, *asyncio.run(_close(one, voters, min(seconds, 3.0))))
    return [found]


async def _close(hall: Hall, voters: int, seconds: float) -> list[float]:
    loop = asyncio.get_running_loop()
    counted = late = refused = errors = turns = 0
    closed, over = float("inf"), False

    async def vote() -> None:
        nonlocal counted, late, refused, errors, turns
        connection = await connect(hall.host, hall.port)
        while not over:
            turns += 1
            person, choice = turns % voters, CHOICES[turns // voters % 2]
            asked = loop.time()
            status, _ = await connection.ask("PUT", hall.vote_path(0), hall.tokens[person], choice)
            counted += status == 200
            late += status == 200 and asked > closed
            refused += status == 409
            errors += status not in {200, 409}
        connection.close()

    voting = [loop.create_task(vote()) for _ in range(CONNECTIONS)]
    # Long enough that everybody has voted, and the lane is as full as it gets.
    await asyncio.sleep(max(seconds, voters / 1_000))
    before = counted / max(seconds, voters / 1_000)
    took = await _finish(hall)
    closed = loop.time()
    await asyncio.sleep(0.3)
    over = True
    await asyncio.gather(*voting)
    return [took * 1e3, before, late, refused, errors]


async def _finish(hall: Hall) -> float:
    door = await connect(hall.host, hall.port)
    began = asyncio.get_running_loop().time()
    path = f"/api/events/{hall.event_id}/status"
    await door.insist("PATCH", path, hall.owner, b'{"status":"FINISHED"}')
    door.close()
    return asyncio.get_running_loop().time() - began
