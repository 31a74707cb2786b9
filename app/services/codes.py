"""Entrance codes: six characters that nobody misreads, held under a lock until they are taken."""

import secrets
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Event
from app.models.errors import Conflict, NotFound, Unavailable
from app.models.payloads import CodeCheck, EntranceCode
from app.utils.db import Database

# Without 0 O 1 I L, 2 Z, 5 S, 8 B: they look alike on a projector and sound alike in a hall.
ALPHABET: Final = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH: Final = 6
TRIES: Final = 20


def draw() -> str:
    """Return a random code: one of 25^6, about 244 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


async def free_code(session: AsyncSession, wanted: str | None) -> str:
    """Return the wanted code, or a drawn one, that no event has, and hold it in this transaction.

    Raises Conflict where the wanted one is taken.
    """
    if wanted is not None:
        await _hold(session, wanted)
        if await _taken(session, wanted):
            raise Conflict("entrance_code_taken", "This entrance code is in use. Choose another.")
        return wanted
    for _ in range(TRIES):
        code = draw()
        await _hold(session, code)
        if not await _taken(session, code):
            return code
    raise Unavailable("no_free_code", "No free entrance code was found. Try again.", retry_after=1)


async def suggest_code(database: Database) -> EntranceCode:
    """Return a code that is free now; it is not kept for anybody."""
    async with database.read() as session:
        for _ in range(TRIES):
            code = draw()
            if not await _taken(session, code):
                return EntranceCode(entrance_code=code)
    raise Unavailable("no_free_code", "No free entrance code was found. Try again.", retry_after=1)


async def find_event_by_code(database: Database, code: str) -> Event:
    """Return the event that this code opens. Raises NotFound."""
    async with database.read() as session:
        event = await session.scalar(_opened_by(code))
    if event is None:
        raise NotFound(
            "entrance_code_unknown", "No event has this entrance code. Check it with your host."
        )
    return event


async def check_code(database: Database, code: str) -> CodeCheck:
    """Tell what a code opens, and what somebody needs to come in."""
    event = await find_event_by_code(database, code)
    return CodeCheck(
        valid=True,
        event_id=event.id,
        subject=event.subject,
        status=event.status,
        guests_allowed=event.policies.guests_allowed,
        observers_allowed=event.policies.observers_allowed,
        password_required=event.password_hash is not None,
        membership_auto_approved=event.policies.membership_auto_approved,
        members=event.members,
        capacity=event.capacity,
    )


def _opened_by(code: str) -> sa.Select[Event]:
    return sa.select(Event).where(Event.entrance_code == code, Event.deleted_at.is_(None))


async def _hold(session: AsyncSession, code: str) -> None:
    await session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"code:{code}", 0)))
    )


async def _taken(session: AsyncSession, code: str) -> bool:
    return await session.scalar(sa.select(_opened_by(code).exists())) or False
