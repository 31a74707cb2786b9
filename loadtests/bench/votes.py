"""Votes in one hot event, at one connection and at many."""

import asyncio
from dataclasses import dataclass

from loadtests.bench.hall import Hall, fill
from loadtests.bench.stage import Stage
from loadtests.bench.wire import connect

CONNECTIONS = (1, 8, 32, 100)
CHOICES = (b'{"choice":"AGREE"}', b'{"choice":"DISAGREE"}')


@dataclass(frozen=True)
class VoteFigures:
    """Times in milliseconds, CPU in microseconds a vote."""

    connections: int
    per_second: float
    p50: float
    p99: float
    errors: int
    cpu: dict[str, float]


async def measure_votes(stage: Stage, seconds: float) -> list[VoteFigures]:
    """Let everybody vote as fast as they are answered, with each number of connections."""
    hall = await fill(stage.url, max(CONNECTIONS))
    await _storm(stage, hall, max(CONNECTIONS), min(2.0, seconds))
    return [await _storm(stage, hall, number, seconds) for number in CONNECTIONS]


async def _storm(stage: Stage, hall: Hall, number: int, seconds: float) -> VoteFigures:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    errors = 0
    before, began = stage.cpu(), loop.time()

    async def vote(place: int) -> None:
        nonlocal errors
        connection = await connect(hall.host, hall.port)
        turn = 0
        while loop.time() - began < seconds:
            path = hall.vote_path(place + turn)
            choice = CHOICES[(turn // len(hall.proposals)) % 2]
            asked = loop.time()
            status, _ = await connection.ask("PUT", path, hall.tokens[place], choice)
            times.append(loop.time() - asked)
            errors += status != 200
            turn += 1
        connection.close()

    await asyncio.gather(*(vote(place) for place in range(number)))
    lasted, after = loop.time() - began, stage.cpu()
    times.sort()
    return VoteFigures(
        number,
        len(times) / lasted,
        times[len(times) // 2] * 1e3,
        times[int(len(times) * 0.99)] * 1e3,
        errors,
        {part: (after[part] - before[part]) / len(times) * 1e6 for part in after},
    )
