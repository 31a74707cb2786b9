"""The way to PostgreSQL: one engine, sessions told apart by what they may do."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from time import monotonic, perf_counter
from typing import Any, Final, NewType

from sqlalchemy import CursorResult, Row, TextClause, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import QueuePool

from app.models.clock import CLOCK
from app.utils import metrics
from app.utils.failures import is_read_only

Result = CursorResult[Any]
Execute = Callable[[TextClause, Mapping[str, object]], Awaitable[Result]]
Ask = Callable[[TextClause, Mapping[str, object]], Awaitable[Iterable[Row[Any]]]]
"""Ways to run a statement that the ORM has nothing to do for."""
ReadSession = NewType("ReadSession", AsyncSession)
"""A session that only reads: it runs without a transaction, or in a read-only one."""

# A wait for a lock, a statement, and a forgotten transaction each have an end. A machine that lost
# its power in the middle of a write keeps the event's row locked for as long as the last of them.
SERVER_SETTINGS = (
    "-c lock_timeout=5000 -c statement_timeout=15000 "
    "-c idle_in_transaction_session_timeout=5000 -c timezone=UTC"
)
# Unless the address says otherwise; seconds, and milliseconds in the last. A machine that vanished
# acknowledges nothing, and is given up: else the kernel would wait for it a quarter of an hour.
LINE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
POOL_WAIT = 10.0
# Seconds after which a connection is made anew: each tells the time when it begins.
RENEWED = 300


class Database:
    """The engine and the three kinds of session that it opens."""

    def __init__(
        self, url: str, pool_size: int, replica_url: str = "", *, follows: bool = False
    ) -> None:
        """`replica` follows this database and may be any time behind; None where there is none."""
        self.replica = Database(replica_url, pool_size, follows=True) if replica_url else None
        # The loop's time before which a replica that failed is left alone.
        self.rests_until = 0.0
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            # Errors are logged, and what people wrote is not.
            hide_parameters=True,
            pool_timeout=POOL_WAIT,
            pool_recycle=RENEWED,
            connect_args={"options": SERVER_SETTINGS, **_line_to(url)},
        )
        _measure(self.engine)
        _leave_when_read_only(self.engine)
        if not follows:
            _take_time(self.engine)
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

    async def ask(self, statement: TextClause, values: Mapping[str, object]) -> Sequence[Row[Any]]:
        """Answer one question that comes with every request, past the session and its price."""
        async with self._autocommit.connect() as connection:
            return (await connection.execute(statement, values)).all()

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


def _line_to(url: str) -> dict[str, int]:
    """Return what is to be told of a line to an address that says nothing of it itself."""
    told = make_url(url).query
    return {name: value for name, value in LINE.items() if name not in told}


def _leave_when_read_only(engine: AsyncEngine) -> None:
    """Give up a connection to a server that takes no changes: another one may by now."""

    def on_error(context: ExceptionContext) -> None:
        if is_read_only(context.original_exception):
            context.is_disconnect = True
            # Who reads through the others is served well.
            context.invalidate_pool_on_disconnect = False

    event.listen(engine.sync_engine, "handle_error", on_error)


def _take_time(engine: AsyncEngine) -> None:
    """Set this process's clock by the database's whenever a connection begins."""

    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        asked = monotonic()
        cursor.execute("SELECT clock_timestamp()")
        CLOCK.set(cursor.fetchone()[0], asked, monotonic())
        cursor.close()
        connection.rollback()

    event.listen(engine.sync_engine, "connect", on_connect)
