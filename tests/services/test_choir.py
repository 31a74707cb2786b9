"""Streams in step: told through their sockets, and by themselves as soon as there is more to it."""

import socket
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from app.services.choir import AT_ONCE, Choir
from app.services.rooms import Room
from app.services.streams import Stream, Timing
from app.services.viewers import Viewer
from app.utils.chunks import as_chunk
from app.utils.frames import Batch, Frame

EVENT, EPOCH, PERSON = (UUID(int=n) for n in range(3))


def batch(seq: int, size: int = 10) -> Batch:
    return Batch.of([Frame(seq, "turnout.changed", None, b"%d" % seq * size, b"")])


class Member:
    """One end of a real socket, which may be small."""

    def __init__(self, choir: Choir) -> None:
        self.place = -1
        self.rest = b""
        self.told_up_to: int | None = None
        self._choir = choir
        self.near, self.far = socket.socketpair()
        for end in (self.near, self.far):
            end.setblocking(False)

    def fall_out(self, rest: bytes) -> None:
        self.rest, self.told_up_to = rest, self._choir.remove(self)


@pytest.fixture
def choir() -> Choir:
    choir = Choir()
    choir.begin_at(4)
    return choir


@pytest.fixture
def member(choir: Choir) -> Iterator[Callable[[], Member]]:
    made: list[Member] = []

    def join() -> Member:
        made.append(Member(choir))
        choir.add(made[-1], made[-1].near.fileno())
        return made[-1]

    yield join
    for one in made:
        one.near.close()
        one.far.close()


def tell(choir: Choir, what: Batch) -> None:
    for _ in choir.tell(what.public or b"", what.last):
        pass


def test_everybody_is_told_and_stands_at_the_last_number(
    choir: Choir, member: Callable[[], Member]
) -> None:
    both = [member(), member()]
    tell(choir, batch(5))
    tell(choir, batch(6))
    assert [one.far.recv(1000) for one in both] == [as_chunk(b"5" * 10) + as_chunk(b"6" * 10)] * 2
    assert choir.at == 6
    assert choir.remove(both[0]) == 6


def test_a_signal_moves_nobody(choir: Choir, member: Callable[[], Member]) -> None:
    one = member()
    list(choir.tell(b"typing", choir.at))
    assert one.far.recv(1000) == as_chunk(b"typing")
    assert (choir.at, choir.remove(one)) == (4, 4)


def test_what_a_socket_does_not_take_is_handed_on(
    choir: Choir, member: Callable[[], Member]
) -> None:
    slow, quick = member(), member()
    slow.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    large = batch(5, 3_000_000)
    tell(choir, large)
    for one in (slow, quick):
        taken = b""
        while len(taken) + len(one.rest) < len(as_chunk(large.public or b"")):
            taken += one.far.recv(1 << 20)
        assert taken + one.rest == as_chunk(large.public or b"")
        assert (one.told_up_to, one.place) == (5, -1), "the rest is on its way: it was told"
    tell(choir, batch(6))
    with pytest.raises(BlockingIOError):
        slow.far.recv(1000)


def test_a_full_socket_has_all_of_it_handed_on(choir: Choir, member: Callable[[], Member]) -> None:
    full = member()
    with pytest.raises(BlockingIOError):
        while True:
            full.near.send(bytes(100_000))
    tell(choir, batch(5))
    assert full.rest == as_chunk(b"5" * 10)


def test_a_closed_socket_is_left_to_its_owner(choir: Choir, member: Callable[[], Member]) -> None:
    gone, here = member(), member()
    gone.far.close()
    tell(choir, batch(5))
    assert (gone.rest, here.rest) == (as_chunk(b"5" * 10), b"")


def test_who_leaves_takes_along_what_it_was_told(
    choir: Choir, member: Callable[[], Member]
) -> None:
    members = [member() for _ in range(AT_ONCE + 1)]
    telling = choir.tell(b"5" * 10, 5)
    next(telling)
    assert (choir.remove(members[0]), choir.remove(members[-1])) == (5, 4)
    assert len(choir) == AT_ONCE - 1
    list(telling)
    assert choir.at == 5
    with pytest.raises(BlockingIOError):
        members[-1].far.recv(1000)


def test_the_number_of_a_socket_is_forgotten_with_its_owner(
    choir: Choir, member: Callable[[], Member]
) -> None:
    old = member()
    number = old.near.fileno()
    choir.remove(old)
    old.near.close()
    stranger, far = socket.socketpair()
    with stranger, far:
        far.setblocking(False)
        assert stranger.fileno() == number
        tell(choir, batch(5))
        with pytest.raises(BlockingIOError):
            far.recv(1000)
    assert member().place == 0, "its place is the next one's"


def test_a_hall_that_emptied_is_noticed(choir: Choir, member: Callable[[], Member]) -> None:
    members = [member() for _ in range(AT_ONCE + 1)]
    for one in members[: AT_ONCE // 2]:
        choir.remove(one)
    assert not choir.is_sparse
    choir.remove(members[-1])
    choir.remove(members[-2])
    assert choir.is_sparse


class Open:
    """A sink whose socket takes everything."""

    blocked_since: float | None = None

    def __init__(self) -> None:
        self.line = self

    def socket(self) -> int:
        return 7

    def carry(self, rest: bytes) -> None: ...
    def push(self, chunk: bytes) -> None: ...
    def end(self) -> None: ...
    def cut(self) -> None: ...


@pytest.fixture
async def stream() -> Stream:
    nothing: Any = None
    room = Room(EVENT, nothing)
    room.epoch, room.head = EPOCH, 5
    viewer = Viewer(EVENT, PERSON, PERSON, is_staff=False, cursor=5)
    timing = Timing(600, 6_000)
    return Stream(nothing, room, viewer, nothing, nothing, nothing, timing, EPOCH, None, Open())


async def test_a_stream_with_nothing_special_about_it_is_in_step(stream: Stream) -> None:
    assert stream.socket_at(5) == 7


@pytest.mark.parametrize(
    "special",
    [
        pytest.param(lambda s: setattr(s.viewer, "end", (6, "banned")), id="it is to end"),
        pytest.param(lambda s: setattr(s.viewer, "cut", (None,)), id="it is sent away"),
        pytest.param(lambda s: setattr(s.viewer, "cursor", 4), id="it stands elsewhere"),
        pytest.param(lambda s: setattr(s, "reading", object()), id="it reads the log"),
        pytest.param(lambda s: setattr(s, "epoch", UUID(int=9)), id="it is of another time"),
        pytest.param(lambda s: setattr(s, "sink", None), id="it is over"),
        pytest.param(lambda s: setattr(s.sink, "line", None), id="the server has its connection"),
        pytest.param(lambda s: setattr(s.room, "finished", True), id="the event is finished"),
    ],
)
async def test_a_stream_with_more_to_it_is_not(
    stream: Stream, special: Callable[[Stream], None]
) -> None:
    special(stream)
    assert stream.socket_at(5) == -1
