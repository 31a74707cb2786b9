"""Rate limits: what fails is counted per address, what is written per person.

A hall of five hundred people joins from one address within a minute: so no address is limited in
what succeeds, only in guesses.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from math import ceil
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond, WindowStats
from limits.aio.storage import MemoryStorage, RedisClusterStorage, RedisStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import MemoryStorage as LocalStorage
from limits.strategies import FixedWindowRateLimiter as LocalLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

from app.models.errors import DomainError, TooMany
from app.utils.shards import is_cluster

log = structlog.get_logger(__name__)

SIGN_INS: Final = RateLimitItemPerMinute(20, namespace="sign-ins")
SPRAYS: Final = RateLimitItemPerMinute(200, namespace="sprays")
GUESSES: Final = RateLimitItemPerMinute(60, namespace="guesses")
SIGN_UPS: Final = RateLimitItemPerMinute(1_000, namespace="sign-ups")
MAILS: Final = RateLimitItemPerMinute(5, namespace="mails")
TYPING: Final = RateLimitItemPerMinute(40, namespace="typing-signals")
# No hand draws thirty strokes a second; in windows that are short, as others watch it draw.
STROKES: Final = RateLimitItemPerSecond(300, 10, namespace="strokes")
UPLOADS: Final = RateLimitItemPerMinute(30, namespace="uploads")
# Seconds that Redis may take before this process counts alone.
PATIENCE: Final = 2.0
# Seconds for which it then goes on to: a sign-in asks four times, and a person waits for it.
REST: Final = 5.0
_SOON: Final[dict[str, Any]] = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}

Close = Callable[[], Awaitable[None]]


class RateLimits:
    """Counts in Redis where there is one, so that all processes count together."""

    def __init__(self, redis_url: str, writes_per_minute: int, *, enabled: bool) -> None:
        self._enabled = enabled
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._close: Close | None = None
        self._shared = self._own
        if redis_url:
            storage, self._close = _in_redis(redis_url)
            self._shared = FixedWindowRateLimiter(storage)
        self._alone_until = 0.0
        # Writes are counted where they run: a round trip each would cost more than it guards.
        self._writes = LocalLimiter(LocalStorage())
        self._writes_per_person = RateLimitItemPerMinute(writes_per_minute, namespace="writes")

    async def close(self) -> None:
        """Let go of Redis."""
        if self._close is not None:
            await self._close()

    async def check(self, limit: RateLimitItem, *who: str) -> None:
        """Raise TooMany where the limit is reached; count nothing."""
        if self._enabled and not await self._ask("test", limit, who):
            raise await self._refusal(limit, who)

    async def count(self, limit: RateLimitItem, *who: str) -> None:
        """Count one more. Raises TooMany where that is one too many."""
        if self._enabled and not await self._ask("hit", limit, who):
            raise await self._refusal(limit, who)

    @asynccontextmanager
    async def on_failures(self, limit: RateLimitItem, *who: str) -> AsyncIterator[None]:
        """Run the body unless the limit is reached, and count it only where it is refused."""
        await self.check(limit, *who)
        try:
            yield
        except DomainError:
            await self.count(limit, *who)
            raise

    def count_write(self, person: str) -> None:
        """Count one write of a person. Raises TooMany."""
        self.count_here(self._writes_per_person, person)

    def count_here(self, limit: RateLimitItem, *who: str, cost: int = 1) -> None:
        """Count so many in this process alone, at the cost of no round trip. Raises TooMany."""
        if self._enabled and not self._writes.hit(limit, *who, cost=cost):
            raise _too_many(limit, self._writes.get_window_stats(limit, *who))

    async def _refusal(self, limit: RateLimitItem, who: tuple[str, ...]) -> TooMany:
        return _too_many(limit, await self._ask("get_window_stats", limit, who))

    async def _ask(self, verb: str, limit: RateLimitItem, who: tuple[str, ...]) -> Any:
        if time.monotonic() >= self._alone_until:
            try:
                return await getattr(self._shared, verb)(limit, *who)
            except (RedisError, RedisClusterException, OSError) as error:
                log.debug("limits_alone", error=str(error))
                self._alone_until = time.monotonic() + REST
        return await getattr(self._own, verb)(limit, *who)


def _in_redis(url: str) -> tuple[Storage, Close]:
    """Return where the counts are, on one server or on a cluster, and how to let go of it."""
    if is_cluster(url):
        return _in_cluster(url)
    pool = ConnectionPool.from_url(url, **_SOON)
    storage = RedisStorage(
        f"async+{url}",
        connection_pool=pool,  # type: ignore[arg-type] # as its documentation says
        implementation="redispy",
    )
    return storage, pool.disconnect


def _in_cluster(url: str) -> tuple[Storage, Close]:
    storage = RedisClusterStorage(
        f"async+redis+cluster://{urlsplit(url).netloc}",
        implementation="redispy",
        ssl=url.startswith("rediss"),
        # One look at who owns what, and not one a retry: a person waits for the answer.
        retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type] # handed on to redis-py
        **_SOON,
    )
    return storage, storage.bridge.get_connection().aclose  # type: ignore[attr-defined]


def _too_many(limit: RateLimitItem, window: WindowStats) -> TooMany:
    wait = max(1, ceil(window.reset_time - time.time()))
    return TooMany(
        f"too_many_{limit.namespace.replace('-', '_')}",
        f"That was too often. Wait {wait} seconds and try again.",
        retry_after=wait,
    )
