"""What grows and what must not cost more for it: events, votes and members in the tables."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from loadtests.bench.crowd import Crowd
from loadtests.bench.hall import Hall, fill
from loadtests.bench.plot import Curve, draw
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Stage, open_stage
from loadtests.bench.wire import connect

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "growth.svg"
SIZES = {
    "events": (10, 100, 1_000, 10_000),
    "votes": (100, 1_000, 10_000, 100_000, 1_000_000),
    "members": (10, 100, 1_000, 10_000),
    "comments": (100, 1_000, 10_000, 100_000),
}
# A million rows take a while to make.
MILLION, LONG = 1_000_000, 6.0
ACTS = ("vote", "event after a vote", "page of comments")
ROUNDS = 60
COLUMNS = ("what grows", "to", *(f"{act} ms" for act in ACTS), *(f"{act} x" for act in ACTS))
NOTE = (
    f"One connection, the fastest tenth of {ROUNDS} turns: the rest tells what else the machine "
    "does. x is against the smallest size of its axis. Events are copies of the "
    "measured one, with its members and votes; votes belong to another event, people to it."
)


def measure(seconds: float) -> list[Finding]:
    """Grow one thing at a time, and do the same three things at each size."""
    found = Finding("What it costs when there is more", COLUMNS, note=NOTE)
    curves: list[Curve] = []
    rounds = max(10, round(ROUNDS * min(1.0, seconds / 6)))
    for axis, most in SIZES.items():
        sizes = most if seconds >= LONG else tuple(size for size in most if size < MILLION)
        with open_stage() as stage:
            costs = asyncio.run(_grow(stage, axis, sizes, rounds))
        for size, cost in zip(sizes, costs, strict=True):
            ratios = [now / then for now, then in zip(cost, costs[0], strict=True)]
            found.add(axis, size, *cost, *ratios)
        for place, act in enumerate(ACTS):
            curves.append(Curve(axis, act, sizes, [cost[place] for cost in costs]))
    draw(PICTURE, curves)
    return [found]


async def _grow(
    stage: Stage, axis: str, sizes: tuple[int, ...], rounds: int
) -> list[tuple[float, ...]]:
    crowd = Crowd(stage.postgres)
    hall, other = await fill(stage.url, 9), await fill(stage.url, 9)
    await other.vote(await connect(hall.host, hall.port))
    crowd.people(other.event_id, 990)
    crowd.comments(hall.event_id, 100)
    add: dict[str, Callable[[int], object]] = {
        "events": lambda more: crowd.copies(hall.event_id, more),
        "votes": lambda more: crowd.votes(other.event_id, more),
        "members": lambda more: crowd.people(hall.event_id, more),
        "comments": lambda more: crowd.comments(hall.event_id, more),
    }
    held = {"events": 2, "votes": 0, "members": 10, "comments": 100}[axis]
    costs = []
    for size in sizes:
        if size > held:
            add[axis](size - held)
            held = size
        costs.append(await _cost(hall, rounds))
    return costs


async def _cost(hall: Hall, rounds: int) -> tuple[float, ...]:
    door = await connect(hall.host, hall.port)
    where = f"/api/events/{hall.event_id}"
    loop = asyncio.get_running_loop()
    times: list[list[float]] = [[], [], []]
    for turn in range(rounds + 5):
        marks = [loop.time()]
        await hall.vote(door)
        marks.append(loop.time())
        for path in (where, f"{where}/comments"):
            await door.insist("GET", path, hall.tokens[0])
            marks.append(loop.time())
        if turn >= 5:
            for place, act in enumerate(times):
                act.append(marks[place + 1] - marks[place])
    door.close()
    return tuple(middle(act, 0.1) * 1e3 for act in times)
