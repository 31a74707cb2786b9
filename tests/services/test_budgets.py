"""How often the hot paths go to the database: `quality.md`, performance."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.models import Session
from app.models.base import new_id, now
from app.models.bodies import EventEdit, PoliciesEdit
from app.models.callers import Caller
from app.models.message_bodies import NewMessage
from app.models.payloads import Payload
from app.services import conversations, entry, events, messages, transcript
from app.services.blocks import commit_block
from app.services.sessions import Callers
from app.services.snapshots import Snapshots
from app.utils.idempotency import request_key
from app.utils.security import new_token, token_hash
from app.utils.transaction import UnitOfWork
from tests.support.fold import Json
from tests.support.lines import open_line
from tests.support.recorder import Statements, recorded
from tests.support.stage import Cast, Meeting, Work
from tests.support.writing import Brief

LONE_VOTE = 6
BATCH = LONE_VOTE + 1
SNAPSHOT = 6
BRIEF = 3
COMMIT = 9
LONE_MESSAGE = 8
OPENING = 10
DIRECT_MESSAGE = 11
MESSAGES = 3
CROWD = 50


@pytest.fixture
async def crowd(meeting: Meeting) -> list[Caller]:
    """More voters than fit into one hand."""
    people = await meeting.stage.people(*["voter"] * (CROWD - 5))
    door = await meeting.door()

    async def come_in(uow: UnitOfWork) -> Payload:
        for who in people:
            came = await entry.enter(uow, who, door)
        return came

    await meeting.stage.write(meeting.id, come_in)
    return people


async def sign_in(meeting: Meeting, people: list[Caller]) -> list[str]:
    tokens = [new_token() for _ in people]
    rows = [
        {
            "user_id": who.id,
            "token_hash": token_hash(token),
            "expires_at": now() + timedelta(days=1),
        }
        for who, token in zip(people, tokens, strict=True)
    ]
    async with meeting.stage.database.engine.begin() as connection:
        await connection.execute(sa.insert(Session), rows)
    return tokens


async def vote_all(meeting: Meeting, proposal: Json, people: list[Caller]) -> Statements:
    """Do what as many requests do at once, each with a session and a key."""
    tokens, callers = await sign_in(meeting, people), Callers(meeting.stage.database)

    async def request(token: str) -> None:
        who = await callers.find(token)
        assert who is not None
        key = request_key(b"s", str(new_id()), who.id, "POST", "/", b"")
        await meeting.stage.lanes.vote(meeting.id, meeting.intent(who, proposal, key=key))

    with recorded(meeting.stage.database.engine) as statements:
        await asyncio.gather(*(request(token) for token in tokens))
    vote = {"proposal_id": proposal["id"], "choice": "AGREE"}
    await meeting.check(voted=[(who, vote) for who in people])
    return statements


async def quiet(meeting: Meeting, cast: Cast) -> Json:
    """A proposal that no rule decides while it is voted on."""
    edit = EventEdit(policies=PoliciesEdit(assumption={"auto_approve": False}))
    await meeting.do(events.edit_event, cast.owner, edit, None)
    return await meeting.propose(cast.owner)


async def test_a_lone_vote_keeps_its_budget(meeting: Meeting, cast: Cast) -> None:
    statements = await vote_all(meeting, await quiet(meeting, cast), [cast.member])
    assert 4 < statements.trips <= LONE_VOTE, [text for text, _ in statements]


async def test_fifty_votes_cost_hardly_more(
    meeting: Meeting, cast: Cast, crowd: list[Caller]
) -> None:
    proposal = await quiet(meeting, cast)
    statements = await vote_all(meeting, proposal, [*crowd, *cast.voters])
    assert statements.trips <= BATCH, [text for text, _ in statements]
    (seen,) = (await meeting.see(cast.owner))["proposals"]
    assert seen["tally"]["agree"] == CROWD


async def request(
    meeting: Meeting, who: Caller, place: UUID | None, work: Work, *args: object
) -> Statements:
    """Write as a request does, with a session and a key."""
    (token,), callers = await sign_in(meeting, [who]), Callers(meeting.stage.database)
    with recorded(meeting.stage.database.engine) as statements:
        found = await callers.find(token)
        assert found is not None
        key = request_key(b"s", str(new_id()), who.id, "POST", "/", b"")
        await meeting.stage.write(place, work, found, *args, key=key)
    await meeting.check()
    return statements


async def send_all(meeting: Meeting, who: Caller, **body: object) -> Statements:
    message = NewMessage(**{"id": new_id()} | body)
    return await request(meeting, who, meeting.id, messages.send, meeting.id, message)


async def test_a_message_keeps_its_budget(meeting: Meeting, cast: Cast) -> None:
    statements = await send_all(meeting, cast.member, content="Hello")
    assert 4 < statements.trips <= LONE_MESSAGE, [text for text, _ in statements]


async def test_a_message_with_everything_costs_a_few_more(meeting: Meeting, cast: Cast) -> None:
    first = await meeting.say(cast.second)
    statements = await send_all(
        meeting, cast.member, content="@second @third", reply_to=first["id"]
    )
    assert statements.trips <= LONE_MESSAGE + 4, [text for text, _ in statements]


async def test_two_people_begin_to_talk_within_a_budget(meeting: Meeting, cast: Cast) -> None:
    open_it = (conversations.open_direct, cast.second.id)
    opened = await request(meeting, cast.member, None, *open_it)
    assert 4 < opened.trips <= OPENING, [text for text, _ in opened]
    again = await request(meeting, cast.member, None, *open_it)
    assert again.trips < opened.trips, [text for text, _ in again]
    line = await open_line(meeting.stage, cast.member, cast.second)
    message = NewMessage(id=new_id(), content="Hello")
    sent = await request(meeting, cast.member, line.id, messages.send, line.id, message)
    assert 4 < sent.trips <= DIRECT_MESSAGE, [text for text, _ in sent]


async def test_a_page_of_messages_keeps_its_budget(meeting: Meeting, cast: Cast) -> None:
    for who in cast.voters:
        await meeting.say(who, "Hm, @second")
    database = meeting.stage.database
    with recorded(database.engine) as statements:
        page = await transcript.list_messages(database, cast.member, meeting.id, None, None, 50)
    assert len(page.items) > 5
    assert 0 < len(statements) <= MESSAGES, [text for text, _ in statements]


async def test_a_snapshot_keeps_its_budget(meeting: Meeting, cast: Cast) -> None:
    kept = Snapshots(meeting.stage.database)
    with recorded(meeting.stage.database.engine) as statements:
        await kept.read(cast.member, meeting.id)
    assert 0 < len(statements) <= SNAPSHOT, [text for text, _ in statements]


async def test_the_viewers_parts_of_a_kept_snapshot_cost_one_statement(
    meeting: Meeting, cast: Cast
) -> None:
    kept = Snapshots(meeting.stage.database)
    await kept.read(cast.member, meeting.id)
    with recorded(meeting.stage.database.engine) as statements:
        await asyncio.gather(*(kept.read(who, meeting.id) for who in cast.voters))
    assert len(statements) == 1


async def test_a_body_that_stands_costs_its_readers_one_statement(
    meeting: Meeting, cast: Cast
) -> None:
    kept = Snapshots(meeting.stage.database)
    views = [await kept.read(who, meeting.id) for who in cast.voters]
    tags = [kept.tag(who, view.state) for who, view in zip(cast.voters, views, strict=True)]
    with recorded(meeting.stage.database.engine) as statements:
        still = await asyncio.gather(
            *(kept.still(who, meeting.id, tag) for who, tag in zip(cast.voters, tags, strict=True))
        )
    assert (len(statements), still) == (1, [view.state for view in views])


async def test_a_brief_keeps_its_budget(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    with recorded(brief.database.engine) as statements:
        await brief.read(cast.member)
    assert len(statements) == BRIEF, [text for text, _ in statements]
    with recorded(brief.database.engine) as statements:
        await brief.meeting.stage.write(
            brief.id, commit_block, cast.member, brief.id, *brief.edit(block, "Two")
        )
    assert statements.trips <= COMMIT, [text for text, _ in statements]
