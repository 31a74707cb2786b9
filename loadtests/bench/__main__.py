"""`make bench`: measures, prints tables, and keeps the figures.

python -m loadtests.bench [--seconds 6] [--parts votes,fanout,...] [--out docs/bench]
"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from loadtests.bench import closing, fanout, growth, opening, reads, simulate, storm, votes
from loadtests.bench.machine import describe
from loadtests.bench.report import Finding
from loadtests.bench.stage import allow_files

RESULTS = Path(__file__).parents[2] / "docs" / "bench"
PARTS: dict[str, Callable[[float], list[Finding]]] = {
    "votes": votes.measure,
    "fanout": fanout.measure,
    "storm": storm.measure,
    "opening": opening.measure,
    "reads": reads.measure,
    "closing": closing.measure,
    "growth": growth.measure,
    "simulate": simulate.measure,
}
console = Console(highlight=False, width=140)


def main() -> None:
    chosen = _arguments()
    allow_files()
    machine = describe()
    found: dict[str, list[Finding]] = {}
    console.print(" · ".join(f"{name}: {value}" for name, value in machine.items()))
    name = f"{datetime.now(UTC):%Y-%m-%dT%H%M}"
    for part in chosen.parts:
        found[part] = PARTS[part](chosen.seconds)
        for finding in found[part]:
            console.print(finding.as_table())
        # After each part: a run that is broken off keeps what it has.
        _keep(chosen.out, name, machine, found)
    console.print(f"Kept in {chosen.out / name}.json and .md")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtests.bench")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each figure is taken")
    parser.add_argument("--parts", type=_parts, default=list(PARTS), help=",".join(PARTS))
    parser.add_argument("--out", type=Path, default=RESULTS, help="the folder of the results")
    return parser.parse_args()


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    if not set(parts) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return parts


def _keep(
    folder: Path, name: str, machine: dict[str, str], found: dict[str, list[Finding]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parts = {part: [finding.as_json() for finding in each] for part, each in found.items()}
    kept = json.dumps({"machine": machine, "parts": parts}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(kept + "\n", "utf-8")
    lines = [f"# {name.replace('T', ', ')} UTC", ""]
    lines += [f"- {what}: {value}" for what, value in machine.items()]
    lines += ["", *(finding.as_markdown() for each in found.values() for finding in each)]
    (folder / f"{name}.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
