"""The bus on a Redis Cluster, whose nodes die and whose slots move."""

import asyncio

import pytest

from app.models.base import new_id
from app.utils.bus import Bus
from app.utils.channels import CONTROL
from app.utils.shards import nodes
from tests.support.ears import PATIENCE, Ear, Join
from tests.support.valkeys import ValkeyCluster

Two = tuple[Bus, Bus, Ear]


@pytest.fixture
async def two(join: Join, valkeys: ValkeyCluster) -> Two:
    """A bus that speaks, and one that listens."""
    (speaker, own), (listener, ear) = join(valkeys.url), join(valkeys.url)
    await own.until_subscribed(CONTROL)
    await ear.until_subscribed(CONTROL)
    return speaker, listener, ear


def channels(count: int) -> list[str]:
    return [f"assent:{{{new_id()}}}" for _ in range(count)]


async def everywhere(two: Two, valkeys: ValkeyCluster) -> list[str]:
    """Listen to a channel of every node."""
    by_owner = {valkeys.owner(channel): channel for channel in channels(64)}
    assert len(by_owner) == 3
    _, listener, ear = two
    await asyncio.gather(*map(listener.subscribe, by_owner.values()))
    await ear.until_subscribed(*by_owner.values())
    return list(by_owner.values())


async def heard(two: Two, channel: str, message: bytes) -> None:
    """Say it until it is heard: what is said before everybody is in place may be lost."""
    speaker, _, ear = two
    async with asyncio.timeout(PATIENCE):
        while ear.messages.empty():
            speaker.publish(channel, message)
            await asyncio.sleep(0.02)
    assert await ear.next() == (channel, message)
    while not ear.messages.empty():
        assert ear.messages.get_nowait() == (channel, message)


async def test_every_channel_is_heard_in_order(two: Two, valkeys: ValkeyCluster) -> None:
    speaker, _, ear = two
    for channel in [*await everywhere(two, valkeys), CONTROL]:
        for number in range(20):
            speaker.publish(channel, b"%d" % number)
        assert [await ear.next() for _ in range(20)] == [(channel, b"%d" % n) for n in range(20)]
    assert speaker.connected
    assert await speaker.ping() is True


async def test_a_message_stays_at_the_node_that_owns_it(two: Two, valkeys: ValkeyCluster) -> None:
    for channel in await everywhere(two, valkeys):
        assert [node for node in valkeys.nodes if node.hears(channel)] == [valkeys.owner(channel)]


async def test_a_channel_that_is_not_wanted_any_more_is_silent(
    two: Two, valkeys: ValkeyCluster
) -> None:
    speaker, listener, _ = two
    first, second, third = await everywhere(two, valkeys)
    await listener.unsubscribe(first)
    await heard(two, third, b"meanwhile")
    speaker.publish(first, b"unheard")
    await heard(two, second, b"heard")
    assert not any(node.hears(first) for node in valkeys.nodes)


async def test_a_killed_node_silences_no_other_and_is_heard_when_it_returns(
    two: Two, valkeys: ValkeyCluster
) -> None:
    speaker, _, ear = two
    lost, second, third = await everywhere(two, valkeys)
    node = valkeys.owner(lost)
    node.kill()
    speaker.publish(lost, b"said to nobody")
    for channel in (second, third):
        await heard(two, channel, b"still here")
    assert await speaker.ping() is False
    node.restart()
    await ear.until_subscribed(lost)
    await heard(two, lost, b"back")


async def test_a_channel_is_followed_to_another_node(two: Two, valkeys: ValkeyCluster) -> None:
    _, _, ear = two
    moving, staying, _ = await everywhere(two, valkeys)
    valkeys.move(moving, to=valkeys.owner(staying))
    await ear.until_subscribed(moving)
    for channel in (moving, staying):
        await heard(two, channel, b"here")
    assert valkeys.owner(moving) is valkeys.owner(staying)


async def test_a_replica_takes_over(two: Two, valkeys: ValkeyCluster) -> None:
    _, _, ear = two
    lost, *others = await everywhere(two, valkeys)
    killed = valkeys.owner(lost)
    replica = valkeys.add_replica(of=killed)
    killed.kill()
    replica.ask("CLUSTER FAILOVER", "TAKEOVER")
    await ear.until_subscribed(lost)
    for channel in (lost, *others):
        await heard(two, channel, b"at its new place")
    assert valkeys.owner(lost) is replica
    killed.restart()


async def test_a_cluster_that_is_not_there_holds_nobody_up(join: Join) -> None:
    bus, _ = join("redis+cluster://127.0.0.1:1,127.0.0.1:2")
    await bus.subscribe("channel")
    bus.publish("channel", b"lost")
    await bus.unsubscribe("channel")
    assert await bus.ping() is False
    assert not bus.connected


def test_an_address_names_its_nodes() -> None:
    assert nodes("redis+cluster://me:pa%40ss@one:1,two:2/?ssl_check_hostname=no") == [
        "redis://me:pa%40ss@one:1?ssl_check_hostname=no",
        "redis://me:pa%40ss@two:2?ssl_check_hostname=no",
    ]
    assert nodes("rediss+cluster://one:1") == ["rediss://one:1"]
    assert nodes("redis://one:1/0") == ["redis://one:1/0"]
