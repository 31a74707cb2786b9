import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from app.launch.valkey import Valkey
from app.models.base import new_id
from app.utils.bus import Bus
from app.utils.channels import CONTROL
from app.utils.wires import WAITING_AT_MOST, Wire
from tests.support.ears import PATIENCE, Ear, Join


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """A server of the test's own: other processes would suffer from what is done here."""
    return valkey.url


@pytest.fixture
async def two(join: Join, redis_url: str) -> tuple[Bus, Bus, Ear]:
    """A bus that speaks, and one that listens."""
    (speaker, own), (listener, ear) = join(redis_url), join(redis_url)
    await own.until_subscribed(CONTROL)
    await ear.until_subscribed(CONTROL)
    return speaker, listener, ear


async def test_what_one_says_the_other_hears_in_order(two: tuple[Bus, Bus, Ear]) -> None:
    speaker, listener, ear = two
    channel = str(new_id())
    await listener.subscribe(channel)
    await ear.until_subscribed(channel)
    for number in range(50):
        speaker.publish(channel, b"%d" % number)
    assert [await ear.next() for _ in range(50)] == [(channel, b"%d" % n) for n in range(50)]


async def test_a_server_that_vanishes_is_missed(join: Join, redis_url: str) -> None:
    """Who only listens would wait for its next word for ever: the kernel asks whether it lives."""
    bus, ear = join(redis_url)
    await ear.until_subscribed(CONTROL)
    hearing: Any = bus._engine._hearing  # type: ignore[union-attr]
    line = hearing._writer.get_extra_info("socket")
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 10


async def test_only_subscribers_hear(two: tuple[Bus, Bus, Ear]) -> None:
    speaker, listener, ear = two
    channel, other = str(new_id()), str(new_id())
    await listener.subscribe(channel)
    await ear.until_subscribed(channel)
    await listener.unsubscribe(channel)
    await listener.subscribe(other)
    await ear.until_subscribed(other)
    speaker.publish(channel, b"unheard")
    speaker.publish(other, b"heard")
    assert await ear.next() == (other, b"heard")


async def test_everybody_hears_control(two: tuple[Bus, Bus, Ear]) -> None:
    speaker, _, ear = two
    speaker.publish(CONTROL, b"now")
    assert await ear.next() == (CONTROL, b"now")


async def test_after_a_break_everything_is_subscribed_again(
    two: tuple[Bus, Bus, Ear], redis_url: str
) -> None:
    speaker, listener, ear = two
    channel = str(new_id())
    await listener.subscribe(channel)
    await ear.until_subscribed(channel)
    async with Redis.from_url(redis_url, protocol=2) as admin:
        await admin.client_kill_filter(_type="pubsub")
    await ear.until_subscribed(CONTROL, channel)
    speaker.publish(channel, b"again")
    assert await ear.next() == (channel, b"again")


async def test_a_broken_speaker_speaks_again(two: tuple[Bus, Bus, Ear], redis_url: str) -> None:
    speaker, listener, ear = two
    channel = str(new_id())
    await listener.subscribe(channel)
    await ear.until_subscribed(channel)
    speaker.publish(channel, b"first")
    await ear.next()
    async with Redis.from_url(redis_url, protocol=2) as admin:
        await admin.client_kill_filter(_type="normal", skipme=True)
    # What a broken line swallows is no loss: whoever needs to be certain reads the log.
    async with asyncio.timeout(PATIENCE):
        while ear.messages.empty():
            speaker.publish(channel, b"second")
            await asyncio.sleep(0.01)
    assert await ear.next() == (channel, b"second")


async def test_without_a_server_nobody_waits(join: Join) -> None:
    bus, _ = join("redis://127.0.0.1:1/0")
    await bus.subscribe("channel")
    for _ in range(WAITING_AT_MOST + 10):
        bus.publish("channel", b"lost")
    assert bus.waiting <= WAITING_AT_MOST
    assert not bus.connected
    assert await bus.ping() is False


async def test_a_bus_to_nowhere_is_silent(join: Join) -> None:
    bus, ear = join("")
    bus.publish(CONTROL, b"alone")
    await bus.subscribe("channel")
    await bus.unsubscribe("channel")
    assert await bus.ping() is True
    assert ear.messages.empty()


async def test_a_bus_that_stands_answers(two: tuple[Bus, Bus, Ear]) -> None:
    assert await two[0].ping() is True
    assert two[0].connected


async def test_who_is_closed_in_mid_greeting_hangs_up(join: Join) -> None:
    """A server that takes the line and says nothing: closing must not leave it open."""
    taken: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    server = await asyncio.start_server(lambda *ends: taken.put_nowait(ends), "127.0.0.1")
    bus, _ = join(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with asyncio.timeout(PATIENCE):
        reader, writer = await taken.get()
        assert await reader.read(1), "the greeting has begun"
        await bus.close()
        await reader.read()
    writer.close()
    while not taken.empty():
        taken.get_nowait()[1].close()
    server.close()


async def test_a_room_that_opens_while_the_bus_connects_is_heard(
    join: Join, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, late = Wire._ask, f"assent:{new_id()}"

    async def with_a_late_one(self: Wire, verb: str, channels: Iterable[str]) -> None:
        monkeypatch.undo()
        await plain(self, verb, channels)
        await bus.subscribe(late)

    monkeypatch.setattr(Wire, "_ask", with_a_late_one)
    bus, ear = join(redis_url)
    await ear.until_subscribed(CONTROL, late)


@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
async def test_a_line_that_breaks_in_mid_word_is_nobodys_error(
    two: tuple[Bus, Bus, Ear], monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """As the client library does when its socket is taken away while it writes."""
    _, listener, _ = two
    channel = f"assent:{new_id()}"
    if verb == "unsubscribe":
        await listener.subscribe(channel)

    async def torn(*_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'writelines'")

    with monkeypatch.context() as patch:
        patch.setattr(AbstractConnection, "send_packed_command", torn)
        await getattr(listener, verb)(channel)


async def test_a_listener_that_meets_anything_listens_again(
    two: tuple[Bus, Bus, Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker, listener, ear = two
    plain, channel = AbstractConnection.read_response, str(new_id())
    await listener.subscribe(channel)
    await ear.until_subscribed(channel)

    async def torn_once(self: AbstractConnection, *args: Any, **more: Any) -> Any:
        said = await plain(self, *args, **more)
        if isinstance(said, list) and said[:2] == [b"message", channel.encode()]:
            monkeypatch.undo()
            raise AttributeError("'NoneType' object has no attribute 'readuntil'")
        return said

    monkeypatch.setattr(AbstractConnection, "read_response", torn_once)
    speaker.publish(channel, b"what ends the reading that is under way")
    speaker.publish(channel, b"what the next one breaks over")
    await ear.until_subscribed(channel)
    speaker.publish(channel, b"heard again")
    async with asyncio.timeout(PATIENCE):
        while (await ear.next())[1] != b"heard again":
            pass
