"""One word from a request to its log line, its commit and its frame; and nobody else's words."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.support.client import Api, Json, connect, problem
from tests.support.rooms import open_room
from tests.support.server import Server, StartServers
from tests.support.sse import open_line


def lines(server: Server) -> list[Json]:
    return [orjson.loads(line) for line in server.log.read_text().splitlines()]


async def test_an_answer_says_the_id_that_was_sent(api: Api) -> None:
    answer = await api.nobody().send("GET", "/healthz", headers={"X-Request-ID": "a.b-C:9/=@+"})
    assert answer.headers["x-request-id"] == "a.b-C:9/=@+"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"b', "a\tb", "caf\xe9", "%0a%1b[31m"])
async def test_an_id_that_is_not_sane_is_replaced(api: Api, given: str) -> None:
    headers = {"X-Request-ID": given.encode("latin-1")}
    answer = await api.nobody().send("GET", "/events", headers=headers)
    own = answer.headers.get_list("x-request-id")
    assert len(own) == 1
    assert own[0] != given
    assert own[0].isalnum()
    assert problem(answer, 401)["request_id"] == own[0]


async def test_every_request_has_an_id_of_its_own(api: Api) -> None:
    answers = [await api.nobody().send("GET", "/healthz") for _ in range(3)]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3


async def test_an_id_leads_from_a_vote_to_its_frame(start_servers: StartServers) -> None:
    (server,) = start_servers(ASSENT_LOG_LEVEL="debug")
    async with connect(server.url) as api:
        host = await api.sign_up("Host")
        room = await open_room(host)
        proposal = await room.propose(host)
        async with open_line(host, room.id) as line:
            await line.next()
            await host.ok("POST", room.votes_on(proposal), headers={"X-Request-ID": "my-vote"})
            frame = await line.next()
    assert frame is not None
    (told,) = [line for line in lines(server) if line.get("request_ids") == ["my-vote"]]
    assert (told["event"], told["level"]) == ("writes_done", "debug")
    assert (told["event_id"], told["first_seq"]) == (room.id, frame.id)
    assert "request_id" not in told


async def test_votes_are_not_logged_one_by_one(start_servers: StartServers) -> None:
    (server,) = start_servers()
    async with connect(server.url) as api:
        host = await api.sign_up("Host")
        room = await open_room(host)
        await host.ok("POST", room.votes_on(await room.propose(host)))
    assert not [line for line in lines(server) if "request_ids" in line]


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_nothing_that_is_sent_begins_a_line(tmp_path: Path, log_format: str) -> None:
    """The database is gone, so that every request is worth a line."""
    nowhere = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
    server = Server(
        tmp_path, {"DATABASE_URL": nowhere, "REDIS_URL": "", "ASSENT_LOG_FORMAT": log_format}
    )
    server.start()
    server.ready()
    # A server's parser lets no control character pass but these; in a path they can be encoded.
    evil = "x\tforged\x85forged\xa0".encode("latin-1")
    async with connect(server.url) as api:
        for name in ("X-Request-ID", "User-Agent", "Authorization", "Last-Event-ID"):
            headers: dict[str, Any] = {"Authorization": "Bearer x", name: evil}
            await api.nobody().send(
                "GET", "/events/%0d%0aforged%1b[31m/x%0aforged", headers=headers
            )
            await api.nobody().send("GET", "/events", headers=headers)
    await asyncio.to_thread(server.stop)
    said = server.log.read_text()
    assert "database_unavailable" in said
    assert not [line for line in said.splitlines() if line.strip().startswith("forged")]
    assert "\x1b[31mforged" not in said


async def test_a_newline_in_a_header_is_no_request(api: Api) -> None:
    """Sent as bytes, since no client would: the server refuses it before anything reads it."""
    url = urlsplit(str(api.clients[0].base_url))
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: a\nforged\r\n\r\n")
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    writer.close()
    await writer.wait_closed()
    assert answer.startswith("HTTP/1.1 400") or "forged" not in answer
