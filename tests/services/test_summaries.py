"""The summary costs the same few queries however much there is, and its plans look rows up."""

import sqlalchemy as sa

from app.models import Event, Membership
from app.models.base import new_id, now
from app.models.policies import Policies
from app.models.statuses import EventStatus, MembershipStatus
from app.services.summaries import read_summary
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting, Stage

MANY = 200


async def fill(stage: Stage, cast: Cast) -> None:
    """Put somebody into very many events."""
    events = [
        {
            "id": new_id(),
            "subject": f"Event {n}",
            "status": EventStatus.IN_PROGRESS,
            "entrance_code": f"S{n:05d}",
            "capacity": 9,
            "policies": Policies(),
            "owner_id": cast.owner.id,
            "seq": 0,
        }
        for n in range(MANY)
    ]
    seats = [
        {
            "event_id": event["id"],
            "id": new_id(),
            "user_id": cast.second.id,
            "status": MembershipStatus.ACCEPTED,
            "joined_at": now(),
        }
        for event in events
    ]
    async with stage.database.engine.begin() as connection:
        await connection.execute(sa.insert(Event), events)
        await connection.execute(sa.insert(Membership), seats)


async def test_two_hundred_events_cost_what_one_costs(
    stage: Stage, meeting: Meeting, cast: Cast
) -> None:
    await meeting.propose(cast.owner)
    with recorded(stage.database.engine) as few:
        one = await read_summary(stage.database, cast.second.id)
    await fill(stage, cast)
    with recorded(stage.database.engine) as many:
        all_of_them = await read_summary(stage.database, cast.second.id)
    assert len(one.summary.events) == 1
    assert one.summary.events[0].undecided == 1
    assert len(all_of_them.summary.events) == MANY + 1
    assert len(few) == len(many) <= 6
