"""The nets ask for everybody, some at a time, and give each their own answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from app.models import Session
from app.models.base import now
from app.services.nets import ASKED_AT_ONCE, read_refusals
from app.services.viewers import Viewer
from app.utils.security import new_token, token_hash
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting


async def test_thousands_are_asked_for_in_slices(meeting: Meeting, cast: Cast) -> None:
    """Those who signed out stand between those who did not, on either side of every border."""
    session = await _sign_in(meeting, cast.member.id)
    viewers = [
        Viewer(meeting.id, cast.member.id, uuid4() if place % 3 else session, is_staff=False)
        for place in range(2 * ASKED_AT_ONCE + 1)
    ]
    with recorded(meeting.stage.database.engine) as statements:
        refusals = await read_refusals(meeting.stage.database, viewers)
    assert len(statements) == 3
    assert refusals == ["signed_out" if place % 3 else None for place in range(len(viewers))]


async def _sign_in(meeting: Meeting, user_id: UUID) -> UUID:
    session_id = uuid4()
    row: dict[str, Any] = {
        "id": session_id,
        "user_id": user_id,
        "token_hash": token_hash(new_token()),
        "created_at": now(),
        "expires_at": now() + timedelta(hours=1),
    }
    async with meeting.stage.database.engine.begin() as connection:
        await connection.execute(sa.insert(Session), [row])
    return session_id
