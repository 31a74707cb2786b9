"""Who listens in place of the hub, and who listens to the database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.utils.notices import Notice
from app.utils.transaction import Published


class Told:
    """A publisher that keeps what it is told."""

    def __init__(self) -> None:
        self.published: list[Published] = []
        self.ended: list[UUID] = []
        self.notices: list[Notice] = []

    def publish(self, published: Published) -> None:
        self.published.append(published)

    def notify(self, notices: Sequence[Notice]) -> None:
        self.notices.extend(notices)

    def end_sessions(self, session_ids: Sequence[UUID]) -> None:
        self.ended.extend(session_ids)

    def of(self, event_id: UUID) -> list[Published]:
        return [published for published in self.published if published.event_id == event_id]


class Statements(list[tuple[str, Any]]):
    """What an engine sent, with its parameters; `trips` counts BEGIN and COMMIT as well."""

    trips = 0


@contextmanager
def recorded(engine: AsyncEngine) -> Iterator[Statements]:
    """Listen to an engine while the body runs."""
    statements = Statements()

    def sent(_conn: Any, _cursor: Any, text: str, parameters: Any, *_more: Any) -> None:
        statements.append((text, parameters))
        statements.trips += 1

    def moved(connection: Any) -> None:
        if not connection.connection.dbapi_connection.autocommit:
            statements.trips += 1

    listened = {"before_cursor_execute": sent, "begin": moved, "commit": moved, "rollback": moved}
    for name, listener in listened.items():
        event.listen(engine.sync_engine, name, listener)
    try:
        yield statements
    finally:
        for name, listener in listened.items():
            event.remove(engine.sync_engine, name, listener)
