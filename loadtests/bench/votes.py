"""Votes in one hot event: ours beside PostgreSQL itself and beside a transaction a request."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config import with_scheme
from loadtests.bench.hall import fill
from loadtests.bench.reference import CLIENTS, PEOPLE, PROPOSALS, make_tables, votes_of_postgres
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Served, Stage, open_stage, served_by_uvicorn
from loadtests.bench.wire import connect

CONNECTIONS = (1, 8, 32, 100)
CHOICES = (b'{"choice":"AGREE"}', b'{"choice":"DISAGREE"}')
COLUMNS = (
    *("connections", "votes/s", "x pgbench", "x plain", "p50 ms", "p99 ms", "errors"),
    *("server µs", "database µs", "bus µs", "generator µs"),
    *("pgbench/s", "plain/s", "plain p99 ms"),
)

NOTE = (
    f"pgbench runs the same durable transaction with {CLIENTS} clients. Plain is FastAPI, "
    "SQLAlchemy and psycopg: a transaction a request, a pool as large as ours. Each line's three "
    "were taken one after another. CPU is per vote, and the generator's is on the same cores."
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
    """Take each figure beside those of the references: the machine is shared."""
    with open_stage() as stage:
        make_tables(stage.postgres)
        url = with_scheme(stage.postgres.url(), "postgresql+psycopg")
        with served_by_uvicorn("loadtests.bench.plain:app", DATABASE_URL=url) as server:
            storms = asyncio.run(_ours(stage)), _plain(server)
            for storm in storms:
                asyncio.run(_rage(storm, max(CONNECTIONS), min(2.0, seconds)))
            found = Finding("Votes in one hot event", COLUMNS, note=NOTE)
            for number in CONNECTIONS:
                found.add(*_beside(stage, storms, number, seconds))
    return [found]


def _beside(stage: Stage, storms: tuple[Storm, Storm], number: int, seconds: float) -> list[float]:
    pgbench = votes_of_postgres(stage.postgres, seconds)
    one, plain = (asyncio.run(_rage(storm, number, seconds)) for storm in storms)
    return [
        *(number, one.per_second, one.per_second / pgbench, one.per_second / plain.per_second),
        *(one.p50, one.p99, one.errors),
        *(one.cpu[part] for part in ("server", "database", "bus", "generator")),
        *(pgbench, plain.per_second, plain.p99),
    ]


async def _ours(stage: Stage) -> Storm:
    hall = await fill(stage.url, max(CONNECTIONS))
    return Storm(stage.url, hall.vote_path, hall.tokens.__getitem__, stage.cpu)


def _plain(server: Served) -> Storm:
    return Storm(
        server.url,
        lambda turn: f"/proposals/{turn % PROPOSALS + 1}/votes",
        lambda place: f"token-{place % PEOPLE + 1}",
        lambda: {"server": server.seconds()},
    )


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
