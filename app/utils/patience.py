"""An answer in time, or the one that stands for none."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def within(seconds: float, asking: Coroutine[Any, Any, T], otherwise: T) -> T:
    """Return what is answered within so many seconds, else `otherwise`.

    Whoever does not answer is left behind: a database that stands still takes its time to be
    called off, too.
    """
    task = asyncio.create_task(asking, name="in time")
    await asyncio.wait({task}, timeout=seconds)
    if task.done():
        return task.result()
    # Nobody is there to hear how it ended.
    task.add_done_callback(lambda late: late.cancelled() or late.exception())
    task.cancel()
    return otherwise
