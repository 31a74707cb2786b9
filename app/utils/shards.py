"""A Redis Cluster as a bus: each channel at the node that owns its slot, wherever that moves.

redis-py asks the nodes for messages by turns; here each node has a wire that waits for them, and
is spoken to by itself, so that a node that hangs holds up no channel of another.
"""

import asyncio
import random
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import structlog
from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import RedisError

from app.utils.wires import SHARDED, Ears, Wire, client

log = structlog.get_logger(__name__)

CLUSTER: Final = "+cluster"
# Seconds between two looks at who owns what: where all is well, and where something is not.
CALM: Final = 10.0
SOON: Final = 0.25


class Shards:
    """A wire to every node that owns slots."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._channels: set[str] = set()
        self._owners: list[str] = [""] * REDIS_CLUSTER_HASH_SLOTS
        self._wires: dict[str, Wire] = {}
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        return bool(self._wires) and all(wire.connected for wire in self._wires.values())

    @property
    def waiting(self) -> int:
        return sum(wire.waiting for wire in self._wires.values())

    def start(self, ears: Ears, channels: Iterable[str] = ()) -> None:
        self._channels.update(channels)
        ears = Ears(ears.message, ears.subscribed, self._moved.set)
        self._task = asyncio.create_task(self._follow(ears), name="shards")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*(wire.close() for wire in self._wires.values()))

    def publish(self, channel: str, message: bytes) -> None:
        wire = self._wire(channel)
        if wire is not None:
            wire.publish(channel, message)

    async def subscribe(self, channel: str) -> None:
        self._channels.add(channel)
        wire = self._wire(channel)
        if wire is not None:
            await wire.subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        wire = self._wire(channel)
        if wire is not None:
            await wire.unsubscribe(channel)

    async def ping(self) -> bool:
        """Tell whether every node that owns slots answers."""
        wires = list(self._wires.values())
        return bool(wires) and all(await asyncio.gather(*(wire.ping() for wire in wires)))

    def _wire(self, channel: str) -> Wire | None:
        return self._wires.get(self._owners[key_slot(channel.encode())])

    async def _follow(self, ears: Ears) -> None:
        """Look again whenever a wire goes astray, at most every SOON seconds, and now and then."""
        while True:
            self._moved.clear()
            try:
                await self._look(ears)
            except Exception as error:  # noqa: BLE001 - the next look does it
                log.warning("shards_unread", error=str(error))
            await asyncio.sleep(SOON)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), CALM if self._wires else SOON)

    async def _look(self, ears: Ears) -> None:
        """Ask whoever answers first who owns what, and move what moved."""
        known = list({*self._wires, *nodes(self._address.geturl())})
        for url in random.sample(known, len(known)):
            ranges = await _ask_slots(url)
            if ranges:
                await self._arrange(ears, ranges, urlsplit(url).hostname or "")
                return
        log.debug("shards_unknown")

    async def _arrange(self, ears: Ears, ranges: Iterable[Any], asked: str) -> None:
        owners = [""] * REDIS_CLUSTER_HASH_SLOTS
        for first, last, (host, port, *_), *_replicas in ranges:
            # A node that knows no name for itself leaves it out.
            url = _node(self._address, f"{host.decode() if host else asked}:{port}")
            owners[first : last + 1] = [url] * (last + 1 - first)
        for url in set(owners) - set(self._wires) - {""}:
            self._wires[url] = Wire(url, SHARDED)
            self._wires[url].start(ears)
        for wire in self._wires.values():
            wire.doubt()
        before, self._owners = self._owners, owners
        for channel in list(self._channels):
            await self._move(channel, self._wires.get(before[key_slot(channel.encode())]))
        for url in set(self._wires) - set(owners):
            await self._wires.pop(url).close()

    async def _move(self, channel: str, was: Wire | None) -> None:
        """Listen where the channel is now; a wire that stays listens already."""
        wire = self._wire(channel)
        if was is not None and was is not wire:
            await was.unsubscribe(channel)
        if wire is not None and channel in self._channels:
            await wire.subscribe(channel)


def nodes(url: str) -> list[str]:
    """Return the servers that an address names, each by an address of its own.

    `redis+cluster://:password@one:6379,two:6379` names two nodes of a cluster.
    """
    address = urlsplit(url)
    if not is_cluster(url):
        return [url]
    hosts = address.netloc.rpartition("@")[2].split(",")
    return [_node(address, host) for host in hosts]


def is_cluster(url: str) -> bool:
    return urlsplit(url).scheme.endswith(CLUSTER)


def _node(address: SplitResult, host: str) -> str:
    who, at, _ = address.netloc.rpartition("@")
    scheme = address.scheme.removesuffix(CLUSTER)
    return address._replace(scheme=scheme, netloc=f"{who}{at}{host}", path="").geturl()


async def _ask_slots(url: str) -> list[Any]:
    redis = client(url)
    try:
        return list(await redis.execute_command("CLUSTER SLOTS"))  # type: ignore[no-untyped-call]
    except (RedisError, OSError) as error:
        log.debug("shard_silent", error=str(error))
        return []
    finally:
        await redis.aclose()
