"""Whom a server runs as: PostgreSQL refuses to be root, and nothing here needs to be."""

import os
import pwd
from dataclasses import dataclass, replace
from pathlib import Path

from app.launch.errors import LaunchError

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    """A user without rights; `reach` lets it pass folders that are closed to it."""

    uid: int
    gid: int
    reach: bool = False


def account_for(folder: Path) -> Account | None:
    """Who serves the data in `folder`: ourselves (None), or under root somebody unprivileged.

    Data that already belongs to an ordinary user stays that user's.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat()
    account = Account(owner.st_uid, owner.st_gid) if owner.st_uid else _unprivileged()
    return replace(account, reach=not reaches(account, folder))


def reaches(account: Account, path: Path) -> bool:
    """Whether every folder above `path` lets the account pass."""
    return all(_passes(account, folder) for folder in path.resolve().parents)


def own(path: Path, account: Account | None) -> None:
    """Make `path` private to whoever serves it."""
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700 if path.is_dir() else 0o600)


def _passes(account: Account, folder: Path) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == account.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def _unprivileged() -> Account:
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise LaunchError(
            f"PostgreSQL cannot run as root, and there is no user '{UNPRIVILEGED}':"
            " start Assent as an ordinary user or set DATABASE_URL."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)
