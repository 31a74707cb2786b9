"""Leases in memory: where one process serves alone and there is no Redis."""

import asyncio
from collections.abc import Sequence


class LeaseMemory:
    """Does what Redis would do, for this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}

    async def close(self) -> None:
        self._kept.clear()

    async def take(self, key: str, prefix: str, value: str, ttl: int) -> tuple[str, int]:
        held = self._find(key)
        if held is not None and not held[0].startswith(prefix):
            return held
        self._kept[key] = (value, _now() + ttl)
        return value, ttl

    async def extend(self, key: str, prefix: str, ttl: int) -> bool:
        held = self._find(key)
        if held is None or not held[0].startswith(prefix):
            return False
        self._kept[key] = (held[0], _now() + ttl)
        return True

    async def drop(self, key: str, prefix: str, most: int) -> str | None:
        held = self._find(key)
        if held is None or not held[0].startswith(prefix) or held[1] > most:
            return None
        del self._kept[key]
        return held[0]

    async def read(self, keys: Sequence[str]) -> list[tuple[str, int] | None]:
        return [self._find(key) for key in keys]

    def _find(self, key: str) -> tuple[str, int] | None:
        value, end = self._kept.get(key, ("", 0.0))
        left = int(end - _now())
        if left <= 0:
            self._kept.pop(key, None)
            return None
        return value, left


def _now() -> float:
    return asyncio.get_running_loop().time() * 1_000
