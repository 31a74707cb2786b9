"""Where a block stands: numbers with room between them, so that a move changes one row."""

from collections.abc import Sequence
from typing import Final

# Halved for each block that is put between the same two: thirty of them before all are spread anew.
STEP: Final = 2**30
# Beyond it a browser could not tell two numbers apart.
HIGHEST: Final = 2**52


def between(low: int | None, high: int | None) -> int | None:
    """Return a number between two neighbours, None for a missing one; None where there is no room.

    The first of all gets STEP, and whatever comes last one STEP more than what was last.
    """
    if high is None:
        last = (low or 0) + STEP
        return last if last <= HIGHEST else None
    middle = ((low or 0) + high) // 2
    return middle if (low or 0) < middle < high else None


def spread(count: int) -> Sequence[int]:
    """Return so many numbers with all the room between them."""
    return range(STEP, STEP * count + 1, STEP)
