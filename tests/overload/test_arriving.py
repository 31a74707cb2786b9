"""Requests that do not end, or never begin: each is answered in time, and takes nothing with it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.server import Server

SECONDS = 1
PATIENCE = 30.0
HEAD = b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def quick(
    tmp_path_factory: pytest.TempPathFactory, database_url: str, redis_url: str
) -> AsyncIterator[Server]:
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ASSENT_ARRIVAL": str(SECONDS),
    }
    server = Server(tmp_path_factory.mktemp("server"), settings)
    server.start()
    await asyncio.to_thread(server.ready)
    yield server
    server.stop()
    assert server.complaints() == []


async def _answer(server: Server, *parts: bytes) -> tuple[int, dict[str, str]]:
    """Send what there is, and read to the end of the line that the server ends."""
    reader, writer = await asyncio.open_connection(server.machine.address, server.port)
    try:
        async with asyncio.timeout(PATIENCE):
            for part in parts:
                writer.write(part)
                await writer.drain()
            said = await reader.read()
    finally:
        writer.close()
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head.lower()
    assert b"\r\nx-content-type-options: nosniff" in head.lower()
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "sent",
    [b"", b"P", b"POST /api/auth/login HTTP/1.1\r\nHost", HEAD],
    ids=["nothing", "a letter", "half a header", "no end of the head"],
)
async def test_a_head_that_does_not_end_is_given_up(quick: Server, sent: bytes) -> None:
    status, document = await _answer(quick, sent)
    assert (status, document["code"], document["status"]) == (408, "too_slow", 408)


async def test_a_body_that_does_not_end_is_given_up(quick: Server) -> None:
    status, document = await _answer(quick, HEAD + b'Content-Length: 100\r\n\r\n{"email":')
    assert (status, document["code"]) == (408, "too_slow")


async def test_a_second_request_that_does_not_end_is_given_up(quick: Server) -> None:
    reader, writer = await asyncio.open_connection(quick.machine.address, quick.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /heal")
    async with asyncio.timeout(PATIENCE):
        said = await reader.read()
    writer.close()
    assert said.startswith(b"HTTP/1.1 200")
    assert b"too_slow" in said


@pytest.mark.parametrize("header", [b"X-Long: " + b"a" * 8_000_000, b"X-Many: a\r\n" * 10_000])
async def test_a_head_that_is_too_large_is_refused(quick: Server, header: bytes) -> None:
    status, document = await _answer(quick, b"GET / HTTP/1.1\r\nHost: a\r\n", header)
    assert (status, document["code"]) == (431, "head_too_large")


async def test_ten_thousand_bytes_of_headers_are_taken(quick: Server) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    reader, writer = await asyncio.open_connection(quick.machine.address, quick.port)
    writer.write(head + b"X-Long: " + b"a" * 10_000 + b"\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_what_is_no_http_is_refused_in_our_words(quick: Server) -> None:
    status, document = await _answer(quick, b"\x16\x03\x01 hello\r\n\r\n")
    assert (status, document["code"]) == (400, "not_http")


async def test_a_thousand_slow_lines_keep_nobody_out(quick: Server) -> None:
    where = quick.machine.address, quick.port
    lines = [await asyncio.open_connection(*where) for _ in range(1_000)]
    for _, writer in lines:
        writer.write(b"GET / HT")
    reader, writer = await asyncio.open_connection(*where)
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        ends = await asyncio.gather(*(reader.read() for reader, _ in lines))
    for each in (writer, *(one for _, one in lines)):
        each.close()
    assert all(b"too_slow" in end for end in ends)
