import asyncio

import pytest

from tests.support.clockwork import Clockwork, Stuck


async def _race() -> list[int]:
    order: list[int] = []

    async def run(n: int) -> None:
        await asyncio.sleep(0)
        order.append(n)

    await asyncio.gather(*map(run, range(5)))
    return order


def test_a_seed_decides_the_order() -> None:
    assert Clockwork(1).play(_race()) == Clockwork(1).play(_race())
    assert len({tuple(Clockwork(seed).play(_race())) for seed in range(50)}) > 20


def test_time_passes_only_when_everybody_waits() -> None:
    async def sleep() -> float:
        await asyncio.gather(asyncio.sleep(3_600), asyncio.sleep(7_200))
        return asyncio.get_running_loop().time()

    assert Clockwork(1).play(sleep()) == pytest.approx(7_200)


def test_a_deadlock_is_told() -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    loop = Clockwork(1)
    with pytest.raises(Stuck):
        loop.run_until_complete(wait())
    loop._end_tasks()
    loop.close()


def test_what_fails_unheard_fails_the_story() -> None:
    async def forget() -> None:
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)

    with pytest.raises(AssertionError, match="division"):
        Clockwork(1).play(forget())
