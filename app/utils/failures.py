"""What a failure of the database means: for its connection, for another try, and for a caller."""

from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.models.errors import Unavailable

# SQLSTATE: of a server that only reads, as the old one after a failover does; the second where a
# copy that follows another server is asked to begin a transaction that writes.
READ_ONLY: Final = {"25006", "0A000"}
# A deadlock or a conflict, which PostgreSQL solved by undoing this transaction.
SACRIFICED: Final = {"40001", "40P01"}


def is_disconnect(error: BaseException) -> bool:
    """Tell whether the connection broke, so that nothing is known beyond the last answer."""
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or isinstance(error, InterfaceError)
    )


def is_passing(error: DBAPIError) -> bool:
    """Tell whether what was not committed may well succeed at once, if it is tried again."""
    return is_disconnect(error) or _state(error.orig) in SACRIFICED


def is_read_only(error: BaseException | None) -> bool:
    """Tell whether a driver's error says that the server takes no changes."""
    return _state(error) in READ_ONLY


def as_unavailable(error: BaseException) -> Unavailable | None:
    """Return what to tell a caller when the database is what failed, else None."""
    if isinstance(error, DBAPIError) and is_read_only(error.orig):
        return _unavailable("The database takes no changes right now.")
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout) or is_disconnect(error):
        return _unavailable("The database does not answer right now.")
    return None


def _unavailable(why: str) -> Unavailable:
    detail = f"{why} Try again in a moment with the same key."
    return Unavailable("database_unavailable", detail, retry_after=1)


def _state(error: BaseException | None) -> str | None:
    return getattr(error, "sqlstate", None)
