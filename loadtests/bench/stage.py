"""What is measured: a durable PostgreSQL, a Valkey and serving processes, all of them our own."""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.launch.ports import LOOPBACK, free_port
from app.launch.postgres import Postgres
from app.launch.schema import migrate
from app.launch.valkey import Valkey

SECRET = "bench-" + "0" * 40
ROOT = Path(__file__).parents[2]
# Ten thousand streams have two ends, and each end is in a process of its own.
FILES = 65_536
PATIENCE = 10.0


@dataclass(frozen=True)
class Served:
    """A server that is measured, ours or a reference: where it answers, and what it uses."""

    url: str
    process: psutil.Process

    def seconds(self) -> float:
        """Return the seconds of CPU that it and its children have used so far."""
        return seconds_of(self.process)

    def memory(self) -> int:
        """Return the bytes that it holds."""
        return int(_summed(self.process, lambda member: member.memory_info().rss))


@dataclass(frozen=True)
class Stage(Served):
    """Our server with its parts, by what they cost."""

    postgres: Postgres
    bus: psutil.Process

    def cpu(self) -> dict[str, float]:
        """Return the seconds of CPU that each part has used so far; our own with them."""
        database = psutil.Process(self.postgres.child.pid if self.postgres.child else 0)
        return {
            "server": self.seconds(),
            "database": seconds_of(database),
            "bus": seconds_of(self.bus),
            "generator": sum(os.times()[:2]),
        }


@contextmanager
def open_stage(**settings: str) -> Iterator[Stage]:
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
        environment = {
            "DATABASE_URL": postgres.url(),
            "REDIS_URL": valkey.url,
            "ASSENT_DATA_DIR": str(folder / "data"),
            "ASSENT_SECRET_KEY": SECRET,
            "ASSENT_RATE_LIMITS": "false",
            "ASSENT_STREAMS_PER_USER": "20000",
            "ASSENT_LOG_LEVEL": "warning",
            "PORT": "0",
        }
        ours = [sys.executable, "-m", "app.cli", "serve"]
        server = stack.enter_context(started(ours, environment | settings, said=subprocess.PIPE))
        bus = psutil.Process(valkey.child.pid if valkey.child else 0)
        yield Stage(_address_of(server), psutil.Process(server.pid), postgres, bus)


@contextmanager
def served_by_uvicorn(app: str, **settings: str) -> Iterator[Served]:
    """Serve a reference as our own server is served: uvicorn with uvloop and httptools."""
    port = free_port()
    words = "--loop uvloop --http httptools --no-access-log --log-level error --backlog 4096"
    argv = [sys.executable, "-m", "uvicorn", app, "--port", str(port), *words.split()]
    with started(argv, settings) as program:
        yield Served(await_port(port), psutil.Process(program.pid))


@contextmanager
def started(
    argv: Sequence[str], environment: Mapping[str, str], *, said: int | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Start a program that ends with this block, at once if it must be."""
    program = subprocess.Popen(
        argv, cwd=ROOT, env=os.environ | dict(environment), stdout=said, text=True
    )
    try:
        yield program
    finally:
        program.terminate()
        try:
            program.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def await_port(port: int) -> str:
    """Come back with the address when somebody answers there."""
    for _ in range(100):
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return f"http://{LOOPBACK}:{port}"
    raise SystemExit(f"Nobody answers at port {port}.")


def allow_files() -> None:
    """Let this process and its children hold enough sockets, as far as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wish in (max(most, FILES), most):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wish, wish))
        except (ValueError, OSError):
            continue
        return


def seconds_of(process: psutil.Process) -> float:
    return _summed(process, lambda member: sum(member.cpu_times()[:2]))


def _summed(process: psutil.Process, figure: Callable[[psutil.Process], float]) -> float:
    """Add up a figure of a process and its children: of a launcher's workers, of backends."""
    found = 0.0
    for member in [process, *process.children(recursive=True)]:
        # What vacuums a database comes and goes meanwhile.
        with suppress(psutil.NoSuchProcess):
            found += figure(member)
    return found


def _address_of(program: "subprocess.Popen[str]") -> str:
    said = []
    for line in program.stdout or ():
        if "Open" in line:
            return line.split()[-1]
        said.append(line)
    raise SystemExit(f"The server did not start. {''.join(said)}")
