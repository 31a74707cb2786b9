"""Presence in one process, by its own clock; and that it costs the database nothing."""

from collections.abc import Iterator
from uuid import UUID

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.models.base import new_id
from app.models.statuses import Activity
from app.services.attendance import Attendance
from app.services.house import House
from app.services.presence_frames import CROWD, Here, pack_people
from app.services.viewers import Viewer
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting

GRACE, PACE = 10.0, 2.0
EVENT = new_id()


def viewer(name: str, user_id: UUID | None = None) -> Viewer:
    return Viewer(EVENT, user_id or new_id(), new_id(), is_staff=False, name=name)


def frames(said: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    for block in said.decode().split("\n\n")[:-1]:
        name, _, data = block.partition("\n")
        yield name.removeprefix("event: "), orjson.loads(data.removeprefix("data: "))


def settle(attendance: Attendance, time: float) -> list[tuple[str, dict[str, object]]]:
    return list(frames(attendance.settle(time, GRACE, PACE)))


@pytest.fixture
def attendance() -> Attendance:
    attendance = Attendance()
    attendance.move(viewer("First"), 1)
    attendance.settle(0, GRACE, PACE)
    return attendance


def test_who_leaves_is_shown_until_the_grace_is_over(attendance: Attendance) -> None:
    second = viewer("Second")
    attendance.move(second, 1)
    (joined,) = settle(attendance, 1)
    assert joined[0] == "presence.joined"
    attendance.move(second, -1)
    assert settle(attendance, 2) == settle(attendance, 11.9) == []
    assert attendance.is_waiting
    assert settle(attendance, 12.1) == [("presence.left", {"ids": [str(second.user_id)]})]
    assert not attendance.is_waiting or attendance.owed


def test_a_reload_is_no_departure_and_tabs_count_once(attendance: Attendance) -> None:
    tabs = [viewer("Second", EVENT) for _ in range(3)]
    for tab in tabs:
        attendance.move(tab, 1)
    assert len(settle(attendance, 1)) == 1
    for tab in tabs:
        attendance.move(tab, -1)
    settle(attendance, 2)
    attendance.move(viewer("Second", EVENT), 1)
    assert settle(attendance, 3) == settle(attendance, 30) == []


def test_active_in_one_place_is_active(attendance: Attendance) -> None:
    person = new_id()
    attendance.move(viewer("Second", person), 1)
    settle(attendance, 1)
    assert attendance.set_status(person, Activity.IDLE)
    ((name, said),) = settle(attendance, 2)
    assert (name, said["people"]) == (
        "presence.changed",
        [{"id": str(person), "name": "Second", "status": "idle"}],
    )
    attendance.elsewhere = [pack_people([Here(person, "Second", Activity.ACTIVE)])]
    assert settle(attendance, 3)[0][0] == "presence.changed"
    assert not attendance.set_status(new_id(), Activity.IDLE)


def test_a_crowd_is_counted_and_not_named(attendance: Attendance) -> None:
    people = [Here(new_id(), f"Guest {n}", Activity.ACTIVE) for n in range(CROWD + 5)]
    attendance.elsewhere = [pack_people(people)]
    assert settle(attendance, 1) == [("presence", {"here": None, "count": CROWD + 6})]
    attendance.elsewhere = [pack_people(people[:-1])]
    assert settle(attendance, 2) == settle(attendance, 11.5) == []
    attendance.elsewhere = [pack_people(people)]
    settle(attendance, 12)
    more = [*people, Here(new_id(), "One more", Activity.ACTIVE)]
    attendance.elsewhere = [pack_people(more)]
    assert settle(attendance, 14) == [("presence", {"here": None, "count": CROWD + 7})]
    attendance.elsewhere = []
    assert settle(attendance, 15) == []
    ((name, said),) = settle(attendance, 26)
    assert (name, said["count"]) == ("presence", 1)
    assert said["here"]


def test_what_is_unknown_is_said_to_be_unknown(attendance: Attendance) -> None:
    assert list(frames(attendance.forget())) == [("presence", {"here": None, "count": None})]
    assert attendance.forget() == b""
    assert list(frames(attendance.all())) == [("presence", {"here": None, "count": None})]
    ((name, said),) = settle(attendance, 1)
    assert (name, said["count"]) == ("presence", 1)


WRITES = ("INSERT", "UPDATE", "DELETE")


async def test_it_costs_the_database_no_write(
    database_url: str, redis_url: str, meeting: Meeting, cast: Cast
) -> None:
    house = House(Settings(DATABASE_URL=database_url, REDIS_URL=redis_url))
    house.hub.on_move.append(house.presence._on_move)
    engine: AsyncEngine = house.database.engine
    with recorded(engine) as statements:
        one = Viewer(meeting.id, cast.member.id, cast.member.session_id, is_staff=False, name="A")
        await house.hub.enter(one)
        for status in (Activity.IDLE, Activity.ACTIVE):
            house.presence.set_status(meeting.id, cast.member.id, status)
            await house.presence.round()
        house.hub.leave(one)
        await house.presence.round()
    assert statements
    assert [text for text, _ in statements if text.lstrip().upper().startswith(WRITES)] == []
    await house.close()
