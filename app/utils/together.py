"""Questions of one moment share a query, and nothing is remembered between queries.

A question that comes while one is being answered goes into the next: no answer is older than it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Asks for many keys what each was asked for alone; a key without an answer gets None."""

    def __init__(self, query: Callable[[list[K]], Awaitable[dict[K, V]]]) -> None:
        self._query = query
        self._asked: dict[K, asyncio.Future[V | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def ask(self, key: K) -> V | None:
        answer = self._asked.get(key)
        if answer is None:
            answer = self._asked[key] = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read(), name="questions")
        return await asyncio.shield(answer)

    async def _read(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                found = await self._query(list(asked))
            except Exception as error:  # noqa: BLE001 - it belongs to who asked
                for answer in asked.values():
                    answer.set_exception(error)
                    answer.exception()
                continue
            for key, answer in asked.items():
                answer.set_result(found.get(key))
        self._reading = None
