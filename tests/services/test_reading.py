"""Read marks and receipts: they only move up, and are told to whom they concern."""

import asyncio
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from app.config import Settings
from app.models.base import new_id
from app.models.errors import DomainError, Forbidden
from app.models.message_bodies import NewMessage
from app.models.statuses import EventStatus
from app.services import conversations, messages, reading, typing_signals
from app.services.house import House
from app.services.hub import Hub
from app.services.receipts import Receipts, note_delivered
from app.services.snapshots import Snapshots
from app.services.unread import Unread, read_unread
from app.utils.bus import Bus
from app.utils.transaction import unit_of_work
from tests.support.lines import Line, frames, open_line
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting, Stage

NOWHERE = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"


@pytest.fixture
async def line(meeting: Meeting, cast: Cast) -> Line:
    return await open_line(meeting.stage, cast.member, cast.second)


async def unread(stage: Stage, user_id: UUID) -> dict[UUID, Unread]:
    async with stage.database.read() as session:
        return {one.conversation_id: one for one in await read_unread(session, user_id)}


async def test_unread_is_what_is_above_the_mark(meeting: Meeting, cast: Cast) -> None:
    start = (await meeting.see(cast.second))["message_seq"]
    for _ in range(3):
        await meeting.say(cast.member, "Hm, @second")
    mine = (await unread(meeting.stage, cast.second.id))[meeting.id]
    assert (mine.last_seq, mine.read_seq, mine.unread) == (start + 3, 0, start + 3)
    assert mine.mentions == 3
    assert await meeting.read_to(cast.second, start + 2) == {"seq": start + 2, "unread": 1}
    mine = (await unread(meeting.stage, cast.second.id))[meeting.id]
    assert (mine.unread, mine.mentions) == (1, 1)
    # Whoever says something has read what came before it.
    assert (await unread(meeting.stage, cast.member.id))[meeting.id].unread == 0


async def test_a_mark_moves_up_only_and_never_above_the_last(meeting: Meeting, cast: Cast) -> None:
    last = (await meeting.say(cast.member))["seq"]
    assert await meeting.read_to(cast.second, 2**40) == {"seq": last, "unread": 0}
    assert await meeting.read_to(cast.second, 0) == {"seq": last, "unread": 0}
    await meeting.say(cast.member)
    assert await meeting.read_to(cast.second, last - 1) == {"seq": last, "unread": 1}


async def test_marks_race_and_the_highest_stays(meeting: Meeting, cast: Cast) -> None:
    for _ in range(10):
        await meeting.stage.write(meeting.id, messages.send, cast.member, meeting.id, body("Hm"))
    last = (await meeting.see(cast.second))["message_seq"]
    seqs = [*range(last + 1), *reversed(range(last + 1))]
    answers = await asyncio.gather(
        *(
            meeting.stage.write(None, reading.mark_read, cast.second, meeting.id, seq)
            for seq in seqs
        )
    )
    told = [orjson.loads(answer.body) for answer in answers]
    assert all(mark["seq"] >= seq for mark, seq in zip(told, seqs, strict=True))
    assert all(mark["unread"] == last - mark["seq"] for mark in told)
    assert (await meeting.see(cast.second))["me"]["read_seq"] == last


def body(content: str) -> NewMessage:
    return NewMessage(id=new_id(), content=content)


async def test_reading_here_is_told_to_ones_other_lines(meeting: Meeting, cast: Cast) -> None:
    """On the phone it is read: the badge on the laptop goes."""
    last = (await meeting.say(cast.member))["seq"]
    told = meeting.stage.told.notices
    since = len(told)
    await meeting.read_to(cast.second, last)
    await meeting.read_to(cast.second, last - 1)
    mark = {"conversation_id": str(meeting.id), "seq": last}
    assert frames(told, since) == [(cast.second.id, "read.changed", mark)]


async def test_the_author_sees_it_delivered_and_read(line: Line, cast: Cast) -> None:
    await line.say(cast.member)
    receipts = Receipts(line.stage.database, line.stage.told)
    told = line.stage.told.notices
    since = len(told)
    for seq in (1, 1, 0):
        receipts.note(cast.second.id, line.id, seq)
    await receipts.flush()
    receipt = {"conversation_id": str(line.id), "user_id": str(cast.second.id)}
    delivered = receipt | {"delivered_seq": 1, "read_seq": 0}
    assert frames(told, since) == [(cast.member.id, "receipt.changed", delivered)]
    assert (await line.see(cast.member))["other_delivered_seq"] == 1
    receipts.note(cast.second.id, line.id, 1)
    await receipts.flush()
    assert len(told) == since + 1, "nothing new is told of"
    await line.stage.write(None, reading.mark_read, cast.second, line.id, 1)
    read = receipt | {"delivered_seq": 1, "read_seq": 1}
    assert (cast.member.id, "receipt.changed", read) in frames(told, since)
    mine = await line.see(cast.member)
    assert (mine["other_delivered_seq"], mine["other_read_seq"]) == (1, 1)
    place = (line.stage.database, cast.member, line.id, await first(line))
    count = await reading.count_readers(*place)
    assert (count.count, count.of) == (1, 1)


async def first(line: Line) -> UUID:
    async with line.stage.database.read() as session:
        found: UUID = await session.scalar(
            sa.text("SELECT id FROM messages WHERE conversation_id = :id AND seq = 1"),
            {"id": line.id},
        )
    return found


async def test_receipts_are_of_whom_they_can_be(line: Line, meeting: Meeting, cast: Cast) -> None:
    """Never above the last message; nobody who is not in it; nothing for events."""
    await line.say(cast.member)
    told = meeting.stage.told.notices
    since = len(told)
    reached = {
        (line.id, cast.second.id): 99,
        (line.id, cast.owner.id): 1,
        (meeting.id, cast.second.id): 1,
        (new_id(), cast.second.id): 1,
    }
    async with unit_of_work(meeting.stage.database, meeting.stage.told) as uow:
        await note_delivered(uow, reached)
    assert [user_id for user_id, *_ in frames(told, since)] == [cast.member.id]
    assert (await line.see(cast.member))["other_delivered_seq"] == 1


async def test_receipts_are_kept_where_the_database_is_away(line: Line, cast: Cast) -> None:
    await line.say(cast.member)
    gone = House(Settings(DATABASE_URL=NOWHERE, REDIS_URL=""))
    gone.receipts.note(cast.second.id, line.id, 1)
    await gone.receipts._try_flush()
    gone.receipts._database = line.stage.database
    await gone.receipts.flush()
    assert (await line.see(cast.member))["other_delivered_seq"] == 1
    await gone.close()


async def test_two_processes_note_the_same_without_a_circle(meeting: Meeting, cast: Cast) -> None:
    others = [who for who in cast.voters if who != cast.member]
    lines = [await open_line(meeting.stage, cast.member, who) for who in others]
    for each in lines:
        await each.say(cast.member)
    processes = [Receipts(meeting.stage.database, meeting.stage.told) for _ in range(4)]
    for round_ in range(10):
        for each in lines:
            await each.say(cast.member)
        for process in processes:
            for each, who in zip(lines, others, strict=True):
                process.note(who.id, each.id, round_ + 2)
        await asyncio.gather(*(process.flush() for process in processes))
    seen = [await each.see(cast.member) for each in lines]
    assert {one["other_delivered_seq"] for one in seen} == {11}


async def test_readers_are_counted_among_who_is_in(meeting: Meeting, cast: Cast) -> None:
    told = await meeting.say(cast.member)
    database, mine = meeting.stage.database, UUID(told["id"])

    async def count() -> tuple[int, int]:
        readers = await reading.count_readers(database, cast.member, meeting.id, mine)
        return readers.count, readers.of

    assert await count() == (0, 5)
    await meeting.read_to(cast.second, told["seq"])
    await meeting.read_to(cast.third, told["seq"] - 1)
    await meeting.read_to(cast.member, told["seq"])
    assert await count() == (1, 5)
    await meeting.treat("kick", cast.second)
    assert await count() == (0, 4)


async def test_who_is_out_marks_nothing(meeting: Meeting, line: Line, cast: Cast) -> None:
    await meeting.treat("kick", cast.member)
    for who, place, code in (
        (cast.member, meeting.id, "membership_left"),
        (cast.outsider, meeting.id, "not_a_member"),
        (cast.owner, line.id, "conversation_not_found"),
        (cast.owner, new_id(), "conversation_not_found"),
    ):
        with pytest.raises(DomainError) as caught:
            await meeting.stage.write(None, reading.mark_read, who, place, 1)
        assert caught.value.code == code
    assert meeting.id not in await unread(meeting.stage, cast.member.id)


async def test_reading_goes_on_after_the_end(meeting: Meeting, cast: Cast) -> None:
    await meeting.move(EventStatus.FINISHED)
    last = (await meeting.see(cast.second))["message_seq"]
    assert await meeting.read_to(cast.second, last) == {"seq": last, "unread": 0}


async def test_a_tag_knows_how_far_was_read(meeting: Meeting, cast: Cast) -> None:
    kept = Snapshots(meeting.stage.database)
    last = (await meeting.say(cast.member))["seq"]
    tag = kept.tag(cast.second, (await kept.read(cast.second, meeting.id)).state)
    assert await kept.still(cast.second, meeting.id, tag) is not None
    await meeting.read_to(cast.second, last)
    assert await kept.still(cast.second, meeting.id, tag) is None


async def test_what_is_unread_is_one_query_for_all(meeting: Meeting, cast: Cast) -> None:
    await (await open_line(meeting.stage, cast.second, cast.member)).say(cast.second)
    await open_line(meeting.stage, cast.third, cast.member)
    with recorded(meeting.stage.database.engine) as statements:
        found = await unread(meeting.stage, cast.member.id)
    assert len(statements) == 1
    assert sorted((one.direct, one.unread > 0) for one in found.values()) == [
        (False, True),
        (True, True),
    ]


@pytest.fixture
def hub(stage: Stage) -> Hub:
    return Hub(stage.database, Bus(""))


async def test_typing_is_for_who_could_say_something(
    hub: Hub, meeting: Meeting, line: Line, cast: Cast
) -> None:
    database = meeting.stage.database
    await typing_signals.tell_typing(database, hub, cast.observer, meeting.id)
    await typing_signals.tell_typing(database, hub, cast.member, line.id)
    with pytest.raises(Forbidden):
        await typing_signals.tell_typing(database, hub, cast.outsider, meeting.id)
    await meeting.move(EventStatus.FINISHED)
    with pytest.raises(DomainError, match="event_closed"):
        await typing_signals.tell_typing(database, hub, cast.member, meeting.id)


async def test_a_list_stands_to_the_caller(meeting: Meeting, cast: Cast) -> None:
    await meeting.say(cast.member, "@second")
    page = await conversations.list_conversations(meeting.stage.database, cast.second, None, 50)
    (mine,) = orjson.loads(page.encode())["items"]
    assert (mine["kind"], mine["mentions"], mine["with"]) == ("event", 1, None)
    assert (mine["other_read_seq"], mine["last_message"]["content"]) == (None, "@second")
