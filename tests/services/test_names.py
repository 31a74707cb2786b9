from app.models.bodies import EventEdit, PoliciesEdit, ProfileEdit
from app.models.callers import Caller
from app.models.statuses import EventStatus
from app.services import accounts, events
from tests.support.stage import Cast, Meeting, Stage


async def rename(stage: Stage, who: Caller, name: str) -> None:
    await stage.write(None, accounts.edit_profile, who, ProfileEdit(name=name), None)


async def test_a_new_name_is_told_wherever_it_stands(
    stage: Stage, meeting: Meeting, cast: Cast
) -> None:
    await meeting.propose(cast.member)
    other = await stage.open(cast.member)
    for room, who in ((meeting, cast.third), (meeting, cast.member), (other, cast.member)):
        room.watch(who)
        await room.check()
    await rename(stage, cast.member, "Somebody else")
    for room in (meeting, other):
        await room.check()
        (*_, last) = await room.changes(cast.member)
        assert (last["type"], last["data"]["name"]) == ("person.changed", "Somebody else")
    assert (await meeting.see(cast.third))["proposals"][-1]["author"]["name"] == "Somebody else"
    assert (await other.see(cast.member))["owner"]["name"] == "Somebody else"


async def test_the_same_name_is_no_news(stage: Stage, meeting: Meeting, cast: Cast) -> None:
    head = await meeting.head()
    await rename(stage, cast.member, cast.member.name)
    assert await meeting.head() == head


async def test_a_finished_event_is_told_nothing(stage: Stage, meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    head = await meeting.head()
    await rename(stage, cast.member, "Too late for the log")
    assert await meeting.head() == head


async def test_only_admins_hear_the_name_of_somebody_at_the_door(
    stage: Stage, meeting: Meeting, cast: Cast
) -> None:
    edit = EventEdit(policies=PoliciesEdit(membership_auto_approved=False))
    await meeting.do(events.edit_event, cast.owner, edit, None)
    await meeting.enter(cast.outsider)
    await rename(stage, cast.outsider, "Not in yet")
    (*_, heard) = await meeting.changes(cast.admin)
    (*_, hidden) = await meeting.changes(cast.member)
    assert heard["data"] == {"id": str(cast.outsider.id), "name": "Not in yet"}
    assert (hidden["type"], hidden["data"]) == ("hidden", None)
