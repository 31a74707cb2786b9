"""Announcements: staff publish, everybody online hears it at once, the others when they come back.

Each step takes the next revision under one lock, so that whoever knows a revision has missed
nothing below it.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.models import Announcement, SeenAnnouncement, User
from app.models.announcing import AnnouncementEdit, NewAnnouncement
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Forbidden
from app.models.payloads import AnnouncementPayload, AnnouncementSeen, Identified
from app.models.presenting import present_person
from app.models.statuses import NoticeType
from app.services.access import no_such
from app.services.pages import Page, cut, decode_cursor
from app.utils.db import Database, ReadSession
from app.utils.frames import named_frame
from app.utils.transaction import UnitOfWork

# Announcements that wait for somebody who comes back, the youngest first.
UNSEEN_AT_MOST: Final = 20
# Any number that nothing else in the database locks.
LOCK: Final = 7_461_926_536


async def publish(uow: UnitOfWork, staff: Caller, body: NewAnnouncement) -> AnnouncementPayload:
    """Publish an announcement. The lines hear of it when it is committed."""
    await uow.claim()
    _require_staff(staff)
    author = await uow.session.get_one(User, staff.id)
    revision = await _next_revision(uow)
    announcement = Announcement(**body.model_dump(), author=author, revision=revision)
    uow.session.add(announcement)
    await uow.session.flush()
    return present(announcement, seen=False)


async def edit(
    uow: UnitOfWork, staff: Caller, announcement_id: UUID, body: AnnouncementEdit
) -> AnnouncementPayload:
    """Change what an announcement says. Who has seen it is not shown it anew."""
    await uow.claim()
    announcement = await _take(uow, staff, announcement_id)
    for name in body.model_fields_set:
        value = getattr(body, name)
        if value is not None or name in {"link", "image", "ends_at"}:
            setattr(announcement, name, value)
    announcement.edited_at = now()
    await uow.session.flush()
    return present(announcement, seen=None)


async def remove(uow: UnitOfWork, staff: Caller, announcement_id: UUID) -> Identified:
    """Take an announcement back, everywhere."""
    await uow.claim()
    announcement = await _take(uow, staff, announcement_id)
    announcement.deleted_at = now()
    await uow.session.flush()
    return Identified(id=announcement.id)


async def mark_seen(uow: UnitOfWork, caller: Caller, announcement_id: UUID) -> AnnouncementSeen:
    """Note that the caller has seen it; their other lines hear of it."""
    await uow.claim()
    await _find(uow.session, announcement_id)
    seen = AnnouncementSeen(announcement_id=announcement_id)
    marked = await uow.session.scalar(
        insert(SeenAnnouncement)
        .values(user_id=caller.id, announcement_id=announcement_id, seen_at=now())
        .on_conflict_do_nothing()
        .returning(SeenAnnouncement.user_id)
    )
    if marked is not None:
        uow.notify(caller.id, NoticeType.SEEN, seen)
    return seen


async def list_announcements(
    database: Database, caller: Caller, cursor: str | None, limit: int
) -> Page[AnnouncementPayload]:
    """Return what stands, seen or not, youngest first."""
    wanted = _STANDING.limit(limit + 1)
    if cursor is not None:
        wanted = wanted.where(Announcement.id < decode_cursor(cursor))
    async with database.read() as session:
        found = await session.execute(wanted, {"user_id": caller.id})
        items = [present(row.Announcement, seen=row.seen) for row in found]
    return cut(items, limit)


async def read_unseen(session: ReadSession, user_id: UUID) -> list[AnnouncementPayload]:
    """Return what stands and the person has not seen, youngest first."""
    found = await session.scalars(_UNSEEN, {"user_id": user_id})
    return [present(announcement, seen=False) for announcement in found]


async def frames_after(database: Database, revision: int) -> tuple[int, Sequence[bytes]]:
    """Return what became of announcements after a revision, as frames, and the last revision."""
    async with database.read() as session:
        found = await session.scalars(
            sa.select(Announcement)
            .options(joinedload(Announcement.author, innerjoin=True))
            .where(Announcement.revision > revision)
            .order_by(Announcement.revision)
            .limit(UNSEEN_AT_MOST)
        )
        changed = list(found)
    return max((a.revision for a in changed), default=revision), [_frame(a) for a in changed]


async def last_revision(session: ReadSession) -> int:
    return await session.scalar(_LAST) or 0


def present(announcement: Announcement, *, seen: bool | None) -> AnnouncementPayload:
    """Return an announcement; its author must be loaded."""
    return AnnouncementPayload(
        id=announcement.id,
        title=announcement.title,
        text=announcement.text,
        level=announcement.level,
        link=announcement.link,
        image=announcement.image,
        author=present_person(announcement.author),
        created_at=announcement.created_at,
        edited_at=announcement.edited_at,
        ends_at=announcement.ends_at,
        seen=seen,
    )


def _frame(announcement: Announcement) -> bytes:
    ended = announcement.ends_at is not None and announcement.ends_at <= now()
    if announcement.deleted_at is not None or ended:
        said = orjson.dumps({"id": announcement.id, "deleted": True})
    else:
        said = present(announcement, seen=None).encode()
    return named_frame("announcement", said)


async def _take(uow: UnitOfWork, staff: Caller, announcement_id: UUID) -> Announcement:
    """Find an announcement to change it, and give it the next revision."""
    _require_staff(staff)
    revision = await _next_revision(uow)
    announcement = await _find(uow.session, announcement_id)
    announcement.revision = revision
    return announcement


async def _find(session: Any, announcement_id: UUID) -> Announcement:
    found: Announcement | None = await session.scalar(
        sa.select(Announcement)
        .options(joinedload(Announcement.author, innerjoin=True))
        .where(Announcement.id == announcement_id, Announcement.deleted_at.is_(None))
    )
    if found is None:
        raise no_such("announcement")
    return found


async def _next_revision(uow: UnitOfWork) -> int:
    await uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    return (await uow.session.scalar(_LAST) or 0) + 1


def _require_staff(caller: Caller) -> None:
    if not caller.is_staff:
        raise Forbidden("staff_only", "Only the staff of this site may announce something.")


_LAST = sa.select(sa.func.max(Announcement.revision))
_USER: Final = sa.bindparam("user_id", type_=sa.Uuid)
_SEEN: Final = (
    sa.select(SeenAnnouncement)
    .where(
        SeenAnnouncement.user_id == _USER,
        SeenAnnouncement.announcement_id == Announcement.id,
    )
    .exists()
)
_STANDING: Final = (
    sa.select(Announcement, _SEEN.label("seen"))
    .options(joinedload(Announcement.author, innerjoin=True))
    .where(
        Announcement.deleted_at.is_(None),
        sa.or_(Announcement.ends_at.is_(None), Announcement.ends_at > sa.func.now()),
    )
    .order_by(Announcement.id.desc())
)
# Asked by every line that opens: to put it together takes longer than to send it.
_UNSEEN: Final = _STANDING.where(~_SEEN).limit(UNSEEN_AT_MOST)
