"""The data folder: one owner at a time, and the secrets that belong to it."""

import fcntl
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from app.launch.errors import LaunchError


class DataFolder:
    """A folder held by one launcher; the lock is the kernel's, so it ends with its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock = -1

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            why = error.strerror or error
            raise LaunchError(f"The data folder {self.path} cannot be written: {why}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._lock, 20).decode() or "unknown"
            os.close(self._lock)
            raise LaunchError(
                f"The data folder {self.path} is in use by another Assent (process {holder})."
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._lock)

    def secret(self, name: str) -> str:
        """The secret of this name: made once, then kept in a file that only its owner reads."""
        return kept_secret(self.path / name)


def kept_secret(path: Path) -> str:
    """Read a secret from `path`, or make one there."""
    try:
        kept = path.read_text().strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    made = secrets.token_urlsafe(32)
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    return made
