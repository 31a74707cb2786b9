"""The bus between processes: a doorbell over Redis pub/sub, on one server or on a cluster.

Nothing here is authoritative. A message that is lost costs a moment, never a change: whoever needs
to be certain reads the log.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from app.utils.channels import CONTROL, EVERYBODY
from app.utils.shards import Shards, is_cluster
from app.utils.wires import Ears, Wire

OnMessage = Callable[[str, bytes], None]
OnSubscribed = Callable[[str], None]


class Engine(Protocol):
    """What carries the messages. None of it fails; what it cannot do now it does when it can."""

    @property
    def connected(self) -> bool: ...

    @property
    def waiting(self) -> int: ...

    def start(self, ears: Ears, channels: Iterable[str] = ...) -> None: ...

    async def close(self) -> None: ...

    def publish(self, channel: str, message: bytes) -> None: ...

    async def subscribe(self, channel: str) -> None: ...

    async def unsubscribe(self, channel: str) -> None: ...

    async def ping(self) -> bool: ...


class Bus:
    """The line to the other processes, whatever carries it."""

    def __init__(self, url: str) -> None:
        """`redis+cluster://` is a cluster, an empty `url` a bus with nobody else on it."""
        self._engine = _engine(url)

    @property
    def connected(self) -> bool:
        return self._engine is not None and self._engine.connected

    @property
    def is_well(self) -> bool:
        """Whether the others are heard; True where none is configured."""
        return self._engine is None or self._engine.connected

    @property
    def waiting(self) -> int:
        """Return how many messages were not said yet."""
        return self._engine.waiting if self._engine is not None else 0

    def start(self, on_message: OnMessage, on_subscribed: OnSubscribed) -> None:
        """Begin to speak and listen. A (new) subscription may have missed messages before it."""
        if self._engine is not None:
            self._engine.start(Ears(on_message, on_subscribed), {CONTROL, EVERYBODY})

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.close()

    def publish(self, channel: str, message: bytes) -> None:
        """Say something soon. With nobody to hear it, the oldest messages are forgotten."""
        if self._engine is not None:
            self._engine.publish(channel, message)

    async def subscribe(self, channel: str) -> None:
        if self._engine is not None:
            await self._engine.subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        if self._engine is not None:
            await self._engine.unsubscribe(channel)

    async def ping(self) -> bool:
        """Tell whether Redis answers; True where none is configured, because none is missed."""
        return self._engine is None or await self._engine.ping()


def _engine(url: str) -> Engine | None:
    if not url:
        return None
    return Shards(url) if is_cluster(url) else Wire(url)
