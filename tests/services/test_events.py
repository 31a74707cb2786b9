from typing import Any
from uuid import UUID

import orjson
import pytest

from app.models.bodies import EventEdit, NewEvent, PoliciesEdit
from app.models.callers import Caller
from app.models.errors import Conflict, Forbidden, NotFound
from app.models.policies import Policies
from app.models.statuses import EventStatus
from app.services import codes, entry, events, lobby
from app.services.codes import ALPHABET, check_code, find_event_by_code, suggest_code
from app.services.events import merge_policies
from app.services.snapshots import Snapshots
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting, Stage

LATE = {
    "subject": "Other",
    "options": ["East"],
    "assumptions": ["It rains"],
    "criteria": ["Speed"],
}


async def edit(meeting: Meeting, who: Caller, **fields: Any) -> Json:
    return dict(await meeting.do(events.edit_event, who, EventEdit(**fields), None))


async def open_one(stage: Stage, owner: Caller, **fields: Any) -> Json:
    body = NewEvent(**({"subject": "Where to?", "options": ["North"]} | fields))
    answer = await stage.write(None, events.open_event, owner, body, None)
    return dict(orjson.loads(answer.body))


async def test_an_event_opens_with_its_owner_and_contents(stage: Stage, cast: Cast) -> None:
    event = await open_one(stage, cast.owner, assumptions=["a", "b"], criteria=["c"])
    assert (event["status"], event["seq"], event["counts"]["members"]) == ("NOT_STARTED", 1, 1)
    assert [item["content"] for item in event["assumptions"]] == ["a", "b"]
    assert event["me"]["membership"]["role"] == "OWNER"
    assert len(event["entrance_code"]) == 6
    assert set(event["entrance_code"]) <= set(ALPHABET)


async def test_what_opening_answers_is_what_can_be_read(stage: Stage, cast: Cast) -> None:
    event = await open_one(stage, cast.owner, criteria=["c"])
    view = await Snapshots(stage.database).read(cast.owner, UUID(event["id"]))
    assert orjson.loads(view.encode()) == event


async def test_a_host_may_choose_a_free_code(stage: Stage, cast: Cast) -> None:
    code = (await suggest_code(stage.database)).entrance_code
    assert (await open_one(stage, cast.owner, entrance_code=code))["entrance_code"] == code
    with pytest.raises(Conflict, match="entrance_code_taken"):
        await open_one(stage, cast.member, entrance_code=code)


async def test_the_code_of_a_deleted_event_is_free(stage: Stage, cast: Cast) -> None:
    code = (await suggest_code(stage.database)).entrance_code
    meeting = await stage.open(cast.owner, entrance_code=code)
    await stage.write(meeting.id, events.delete_event, cast.owner, meeting.id)
    assert (await open_one(stage, cast.member, entrance_code=code))["entrance_code"] == code


async def test_drawing_goes_on_until_a_code_is_free(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = (await open_one(stage, cast.owner))["entrance_code"]
    free = (await suggest_code(stage.database)).entrance_code
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(codes, "draw", lambda: next(drawn))
    assert (await open_one(stage, cast.owner))["entrance_code"] == free


async def test_a_code_tells_what_it_opens(stage: Stage, cast: Cast) -> None:
    event = await open_one(stage, cast.owner, capacity=7)
    check = await check_code(stage.database, event["entrance_code"])
    assert (str(check.event_id), check.members, check.capacity) == (event["id"], 1, 7)
    assert (check.password_required, check.guests_allowed) == (False, True)
    with pytest.raises(NotFound, match="entrance_code_unknown"):
        await find_event_by_code(stage.database, "000000")


async def test_contents_can_be_edited_before_the_start(gathering: Meeting, cast: Cast) -> None:
    before = await gathering.see(cast.owner)
    event = await edit(gathering, cast.admin, **LATE)
    assert event["subject"] == "Other"
    for name in ("options", "assumptions", "criteria"):
        assert [item["content"] for item in event[name]] == LATE[name]
    assert event["options"][0]["id"] == before["options"][0]["id"]
    longer = ["Speed", "Cost", "Joy"]
    assert [
        c["content"] for c in (await edit(gathering, cast.owner, criteria=longer))["criteria"]
    ] == longer


@pytest.mark.parametrize("name", LATE)
@pytest.mark.parametrize("status", [EventStatus.IN_PROGRESS, EventStatus.PAUSED])
async def test_contents_are_fixed_since_the_start(
    meeting: Meeting, cast: Cast, name: str, status: EventStatus
) -> None:
    if status is EventStatus.PAUSED:
        await meeting.move(status)
    body = EventEdit(**{name: LATE[name]})
    refusal = await meeting.refused("event_started", events.edit_event, cast.owner, body, None)
    assert refusal.current == status


async def test_settings_change_until_the_end(meeting: Meeting, cast: Cast) -> None:
    fields = {"description": "More", "capacity": 9, "policies": {"guests_allowed": False}}
    event = await edit(meeting, cast.admin, **fields)
    assert (event["description"], event["capacity"]) == ("More", 9)
    assert event["policies"]["guests_allowed"] is False
    await meeting.move(EventStatus.FINISHED)
    body = EventEdit(description="Late")
    await meeting.refused("event_closed", events.edit_event, cast.owner, body, None)


async def test_the_capacity_holds_those_who_are_in(meeting: Meeting, cast: Cast) -> None:
    body = EventEdit(capacity=4)
    refusal = await meeting.refused(
        "capacity_below_members", events.edit_event, cast.owner, body, None
    )
    assert refusal.current == "5"
    assert (await edit(meeting, cast.owner, capacity=5))["capacity"] == 5


async def test_a_code_can_be_changed_to_a_free_one(meeting: Meeting, cast: Cast) -> None:
    taken = (await open_one(meeting.stage, cast.owner))["entrance_code"]
    body = EventEdit(entrance_code=taken)
    await meeting.refused("entrance_code_taken", events.edit_event, cast.owner, body, None)
    free = (await suggest_code(meeting.stage.database)).entrance_code
    for _ in range(2):
        assert (await edit(meeting, cast.owner, entrance_code=free))["entrance_code"] == free


async def test_a_password_is_set_and_taken_away(gathering: Meeting, cast: Cast) -> None:
    body = EventEdit(password="knock")
    event = await gathering.do(events.edit_event, cast.owner, body, "$hashed")
    assert event["policies"]["password_required"] is True
    event = await edit(gathering, cast.owner, description="Untouched")
    assert event["policies"]["password_required"] is True
    event = await edit(gathering, cast.owner, password=None)
    assert event["policies"]["password_required"] is False


@pytest.mark.parametrize("name", ["member", "observer", "outsider"])
async def test_only_admins_edit(meeting: Meeting, cast: Cast, name: str) -> None:
    code = "not_a_member" if name == "outsider" else "admins_only"
    body = EventEdit(description="Mine")
    await meeting.refused(code, events.edit_event, getattr(cast, name), body, None)


async def test_only_the_owner_deletes_and_then_it_is_gone(meeting: Meeting, cast: Cast) -> None:
    await meeting.refused("owner_only", events.delete_event, cast.admin)
    gone = await meeting.do(events.delete_event, cast.owner)
    assert gone["deleted"] is True
    with pytest.raises(NotFound, match="event_not_found"):
        await meeting.see(cast.owner)
    await meeting.refused("event_not_found", events.delete_event, cast.owner)


def test_an_edit_of_policies_names_the_parts_that_change() -> None:
    given = PoliciesEdit(criterion={"min_votes": 9}, guests_allowed=False)
    merged = merge_policies(Policies(), given)
    assert merged.criterion.min_votes == 9
    assert merged.criterion.auto_approve is True
    assert merged.model_dump(exclude={"criterion", "guests_allowed"}) == Policies().model_dump(
        exclude={"criterion", "guests_allowed"}
    )


async def test_a_door_that_changed_meanwhile_is_closed(empty_meeting: Meeting, cast: Cast) -> None:
    door = await empty_meeting.door()
    free = (await suggest_code(empty_meeting.stage.database)).entrance_code
    await edit(empty_meeting, cast.owner, entrance_code=free)
    with pytest.raises(Conflict, match="door_changed"):
        await empty_meeting.stage.write(empty_meeting.id, entry.enter, cast.member, door)


async def test_guests_come_in_where_they_may(empty_meeting: Meeting, cast: Cast) -> None:
    await edit(empty_meeting, cast.owner, policies={"guests_allowed": False})
    with pytest.raises(Forbidden, match="guests_not_allowed"):
        await empty_meeting.enter(cast.guest)
    await edit(empty_meeting, cast.owner, policies={"guests_allowed": True})
    assert (await empty_meeting.enter(cast.guest))["status"] == "ACCEPTED"


async def test_nobody_comes_into_what_is_over(meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    with pytest.raises(Conflict, match="event_closed"):
        await meeting.enter(cast.outsider)


async def test_my_events_are_those_i_am_in_or_wait_for(stage: Stage, cast: Cast) -> None:
    opened = [await stage.open(cast.owner) for _ in range(3)]
    await stage.write(opened[1].id, events.delete_event, cast.owner, opened[1].id)
    page = await lobby.list_events(stage.database, cast.owner, None, 1)
    rest = await lobby.list_events(stage.database, cast.owner, page.next_cursor, 5)
    assert [e.id for e in (*page.items, *rest.items)] == [opened[2].id, opened[0].id]
    assert (await lobby.list_events(stage.database, cast.outsider, None, 5)).items == []


async def test_the_door_tells_ones_place_in_the_queue(empty_meeting: Meeting, cast: Cast) -> None:
    await edit(empty_meeting, cast.owner, policies={"membership_auto_approved": False})
    waiting = (cast.third, cast.member, cast.second)
    for who in waiting:
        await empty_meeting.enter(who)
    database = empty_meeting.stage.database
    for place, who in enumerate(waiting, start=1):
        view = await lobby.read_overview(database, who, empty_meeting.id)
        assert view.me is not None
        assert view.me.queue_position == place
    assert (await lobby.read_overview(database, None, empty_meeting.id)).me is None
