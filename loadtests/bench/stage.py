"""What is measured: a durable PostgreSQL, a Valkey and serving processes, all of them our own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from app.launch.valkey import Valkey

SECRET = "bench-" + "0" * 40


@dataclass(frozen=True)
class Stage:
    """The parts, by what they cost."""

    url: str
    postgres: Postgres
    server: psutil.Process
    bus: psutil.Process

    def cpu(self) -> dict[str, float]:
        """Return the seconds of CPU that each part has used so far; our own with them."""
        database = psutil.Process(self.postgres.child.pid if self.postgres.child else 0)
        return {
            "server": _seconds(self.server),
            "database": _seconds(database),
            "bus": _seconds(self.bus),
            "generator": sum(os.times()[:2]),
        }

    def memory(self) -> int:
        """Return the bytes that the server holds."""
        return sum(member.memory_info().rss for member in _family(self.server))


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start everything in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = Postgres(folder / "postgres")
        stack.callback(postgres.stop)
        postgres.start()
        migrate(postgres.url())
        valkey = Valkey(folder / "valkey.log")
        stack.callback(valkey.stop)
        valkey.start()
        server, url = _serve(postgres.url(), valkey.url, folder)
        stack.callback(_end, server)
        bus = psutil.Process(valkey.child.pid if valkey.child else 0)
        yield Stage(url, postgres, psutil.Process(server.pid), bus)


def _serve(database_url: str, redis_url: str, folder: Path) -> tuple["subprocess.Popen[str]", str]:
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ASSENT_DATA_DIR": str(folder / "data"),
        "ASSENT_SECRET_KEY": SECRET,
        "ASSENT_RATE_LIMITS": "false",
        "ASSENT_STREAMS_PER_USER": "20000",
        "PORT": "0",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if "Open" in line:
            return server, line.split()[-1]
    raise SystemExit("The server did not start.")


def _end(server: "subprocess.Popen[str]") -> None:
    server.terminate()
    server.wait()


def _seconds(process: psutil.Process) -> float:
    return sum(sum(member.cpu_times()[:2]) for member in _family(process))


def _family(process: psutil.Process) -> list[psutil.Process]:
    """The launcher's children are its workers, the database's its backends."""
    return [process, *process.children(recursive=True)]
