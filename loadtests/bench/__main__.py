"""`make bench`: measures, prints a table, and keeps the figures.

python -m loadtests.bench [SECONDS]
"""

import asyncio
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from loadtests.bench.reference import CLIENTS, votes_of_postgres
from loadtests.bench.stage import open_stage
from loadtests.bench.streams import StreamFigures, measure_streams
from loadtests.bench.votes import VoteFigures, measure_votes

RESULTS = Path(__file__).parents[2] / "build" / "bench"
console = Console(highlight=False, width=110)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
    with open_stage() as stage:
        reference = votes_of_postgres(stage.postgres, seconds)
        votes = asyncio.run(measure_votes(stage, seconds))
        streams = asyncio.run(measure_streams(stage, seconds))
        again = votes_of_postgres(stage.postgres, seconds)
    # The machine is shared: the reference is taken before and after, and both are told.
    pgbench = (reference + again) / 2
    console.print(f"\n{_machine()}")
    console.print(
        f"pgbench, the same transaction, {CLIENTS} clients: {reference:.0f}/s before, "
        f"{again:.0f}/s after\n"
    )
    console.print(_votes_table(votes, pgbench))
    console.print(_streams_table(streams))
    _keep({"machine": _machine(), "pgbench": [reference, again]}, votes, streams)


def _votes_table(figures: list[VoteFigures], pgbench: float) -> Table:
    names = ("connections", "votes/s", "x pgbench", "p50 ms", "p99 ms", "errors")
    parts = ("server", "database", "bus", "generator")
    table = Table(*names, *(f"{part} µs" for part in parts), title="Votes in one hot event")
    for one in figures:
        table.add_row(
            str(one.connections),
            f"{one.per_second:.0f}",
            f"{one.per_second / pgbench:.2f}",
            f"{one.p50:.1f}",
            f"{one.p99:.1f}",
            str(one.errors),
            *(f"{one.cpu[part]:.0f}" for part in parts),
        )
    return table


def _streams_table(figures: list[StreamFigures]) -> Table:
    names = ("streams", "votes", "p50 ms", "p99 ms", "lost", "µs a frame", "kB a stream")
    table = Table(*names, title="From a vote to every stream")
    for one in figures:
        table.add_row(
            str(one.streams),
            str(one.votes),
            f"{one.p50:.1f}",
            f"{one.p99:.1f}",
            str(one.lost),
            f"{one.cpu_per_frame:.1f}",
            f"{one.bytes_per_stream / 1e3:.1f}",
        )
    return table


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _keep(about: dict[str, object], votes: list[VoteFigures], streams: list[StreamFigures]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    figures = {"votes": [asdict(one) for one in votes], "streams": [asdict(s) for s in streams]}
    file.write_text(json.dumps(about | figures, indent=2) + "\n")
    console.print(f"Kept in build/bench/{file.name}")


if __name__ == "__main__":
    main()
