"""The way to PostgreSQL: one engine, sessions told apart by what they may do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any, Final, NewType

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import QueuePool

from app.models.errors import Unavailable
from app.utils import metrics

ReadSession = NewType("ReadSession", AsyncSession)
"""A session that only reads: it runs without a transaction, or in a read-only one."""

# A wait for a lock, a statement, and a forgotten transaction each have an end. A machine that lost
# its power in the middle of a write keeps the event's row locked for as long as the last of them.
SERVER_SETTINGS = (
    "-c lock_timeout=5000 -c statement_timeout=15000 "
    "-c idle_in_transaction_session_timeout=5000 -c timezone=UTC"
)
POOL_WAIT = 10.0


class Database:
    """The engine and the three kinds of session that it opens."""

    def __init__(self, url: str, pool_size: int, replica_url: str = "") -> None:
        """`replica` follows this database and may be any time behind; None where there is none."""
        self.replica = Database(replica_url, pool_size) if replica_url else None
        # The loop's time before which a replica that failed is left alone.
        self.rests_until = 0.0
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            # Errors are logged, and what people wrote is not.
            hide_parameters=True,
            pool_timeout=POOL_WAIT,
            connect_args={"options": SERVER_SETTINGS, "connect_timeout": 5},
        )
        _measure(self.engine)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._repeatable = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a session for `utils/transaction.py`, the only module that commits."""
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Open a session whose statements each see the latest committed state."""
        async with AsyncSession(self._autocommit, autoflush=False) as session:
            yield ReadSession(session)

    @asynccontextmanager
    async def read_consistently(self) -> AsyncIterator[ReadSession]:
        """Open a session whose statements all see one and the same state."""
        async with AsyncSession(self._repeatable, autoflush=False) as session:
            yield ReadSession(session)

    @property
    def connections(self) -> tuple[int, int]:
        """Return how many connections are in use, and how many there may be."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout(), pool.size()

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
        if self.replica is not None:
            await self.replica.close()


# Statements are named by their option `timed`.
_TIMES: Final = {**metrics.QUERIES, "lock_event": metrics.LOCK_WAIT}
_OTHER: Final = metrics.QUERIES["other"]


def _measure(engine: AsyncEngine) -> None:
    """Observe what every statement takes."""

    def before(_c: Any, _cursor: Any, _statement: Any, _p: Any, context: Any, _m: Any) -> None:
        context.began = perf_counter()

    def after(_c: Any, _cursor: Any, _statement: Any, _p: Any, context: Any, _m: Any) -> None:
        times = _TIMES.get(context.execution_options.get("timed"), _OTHER)
        times.observe(perf_counter() - context.began)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)


def is_disconnect(error: BaseException) -> bool:
    """Tell whether the connection broke, so that nothing is known beyond the last answer."""
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or isinstance(error, InterfaceError)
    )


def as_unavailable(error: BaseException) -> Unavailable | None:
    """Return what to tell a caller when the database is what failed, else None."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout) or is_disconnect(error):
        return Unavailable(
            "database_unavailable",
            "The database does not answer right now. Try again in a moment with the same key.",
            retry_after=1,
        )
    return None
