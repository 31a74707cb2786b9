"""The metrics of a server, read as Prometheus reads them."""

import asyncio
from collections.abc import Callable
from typing import Final

import psutil
from prometheus_client.parser import text_string_to_metric_families

from tests.support.client import Person

Measures = dict[str, float]

# Seconds between two looks: a scrape is work for the server that is waited for.
PAUSE: Final = 0.05


async def measures(person: Person, at: int | None = None) -> Measures:
    """Return every sample by its name and labels, as `name{label="value"}`."""
    answer = await person.send("GET", "/metrics", at=at)
    return samples(answer.text)


def samples(text: str) -> Measures:
    return {
        _named(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def cpu_seconds(process: psutil.Process) -> float:
    """Return what a process has used of its processors so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def until(person: Person, wanted: Callable[[Measures], bool]) -> Measures:
    """Scrape until it is so: other workers' gauges come round within a second."""
    while not wanted(found := await measures(person)):  # noqa: ASYNC110 - the server tells nobody
        await asyncio.sleep(PAUSE)
    return found


def _named(name: str, labels: dict[str, str]) -> str:
    written = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{written}}}" if written else name
