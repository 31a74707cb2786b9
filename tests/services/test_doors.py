"""The door says beforehand what the entry would say."""

import pytest

from app.models.bodies import Entry, EventEdit
from app.models.callers import Caller
from app.models.errors import DomainError
from app.models.statuses import EventStatus
from app.services import entry, events, lobby
from tests.support.stage import Cast, Meeting


async def refusal(meeting: Meeting, who: Caller | None) -> str | None:
    view = await lobby.read_overview(meeting.stage.database, who, meeting.id)
    assert view.can_enter == (view.refusal is None)
    return view.refusal


async def said_at_the_door(meeting: Meeting, who: Caller) -> str:
    with pytest.raises(DomainError) as refused:
        await meeting.stage.write(meeting.id, entry.enter, who, await meeting.door())
    return refused.value.code


async def edit(meeting: Meeting, **fields: object) -> None:
    await meeting.do(events.edit_event, meeting.owner, EventEdit(**fields), None)


async def test_every_case_has_its_own_reason(meeting: Meeting, cast: Cast) -> None:
    assert await refusal(meeting, cast.outsider) is None
    assert await refusal(meeting, cast.member) is None
    assert await refusal(meeting, None) is None
    await meeting.treat("ban", cast.second)
    assert await refusal(meeting, cast.second) == "membership_banned"
    assert await said_at_the_door(meeting, cast.second) == "membership_banned"
    await edit(meeting, policies={"guests_allowed": False})
    assert await refusal(meeting, None) == "not_signed_in"
    assert await refusal(meeting, cast.guest) == "guests_not_allowed"
    assert await said_at_the_door(meeting, cast.guest) == "guests_not_allowed"
    await edit(meeting, policies={"membership_auto_approved": False})
    await meeting.enter(cast.outsider)
    assert await refusal(meeting, cast.outsider) == "membership_pending"
    assert await said_at_the_door(meeting, cast.outsider) == "already_waiting"
    await meeting.treat("reject", cast.outsider)
    assert await refusal(meeting, cast.outsider) == "membership_rejected"
    assert await said_at_the_door(meeting, cast.outsider) == "membership_rejected"
    await meeting.move(EventStatus.FINISHED)
    assert await refusal(meeting, cast.staff) == "event_closed"
    assert await said_at_the_door(meeting, cast.staff) == "event_closed"
    assert await refusal(meeting, cast.owner) is None


async def test_a_full_event_keeps_newcomers_out_and_nobody_else(
    meeting: Meeting, cast: Cast
) -> None:
    members = (await meeting.see(cast.owner))["counts"]["members"]
    await edit(meeting, capacity=members)
    assert await refusal(meeting, cast.outsider) == "event_full"
    assert await said_at_the_door(meeting, cast.outsider) == "event_full"
    for who in (cast.owner, cast.member):
        assert await refusal(meeting, who) is None
        assert (await meeting.see(who))["id"] == str(meeting.id)


async def test_a_password_is_asked_for_with_words_of_its_own(meeting: Meeting, cast: Cast) -> None:
    code = (await meeting.see(cast.owner))["entrance_code"]
    hashed = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"
    await meeting.do(events.edit_event, meeting.owner, EventEdit(password="secret"), hashed)
    for password, refused in ((None, "event_password_required"), ("no", "event_password_wrong")):
        with pytest.raises(DomainError) as said:
            body = Entry(entrance_code=code, password=password)
            await entry.check_door(meeting.stage.database, body)
        assert said.value.code == refused
