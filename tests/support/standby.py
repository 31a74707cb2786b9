"""A real streaming replica of the tests' PostgreSQL, which a test may hold back and kill."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from app.launch import binaries
from app.launch.accounts import account_for, own
from app.launch.cluster import Cluster
from app.launch.postgres import Postgres
from app.launch.processes import Child

PATIENCE = 60.0


class Standby(Postgres):
    """A copy of another server that follows it."""

    def __init__(self, folder: Path, primary: str) -> None:
        super().__init__(folder, durable=False)
        self._primary = primary

    @property
    def at(self) -> str:
        """Return the address of the copy of the very database that the primary's names."""
        return urlsplit(self._primary)._replace(netloc=self._netloc).geturl()

    @property
    def _netloc(self) -> str:
        who = urlsplit(self._primary).netloc.rpartition("@")[0]
        return f"{who}@127.0.0.1:{self.port}"

    def copy(self) -> None:
        """Take the copy and follow from there on."""
        account = account_for(self.folder)
        own(self.folder, account)
        program = binaries.postgres(account)
        password = urlsplit(self._primary).password or ""
        self._cluster = Cluster(self.folder, program, account, password)
        backup = Child(
            [
                *(str(program.with_name("pg_basebackup")), "--dbname", self._primary),
                *("--pgdata", str(self._cluster.data), "--write-recovery-conf"),
                *("--wal-method", "stream", "--checkpoint", "fast", "--no-sync"),
            ],
            account=account,
            log=self._cluster.log,
        )
        backup.start()
        backup.wait(PATIENCE)
        assert backup.exit_code == 0, self._cluster.log.read_text()
        self._start()

    def hold(self) -> None:
        """Stand still: what the primary commits from now on is not seen here."""
        self._ask("SELECT pg_wal_replay_pause()")
        self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def go_on(self) -> None:
        self._ask("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Come back when all that is committed now is seen here."""
        with psycopg.connect(self._primary, autocommit=True) as primary:
            # A record of its own, as the last commit may not have been flushed yet.
            ((reached,),) = primary.execute("SELECT pg_log_standby_snapshot()::text").fetchall()
        self._until(f"SELECT pg_last_wal_replay_lsn() >= '{reached}'")

    def promote(self) -> None:
        """Follow nobody any more: come back when changes are taken here."""
        self._ask("SELECT pg_promote()")

    def kill(self) -> None:
        assert self.child is not None
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait(PATIENCE)

    def _ask(self, statement: str) -> object:
        with psycopg.connect(self.at, autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row and row[0]

    def _until(self, question: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._ask(question):
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def standby(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Standby]:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("only the embedded PostgreSQL is known to let itself be copied")
    copy = Standby(tmp_path_factory.mktemp("standby"), database_url)
    copy.copy()
    yield copy
    copy.stop()
