"""The bus between processes: a doorbell over Redis pub/sub. The only module that knows Redis.

Nothing here is authoritative. A message that is lost costs a moment, never a change: whoever needs
to be certain reads the log.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

CONTROL: Final = "assent:control"
WAITING_AT_MOST: Final = 10_000
PATIENCE: Final = 2.0

OnMessage = Callable[[str, bytes], None]
OnSubscribed = Callable[[str], None]


class Bus:
    """One connection to say and one to hear, each of which comes back by itself."""

    def __init__(self, url: str) -> None:
        """An empty `url` is a bus with nobody else on it."""
        self._redis = (
            Redis.from_url(
                url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, protocol=2
            )
            if url
            else None
        )
        self._pubsub: PubSub | None = None
        self._channels: set[str] = {CONTROL}
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=WAITING_AT_MOST)
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False

    @property
    def is_well(self) -> bool:
        """Whether the others are heard; True where none is configured."""
        return self._redis is None or self.connected

    @property
    def waiting(self) -> int:
        """Return how many messages were not said yet."""
        return len(self._waiting)

    def start(self, on_message: OnMessage, on_subscribed: OnSubscribed) -> None:
        """Begin to speak and listen. A (new) subscription may have missed messages before it."""
        if self._redis is not None:
            self._tasks = [
                asyncio.create_task(self._speak(self._redis), name="bus speaker"),
                asyncio.create_task(
                    self._listen(self._redis, on_message, on_subscribed), name="bus listener"
                ),
            ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

    def publish(self, channel: str, message: bytes) -> None:
        """Say something soon. With nobody to hear it, the oldest messages are forgotten."""
        if self._redis is not None:
            self._waiting.append((channel, message))
            self._something.set()

    async def subscribe(self, channel: str) -> None:
        if channel in self._channels:
            return
        self._channels.add(channel)
        if self._pubsub is not None and self.connected:
            await self._try(self._pubsub.subscribe(channel))

    async def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        if self._pubsub is not None and self.connected:
            await self._try(self._pubsub.unsubscribe(channel))

    async def ping(self) -> bool:
        """Tell whether Redis answers; True where none is configured, because none is missed."""
        if self._redis is None:
            return True
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    @staticmethod
    async def _try(step: Awaitable[object]) -> None:
        try:
            await step
        except Exception as error:  # noqa: BLE001 - a line that breaks in mid-word raises anything
            # The listener meets the same break, and subscribes to everything again.
            log.debug("bus_step_failed", error=str(error))

    async def _speak(self, redis: "Redis") -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                channel, message = self._waiting.popleft()
                try:
                    await redis.publish(channel, message)
                except Exception as error:  # noqa: BLE001 - silent for ever would be worse
                    log.debug("bus_publish_failed", error=str(error))

    async def _listen(
        self, redis: "Redis", on_message: OnMessage, on_subscribed: OnSubscribed
    ) -> None:
        pause = 0.1
        while True:
            try:
                self._pubsub = redis.pubsub()
                asked = set(self._channels)
                await self._pubsub.subscribe(*asked)
                self.connected = True
                pause = 0.1
                # Rooms that opened while the first step was under way left it to this one.
                if late := self._channels - asked:
                    await self._pubsub.subscribe(*late)
                await self._hear(self._pubsub, on_message, on_subscribed)
            except Exception as error:  # noqa: BLE001 - deaf for ever would be worse
                if self.connected:
                    log.warning("bus_lost", error=str(error))
                self.connected = False
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            finally:
                if self._pubsub is not None:
                    await self._try(self._pubsub.aclose())  # type: ignore[no-untyped-call]

    @staticmethod
    async def _hear(pubsub: PubSub, on_message: OnMessage, on_subscribed: OnSubscribed) -> None:
        while True:
            message = await pubsub.get_message(timeout=None)
            if message is None:
                continue
            channel = message["channel"].decode()
            try:
                if message["type"] == "message":
                    on_message(channel, message["data"])
                elif message["type"] == "subscribe":
                    on_subscribed(channel)
            except Exception as error:
                # Whatever was said, the ones who listen after it must still be heard.
                log.exception("bus_message_unreadable", channel=channel, error=str(error))
