"""A wire to one Redis server: it says what it is given, hears what it listens to, and comes back.

Nothing waits for it. What it could not say is forgotten, the oldest first.
"""

import asyncio
import math
import socket
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

log = structlog.get_logger(__name__)

WAITING_AT_MOST: Final = 10_000
# Messages that go out in one round trip.
TOGETHER: Final = 100
# Seconds that a server may take to answer.
PATIENCE: Final = 2.0
# A server that vanished says nothing, nor does one that has nothing to say: the kernel asks after
# so many seconds of silence, again and again, and gives up. Not all kernels can be told.
ALIVE: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}
# Seconds before a broken wire is tried again: at first, and at the most.
PAUSES: Final = (0.1, 2.0)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one kind of pub/sub. A cluster's messages stay at the node that owns them."""

    subscribe: str
    unsubscribe: str
    publish: str
    message: bytes
    subscribed: bytes
    unsubscribed: bytes


PLAIN: Final = Dialect(
    "SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH", b"message", b"subscribe", b"unsubscribe"
)
SHARDED: Final = Dialect(
    "SSUBSCRIBE", "SUNSUBSCRIBE", "SPUBLISH", b"smessage", b"ssubscribe", b"sunsubscribe"
)


def nobody() -> None:
    """What happens where it matters to nobody that a wire goes astray."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears: messages, every (new) subscription, and that a server is not the right one."""

    message: Callable[[str, bytes], None]
    subscribed: Callable[[str], None]
    astray: Callable[[], None] = nobody


class Wire:
    """One connection to say and one to hear, each of which comes back by itself."""

    def __init__(self, url: str, dialect: Dialect = PLAIN) -> None:
        self._redis = client(url)
        self._dialect = dialect
        self._channels: set[str] = set()
        self._confirmed: set[str] = set()
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=WAITING_AT_MOST)
        self._something = asyncio.Event()
        self._hearing: AbstractConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def start(self, ears: Ears, channels: Iterable[str] = ()) -> None:
        self._channels.update(channels)
        self._tasks = [
            asyncio.create_task(self._speak(ears), name="wire speaks"),
            asyncio.create_task(self._listen(ears), name="wire listens"),
        ]

    async def close(self) -> None:
        while under_way := [task for task in self._tasks if not task.done()]:
            for task in under_way:
                task.cancel()
            # Asked again: the client library can lose it while it waits for a greeting.
            await asyncio.wait(under_way, timeout=PATIENCE)
        await self._redis.aclose()

    def publish(self, channel: str, message: bytes) -> None:
        self._waiting.append((channel, message))
        self._something.set()

    async def subscribe(self, channel: str) -> None:
        if channel not in self._channels:
            self._channels.add(channel)
            await self._ask(self._dialect.subscribe, [channel])

    async def unsubscribe(self, channel: str) -> None:
        if channel in self._channels:
            self._channels.remove(channel)
            await self._ask(self._dialect.unsubscribe, [channel])

    def doubt(self) -> None:
        """Forget the channels that the server has not confirmed: they are to be asked for again."""
        self._channels &= self._confirmed

    async def ping(self) -> bool:
        """Tell whether the server answers."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def _ask(self, verb: str, channels: Iterable[str]) -> None:
        """Send a command for each channel: in a cluster no two may share one."""
        if self._hearing is None:
            return
        commands = self._hearing.pack_commands([(verb, channel) for channel in channels])
        try:
            await self._hearing.send_packed_command(commands)
        except Exception as error:  # noqa: BLE001 - a line that breaks in mid-word raises anything
            # The listener meets the same break, and subscribes to everything again.
            log.debug("wire_step_failed", error=str(error))

    async def _speak(self, ears: Ears) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                try:
                    await self._say([self._waiting.popleft() for _ in range(self._share())])
                except Exception as error:  # noqa: BLE001 - silent for ever would be worse
                    log.debug("wire_publish_failed", error=str(error))
                    ears.astray()

    def _share(self) -> int:
        return min(TOGETHER, len(self._waiting))

    async def _say(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish, in order. Raises what the server refused, when all of it was said."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for channel, message in messages:
                pipe.execute_command(self._dialect.publish, channel, message)
            await pipe.execute()

    async def _listen(self, ears: Ears) -> None:
        pause, longest = PAUSES
        while True:
            try:
                await self._connect()
                pause = PAUSES[0]
                await self._hear(ears)
            except Exception as error:  # noqa: BLE001 - deaf for ever would be worse
                if self.connected:
                    log.warning("bus_lost", error=str(error))
            finally:
                await self._hang_up()
            ears.astray()
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    async def _connect(self) -> None:
        connection = self._redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()
        except BaseException:
            # Also who is called off between the greeting and its answer hangs up.
            await connection.disconnect(nowait=True)
            raise
        # From here on a channel that is added asks for itself.
        self._hearing, self.connected = connection, True
        await self._ask(self._dialect.subscribe, set(self._channels))

    async def _hang_up(self) -> None:
        connection, self._hearing, self.connected = self._hearing, None, False
        self._confirmed.clear()
        if connection is not None:
            await connection.disconnect(nowait=True)

    async def _hear(self, ears: Ears) -> None:
        while self._hearing is not None:
            try:
                said = await self._hearing.read_response(timeout=math.inf)
            except ResponseError as error:
                # A channel that belongs to another node by now.
                log.debug("wire_refused", error=str(error))
                ears.astray()
                continue
            self._take(ears, *said[:3])

    def _take(self, ears: Ears, kind: bytes, name: bytes, data: bytes) -> None:
        channel = name.decode()
        try:
            if kind == self._dialect.message:
                ears.message(channel, data)
            elif kind == self._dialect.subscribed:
                self._confirmed.add(channel)
                ears.subscribed(channel)
            elif kind == self._dialect.unsubscribed:
                self._confirmed.discard(channel)
                # Where nobody here asked for it, the node has given the channel away.
                if channel in self._channels:
                    ears.astray()
        except Exception as error:
            # Whatever was said, the ones who listen after it must still be heard.
            log.exception("bus_message_unreadable", channel=channel, error=str(error))


def client(url: str) -> "Redis":
    """Return a client that gives up soon: what it says is worth nothing later."""
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        protocol=2,
        retry=Retry(NoBackoff(), 1),
        **({} if url.startswith("unix") else _kept_alive()),
    )


def _kept_alive() -> dict[str, Any]:
    options = {getattr(socket, name): n for name, n in ALIVE.items() if hasattr(socket, name)}
    return {"socket_keepalive": True, "socket_keepalive_options": options}
