"""Two workers, one scrape: whichever answers speaks for both."""

import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.launch.errors import LaunchError
from app.launch.measuring import NAME, forget, shared_metrics
from tests.launch.launching import Launched
from tests.support.measures import PAUSE, Measures, samples


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Launched]:
    launched = Launched("run", ASSENT_DATA_DIR=str(tmp_path), WORKERS="2")
    yield launched
    launched.put_away()


def scrape(address: str) -> Measures:
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
        return samples(answer.read().decode())


def health_checks(address: str, count: int) -> None:
    for _ in range(count):
        urllib.request.urlopen(f"{address}/healthz", timeout=10).close()


def await_pools_of_both(address: str) -> None:
    while scrape(address)["assent_pool_size_connections"] != 16:
        time.sleep(PAUSE)


def workers(room: Launched) -> list[psutil.Process]:
    return [process for process in room.family() if "app.launch.worker" in process.cmdline()]


def test_a_scrape_of_one_speaks_for_both(room: Launched) -> None:
    address = room.address()
    answered = 'assent_request_seconds_count{status="2xx"}'
    before = scrape(address)
    health_checks(address, 40)
    # The first scrape was answered after it was counted.
    assert scrape(address)[answered] == before[answered] + 41
    await_pools_of_both(address)

    workers(room)[0].kill()
    room.until("started again")
    await_pools_of_both(address)
    assert scrape(address)[answered] > before[answered] + 41
    folder = Path(workers(room)[0].environ()[NAME])
    assert folder.is_dir()
    room.process.send_signal(signal.SIGTERM)
    assert room.end()[0] == 0
    assert not folder.exists()


def test_a_folder_that_is_named_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, str(tmp_path / "metrics"))
    (tmp_path / "metrics").mkdir()
    left = tmp_path / "metrics" / "counter_1.db"
    left.touch()
    with shared_metrics(1):
        assert not left.exists()
        assert os.environ[NAME] == str(tmp_path / "metrics")


def test_one_worker_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    with shared_metrics(1):
        assert NAME not in os.environ
    with shared_metrics(2):
        folder = Path(os.environ[NAME])
        gauge, counter = folder / "gauge_livesum_7.db", folder / "counter_7.db"
        gauge.touch()
        counter.touch()
        forget(7)
        assert [gauge.exists(), counter.exists()] == [False, True]
    assert NAME not in os.environ


def test_no_folder_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(NAME, str(tmp_path / "file" / "metrics"))
    with pytest.raises(LaunchError, match=f"name one in {NAME}"), shared_metrics(2):
        pass
