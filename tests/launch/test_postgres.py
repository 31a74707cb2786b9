import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.launch import binaries, postgres
from app.launch.accounts import account_for
from app.launch.postgres import Postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """In a folder that is closed to everybody else, as pytest's are."""
    started = Postgres(tmp_path / "postgres")
    started.start()
    yield started
    started.stop()


def answer(server: Postgres, question: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(question).fetchone()
    assert row
    return row[0]


def test_it_is_durable_private_and_behind_a_password(server: Postgres) -> None:
    assert answer(server, "SHOW fsync") == "on"
    assert answer(server, "SHOW synchronous_commit") == "on"
    assert answer(server, "SHOW listen_addresses") == "127.0.0.1"
    assert answer(server, "SHOW unix_socket_directories") == ""
    assert (server.folder / "password").stat().st_mode & 0o777 == 0o600
    assert server.folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url().replace(server.cluster.password, "guess"))


def test_a_crash_loses_no_committed_row(server: Postgres) -> None:
    assert server.child
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(server.child.pid, signal.SIGKILL)
    server.child.wait(10)
    assert not server.running()
    server.restart()
    assert answer(server, "SELECT answer FROM kept") == 42


def test_a_server_that_already_runs_is_used(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LEAVING_SECONDS", 0)
    second = Postgres(server.folder)
    second.start()
    assert second.port == server.port
    second.stop()
    assert answer(server, "SELECT 1") == 1


def test_the_number_of_a_process_long_gone_stops_nobody(server: Postgres) -> None:
    server.stop()
    lines = [str(os.getpid()), str(server.cluster.data), "0", "1", "", "127.0.0.1", "", "ready"]
    server.cluster.pid_file.write_text("\n".join(lines))
    server.start()
    assert answer(server, "SELECT 1") == 1


@as_root
def test_under_root_a_closed_folder_is_served_by_somebody_unprivileged(server: Postgres) -> None:
    assert server.child
    assert server.cluster.account
    assert server.cluster.account.reach
    status = Path(f"/proc/{server.child.pid}/status").read_text()
    nobody = pwd.getpwnam("nobody").pw_uid
    assert f"Uid:\t{nobody}\t{nobody}" in status


@as_root
def test_under_root_data_of_an_ordinary_user_stays_that_users(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 1234)
    account = account_for(tmp_path)
    assert account
    assert (account.uid, account.gid) == (1234, 1234)


@as_root
def test_under_root_programs_in_a_closed_folder_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as reachable:
        Path(reachable).chmod(0o755)
        monkeypatch.setattr(binaries, "COPIES", Path(reachable))
        monkeypatch.setattr(binaries, "reaches", lambda _account, _path: False)
        copied = Postgres(tmp_path / "postgres")
        copied.start()
        assert str(copied.cluster.program).startswith(reachable)
        assert answer(copied, "SELECT 1") == 1
        copied.stop()


def test_half_made_files_are_made_again(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "cluster.new").mkdir(parents=True)
    (tmp_path / "postgres" / "cluster.new" / "PG_VERSION").write_text("18")
    server = Postgres(tmp_path / "postgres", durable=False)
    server.start()
    assert answer(server, "SELECT 1") == 1
    server.stop()
    shutil.rmtree(tmp_path / "postgres")
