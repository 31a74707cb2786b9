"""Webhooks to a real server, which is down, slow or refuses, through processes that die."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.client import Json, Person, connect, problem
from tests.support.receivers import Receiver, eventually
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers
from tests.support.truth import Truth, ask

OURS = {"ASSENT_PRIVATE_TARGETS": "1", "ASSENT_WEBHOOK_LEASE": "2"}


@pytest.fixture
async def two(own_database_url: str, start_servers: StartServers) -> tuple[Server, Server]:
    """On a database of their own: servers with other settings would deliver from it too."""
    one, other = start_servers(2, DATABASE_URL=own_database_url, **OURS)
    return one, other


@pytest.fixture
async def room(two: tuple[Server, Server]) -> AsyncIterator[Room]:
    async with connect(*(server.url for server in two)) as api:
        yield await open_room(await api.sign_up("Host"))


@pytest.fixture
async def truth(own_database_url: str) -> AsyncIterator[Truth]:
    async with await ask(own_database_url) as connection:
        yield Truth(connection)


async def hook(room: Room, receiver: Receiver, **fields: Any) -> Json:
    path = f"{room.path}/webhooks"
    return dict(await room.owner.ok("POST", path, {"url": receiver.url, **fields}))


async def talk(room: Room, times: int) -> None:
    for n in range(times):
        await room.owner.ok("POST", f"{room.path}/comments", {"content": f"Word {n}"})


def first_time(numbers: list[int]) -> list[int]:
    """Numbers in the order in which each came first."""
    return list(dict.fromkeys(numbers))


async def test_every_change_arrives_signed_and_in_order(
    room: Room, receiver: Receiver, truth: Truth
) -> None:
    made = await hook(room, receiver)
    await talk(room, 5)
    head = await truth.head(room.id)
    await receiver.until(lambda: head in receiver.seqs)
    assert receiver.seqs == list(range(made["cursor"] + 1, head + 1))
    for received in receiver.taken:
        assert received.is_signed_with(made["secret"])
        event = received.json
        assert received.headers["content-type"].startswith("application/cloudevents+json")
        assert event["specversion"] == "1.0"
        assert event["id"] == received.headers["webhook-id"]
        assert event["type"] == f"assent.{event['data']['type']}"
        assert event["subject"] == room.id
    (listed,) = (await room.owner.get(f"{room.path}/webhooks"))["items"]
    assert listed["secret"] is None
    assert listed["status"] == "ACTIVE"


async def test_types_are_chosen_and_the_door_is_nobodys_business(
    room: Room, receiver: Receiver
) -> None:
    closed = {"policies": {"membership_auto_approved": False}}
    await room.owner.ok("PATCH", room.path, closed)
    await hook(room, receiver, types=["membership.changed", "comment.changed"])
    waiting = await room.owner.api.sign_up("At The Door")
    membership = await room.join(waiting)
    await talk(room, 1)
    await room.manage(membership["id"], "approve")
    await receiver.until(lambda: len(receiver.taken) == 2)
    assert [r.json["type"] for r in receiver.taken] == [
        *("assent.comment.changed", "assent.membership.changed")
    ]
    assert receiver.taken[1].json["data"]["data"]["status"] == "ACCEPTED"


async def test_a_target_that_was_down_gets_everything_later(
    room: Room, receiver: Receiver, truth: Truth
) -> None:
    made = await hook(room, receiver)
    await receiver.switch_off()
    await talk(room, 5)
    path = f"{room.path}/webhooks"

    async def has_failed() -> bool:
        return (await room.owner.get(path))["items"][0]["last_error"] is not None

    await eventually(has_failed)
    await receiver.switch_on()
    receiver.status = 500
    await receiver.until(lambda: bool(receiver.refused))
    receiver.status = 200
    head = await truth.head(room.id)
    await receiver.until(lambda: head in receiver.seqs)
    assert receiver.seqs == list(range(made["cursor"] + 1, head + 1))


async def test_a_process_killed_in_mid_delivery_loses_nothing(
    room: Room, receiver: Receiver, two: tuple[Server, Server], truth: Truth
) -> None:
    made = await hook(room, receiver)
    receiver.open.clear()
    await talk(room, 5)
    await receiver.until(lambda: bool(receiver.taken))
    # Whoever delivers waits for an answer; it is not known who that is.
    for server in two:
        server.kill()
    receiver.open.set()
    one = two[0]
    one.start()
    one.ready()
    head = await truth.head(room.id)
    await receiver.until(lambda: head in receiver.seqs)
    assert first_time(receiver.seqs) == list(range(made["cursor"] + 1, head + 1))


async def test_a_paused_one_rests_and_a_replay_tells_again(
    room: Room, receiver: Receiver, truth: Truth
) -> None:
    made = await hook(room, receiver)
    path = f"{room.path}/webhooks/{made['id']}"
    await talk(room, 2)
    await receiver.until(lambda: len(receiver.taken) == 2)
    await room.owner.ok("PATCH", path, {"status": "PAUSED"})
    await talk(room, 1)
    replayed = await room.owner.ok("POST", f"{path}/replay", {"after": 0})
    assert (replayed["cursor"], replayed["status"]) == (0, "PAUSED")
    await room.owner.ok("PATCH", path, {"status": "ACTIVE"})
    head = await truth.head(room.id)
    await receiver.until(lambda: head in receiver.seqs)
    assert receiver.seqs[2:] == list(range(1, head + 1))
    await room.owner.ok("DELETE", path)
    assert (await room.owner.get(f"{room.path}/webhooks"))["items"] == []


async def test_the_operators_own_network_is_refused(host: Person) -> None:
    room = await open_room(host)
    for url, code in (
        ("https://127.0.0.1/x", "target_refused"),
        ("https://[::ffff:169.254.169.254]/", "target_refused"),
        ("http://example.org/", "target_invalid"),
        ("https://no-such-host.invalid/", "target_unknown"),
    ):
        answer = await host.send("POST", f"{room.path}/webhooks", {"url": url})
        problem(answer, 422, code)
