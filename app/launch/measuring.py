"""A folder in which several workers keep their metrics, so that a scrape of one speaks for all."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

from app.launch.errors import LaunchError

NAME: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics(workers: int) -> Iterator[None]:
    """Provide the folder where there are several workers, empty at the start.

    A folder that is named already is used, and whatever an earlier run left in it goes.
    """
    named = os.environ.get(NAME)
    if named:
        with _trouble_told():
            _empty(Path(named))
        yield
    elif workers > 1:
        with _trouble_told():
            folder = tempfile.TemporaryDirectory(prefix="assent-metrics-")
        with folder as made:
            os.environ[NAME] = made
            try:
                yield
            finally:
                del os.environ[NAME]
    else:
        yield


@contextmanager
def _trouble_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LaunchError(
            f"Several workers share a folder for their metrics, and none can be made ({error})."
            f" Let /tmp be written to, or name one in {NAME}."
        ) from error


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()


def forget(pid: int) -> None:
    """Take the gauges of a worker that ended out of the sums; what it counted stays counted."""
    mark: Callable[[int, str], None] = mark_process_dead
    if pid and NAME in os.environ:
        mark(pid, os.environ[NAME])
