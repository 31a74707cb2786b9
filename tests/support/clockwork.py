"""An event loop that a seed decides: what is ready runs in a drawn order, and time is what it says.

Nothing outside of it can happen, so a schedule that fails fails again with its seed.
"""

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar

Result = TypeVar("Result")


class Stuck(Exception):
    """Everybody waits, and nothing will ever happen."""


class Clockwork(asyncio.BaseEventLoop):
    """Virtual time, which jumps to the next timer as soon as nothing is ready.

    Callbacks that are ready at the same moment run in any order: asyncio promises the order in
    which they became ready, but a busy machine makes them ready in any.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = Random(seed)
        self.failures: list[dict[str, Any]] = []
        self._moment = 0.0
        self._selector = self  # what waits for sockets elsewhere; here there are none
        self.set_exception_handler(lambda _loop, context: self.failures.append(context))

    def time(self) -> float:
        return self._moment

    def select(self, timeout: float | None) -> list[Any]:
        """Let time pass, as much as the loop is willing to wait."""
        if timeout is None:
            raise Stuck
        self._moment += timeout
        return []

    def _process_events(self, _events: list[Any]) -> None:
        ready = list(self._ready)  # type: ignore[has-type]
        self.chance.shuffle(ready)
        self._ready.clear()
        self._ready.extend(ready)

    def _write_to_self(self) -> None:
        """Nobody waits for a socket that would have to be woken."""

    def play(self, story: Coroutine[Any, Any, Result]) -> Result:
        """Run a story to its end; whatever failed unheard on the way fails it too."""
        try:
            result = self.run_until_complete(story)
            self._end_tasks()
        finally:
            self.close()
        assert not self.failures, self.failures
        return result

    def _end_tasks(self) -> None:
        async def end() -> None:
            await asyncio.gather(*tasks, return_exceptions=True)

        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        self.run_until_complete(end())
