"""Where the bytes of attachments are kept: one interface, and the folder on this machine's disk."""

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import structlog

from app.models.errors import NotFound, Unavailable

log = structlog.get_logger(__name__)

CHUNK: Final = 256 * 1024
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Store(Protocol):
    """Keeps bytes by key: letters, digits, dots, hyphens and slashes."""

    async def put(self, key: str, source: BinaryIO) -> None:
        """Keep what is in a file, from its start. Raises Unavailable, and keeps nothing then."""

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Return the bytes in pieces. Raises NotFound before the first."""

    async def remove(self, keys: Sequence[str]) -> None:
        """Forget keys; those that are not there are forgotten already."""


class DiskStore:
    """A folder. Several processes of one machine share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, source: BinaryIO) -> None:
        await asyncio.to_thread(self._put, self._folder / key, source)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        with trouble_is_told():
            try:
                file = await asyncio.to_thread((self._folder / key).open, "rb")
            except FileNotFoundError:
                raise gone() from None
        return _pieces(file)

    async def remove(self, keys: Sequence[str]) -> None:
        await asyncio.to_thread(self._remove, keys)

    @staticmethod
    def _put(path: Path, source: BinaryIO) -> None:
        source.seek(0)
        with trouble_is_told():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("xb") as target:
                    shutil.copyfileobj(source, target, CHUNK)
            except OSError:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                raise

    def _remove(self, keys: Sequence[str]) -> None:
        with trouble_is_told():
            for key in keys:
                (self._folder / key).unlink(missing_ok=True)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, CHUNK):
            yield piece


@contextmanager
def trouble_is_told() -> Iterator[None]:
    """Raise Unavailable where the body finds the disk full, closed, broken or away."""
    try:
        yield
    except OSError as error:
        # By its number alone: an error of the disk names the operator's folders.
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        log.warning("storage_unavailable", reason=reason)
        full = error.errno in _FULL
        trouble = "There is no room for files" if full else "Files cannot be kept or read"
        raise unavailable(f"{trouble} right now. Tell who runs this.") from error


def unavailable(detail: str) -> Unavailable:
    return Unavailable("storage_unavailable", detail, retry_after=30)


def gone() -> NotFound:
    return NotFound("attachment_not_found", "There is no such attachment any more.")
