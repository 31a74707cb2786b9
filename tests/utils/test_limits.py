import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from app.launch.valkey import Valkey
from app.models.base import new_id
from app.models.errors import TooMany
from app.utils.limits import PATIENCE, RateLimits

ASKED = 30
THREE = RateLimitItemPerMinute(3, namespace="tests")
TEN_IN_FIVE_SECONDS = RateLimitItemPerSecond(10, 5, namespace="tens")
# Far enough from any window's end, which limits count in whole minutes since the epoch.
MIDDLE = 1_800_000_030.0
NOWHERE = {"redis gone": "redis://127.0.0.1:1/0", "cluster gone": "redis+cluster://127.0.0.1:1"}


@pytest.fixture(autouse=True)
def _standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: MIDDLE)


def address(request: pytest.FixtureRequest) -> str:
    match request.param:
        case "alone":
            return ""
        case "shared":
            return str(request.getfixturevalue("redis_url"))
        case "cluster":
            return str(request.getfixturevalue("valkeys").url)
    return NOWHERE[request.param]


@pytest.fixture(params=["alone", "shared", "redis gone", "cluster", "cluster gone"])
async def limits(request: pytest.FixtureRequest) -> AsyncIterator[RateLimits]:
    made = RateLimits(address(request), 2, enabled=True)
    yield made
    await made.close()


async def test_the_fourth_of_three_is_too_many(limits: RateLimits) -> None:
    who = str(new_id())
    for _ in range(3):
        await limits.check(THREE, who)
        await limits.count(THREE, who)
    for ask in (limits.check, limits.count):
        with pytest.raises(TooMany, match="too_many_tests") as caught:
            await ask(THREE, who)
        assert 0 < (caught.value.retry_after or 0) <= 60


async def test_asking_counts_nothing(limits: RateLimits) -> None:
    who = str(new_id())
    for _ in range(10):
        await limits.check(THREE, who)


async def test_everybody_has_a_count_of_their_own(limits: RateLimits) -> None:
    for _ in range(3):
        await limits.count(THREE, str(new_id()), "a")
    await limits.count(THREE, str(new_id()), "b")


@pytest.fixture(params=["shared", "cluster"])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[list[RateLimits]]:
    made = [RateLimits(address(request), 2, enabled=True) for _ in range(4)]
    yield made
    await asyncio.gather(*(process.close() for process in made))


async def test_processes_count_together(processes: list[RateLimits]) -> None:
    who = str(new_id())
    for process in processes[:3]:
        await process.count(THREE, who)
    with pytest.raises(TooMany):
        await processes[3].count(THREE, who)


def test_a_person_writes_so_often_in_a_minute(limits: RateLimits) -> None:
    limits.count_write("anna")
    limits.count_write("anna")
    limits.count_write("bert")
    with pytest.raises(TooMany, match="too_many_writes"):
        limits.count_write("anna")


async def test_what_costs_more_counts_more_and_waits_for_its_own_window(
    limits: RateLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.count_here(TEN_IN_FIVE_SECONDS, "anna", cost=6)
    limits.count_here(TEN_IN_FIVE_SECONDS, "bert", cost=10)
    with pytest.raises(TooMany, match="too_many_tens") as caught:
        limits.count_here(TEN_IN_FIVE_SECONDS, "anna", cost=6)
    assert caught.value.retry_after == 5
    monkeypatch.setattr("time.time", lambda: MIDDLE + 5)
    limits.count_here(TEN_IN_FIVE_SECONDS, "anna", cost=6)


async def test_limits_can_be_off() -> None:
    off = RateLimits("", 1, enabled=False)
    for _ in range(5):
        await off.count(THREE, "anna")
        off.count_write("anna")


def test_a_wait_is_told_in_seconds() -> None:
    limits = RateLimits("", 1, enabled=True)
    limits.count_write("anna")
    with pytest.raises(TooMany) as caught:
        limits.count_write("anna")
    assert f"Wait {caught.value.retry_after} seconds" in caught.value.detail


async def test_who_hangs_is_not_waited_for_again_and_again(valkey: Valkey) -> None:
    made = RateLimits(valkey.url, 2, enabled=True)
    assert valkey.child is not None
    os.kill(valkey.child.pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(ASKED * PATIENCE / 2):
            for _ in range(ASKED):
                await made.check(THREE, str(new_id()))
    finally:
        os.kill(valkey.child.pid, signal.SIGCONT)
        await made.close()
