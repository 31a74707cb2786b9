"""Two servers, a brief in an event, and people who write in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio

from app.launch.valkey import Valkey
from tests.support.client import Api, Json, Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.truth import Truth

VERSIONS = """
    SELECT b.version, b.text, array_agg(v.version ORDER BY v.version) AS versions,
           (array_agg(v.text ORDER BY v.version DESC))[1] AS last
    FROM blocks b JOIN block_versions v ON v.event_id = b.event_id AND v.block_id = b.id
    WHERE b.event_id = %s GROUP BY b.event_id, b.id
"""


@dataclass(frozen=True)
class Desk:
    """Where people write together."""

    servers: tuple[Server, Server]
    redis_url: str
    api: Api
    room: Room

    @property
    def path(self) -> str:
        return f"{self.room.path}/brief"

    async def add(self, who: Person, text: str, **fields: Any) -> Json:
        body = {"kind": "text", "text": text} | fields
        return dict(await who.ok("POST", f"{self.path}/blocks", body))

    def block(self, block: Json) -> str:
        return f"{self.path}/blocks/{block['id']}"

    async def take(self, who: Person, block: Json, at: int | None = None) -> Json:
        return dict(await who.ok("POST", f"{self.block(block)}/lock", at=at))

    @staticmethod
    def edit(block: Json, text: str, token: int | None = None) -> Json:
        body = {"text": text, "version": block["version"]}
        return body if token is None else {**body, "token": token}

    async def read(self, who: Person | None = None, at: int | None = None) -> Json:
        return dict(await (who or self.room.owner).get(self.path, at=at))

    async def check(self, truth: Truth) -> None:
        """Every version is there, without gaps, and the last is what stands."""
        await truth.check(self.room.id)
        for row in await truth.rows(VERSIONS, self.room.id):
            assert row["versions"] == [*range(1, row["version"] + 1)]
            assert row["last"] == row["text"]


@pytest_asyncio.fixture
async def desk(host: Person, servers: tuple[Server, Server], redis_url: str) -> Desk:
    """At the servers that all tests share, for tests that break nothing."""
    room = await open_room(host, start=False, policies=MANUAL)
    return Desk(servers, redis_url, host.api, room)


@pytest_asyncio.fixture
async def own_desk(
    host: Person, start_servers: StartServers, valkey: Valkey
) -> AsyncIterator[Desk]:
    """At servers and a Valkey that a test may break, and that soon miss who is gone."""
    one, two = start_servers(2, REDIS_URL=valkey.url, ASSENT_LEASE_GRACE="0.5")
    async with connect(one.url, two.url) as api:
        room = await open_room(replace(host, api=api), start=False, policies=MANUAL)
        yield Desk((one, two), valkey.url, api, room)
