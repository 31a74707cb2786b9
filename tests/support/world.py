"""Fixtures for tests that talk to running servers: the API, well-known people, the database."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.client import Api, Person, connect
from tests.support.server import Server
from tests.support.truth import Truth, ask


@pytest_asyncio.fixture(scope="session")
async def api(servers: tuple[Server, Server]) -> AsyncIterator[Api]:
    """Both processes, in turn."""
    async with connect(*(server.url for server in servers)) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def host(api: Api) -> Person:
    """Somebody with an account, who opens events."""
    return await api.sign_up("Host")


@pytest_asyncio.fixture(scope="session")
async def truth(database_url: str) -> AsyncIterator[Truth]:
    async with await ask(database_url) as connection:
        yield Truth(connection)
