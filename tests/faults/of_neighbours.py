"""Faults of those who share PostgreSQL: they lock what we write, take its room, close it."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import psycopg

from tests.faults.world import Fault, World
from tests.support.truth import ask

# What somebody may do in a console and leave open.
LOCKS: Final = (
    "SELECT FROM events FOR UPDATE",
    "LOCK TABLE proposal_votes IN SHARE MODE",
    "LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE",
)


@dataclass
class Neighbours:
    world: World
    chance: Random

    def faults(self) -> Iterator[Fault]:
        yield from (self.lock, self.crowd, self.close)

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[str]:
        what = self.chance.choice(LOCKS)
        async with await ask(self.world.postgres.url()) as console, console.transaction():
            await console.execute(what.encode())
            yield f"a console holds {what}"

    @contextlib.asynccontextmanager
    async def crowd(self) -> AsyncIterator[str]:
        """Leave no connection: those of the servers are cut, so that they ask for new ones."""
        url = self.world.postgres.url()
        async with contextlib.AsyncExitStack() as held:
            first = await held.enter_async_context(await ask(url))
            await first.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            count = 1
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    more = await psycopg.AsyncConnection.connect(url)
                    await held.enter_async_context(more)
                    count += 1
            yield f"{count} connections are somebody else's, and there are no more"

    @contextlib.asynccontextmanager
    async def close(self) -> AsyncIterator[str]:
        await self._tell("SET default_transaction_read_only = on")
        yield "PostgreSQL takes no changes"
        await self._tell("RESET default_transaction_read_only")

    async def _tell(self, what: str) -> None:
        async with await ask(self.world.postgres.url()) as console:
            await console.execute("SET default_transaction_read_only = off")
            await console.execute(f"ALTER SYSTEM {what}".encode())
            await console.execute("SELECT pg_reload_conf()")
