"""A PostgreSQL of our own: on the loopback address only, durable, and gone when we are."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psycopg
from psycopg import sql

from app.launch.cluster import ROLE, Cluster, last_words, open_cluster
from app.launch.errors import LaunchError
from app.launch.ports import LOOPBACK, free_port
from app.launch.processes import KERNEL_TELLS, Child

READY_SECONDS = 60
# A predecessor whose launcher was killed is on its way out; one that stays is used as it is.
LEAVING_SECONDS = 5
STOP_SECONDS = 15
ATTEMPTS = 3
PAUSE = 0.02

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # short queries never earn back what compiling them costs
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server on one folder.

    With `durable=False` a crash of the machine may lose data: for tests, which throw it away.
    """

    name = "PostgreSQL"

    def __init__(
        self, folder: Path, *, durable: bool = True, portable: bool = not KERNEL_TELLS
    ) -> None:
        self.folder = folder
        self.child: Child | None = None
        self.port = 0
        self._settings = SETTINGS if durable else SETTINGS | VOLATILE
        self._portable = portable
        self._cluster: Cluster | None = None

    @property
    def cluster(self) -> Cluster:
        if self._cluster is None:
            self._cluster = open_cluster(self.folder)
        return self._cluster

    def url(self, database: str = "assent") -> str:
        return f"postgresql://{ROLE}:{self.cluster.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Serve the folder, or use the server that already does, and see to the database."""
        if not self._adopt():
            self._start()
        self._make_database()

    def restart(self) -> None:
        """Serve again on the same port, once the last children of a crashed server are gone."""
        deadline = time.monotonic() + LEAVING_SECONDS
        while True:
            try:
                return self._launch()
            except LaunchError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE)

    def running(self) -> bool:
        """Whether ours runs; one that was there before us is somebody else's to keep."""
        return self.child is None or self.child.running

    def stop(self) -> None:
        if self.child:
            self.child.stop(STOP_SECONDS)

    def _start(self) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            self.port = free_port()
            try:
                self._launch()
            except LaunchError:
                if attempt == ATTEMPTS or "could not bind" not in self.cluster.log.read_text():
                    raise
            else:
                return

    def _launch(self) -> None:
        cluster = self.cluster
        settings = {**self._settings, "port": str(self.port)}
        self.child = Child(
            [
                *(str(cluster.program), "-D", str(cluster.data)),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            account=cluster.account,
            log=cluster.log,
            asked=signal.SIGINT,  # "fast": open sessions are ended, a checkpoint is written
            orphaned=signal.SIGQUIT,  # at once; the log of writes holds every committed row
            portable=self._portable,
        )
        self.child.start()
        self._await(self.child)

    def _await(self, child: Child) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if not child.running:
                raise LaunchError(f"PostgreSQL did not start: {last_words(self.cluster.log)}")
            if self._answers():
                return
            time.sleep(PAUSE)
        raise LaunchError(
            f"PostgreSQL was not ready after {READY_SECONDS} s; see {self.cluster.log}."
        )

    def _answers(self) -> bool:
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(self.url("postgres"), connect_timeout=5),
        ):
            return True
        return False

    def _adopt(self) -> bool:
        deadline = time.monotonic() + LEAVING_SECONDS
        while (found := self._running()) and time.monotonic() < deadline:
            time.sleep(PAUSE)
        if not found:
            self.cluster.pid_file.unlink(missing_ok=True)
            return False
        self.port = found
        if not self._answers():
            data = self.cluster.data
            raise LaunchError(f"Another PostgreSQL holds {data} and does not let us in.")
        return True

    def _running(self) -> int:
        """The port of the server that holds our files, 0 when there is none."""
        try:
            lines = self.cluster.pid_file.read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
            os.kill(pid, 0)
        except PermissionError:
            return port
        except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            return 0
        return port if _is_postgres(pid) else 0

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (ROLE,))
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(ROLE)))


def _is_postgres(pid: int) -> bool:
    """After a restart of the machine or container the old number may be somebody else's."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()
