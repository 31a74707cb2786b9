"""Revocation is part of the log: what a change does to the viewers, before the next one is seen."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from app.models.statuses import EventStatus, MembershipStatus, Role
from app.services.viewers import Viewer
from app.utils.frames import Frame


def follow_membership(viewers: Iterable[Viewer], frame: Frame) -> None:
    """End or re-class the lines of the person whose membership changed."""
    change = orjson.loads(frame.data)
    membership: dict[str, Any] = change["data"]
    user_id = UUID(membership["user"]["id"])
    by_self = (change["actor"] or {}).get("id") == membership["user"]["id"]
    status, role = MembershipStatus(membership["status"]), Role(membership["role"])
    for viewer in viewers:
        if viewer.user_id == user_id:
            viewer.follow_membership(frame.seq, status, role, by_self=by_self)


def follow_event(viewers: Iterable[Viewer], frame: Frame) -> bool:
    """End the lines of an event that is over; return whether it is finished."""
    event = orjson.loads(frame.data)["data"]
    finished: bool = event["status"] == EventStatus.FINISHED
    reason = "event_deleted" if event["deleted"] else "event_closed" if finished else None
    if reason is not None:
        for viewer in viewers:
            viewer.finish(frame.seq, reason)
    return finished
