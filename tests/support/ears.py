"""What somebody on the bus hears, in order."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from app.utils.bus import Bus

PATIENCE = 20


class Ear:
    """Every message and every subscription, until somebody asks for it."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.subscribed: asyncio.Queue[str] = asyncio.Queue()

    async def next(self) -> tuple[str, bytes]:
        async with asyncio.timeout(PATIENCE):
            return await self.messages.get()

    async def until_subscribed(self, *channels: str) -> None:
        missing = set(channels)
        async with asyncio.timeout(PATIENCE):
            while missing:
                missing.discard(await self.subscribed.get())


Join = Callable[[str], tuple[Bus, Ear]]


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Start buses, each with an ear."""
    buses: list[Bus] = []

    def start(url: str) -> tuple[Bus, Ear]:
        bus, ear = Bus(url), Ear()
        bus.start(
            lambda channel, message: ear.messages.put_nowait((channel, message)),
            ear.subscribed.put_nowait,
        )
        buses.append(bus)
        return bus, ear

    yield start
    await asyncio.gather(*(bus.close() for bus in buses))
