from collections.abc import AsyncIterator

import pytest

from app.models.base import new_id
from app.utils.leases import Leases
from tests.support.valkeys import ValkeyCluster

EVENT = new_id()
ANA, BEN = (new_id(), "Ana B. C."), (new_id(), "Ben")


@pytest.fixture(params=["redis", "cluster", "memory"])
async def leases(request: pytest.FixtureRequest) -> AsyncIterator[Leases]:
    cluster: ValkeyCluster | None = None
    url = ""
    if request.param == "cluster":
        cluster = request.getfixturevalue("valkeys")
        url = cluster.url
    elif request.param == "redis":
        url = request.getfixturevalue("redis_url")
    kept = Leases(url, 30.0)
    yield kept
    await kept.close()


async def test_a_lease_is_one_persons_until_it_ends(leases: Leases) -> None:
    block, other = new_id(), new_id()
    first, mine = await leases.take(EVENT, block, ANA, 1)
    assert (mine, first.user_id, first.name, first.token) == (True, *ANA, 1)
    held, his = await leases.take(EVENT, block, BEN, 2)
    assert (his, held.user_id, held.token, held.nonce) == (False, ANA[0], 1, first.nonce)
    assert 0 < held.expires_in_ms <= leases.ttl
    again, mine = await leases.take(EVENT, block, ANA, 2)
    assert (mine, again.token) == (True, 2)
    (shown,) = await leases.read(EVENT, [other, block])
    assert (shown.block_id, shown.nonce) == (block, again.nonce)
    assert await leases.read(EVENT, []) == []


async def test_only_whose_it_is_renews_and_ends_it(leases: Leases) -> None:
    block = new_id()
    old, _ = await leases.take(EVENT, block, ANA, 1)
    new, _ = await leases.take(EVENT, block, ANA, 2)
    assert not await leases.renew(EVENT, block, ANA[0], 1)
    assert not await leases.renew(EVENT, block, BEN[0], 2)
    assert await leases.renew(EVENT, block, ANA[0], 2)
    assert not await leases.release(EVENT, old)
    assert not await leases.drop(EVENT, block, BEN[0])
    assert not await leases.drop(EVENT, block, ANA[0], 1)
    assert not await leases.drop(EVENT, block, ANA[0], idle_ms=29_000)
    assert await leases.release(EVENT, new)
    assert await leases.read(EVENT, [block]) == []
    assert not await leases.drop(EVENT, block)


async def test_a_lease_runs_out(leases: Leases) -> None:
    leases.ttl = 1
    block = new_id()
    await leases.take(EVENT, block, ANA, 1)
    while await leases.read(EVENT, [block]):
        pass
    assert not await leases.renew(EVENT, block, ANA[0], 1)
    assert (await leases.take(EVENT, block, BEN, 2))[1]
