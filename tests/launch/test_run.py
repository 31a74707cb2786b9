import os
import pwd
import signal
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from app.launch.accounts import Account, reaches
from tests.launch.launching import Launched, await_end, database_of

NOBODY = pwd.getpwnam("nobody").pw_uid

Launch = Callable[..., Launched]


@pytest.fixture
def launch() -> Iterator[Launch]:
    started: list[Launched] = []

    def start(*words: str, prefix: tuple[str, ...] = (), **environment: str) -> Launched:
        started.append(Launched(*words, prefix=prefix, **environment))
        return started[-1]

    yield start
    for launched in started:
        launched.put_away()


def status(address: str) -> int:
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        return int(answer.status)


def test_one_command_opens_a_room_and_sigterm_closes_all_of_it(
    launch: Launch, tmp_path: Path
) -> None:
    room = launch("run", ASSENT_DATA_DIR=str(tmp_path))
    assert status(room.address()) == 200
    family = room.family()
    room.process.send_signal(signal.SIGTERM)
    code, said = room.end()
    assert code == 0
    assert "Entrance code" in said
    assert str(tmp_path) in said
    assert "Traceback" not in said
    await_end(family)


def test_a_killed_launcher_leaves_no_orphan_and_loses_no_row(
    launch: Launch, tmp_path: Path
) -> None:
    first = launch("run", ASSENT_DATA_DIR=str(tmp_path), WORKERS="2")
    first.address()
    with psycopg.connect(database_of(tmp_path)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    family = first.family()
    first.process.kill()
    await_end(family)

    second = launch("run", ASSENT_DATA_DIR=str(tmp_path))
    assert status(second.address()) == 200
    with psycopg.connect(database_of(tmp_path)) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_what_is_taken_is_said_in_one_line(launch: Launch, tmp_path: Path) -> None:
    room = launch("run", ASSENT_DATA_DIR=str(tmp_path))
    address = room.address()

    code, said = launch("run", ASSENT_DATA_DIR=str(tmp_path)).end()
    assert code == 1
    assert said.strip() == (
        f"The data folder {tmp_path} is in use by another Assent (process {room.process.pid})."
    )

    port = str(urlsplit(address).port)
    code, said = launch("run", ASSENT_DATA_DIR=str(tmp_path / "other"), PORT=port).end()
    assert code == 1
    assert said.startswith(f"Port {port} on 127.0.0.1 is busy")
    assert said.count("\n") == 1


@pytest.mark.skipif(
    os.geteuid() != 0 or not reaches(Account(NOBODY, NOBODY), Path(sys.executable).resolve()),
    reason="needs root, and a Python that others reach too",
)
def test_an_ordinary_user_needs_nothing_of_root(launch: Launch) -> None:
    with tempfile.TemporaryDirectory() as folder:  # closed to others, as a home can be
        os.chown(folder, NOBODY, NOBODY)
        who = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        room = launch("run", prefix=who, ASSENT_DATA_DIR=folder, HOME="/nonexistent")
        assert status(room.address()) == 200
        assert {process.uids().real for process in room.family()} == {NOBODY}
        room.process.send_signal(signal.SIGINT)
        assert room.end()[0] == 0


def test_a_worker_that_dies_is_replaced(launch: Launch, tmp_path: Path) -> None:
    room = launch("run", ASSENT_DATA_DIR=str(tmp_path))
    address = room.address()
    worker = next(p for p in room.family() if "app.launch.worker" in p.cmdline())
    worker.kill()
    room.until("started again")
    assert status(address) == 200  # the socket is the launcher's: nobody is turned away meanwhile


@pytest.mark.parametrize("command", ["run", "serve", "migrate", "seed"])
def test_a_database_that_is_not_there_is_said_in_one_line(
    launch: Launch, tmp_path: Path, redis_url: str, command: str
) -> None:
    code, said = launch(
        command,
        ASSENT_DATA_DIR=str(tmp_path),
        DATABASE_URL="postgresql://someone:hidden@127.0.0.1:1/nowhere",
        REDIS_URL=redis_url,
        ASSENT_SECRET_KEY="s" * 40,
    ).end()
    assert code == 1
    assert said.startswith("The database at 127.0.0.1:1 cannot be used")
    assert said.count("\n") == 1
    assert "hidden" not in said


def test_serving_needs_a_database_of_its_own(launch: Launch) -> None:
    code, said = launch("serve", ASSENT_SECRET_KEY="s" * 40).end()
    assert code == 1
    assert said.startswith("Set DATABASE_URL")


def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    launch: Launch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, said = launch("run", ASSENT_DATA_DIR=str(tmp_path / "file" / "data")).end()
    assert code == 1
    assert "cannot be written" in said
    assert said.count("\n") == 1


def test_a_setting_that_makes_no_sense_is_named(launch: Launch) -> None:
    code, said = launch("run", WORKERS="many").end()
    assert code == 1
    assert said.startswith("WORKERS:")


def test_a_new_epoch_needs_its_event(launch: Launch, database_url: str) -> None:
    nobodys = "00000000-0000-0000-0000-000000000000"
    code, said = launch("new-epoch", "--event", nobodys, DATABASE_URL=database_url).end()
    assert code == 1
    assert said.startswith("There is no such event.")
    assert said.count("\n") == 1
