"""Streams of two servers that talk through a Redis Cluster, a node of which is killed."""

import asyncio
import contextlib
from dataclasses import replace

import httpx2

from app.utils.limits import GUESSES
from tests.support.client import Api, Person, connect
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers
from tests.support.sse import Watcher
from tests.support.truth import Truth
from tests.support.valkeys import ValkeyCluster


async def _talk(room: Room, watchers: list[Watcher], truth: Truth) -> None:
    """Say something through either server; in the end everybody has seen all of it."""
    for n in range(10):
        body = {"content": f"Word {n}"}
        await room.owner.ok("POST", f"{room.path}/comments", body, at=n % 2)
    head = await truth.head(room.id)
    await asyncio.gather(*(watcher.until_seq(head) for watcher in watchers))


async def test_streams_go_on_without_the_node_that_owns_the_event(
    host: Person, start_servers: StartServers, valkeys: ValkeyCluster, truth: Truth
) -> None:
    servers = start_servers(2, REDIS_URL=valkeys.url)
    async with connect(*(server.url for server in servers)) as api:
        room = await open_room(replace(host, api=api))
        async with contextlib.AsyncExitStack() as stack:
            watchers = [Watcher(room.owner, room.id, at=n % 2) for n in range(4)]
            for watcher in watchers:
                await stack.enter_async_context(watcher)
            await _talk(room, watchers, truth)
            node = valkeys.owner(f"assent:{{{room.id}}}")
            assert node.hears(f"assent:{{{room.id}}}")
            node.kill()
            await _talk(room, watchers, truth)
            ready = await api.nobody().get("/readyz", at=0)
            node.restart()
            await _talk(room, watchers, truth)
            fresh = await room.owner.get(room.path)
    assert (ready["status"], ready["bus"]) == ("ready", "unreachable")
    assert all(watcher.state == fresh for watcher in watchers)
    assert all(watcher.lines == 1 for watcher in watchers)
    await truth.check(room.id)


async def test_guesses_are_limited_while_a_node_is_away(
    start_servers: StartServers, valkeys: ValkeyCluster
) -> None:
    valkeys.settle()  # a node that was killed takes no writes for two seconds
    (server,) = start_servers(REDIS_URL=valkeys.url, ASSENT_RATE_LIMITS="1")
    async with connect(server.url) as api:
        assert await _guess(api) == httpx2.codes.NOT_FOUND
        counting = next(node for node in valkeys.nodes if node.ask("DBSIZE"))
        counting.kill()
        guesses = 0
        while (status := await _guess(api)) == httpx2.codes.NOT_FOUND:
            guesses += 1
        counting.restart()
    assert status == httpx2.codes.TOO_MANY_REQUESTS
    assert guesses <= 2 * GUESSES.amount  # two, where a minute ends in between


async def _guess(api: Api) -> int:
    body = {"name": "Guest", "entrance_code": "WRONG0"}
    return (await api.nobody().send("POST", "/auth/guest", body)).status_code
