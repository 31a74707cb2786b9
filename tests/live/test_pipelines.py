"""Requests that went out whole, in a row on one line, and whose line broke before any answer."""

import asyncio
import socket
import struct
from uuid import uuid4

import orjson

from tests.support.client import Person
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server
from tests.support.truth import Truth

# Close without a word: what a phone does that leaves the room.
SILENT = struct.pack("ii", 1, 0)


def _request(person: Person, path: str, key: str) -> bytes:
    head = [
        f"POST /api{path} HTTP/1.1",
        "Host: assent",
        f"Authorization: Bearer {person.token}",
        f"Idempotency-Key: {key}",
        "Content-Length: 0",
    ]
    return "\r\n".join([*head, "", ""]).encode()


def _send_and_go(server: Server, requests: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(requests)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SILENT)


async def _ask_again(room: Room, voter: Person, proposals: list[str], keys: list[str]) -> None:
    for proposal, key in zip(proposals, keys, strict=True):
        answer = await voter.send("POST", room.votes_on(proposal), key=key)
        assert answer.status_code == 201, answer.text
        assert orjson.loads(answer.content)["choice"] == "AGREE"


async def test_lines_cut_with_votes_on_the_way_lose_none_and_count_none_twice(
    servers: tuple[Server, Server], host: Person, truth: Truth
) -> None:
    room = await open_room(host, policies=MANUAL)
    voters = await room.guests(60)
    proposals = [await room.propose(host, f"Said {n}") for n in range(4)]
    keys = {voter.id: [str(uuid4()) for _ in proposals] for voter in voters}
    await asyncio.gather(
        *(
            asyncio.to_thread(
                _send_and_go,
                servers[n % 2],
                b"".join(
                    _request(voter, room.votes_on(proposal), key)
                    for proposal, key in zip(proposals, keys[voter.id], strict=True)
                ),
            )
            for n, voter in enumerate(voters)
        )
    )
    await asyncio.gather(*(_ask_again(room, v, proposals, keys[v.id]) for v in voters))
    assert [await truth.votes(proposal) for proposal in proposals] == [len(voters)] * 4
    assert len(await truth.log(room.id, "tally.changed")) == 4 * len(voters)
    await truth.check(room.id)
    for server in servers:
        assert server.complaints() == []
