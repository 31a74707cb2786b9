"""PostgreSQL's files: made once, whole or not at all, with a password nobody typed."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.launch import binaries
from app.launch.accounts import Account, account_for, own
from app.launch.errors import LaunchError
from app.launch.folder import kept_secret
from app.launch.processes import Child

ROLE = "assent"
OLDEST = 17  # the first release whose locale does not depend on the machine's
INITDB_SECONDS = 120


@dataclass(frozen=True)
class Cluster:
    """The files of one PostgreSQL, whose they are, and the program that serves them."""

    folder: Path
    program: Path
    account: Account | None
    password: str

    @property
    def data(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"


def open_cluster(folder: Path) -> Cluster:
    """The cluster in `folder`; made on the first call."""
    folder.mkdir(parents=True, exist_ok=True)
    account = account_for(folder)
    own(folder, account)
    program = binaries.postgres(account)
    cluster = Cluster(folder, program, account, kept_secret(folder / "password"))
    own(folder / "password", account)
    if not (cluster.data / "PG_VERSION").exists():
        _make(cluster)
    return cluster


def _make(cluster: Cluster) -> None:
    _refuse_an_old_one(cluster.program)
    aside = cluster.folder / "cluster.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    own(aside, cluster.account)
    initdb = Child(
        [
            str(cluster.program.with_name("initdb")),
            *("--pgdata", str(aside)),
            *("--username", ROLE),
            *("--auth", "scram-sha-256"),
            *("--pwfile", str(cluster.folder / "password")),
            *("--encoding", "UTF8"),
            *("--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8"),
            *("--locale", "C"),
        ],
        account=cluster.account,
        log=cluster.log,
    )
    initdb.start()
    initdb.wait(INITDB_SECONDS)
    if initdb.exit_code != 0:
        raise LaunchError(f"PostgreSQL could not make its files: {last_words(cluster.log)}")
    aside.rename(cluster.data)


def _refuse_an_old_one(program: Path) -> None:
    said = subprocess.run(  # noqa: S603 - a program we found ourselves
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    digits = "".join(c if c.isdigit() else " " for c in said).split()
    if not digits or int(digits[0]) < OLDEST:
        raise LaunchError(
            f"{program} is older than PostgreSQL {OLDEST}: install a newer one or set DATABASE_URL."
        )


def last_words(log: Path) -> str:
    """The line of a server's log that says most about its end."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line]
    return (telling or lines or ["it said nothing"])[-1].strip()
