"""Hypothesis writes the headers that decide whether something is resumed or replayed."""

import itertools
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.launch.ports import LOOPBACK
from tests.support.client import Person
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server
from tests.support.sse import Frame, Parser

BOUNDED: Final = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
# What http.client sends as it is: no line breaks, one byte a character.
HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=300)
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=260)
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
LONGEST: Final = 255
RESETS: Final = {"unknown_epoch", "ahead_of_log", "too_far_behind"}


@pytest.fixture(scope="module")
async def room(host: Person) -> Room:
    """An event with some changes to resume from."""
    opened = await open_room(host, policies=MANUAL)
    for n in range(5):
        await host.ok("POST", f"{opened.path}/comments", {"content": f"Word {n}"})
    return opened


@pytest.fixture(scope="module")
def connections(servers: tuple[Server, Server]) -> Iterator[Iterator[Server]]:
    return itertools.cycle(servers)


def _cursors(room: Room) -> st.SearchStrategy[str]:
    """Cursors of this event, nearly such, and anything at all."""
    epochs = st.one_of(st.just(str(room.event["epoch"])), st.uuids().map(str), st.text("0-af"))
    numbers = st.one_of(st.integers(-2, 30), st.integers(2**60, 2**70)).map(str)
    shaped = st.tuples(epochs, st.sampled_from([".", "", "..", " "]), numbers).map("".join)
    return st.one_of(shaped, HEADER)


def _first_frames(
    server: Server, person: Person, path: str, cursor: str, *, in_query: bool
) -> list[Frame]:
    """Open a stream and read until it has said where it starts from."""
    connection = HTTPConnection(LOOPBACK, server.port, timeout=60)
    headers = person.headers if in_query else {**person.headers, "Last-Event-ID": cursor}
    try:
        question = f"?last_event_id={quote(cursor, safe='')}" if in_query else ""
        connection.request("GET", path + question, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        parser, frames = Parser(), list[Frame]()
        while not any(frame.id is not None for frame in frames):
            frames += parser.feed(answer.read1(65_536))
        return frames
    finally:
        connection.close()


async def test_a_stream_starts_somewhere_true_whatever_the_cursor(
    room: Room, connections: Iterator[Server]
) -> None:
    head = int((await room.owner.get(room.path))["seq"])
    epoch = str(room.event["epoch"])
    # Where there is nothing to replay, the first words come when there is something to say.
    replayed = {f"{epoch}.{n}": n for n in range(head)}

    @BOUNDED
    @given(
        cursor=_cursors(room).filter(lambda one: one.strip() != f"{epoch}.{head}"),
        in_query=st.booleans(),
    )
    @example(cursor=f"{epoch}.0", in_query=False)
    @example(cursor=f"{epoch}.{head + 1}", in_query=False)
    @example(cursor=f"{epoch}.{head}" + "0" * 40, in_query=True)
    @example(cursor="\x00", in_query=True)
    def resume(cursor: str, in_query: bool) -> None:
        path = f"/api/events/{room.id}/stream"
        # The HTTP parser lets no control character into a header.
        cursor = cursor if in_query else UNSEEN.sub("", cursor)
        read = _first_frames(next(connections), room.owner, path, cursor, in_query=in_query)
        frames = [frame for frame in read if frame.id or frame.event]
        if cursor in replayed:
            assert frames[0].seq == replayed[cursor] + 1
            return
        names = [frame.event for frame in frames if frame.event]
        if names and names[0] == "reset":
            assert frames[0].json["reason"] in RESETS
            names.pop(0)
        if names:
            (snapshot,) = [frame for frame in frames if frame.event == "snapshot"]
            assert snapshot.json["seq"] == snapshot.seq == head
        else:
            # Written otherwise, and read as a cursor of this event all the same.
            assert int(cursor.strip().rpartition(".")[2]) == frames[0].seq - 1

    resume()


def _is_key(text: str) -> bool:
    return 1 <= len(text) <= LONGEST and all("\x20" <= character <= "\x7e" for character in text)


async def test_a_key_is_refused_or_has_one_effect(
    room: Room, connections: Iterator[Server]
) -> None:
    words, ours = itertools.count(), room.id[-12:]
    path = f"/api/events/{room.id}/comments"

    def say(server: Server, key: str, content: str) -> tuple[int, bytes, str | None]:
        connection = HTTPConnection(LOOPBACK, server.port, timeout=60)
        body = orjson.dumps({"content": content})
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        connection.request("POST", path, body, {**room.owner.headers, **headers})
        answer = connection.getresponse()
        said = answer.status, answer.read(), answer.headers.get("Idempotency-Replayed")
        connection.close()
        # A server that is too busy says so, and is asked again with the same key.
        return said if said[0] != 503 else say(server, key, content)

    used: set[str] = set()

    @BOUNDED
    @given(
        key=st.one_of(
            HEADER,
            st.uuids().map(str),
            st.text(st.characters(max_codepoint=126, min_codepoint=32), min_size=250, max_size=260),
        )
    )
    @example(key="")
    @example(key=" ")
    @example(key=ours.rjust(LONGEST, "k"))
    @example(key=ours.rjust(LONGEST + 1, "k"))
    @example(key="schlüssel")
    def use(key: str) -> None:
        # A header's value has no blanks around it, whoever put them there.
        meant = key.strip(" \t")
        if _is_key(meant) and len(meant) + len(ours) <= LONGEST:
            key = meant = meant + ours  # other tests have keys too
        word = f"Said {next(words)}"
        status, body, replayed = say(next(connections), key, word)
        if not _is_key(meant):
            assert status == 400, (key, body)
            if not any(character < " " or character == "\x7f" for character in key):
                assert orjson.loads(body)["code"] == "idempotency_key_malformed"
            return
        if meant in used:
            assert status == 422
            return
        used.add(meant)
        assert (status, replayed) == (201, None), body
        again = say(next(connections), key, word)
        assert again == (201, body, "true")
        other = say(next(connections), key, word + "!")
        assert (other[0], orjson.loads(other[1])["code"]) == (422, "idempotency_key_reused")

    use()
    page: Any = await room.owner.get(f"{room.path}/comments?limit=100")
    contents = [comment["content"] for comment in page["items"]]
    assert len(contents) == len(set(contents))
    assert all(UUID(comment["id"]) for comment in page["items"])
