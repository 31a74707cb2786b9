"""Where the processes tell one another who is here: keys in Redis that live while they are renewed.

Each process writes what it knows of an event under a key of its own; a set names the processes. All
keys of an event share a slot, so that a cluster keeps them on one node.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

from app.utils.shards import is_cluster, nodes
from app.utils.wires import PATIENCE, client


class StoreAway(Exception):
    """Redis does not answer: who is elsewhere is unknown."""


class PresenceStore(Protocol):
    """What all processes know together."""

    async def save(self, said: Mapping[UUID, bytes]) -> None:
        """Say what this process knows of events; nothing where it knows of nobody there."""

    async def read(self, event_ids: Sequence[UUID]) -> dict[UUID, list[bytes]]:
        """Return what the other processes that live say of events."""

    async def close(self) -> None:
        """Let go of Redis."""


class NobodyElse:
    """The store of a process that is alone: nobody else has anything to say."""

    async def save(self, said: Mapping[UUID, bytes]) -> None:
        """Tell nobody."""

    async def read(self, event_ids: Sequence[UUID]) -> dict[UUID, list[bytes]]:
        return {event_id: [] for event_id in event_ids}

    async def close(self) -> None:
        """There is nothing to let go of."""


class SharedStore:
    """The store in Redis. Raises StoreAway where it does not answer."""

    def __init__(self, url: str, ttl: float) -> None:
        """`ttl` is in seconds: what is not said again within it is forgotten."""
        self._redis: Any = _cluster(url) if is_cluster(url) else client(url)
        self._ttl = max(1, round(ttl * 1_000))
        self._own = uuid4().hex

    async def save(self, said: Mapping[UUID, bytes]) -> None:
        async def tell(pipe: Any) -> None:
            for event_id, people in said.items():
                everyone, own = _set(event_id), _key(event_id, self._own)
                if people:
                    pipe.set(own, people, px=self._ttl)
                    pipe.sadd(everyone, self._own)
                    pipe.pexpire(everyone, self._ttl)
                else:
                    pipe.delete(own)
                    pipe.srem(everyone, self._own)

        await self._ask(tell)

    async def read(self, event_ids: Sequence[UUID]) -> dict[UUID, list[bytes]]:
        async def names(pipe: Any) -> None:
            for event_id in event_ids:
                pipe.smembers(_set(event_id))

        found = zip(event_ids, await self._ask(names), strict=True)
        keys = [
            (event_id, _key(event_id, name.decode()))
            for event_id, members in found
            for name in members
            if name.decode() != self._own
        ]

        async def people(pipe: Any) -> None:
            for _, key in keys:
                pipe.get(key)

        said: dict[UUID, list[bytes]] = {event_id: [] for event_id in event_ids}
        for (event_id, _), each in zip(keys, await self._ask(people), strict=True):
            if each is not None:
                said[event_id].append(each)
        return said

    async def close(self) -> None:
        await self._redis.aclose()

    async def _ask(self, fill: Any) -> list[Any]:
        """Send many commands in one go."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                await fill(pipe)
                return list(await pipe.execute())
        except (RedisError, RedisClusterException, OSError) as error:
            raise StoreAway(str(error)) from error


def open_store(url: str, ttl: float) -> PresenceStore:
    """Return the store at an address, or that of a process that is alone."""
    return SharedStore(url, ttl) if url else NobodyElse()


_PREFIX: Final = "assent:here:"


def _set(event_id: UUID) -> str:
    return f"{_PREFIX}{{{event_id}}}"


def _key(event_id: UUID, process: str) -> str:
    return f"{_set(event_id)}:{process}"


def _cluster(url: str) -> RedisCluster:
    addresses = [urlsplit(node) for node in nodes(url)]
    return RedisCluster.from_url(
        addresses[0].geturl(),
        startup_nodes=[ClusterNode(a.hostname or "", a.port or 6379) for a in addresses],
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        protocol=2,
        retry=Retry(NoBackoff(), 1),
    )
