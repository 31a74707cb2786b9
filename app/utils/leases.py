"""Leases: who may write in a block for the next moments. The only module that keeps them in Redis.

A lease is a courtesy, never a proof: it can run out, be flushed, or be unknown. What proves a right
to write is the token that goes with it, which the database numbers (`blocks.token`).
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import structlog
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

from app.models.errors import Unavailable
from app.utils.lease_memory import LeaseMemory
from app.utils.shards import is_cluster, nodes
from app.utils.wires import PATIENCE, client

log = structlog.get_logger(__name__)

# Seconds for which nobody asks a Redis that has just failed.
REST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that is in force. `nonce` tells two grants with one number apart."""

    block_id: UUID
    user_id: UUID
    token: int
    nonce: str
    name: str
    expires_in_ms: int

    @property
    def value(self) -> str:
        return f"{self.user_id} {self.token} {self.nonce} {self.name}"


class LeasesUnknown(Unavailable):
    """Redis does not answer: nobody can tell who holds what."""

    def __init__(self) -> None:
        super().__init__(
            "locks_unknown",
            "Who writes where cannot be known right now. Write on: what you commit is checked by "
            "its version, and nothing is overwritten.",
            retry_after=1,
        )


class Store(Protocol):
    """Keeps values for a while. A prefix is compared and acted on in one step."""

    async def take(self, key: str, prefix: str, value: str, ttl: int) -> tuple[str, int]:
        """Set a value where none is, or one with this prefix; return what stands, and its ms."""

    async def extend(self, key: str, prefix: str, ttl: int) -> bool:
        """Give a value with this prefix its full time again."""

    async def drop(self, key: str, prefix: str, most: int) -> str | None:
        """Forget a value with this prefix that has at most so many ms left, and return it."""

    async def read(self, keys: Sequence[str]) -> list[tuple[str, int] | None]:
        """Return what stands under each key, and its ms."""

    async def close(self) -> None: ...


class Leases:
    """Leases on the blocks of events, in Redis where there is one, else in this process."""

    def __init__(self, url: str, seconds: float) -> None:
        self.ttl = int(seconds * 1_000)
        self._store: Store = RedisLeases(url) if url else LeaseMemory()

    async def close(self) -> None:
        await self._store.close()

    async def take(
        self, event_id: UUID, block_id: UUID, holder: tuple[UUID, str], token: int
    ) -> tuple[Lease, bool]:
        """Take a lease that is free or one's own; return the one in force, and if it is the new."""
        wanted = Lease(block_id, holder[0], token, uuid4().hex, holder[1], self.ttl)
        key, prefix = _key(event_id, block_id), f"{holder[0]} "
        value, left = await self._store.take(key, prefix, wanted.value, self.ttl)
        return _lease(block_id, value, left), value == wanted.value

    async def renew(self, event_id: UUID, block_id: UUID, user_id: UUID, token: int) -> bool:
        """Give a lease its full time again; False where it is not this one any more."""
        key = _key(event_id, block_id)
        return await self._store.extend(key, f"{user_id} {token} ", self.ttl)

    async def release(self, event_id: UUID, lease: Lease) -> bool:
        """Let go of exactly this lease."""
        key = _key(event_id, lease.block_id)
        return await self._store.drop(key, lease.value, self.ttl) is not None

    async def drop(
        self,
        event_id: UUID,
        block_id: UUID,
        user_id: UUID | None = None,
        token: int | None = None,
        idle_ms: int = 0,
    ) -> bool:
        """End a lease: of anybody, of one person, or of one token, if unrenewed for so long."""
        prefix = (
            "" if user_id is None else f"{user_id} " if token is None else f"{user_id} {token} "
        )
        key = _key(event_id, block_id)
        return await self._store.drop(key, prefix, self.ttl - idle_ms) is not None

    async def read(self, event_id: UUID, block_ids: Sequence[UUID]) -> list[Lease]:
        """Return the leases that are in force on these blocks."""
        if not block_ids:
            return []
        found = await self._store.read([_key(event_id, block_id) for block_id in block_ids])
        pairs = zip(block_ids, found, strict=True)
        return [_lease(block_id, *held) for block_id, held in pairs if held is not None]


def _key(event_id: UUID, block_id: UUID) -> str:
    # What stands in braces decides the node: the leases of an event are read in one step.
    return f"assent:lease:{{{event_id}}}:{block_id}"


def _lease(block_id: UUID, value: str, left: int) -> Lease:
    user_id, token, nonce, name = value.split(" ", 3)
    return Lease(block_id, UUID(user_id), int(token), nonce, name, max(0, left))


class RedisLeases:
    """The store in Redis, on one server or on a cluster."""

    def __init__(self, url: str) -> None:
        self._redis: Any = _cluster(url) if is_cluster(url) else client(url)
        self._rests_until = 0.0

    async def close(self) -> None:
        await self._redis.aclose()

    async def take(self, key: str, prefix: str, value: str, ttl: int) -> tuple[str, int]:
        held, left = await self._ask(_TAKE, [key], prefix, value, ttl)
        return held.decode(), left

    async def extend(self, key: str, prefix: str, ttl: int) -> bool:
        return bool(await self._ask(_EXTEND, [key], prefix, ttl))

    async def drop(self, key: str, prefix: str, most: int) -> str | None:
        held = await self._ask(_DROP, [key], prefix, most)
        return held.decode() if held is not None else None

    async def read(self, keys: Sequence[str]) -> list[tuple[str, int] | None]:
        found = await self._ask(_READ, keys)
        return [(held.decode(), left) if held else None for held, left in found]

    async def _ask(self, script: str, keys: Sequence[str], *words: str | int) -> Any:
        time = asyncio.get_running_loop().time()
        if time < self._rests_until:
            raise LeasesUnknown
        try:
            asked: Awaitable[Any] = self._redis.eval(script, len(keys), *keys, *words)
            async with asyncio.timeout(PATIENCE):
                return await asked
        except (RedisError, RedisClusterException, OSError) as error:
            log.warning("leases_unknown", error=str(error))
            self._rests_until = asyncio.get_running_loop().time() + REST
            raise LeasesUnknown from error


def _cluster(url: str) -> Any:
    addresses = [urlsplit(node) for node in nodes(url)]
    first = addresses[0]
    return RedisCluster(
        startup_nodes=[ClusterNode(a.hostname or "", a.port or 6379) for a in addresses],
        username=first.username,
        password=first.password,
        ssl=first.scheme == "rediss",
        retry=Retry(NoBackoff(), 1),
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
    )


_TAKE: Final = """
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then
  return {held, redis.call('PTTL', KEYS[1])}
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return {ARGV[2], tonumber(ARGV[3])}
"""
_EXTEND: Final = """
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_DROP: Final = """
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then return false end
if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then return false end
redis.call('DEL', KEYS[1])
return held
"""
_READ: Final = """
local found = {}
for n, key in ipairs(KEYS) do
  found[n] = {redis.call('GET', key), redis.call('PTTL', key)}
end
return found
"""
