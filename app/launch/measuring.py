"""A folder in which several workers keep their metrics, so that a scrape of one speaks for all."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

NAME: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics(workers: int) -> Iterator[None]:
    """Provide the folder where there are several workers, empty at the start.

    A folder that is named already is used, and whatever an earlier run left in it goes.
    """
    named = os.environ.get(NAME)
    if named:
        folder = Path(named)
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.db"):
            left.unlink()
        yield
    elif workers > 1:
        with tempfile.TemporaryDirectory(prefix="assent-metrics-") as made:
            os.environ[NAME] = made
            try:
                yield
            finally:
                del os.environ[NAME]
    else:
        yield


def forget(pid: int) -> None:
    """Take the gauges of a worker that ended out of the sums; what it counted stays counted."""
    mark: Callable[[int, str], None] = mark_process_dead
    if pid and NAME in os.environ:
        mark(pid, os.environ[NAME])
