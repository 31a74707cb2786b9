"""Clocks: processes whose time of day jumps while they run, by libfaketime if installed."""

from pathlib import Path
from typing import Final

LIBRARIES: Final = ("libfaketimeMT.so.1", "libfaketimeMT.1.dylib")
PLACES: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt")


class Clock:
    """The time of day of whoever is started with `environment`: true until it jumps."""

    def __init__(self, file: Path) -> None:
        """`file` is where the time is told. Raises OSError where libfaketime is missing."""
        library = next(filter(None, map(_find, LIBRARIES)), None)
        if library is None:
            raise OSError("no libfaketime (apt-get install faketime)")
        self._file = file
        self.jump(0)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # A wrong time of day is what machines have; time that runs backwards they have not.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, seconds: float) -> None:
        """Be so many seconds ahead of the true time from now on, or behind it."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+.1f}\n")
        fresh.rename(self._file)


def _find(name: str) -> Path | None:
    roots = [Path(place) for place in PLACES if Path(place).is_dir()]
    return next((path for root in roots for path in root.glob(f"**/faketime/{name}")), None)
