"""Disks: folders of a size of their own, which a test may fill to the last byte. They need root."""

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Final

FILLER: Final = "filler"
BLOCK: Final = 65_536


class Disk:
    """A folder that holds so many megabytes and not a byte more."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """Raises OSError, with the reason, where nothing can be mounted."""
        self.folder = folder
        folder.mkdir()
        options = f"size={megabytes}m,mode=755"
        command = ["mount", "-t", "tmpfs", "-o", options, "assent-disk", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except subprocess.CalledProcessError as error:
            raise OSError(error.stderr.decode().strip()) from error

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / FILLER).open("wb", buffering=0) as filler:
            with contextlib.suppress(OSError):
                room = os.statvfs(self.folder)
                os.posix_fallocate(filler.fileno(), 0, room.f_bavail * room.f_frsize)
            filler.seek(0, os.SEEK_END)
            with contextlib.suppress(OSError):
                while filler.write(bytes(BLOCK)):
                    pass

    def free(self) -> None:
        (self.folder / FILLER).unlink(missing_ok=True)

    def remove(self) -> None:
        """Give everything back: also what somebody still holds open, when they let go of it."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False, capture_output=True)
