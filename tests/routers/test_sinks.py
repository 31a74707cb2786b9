"""The seam between a stream and the server: what waits, what goes on, and what is given up."""

import asyncio
from typing import Any

import pytest

from app.routers.sinks import AsgiSink


class Socket:
    """A server's `send` that waits while the client takes nothing."""

    def __init__(self) -> None:
        self.takes = asyncio.Event()
        self.takes.set()
        self.taken: list[bytes] = []
        self.complete = asyncio.Event()
        self.room = asyncio.Event()

    async def send(self, message: Any) -> None:
        await self.takes.wait()
        self.taken.append(message["body"])
        if not message["more_body"]:
            self.complete.set()


@pytest.fixture
def socket() -> Socket:
    return Socket()


@pytest.fixture
async def sink(socket: Socket) -> AsgiSink:
    return AsgiSink(socket.send, socket.room.set)


async def test_what_need_not_wait_is_sent_at_once(sink: AsgiSink, socket: Socket) -> None:
    sink.push(b"one")
    sink.push(b"two")
    sink.end()
    assert socket.taken == [b"one", b"two", b""]
    assert sink.blocked_since is None


async def test_what_waits_is_sent_when_there_is_room(sink: AsgiSink, socket: Socket) -> None:
    socket.takes.clear()
    sink.push(b"late")
    assert (socket.taken, sink.blocked_since is None) == ([], False)
    socket.takes.set()
    await asyncio.wait_for(socket.room.wait(), 10)
    assert (socket.taken, sink.blocked_since) == ([b"late"], None)


async def test_the_end_follows_the_last_words_that_wait(sink: AsgiSink, socket: Socket) -> None:
    socket.takes.clear()
    sink.push(b"last words")
    sink.end()
    socket.takes.set()
    await asyncio.wait_for(socket.complete.wait(), 10)
    assert socket.taken == [b"last words", b""]
    assert not socket.room.is_set()


async def test_a_client_that_takes_nothing_is_given_up(socket: Socket) -> None:
    opened: asyncio.Future[AsgiSink] = asyncio.get_running_loop().create_future()

    async def request() -> None:
        sink = AsgiSink(socket.send, socket.room.set)
        opened.set_result(sink)
        await asyncio.Event().wait()

    task = asyncio.create_task(request())
    (await opened).cut()
    with pytest.raises(asyncio.CancelledError):
        await task
