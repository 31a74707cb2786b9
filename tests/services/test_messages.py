"""What is said in an event: numbered without gaps, once, in the order of the log."""

import asyncio
from contextlib import suppress
from uuid import UUID

import orjson
import pytest
from pydantic import ValidationError

from app.models.base import new_id
from app.models.bodies import NewEvent
from app.models.callers import Caller
from app.models.errors import DomainError, Forbidden
from app.models.message_bodies import NewMessage
from app.models.payloads import MessagePayload, MessagesPage
from app.models.statuses import EventStatus, ProposalStatus
from app.services import events, memberships, messages, transcript
from app.utils.idempotency import RequestKey, request_key
from app.utils.transaction import UnitOfWork
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

WRITERS = 32


def words(content: str = "Hello", **more: object) -> NewMessage:
    return NewMessage(**{"id": new_id(), "content": content} | more)


def a_key(who: Caller) -> RequestKey | None:
    return request_key(b"s", str(new_id()), who.id, "POST", "/", b"")


async def page(
    meeting: Meeting,
    who: Caller,
    before: int | None = None,
    after: int | None = None,
    limit: int = 100,
) -> MessagesPage:
    database = meeting.stage.database
    return await transcript.list_messages(database, who, meeting.id, before, after, limit)


async def said(meeting: Meeting, who: Caller) -> list[MessagePayload]:
    return [item for item in (await page(meeting, who)).items if item.kind == "said"]


async def test_a_message_is_told_to_everybody(meeting: Meeting, cast: Cast) -> None:
    before = (await meeting.see(cast.observer))["message_seq"]
    told = await meeting.say(cast.member, "Is Monday open?")
    (change,) = await meeting.changes(cast.observer, await meeting.head() - 1)
    assert (change["type"], change["data"]) == ("message.changed", told)
    assert (told["seq"], told["author"]["id"]) == (before + 1, str(cast.member.id))
    (read,) = await said(meeting, cast.observer)
    assert orjson.loads(read.encode()) == told


async def test_observers_and_staff_talk_and_outsiders_do_not(meeting: Meeting, cast: Cast) -> None:
    await meeting.say(cast.observer)
    await meeting.say(cast.staff)
    await meeting.refused("not_a_member", messages.send, cast.outsider, words())
    with pytest.raises(Forbidden):
        await page(meeting, cast.outsider)


@pytest.mark.parametrize("deed", ["kick", "ban"])
async def test_who_is_sent_out_may_neither_read_nor_write(
    meeting: Meeting, cast: Cast, deed: str
) -> None:
    mine = UUID((await meeting.say(cast.member))["id"])
    await meeting.treat(deed, cast.member)
    code = {"kick": "membership_left", "ban": "membership_banned"}[deed]
    for work, *what in (
        (messages.send, words()),
        (messages.edit, mine, "So"),
        (messages.remove, mine),
    ):
        await meeting.refused(code, work, cast.member, *what)
    with pytest.raises(Forbidden) as caught:
        await page(meeting, cast.member)
    assert caught.value.code == code
    # Who is named is told only while in.
    notices = len(meeting.stage.told.notices)
    assert (await meeting.say(cast.owner, "Where is @member?"))["mentions"] == []
    assert len(meeting.stage.told.notices) == notices


async def test_a_paused_event_goes_on_talking_and_a_finished_one_is_read(
    meeting: Meeting, cast: Cast
) -> None:
    first = await meeting.say(cast.member)
    await meeting.move(EventStatus.PAUSED)
    late = words("While it stood still")
    await meeting.do(messages.send, cast.member, late)
    await meeting.move(EventStatus.FINISHED)
    mine = UUID(first["id"])
    for work, *what in (
        (messages.send, words()),
        (messages.edit, mine, "So"),
        (messages.remove, mine),
    ):
        await meeting.refused("event_closed", work, cast.member, *what)
    assert len(await said(meeting, cast.member)) == 2
    # What was said in time was said: its sender may not have heard so.
    again = await meeting.do(messages.send, cast.member, late)
    assert again["content"] == "While it stood still"


async def test_the_last_word_is_before_the_end(meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    last = [change["type"] for change in await meeting.changes(cast.member)][-2:]
    assert last == ["message.changed", "event.changed"]


@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("together", [False, True])
async def test_a_message_sent_ten_times_is_there_once(
    meeting: Meeting, cast: Cast, keyed: bool, together: bool
) -> None:
    """Also under ten different keys: the message's own id is what makes it one."""
    body, statuses = words("Once"), []

    async def send() -> bytes:
        answer = await meeting.stage.lanes.write(
            meeting.id,
            lambda uow: messages.send(uow, cast.member, meeting.id, body),
            status=201,
            key=a_key(cast.member) if keyed else None,
        )
        statuses.append(answer.status)
        return answer.body

    if together:
        bodies = await asyncio.gather(*(send() for _ in range(10)))
    else:
        bodies = [await send() for _ in range(10)]
    assert sorted(statuses) == [200] * 9 + [201]
    assert len({orjson.dumps(orjson.loads(b), option=orjson.OPT_SORT_KEYS) for b in bodies}) == 1
    await meeting.check()
    assert [one.content for one in await said(meeting, cast.owner)] == ["Once"]


async def test_the_id_of_somebody_elses_message_is_taken(meeting: Meeting, cast: Cast) -> None:
    body = words("Mine")
    await meeting.do(messages.send, cast.member, body)
    refusal = await meeting.refused("message_id_taken", messages.send, cast.second, body)
    assert "Mine" not in refusal.detail
    system = (await page(meeting, cast.owner)).items[0]
    assert system.kind == "system"
    stolen = words("Hm", id=system.id)
    await meeting.refused("message_id_taken", messages.send, cast.member, stolen)


class Stumble(Exception):
    """Something that goes wrong after the number was taken."""


async def test_numbers_have_no_gaps_whatever_fails(meeting: Meeting, cast: Cast) -> None:
    first = (await meeting.see(cast.owner))["message_seq"] + 1

    async def write(n: int) -> None:
        who = cast.voters[n % len(cast.voters)]

        async def work(uow: UnitOfWork) -> MessagePayload:
            message = await messages.send(uow, who, meeting.id, words(f"{n}"))
            if n % 3 == 0:
                raise Stumble
            return message

        with suppress(Stumble):
            # Past the lane, as another process would.
            await meeting.stage.lanes._perform(work, 201, None)

    await asyncio.gather(*(write(n) for n in range(WRITERS)))
    await meeting.check()
    spoken = await said(meeting, cast.owner)
    kept = [n for n in range(WRITERS) if n % 3]
    assert sorted(int(one.content or "") for one in spoken) == kept
    assert [one.seq for one in spoken] == list(range(first, first + len(kept)))


async def test_the_order_is_that_of_the_log(meeting: Meeting, cast: Cast) -> None:
    """Votes and words as they came: what a replay shows."""
    proposal = await meeting.propose(cast.owner)
    await asyncio.gather(
        *(
            meeting.stage.write(meeting.id, messages.send, who, meeting.id, words(who.name))
            for who in cast.voters
        ),
        *(
            meeting.stage.lanes.vote(meeting.id, meeting.intent(who, proposal))
            for who in cast.voters[:2]
        ),
    )
    told = [c for c in await meeting.changes(cast.owner) if c["type"] == "message.changed"]
    assert [c["data"]["seq"] for c in told] == list(range(1, len(told) + 1))


async def test_an_edit_mends_and_its_author_alone_may(meeting: Meeting, cast: Cast) -> None:
    mine = UUID((await meeting.say(cast.member, "Teh"))["id"])
    for who in (cast.owner, cast.second, cast.staff):
        await meeting.refused("not_the_author", messages.edit, who, mine, "Mine now")
    mended = await meeting.do(messages.edit, cast.member, mine, "The")
    assert (mended["content"], mended["deleted"]) == ("The", None)
    assert mended["edited_at"] is not None
    await meeting.refused("message_not_found", messages.edit, cast.member, new_id(), "So")


@pytest.mark.parametrize(("who", "by"), [("member", "author"), ("admin", "admin")])
async def test_what_is_taken_away_leaves_a_trace(
    meeting: Meeting, cast: Cast, who: str, by: str
) -> None:
    told = await meeting.say(cast.member, "Regretted, @second")
    mine = UUID(told["id"])
    reply = await meeting.say(cast.second, "Why?", reply_to=mine)
    assert reply["reply_to"]["excerpt"] == "Regretted, @second"
    await meeting.refused("not_the_author", messages.remove, cast.second, mine)
    gone = await meeting.do(messages.remove, getattr(cast, who), mine)
    assert (gone["deleted"], gone["content"], gone["mentions"]) == (by, None, [])
    assert gone["seq"] == told["seq"]
    first, second = await said(meeting, cast.observer)
    assert (first.content, first.deleted) == (None, by)
    assert second.reply_to is not None
    assert second.reply_to.excerpt == ""
    for work, *what in ((messages.remove,), (messages.edit, "Again")):
        await meeting.refused("message_not_found", work, cast.member, mine, *what)
    replying = words("So?", reply_to=mine)
    await meeting.refused("invalid_fields", messages.send, cast.member, replying)


async def test_a_reply_quotes_one_level(meeting: Meeting, cast: Cast) -> None:
    first = await meeting.say(cast.member, "x" * 300)
    second = await meeting.say(cast.second, "Yes", reply_to=first["id"])
    third = await meeting.say(cast.member, "No", reply_to=second["id"])
    assert second["reply_to"]["excerpt"] == "x" * 200
    assert third["reply_to"] == {
        "id": second["id"],
        "seq": second["seq"],
        "author": {"id": str(cast.second.id), "name": "second"},
        "excerpt": "Yes",
    }


async def test_nothing_of_another_conversation_is_reached(meeting: Meeting, cast: Cast) -> None:
    other = await meeting.stage.open(cast.member)
    theirs = UUID((await other.say(cast.member))["id"])
    replying = words("Hm", reply_to=theirs)
    await meeting.refused("invalid_fields", messages.send, cast.member, replying)
    await meeting.refused("message_not_found", messages.edit, cast.member, theirs, "Hm")
    await meeting.refused("message_not_found", messages.remove, cast.owner, theirs)


async def test_pages_lead_both_ways(meeting: Meeting, cast: Cast) -> None:
    for n in range(7):
        await meeting.stage.write(meeting.id, messages.send, cast.member, meeting.id, words(f"{n}"))
    last = (await page(meeting, cast.second)).last_seq

    async def seen(**place: int) -> tuple[list[int], bool, bool]:
        got = await page(meeting, cast.second, limit=3, **place)
        assert got.last_seq == last
        return [item.seq for item in got.items], got.has_more_before, got.has_more_after

    assert await seen() == ([last - 2, last - 1, last], True, False)
    assert await seen(before=last - 2) == ([last - 5, last - 4, last - 3], True, True)
    assert await seen(before=3) == ([1, 2], False, True)
    assert await seen(before=1) == ([], False, True)
    assert await seen(after=0) == ([1, 2, 3], False, True)
    assert await seen(after=last - 2) == ([last - 1, last], True, False)
    assert await seen(after=last) == ([], True, False)


async def test_a_message_has_something_to_say(meeting: Meeting) -> None:
    for wrong in (
        {"content": None},
        {"content": " \n"},
        {"content": "x" * 5_001},
        {"content": "\x00"},
        {"attachment_ids": [new_id() for _ in range(11)]},
        {"attachment_ids": [meeting.id] * 2},
        {"id": "no"},
    ):
        with pytest.raises(ValidationError):
            words(**wrong)


async def test_what_happened_is_told_where_people_talk(meeting: Meeting, cast: Cast) -> None:
    accepted = await meeting.propose(cast.member, content="Rain is likely")
    await meeting.agree(accepted, cast.owner, cast.member, cast.second)
    refused = await meeting.propose(cast.member)
    await meeting.decide(cast.admin, refused, ProposalStatus.REJECTED)
    await meeting.treat("kick", cast.third, cast.admin)
    await meeting.treat("ban", cast.second)
    lines = [item.system for item in (await page(meeting, cast.member)).items]
    shown = [
        (line.code, line.by and line.by.name, line.who and line.who.name) for line in lines if line
    ]
    assert shown == [
        ("status_changed", "owner", None),
        ("proposal_accepted", None, None),
        ("proposal_rejected", "admin", None),
        ("kicked", "admin", "third"),
        ("banned", "owner", "second"),
    ]
    assert lines[0] is not None
    assert lines[0].status == "IN_PROGRESS"
    assert lines[1] is not None
    assert lines[1].proposal == {
        "id": accepted["id"],
        "kind": "assumption",
        "category": "CREATION",
        "excerpt": "Rain is likely",
    }
    told = [c["data"] for c in await meeting.changes(cast.owner) if c["type"] == "message.changed"]
    assert told == [orjson.loads(item.encode()) for item in (await page(meeting, cast.owner)).items]
    line = (await page(meeting, cast.owner)).items[0]
    await meeting.refused("message_not_found", messages.remove, cast.owner, line.id)


async def test_nobody_is_told_of_each_who_joins(gathering: Meeting, cast: Cast) -> None:
    assert (await page(gathering, cast.owner)).items == []


async def test_what_is_rolled_back_was_not_told(meeting: Meeting, cast: Cast) -> None:
    """A line is in the transaction of what it tells."""
    before: Json = await meeting.see(cast.owner)
    await meeting.refused("owner_stays", _kick_owner, cast.admin, await meeting.seat(cast.owner))
    assert (await meeting.see(cast.owner))["message_seq"] == before["message_seq"]


async def _kick_owner(uow: UnitOfWork, who: Caller, event_id: UUID, seat: UUID) -> object:
    return await memberships.do_to_membership(uow, who, event_id, seat, "kick")


async def test_a_deleted_event_has_no_conversation(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(events.delete_event, cast.owner)
    with pytest.raises(DomainError) as caught:
        await page(meeting, cast.member)
    assert caught.value.code == "event_not_found"


async def test_an_event_opens_with_an_empty_conversation(meeting: Meeting, cast: Cast) -> None:
    body = NewEvent(subject="So", options=["Yes"])
    opened = orjson.loads(
        (await meeting.stage.write(None, events.open_event, cast.owner, body, None)).body
    )
    assert (opened["message_seq"], opened["me"]["read_seq"]) == (0, 0)
