"""Sessions: issuing a token, knowing who sends one, and taking it away."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app.models import Session, User
from app.models.callers import Caller
from app.models.errors import NotFound
from app.models.payloads import ApiToken, Payload, SessionPayload
from app.services.pages import Page
from app.utils.arrays import blobs
from app.utils.db import Database
from app.utils.security import token_hash
from app.utils.together import Together
from app.utils.transaction import UnitOfWork


class Ended(Payload):
    """How many sessions ended."""

    ended: int


async def issue(
    uow: UnitOfWork, user_id: UUID, days: int, *, user_agent: str = "", name: str | None = None
) -> tuple[Session, str]:
    """Open a session and return it with its token, which is told once and kept as a hash.

    Its days are counted by the database's clock, which ends it too.
    """
    token = uow.new_token()
    session = Session(
        user_id=user_id,
        token_hash=token_hash(token),
        token_name=name,
        user_agent=user_agent[:300],
        expires_at=sa.func.now() + timedelta(days=days),
    )
    uow.session.add(session)
    await uow.session.flush()
    return session, token


async def issue_api_token(uow: UnitOfWork, caller: Caller, name: str, days: int) -> ApiToken:
    """Open a session for a program, which speaks as its owner until it expires."""
    await uow.claim()
    session, token = await issue(uow, caller.id, days, name=name)
    await uow.session.refresh(session, ["expires_at"])
    return ApiToken(id=session.id, name=name, token=token, expires_at=session.expires_at)


async def end_session(uow: UnitOfWork, caller: Caller, session_id: UUID) -> Ended:
    """End one of the caller's own sessions."""
    await uow.claim()
    ended = await end_sessions(uow, Session.user_id == caller.id, Session.id == session_id)
    if not ended:
        raise NotFound("session_not_found", "You have no such session.")
    return Ended(ended=ended)


async def log_out(uow: UnitOfWork, caller: Caller) -> Ended:
    """End the session that asks."""
    await uow.claim()
    return Ended(ended=await end_sessions(uow, Session.id == caller.session_id))


async def end_sessions(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> int:
    """End the sessions that meet the conditions, and with them their streams."""
    ended = await uow.session.scalars(sa.delete(Session).where(*conditions).returning(Session.id))
    ids = list(ended)
    uow.ended_sessions.extend(ids)
    return len(ids)


async def list_sessions(database: Database, caller: Caller) -> Page[SessionPayload]:
    """Return the caller's sessions, youngest first."""
    async with database.read() as session:
        found = await session.scalars(
            sa.select(Session)
            .where(Session.user_id == caller.id, Session.expires_at > sa.func.now())
            .order_by(Session.id.desc())
            .limit(100)
        )
        items = [present_session(row, caller) for row in found]
    return Page(items=items, next_cursor=None)


def present_session(session: Session, caller: Caller) -> SessionPayload:
    """Return a session; `current` is the one that asks."""
    return SessionPayload(
        id=session.id,
        name=session.token_name,
        user_agent=session.user_agent,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
        current=session.id == caller.session_id,
    )


class Callers:
    """Who sends a token: every request asks, so the questions of one moment share a query.

    Nothing is remembered between queries: a session that has ended speaks for nobody at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: set[UUID] = set()
        self._together = Together(self._query)

    async def find(self, token: str) -> Caller | None:
        """Return the person that this token speaks for, or None."""
        return await self._together.ask(token_hash(token))

    async def _query(self, hashes: list[bytes]) -> dict[bytes, Caller]:
        rows = await self._database.ask(_CALLERS, {"hashes": blobs(hashes)})
        found = {
            row.token_hash: Caller(row.user_id, row.name, row.is_staff, row.is_guest, row.id)
            for row in rows
        }
        self._seen.update(caller.session_id for caller in found.values())
        return found

    def take_seen(self) -> list[UUID]:
        """Return the sessions that spoke since the last call."""
        seen, self._seen = self._seen, set()
        return list(seen)


async def find_user(database: Database, caller: Caller) -> User:
    async with database.read() as session:
        return await session.get_one(User, caller.id)


_CALLERS = sa.text("""
    SELECT s.id, s.token_hash, s.user_id, u.name, u.is_staff, u.email IS NULL AS is_guest
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ANY(CAST(:hashes AS bytea[])) AND s.expires_at > now()
""").execution_options(timed="callers")
