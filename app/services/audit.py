"""The audit of an event: what its admins did, read from its log, which nobody can write by hand."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.models.callers import Caller
from app.models.payloads import AuditEntry, AuditPage, Person
from app.models.statuses import ChangeType
from app.services.access import Right, find_event
from app.utils.db import Database

Json = dict[str, Any]

SETTINGS: Final = (
    *("subject", "description", "status", "entrance_code", "capacity"),
    *("policies", "owner", "deleted"),
)


async def read_audit(
    database: Database, caller: Caller, event_id: UUID, before: int | None, limit: int
) -> AuditPage:
    """Return what admins did before a number, youngest first."""
    async with database.read_consistently() as session:
        await find_event(session, event_id, caller, Right.ADMIN)
        rows = await session.execute(
            _DEEDS, {"event_id": event_id, "before": before, "limit": limit + 1}
        )
        entries = [_entry(row) for row in rows]
    more = len(entries) > limit
    return AuditPage(items=entries[:limit], next_before=entries[limit - 1].seq if more else None)


def _entry(row: sa.Row[Any]) -> AuditEntry:
    action, detail = _WORDS[ChangeType(row.type)](row.payload, row.earlier)
    return AuditEntry(
        seq=row.seq,
        at=row.created_at,
        actor=Person(id=row.actor_id, name=row.name),
        action=action,
        subject=row.payload["id"],
        detail=detail,
    )


def _event(now: Json, earlier: Json | None) -> tuple[str, Json]:
    if earlier is None:
        return "event.opened", {}
    changed = {name: now[name] for name in SETTINGS if now[name] != earlier.get(name)}
    if now["deleted"]:
        return "event.deleted", changed
    return ("event.moved" if "status" in changed else "event.edited"), changed


def _membership(now: Json, earlier: Json | None) -> tuple[str, Json]:
    before = earlier and earlier["status"]
    # Who LEFT was removed, or had their ban lifted: the earlier status tells.
    detail = {
        "user": now["user"],
        "status": now["status"],
        "earlier_status": before,
        "role": now["role"],
    }
    moved = before != now["status"]
    return f"membership.{now['status'].lower()}" if moved else "membership.role", detail


def _proposal(now: Json, _earlier: Json | None) -> tuple[str, Json]:
    detail = {name: now[name] for name in ("kind", "category", "content", "decision_reason")}
    return f"proposal.{now['status'].lower()}", detail


def _comment(now: Json, _earlier: Json | None) -> tuple[str, Json]:
    return "comment.removed", {"author": now["author"], "subject": now["subject"]}


def _snapshot(now: Json, _earlier: Json | None) -> tuple[str, Json]:
    return "brief.restored", {"name": now["name"]}


_WORDS: Final[Mapping[ChangeType, Callable[[Json, Json | None], tuple[str, Json]]]] = {
    ChangeType.EVENT: _event,
    ChangeType.MEMBERSHIP: _membership,
    ChangeType.PROPOSAL: _proposal,
    ChangeType.COMMENT: _comment,
    ChangeType.SNAPSHOT: _snapshot,
}
# A deed of an admin is one that is done to others: what people do to their own is none.
_DEEDS = sa.text("""
    SELECT c.seq, c.type, c.actor_id, u.name, c.created_at, c.payload,
      (SELECT e.payload FROM changes e
       WHERE e.event_id = c.event_id AND e.seq < c.seq AND e.type = c.type
         AND e.payload ->> 'id' = c.payload ->> 'id'
       ORDER BY e.seq DESC LIMIT 1) AS earlier
    FROM changes c
    JOIN users u ON u.id = c.actor_id
    JOIN events event ON event.id = c.event_id
    WHERE c.event_id = :event_id AND c.seq < coalesce(CAST(:before AS bigint), event.seq + 1)
      AND CASE c.type
        WHEN 'event.changed' THEN true
        WHEN 'membership.changed' THEN c.payload -> 'user' ->> 'id' <> c.actor_id::text
        WHEN 'proposal.changed' THEN c.payload ->> 'status' <> 'PENDING'
          AND (c.payload ->> 'status' <> 'DELETED'
               OR c.payload -> 'author' ->> 'id' <> c.actor_id::text)
        WHEN 'comment.changed' THEN c.payload ->> 'deleted' = 'true'
          AND c.payload -> 'author' ->> 'id' <> c.actor_id::text
        WHEN 'snapshot.changed' THEN c.payload ->> 'restored_at' IS NOT NULL
        ELSE false
      END
    ORDER BY c.seq DESC LIMIT :limit
""")
