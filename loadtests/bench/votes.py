"""Votes in one hot event: ours beside PostgreSQL itself and beside a transaction a request."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config import with_scheme
from loadtests.bench.hall import fill
from loadtests.bench.reference import CLIENTS, PEOPLE, PROPOSALS, make_tables, votes_of_postgres
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Stage, open_stage, served_by_uvicorn
from loadtests.bench.wire import connect

CONNECTIONS = (1, 8, 32, 100)
CHOICES = (b'{"choice":"AGREE"}', b'{"choice":"DISAGREE"}')
COLUMNS = (
    *("connections", "votes/s", "x pgbench", "x plain", "p50 ms", "p99 ms", "errors"),
    *("server µs", "database µs", "bus µs", "generator µs", "plain/s", "plain p99 ms"),
)


@dataclass(frozen=True)
class Storm:
    """A server's votes: who asks what, and what each part of it costs."""

    url: str
    path: Callable[[int], str]
    token: Callable[[int], str]
    cpu: Callable[[], dict[str, float]]


@dataclass(frozen=True)
class Figures:
    """Times in milliseconds, CPU in microseconds a vote."""

    per_second: float
    p50: float
    p99: float
    errors: int
    cpu: dict[str, float]


def measure(seconds: float) -> list[Finding]:
    """Take each figure of the references just before or after our own: the machine is shared."""
    with open_stage() as stage:
        before = votes_of_postgres(stage.postgres, seconds)
        ours = asyncio.run(_ours(stage, seconds))
        after = votes_of_postgres(stage.postgres, seconds)
        plain = asyncio.run(_plain(stage, seconds))
    pgbench = (before + after) / 2
    found = Finding("Votes in one hot event", COLUMNS, note=_note(before, after))
    for number in CONNECTIONS:
        one, other = ours[number], plain[number]
        found.add(
            *(number, one.per_second, one.per_second / pgbench, one.per_second / other.per_second),
            *(one.p50, one.p99, one.errors),
            *(one.cpu[part] for part in ("server", "database", "bus", "generator")),
            *(other.per_second, other.p99),
        )
    return [found]


def _note(before: float, after: float) -> str:
    return (
        f"pgbench runs the same durable transaction with {CLIENTS} clients: {before:.0f}/s before, "
        f"{after:.0f}/s after. Plain is FastAPI, SQLAlchemy and psycopg with a transaction a "
        "request and a pool as large as ours. CPU is per vote, and the generator's is on the same "
        "cores."
    )


async def _ours(stage: Stage, seconds: float) -> dict[int, Figures]:
    hall = await fill(stage.url, max(CONNECTIONS))
    return await _storms(
        Storm(stage.url, hall.vote_path, hall.tokens.__getitem__, stage.cpu), seconds
    )


async def _plain(stage: Stage, seconds: float) -> dict[int, Figures]:
    make_tables(stage.postgres)
    url = with_scheme(stage.postgres.url(), "postgresql+psycopg")
    with served_by_uvicorn("loadtests.bench.plain:app", DATABASE_URL=url) as server:
        return await _storms(
            Storm(
                server.url,
                lambda turn: f"/proposals/{turn % PROPOSALS + 1}/votes",
                lambda place: f"token-{place % PEOPLE + 1}",
                lambda: {"server": server.seconds()},
            ),
            seconds,
        )


async def _storms(storm: Storm, seconds: float) -> dict[int, Figures]:
    await _rage(storm, max(CONNECTIONS), min(2.0, seconds))
    return {number: await _rage(storm, number, seconds) for number in CONNECTIONS}


async def _rage(storm: Storm, number: int, seconds: float) -> Figures:
    """Let so many people vote as fast as they are answered."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    errors = 0
    place = urlsplit(storm.url)
    before, began = storm.cpu(), loop.time()

    async def vote(person: int) -> None:
        nonlocal errors
        connection = await connect(place.hostname or "", place.port or 80)
        turn = 0
        while loop.time() - began < seconds:
            choice = CHOICES[(turn // PROPOSALS) % 2]
            asked = loop.time()
            status, _ = await connection.ask(
                "PUT", storm.path(person + turn), storm.token(person), choice
            )
            times.append(loop.time() - asked)
            errors += status != 200
            turn += 1
        connection.close()

    await asyncio.gather(*(vote(person) for person in range(number)))
    lasted, after = loop.time() - began, storm.cpu()
    return Figures(
        len(times) / lasted,
        middle(times) * 1e3,
        middle(times, 0.99) * 1e3,
        errors,
        {part: (after[part] - before[part]) / len(times) * 1e6 for part in after},
    )
