"""Conversations of two: one for the pair, between people who meet in an event."""

import asyncio
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from app.models import Conversation, Message
from app.models.base import new_id
from app.models.callers import Caller
from app.models.errors import DomainError
from app.models.message_bodies import NewMessage
from app.services import conversations, messages
from tests.support.fold import Json
from tests.support.lines import Line, frames, open_line
from tests.support.stage import Cast, Meeting, Stage

WRITERS = 32


@pytest.fixture
async def line(meeting: Meeting, cast: Cast) -> Line:
    return await open_line(meeting.stage, cast.member, cast.second)


async def test_two_who_open_it_at_once_get_one(meeting: Meeting, cast: Cast) -> None:
    async def open_it(who: Caller, other: Caller) -> tuple[int, str]:
        answer = await meeting.stage.lanes.write(
            None,
            lambda uow: conversations.open_direct(uow, who, other.id),
            status=201,
            key=None,
        )
        return answer.status, orjson.loads(answer.body)["id"]

    pairs = [(cast.member, cast.second), (cast.second, cast.member)] * 10
    opened = await asyncio.gather(*(open_it(*pair) for pair in pairs))
    assert sorted(status for status, _ in opened) == [200] * 19 + [201]
    assert len({id_ for _, id_ in opened}) == 1


async def test_each_sees_the_other(line: Line, cast: Cast) -> None:
    mine, theirs = await line.see(cast.member), await line.see(cast.second)
    assert (mine["kind"], mine["title"], mine["event_id"]) == ("direct", None, None)
    assert (mine["with"]["name"], theirs["with"]["name"]) == ("second", "member")


async def test_only_people_who_meet_may_open_one(meeting: Meeting, cast: Cast) -> None:
    async def refusal(who: Caller, user_id: UUID) -> str:
        with pytest.raises(DomainError) as caught:
            await meeting.stage.write(None, conversations.open_direct, who, user_id)
        return caught.value.code

    # Nobody learns whether somebody is here at all.
    assert await refusal(cast.member, cast.outsider.id) == "person_not_found"
    assert await refusal(cast.member, new_id()) == "person_not_found"
    assert await refusal(cast.outsider, cast.member.id) == "person_not_found"
    assert await refusal(cast.member, cast.member.id) == "invalid_fields"
    assert await refusal(cast.member, cast.staff.id) == "person_not_found"
    assert await open_line(meeting.stage, cast.staff, cast.outsider)
    await meeting.enter(cast.guest)
    assert await open_line(meeting.stage, cast.guest, cast.member)


async def test_staff_who_write_are_answered(meeting: Meeting, cast: Cast) -> None:
    line = await open_line(meeting.stage, cast.staff, cast.outsider)
    await line.say(cast.staff)
    await line.say(cast.outsider)
    assert (await line.see(cast.staff))["last_seq"] == 2


async def test_nobody_else_learns_of_it(line: Line, cast: Cast) -> None:
    told = await line.say(cast.member)
    mine = UUID(told["id"])
    for who in (cast.owner, cast.staff, cast.outsider):
        for work, *what in (
            (messages.send, NewMessage(id=new_id(), content="So?")),
            (messages.edit, mine, "So?"),
            (messages.remove, mine),
        ):
            await line.refused("conversation_not_found", work, who, *what)
        with pytest.raises(DomainError, match="conversation_not_found"):
            await line.page(who)
        with pytest.raises(DomainError, match="conversation_not_found"):
            await line.see(who)


async def test_both_are_told_and_nothing_is_in_a_log(
    line: Line, meeting: Meeting, cast: Cast
) -> None:
    head, told = await meeting.head(), meeting.stage.told.notices
    since = len(told)
    message = await line.say(cast.member, "Psst, @second")
    assert message["mentions"] == []
    assert frames(told, since) == [
        (cast.member.id, "message.changed", message),
        (cast.second.id, "message.changed", message),
    ] or frames(told, since) == [
        (cast.second.id, "message.changed", message),
        (cast.member.id, "message.changed", message),
    ]
    mended = await line.do(messages.edit, cast.member, UUID(message["id"]), "Hush")
    gone = await line.do(messages.remove, cast.member, UUID(message["id"]))
    assert [data for *_, data in frames(told, since)][2:] == [mended, mended, gone, gone]
    await line.refused("message_not_found", messages.remove, cast.second, UUID(message["id"]))
    assert await meeting.head() == head


async def test_the_other_may_not_take_away_what_i_said(line: Line, cast: Cast) -> None:
    mine = UUID((await line.say(cast.member))["id"])
    await line.refused("not_the_author", messages.remove, cast.second, mine)
    await line.refused("not_the_author", messages.edit, cast.second, mine, "No")


@pytest.mark.parametrize("deed", ["kick", "ban"])
async def test_who_meets_no_more_reads_and_does_not_write(
    line: Line, meeting: Meeting, cast: Cast, deed: str
) -> None:
    mine = UUID((await line.say(cast.member, "Before"))["id"])
    await meeting.treat(deed, cast.second)
    for who in (cast.member, cast.second):
        refused = NewMessage(id=new_id(), content="After")
        await line.refused("no_shared_event", messages.send, who, refused)
        assert [item.content for item in (await line.page(who)).items] == ["Before"]
    await line.refused("no_shared_event", messages.edit, cast.member, mine, "After")
    # The conversation is still theirs: it is found, and it goes on where they meet again.
    again = await open_line(meeting.stage, cast.second, cast.member)
    assert again.id == line.id
    other = await meeting.stage.open(cast.member)
    await other.enter(cast.second)
    assert (await line.say(cast.second, "Again"))["seq"] == 2


async def test_numbers_have_no_gaps_among_many_writers(line: Line, cast: Cast) -> None:
    people = (cast.member, cast.second)

    async def write(n: int) -> None:
        body = NewMessage(id=new_id(), content=f"{n}")
        # Past the lane, as another process would.
        await line.stage.lanes._perform(
            lambda uow: messages.send(uow, people[n % 2], line.id, body), 201, None
        )

    await asyncio.gather(*(write(n) for n in range(WRITERS)))
    page = await line.page(cast.member)
    assert [item.seq for item in page.items] == list(range(1, WRITERS + 1))
    assert page.last_seq == WRITERS


async def test_one_id_is_one_message_here_too(line: Line, cast: Cast) -> None:
    body = NewMessage(id=new_id(), content="Once")
    sent = await asyncio.gather(
        *(
            line.stage.lanes._perform(
                lambda uow: messages.send(uow, cast.member, line.id, body), 201, None
            )
            for _ in range(10)
        )
    )
    assert sorted(answer.status for answer in sent) == [200] * 9 + [201]
    await line.refused("message_id_taken", messages.send, cast.second, body)
    assert (await line.see(cast.second))["last_seq"] == 1


async def test_the_list_has_the_last_spoken_in_first(meeting: Meeting, cast: Cast) -> None:
    stage = meeting.stage
    silent = await open_line(stage, cast.member, cast.third)
    first, second = [await open_line(stage, cast.member, who) for who in (cast.second, cast.owner)]
    other = await stage.open(cast.member)
    await first.say(cast.second, "One")
    await second.say(cast.member, "Two")
    await other.say(cast.member, "Three")
    seen: list[Json] = []
    cursor = None
    while True:
        page = await conversations.list_conversations(stage.database, cast.member, cursor, 2)
        seen += orjson.loads(page.encode())["items"]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [one["id"] for one in seen] == [
        str(one) for one in (other.id, second.id, first.id, meeting.id)
    ]
    assert str(silent.id) not in {one["id"] for one in seen}
    assert [(one["unread"], one["last_message"]["content"]) for one in seen[:3]] == [
        (0, "Three"),
        (0, "Two"),
        (1, "One"),
    ]
    assert seen[0]["title"] == "Where to?"
    with pytest.raises(DomainError, match="cursor_malformed"):
        await conversations.list_conversations(stage.database, cast.member, "?", 2)


async def test_a_pair_is_kept_in_one_order(stage: Stage, line: Line) -> None:
    async with stage.database.read() as session:
        row = await session.get_one(Conversation, line.id)
        assert row.low_user_id is not None
        assert row.high_user_id is not None
        assert row.low_user_id < row.high_user_id
        count = sa.select(sa.func.count()).select_from(Message)
        assert await session.scalar(count.where(Message.conversation_id == line.id)) == 0
