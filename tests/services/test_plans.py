"""What the product asks of a grown database runs on indexes alone.

The statements are recorded while the services run and explained with the very parameters they had:
nothing is written down a second time.
"""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.models.base import new_id
from app.models.bodies import EventEdit, SignUp
from app.models.callers import Caller
from app.models.errors import NotSignedIn
from app.models.statuses import (
    Category,
    EventStatus,
    MembershipStatus,
    ProposalKind,
    ProposalStatus,
    Role,
)
from app.services import (
    accounts,
    ballots,
    codes,
    comments,
    conversations,
    events,
    lobby,
    memberships,
    messages,
    ownership,
    proposals,
    reading,
    sessions,
    transcript,
)
from app.services.comments import Subject
from app.services.house import House
from app.services.receipts import note_delivered
from app.services.tallies import Verb
from app.services.unread import read_unread
from app.services.viewers import Viewer
from app.utils.idempotency import request_key
from app.utils.mail import Mail, Mailer
from app.utils.transaction import unit_of_work
from tests.servers import TEMPLATE_URL, _drop, _name, _run
from tests.support.crowd import fill
from tests.support.lines import open_line
from tests.support.recorder import Statements, Told, recorded
from tests.support.stage import Cast, Meeting, Stage
from tests.support.writing import Brief, write_together

BIG = {
    "users",
    "sessions",
    "password_resets",
    "events",
    "memberships",
    "items",
    "proposals",
    "proposal_votes",
    "ballots",
    "comments",
    "changes",
    "idempotency_keys",
    "blocks",
    "block_versions",
    "strokes",
    "sketches",
    "conversations",
    "messages",
    "mentions",
    "read_marks",
    "attachments",
}


@pytest.fixture(scope="module")
def grown_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own, full of other people's events."""
    template = request.config.stash[TEMPLATE_URL]
    url = f"{template}_{os.getpid()}_grown"
    _run(template, "CREATE DATABASE {} TEMPLATE {}", _name(url), _name(template))
    fill(url)
    yield url
    _drop(url)


@pytest.fixture
async def house(grown_url: str) -> AsyncIterator[House]:
    house = House(Settings(DATABASE_URL=grown_url, REDIS_URL=""))
    yield house
    await house.close()


@pytest.fixture
def stage(house: House) -> Stage:
    return Stage(house.database, Told(), house.lanes)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


async def scans(engine: AsyncEngine, statements: Statements) -> list[str]:
    """The statements that would read a big table from end to end."""
    found = []
    kinds = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
    by_text = dict(statements)
    async with engine.connect() as connection:
        for text, parameters in by_text.items():
            if text.strip().startswith(kinds):
                one = parameters[0] if isinstance(parameters, list) else parameters
                explain = f"EXPLAIN (FORMAT JSON) {text}"
                plan = (await connection.exec_driver_sql(explain, one)).scalar_one()
                read = {
                    node["Relation Name"]
                    for node in nodes(plan[0]["Plan"])
                    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
                }
                found += [f"{sorted(read)}: {' '.join(text.split())}"] if read else []
        await connection.rollback()
    return found


async def test_a_plan_without_an_index_is_seen(house: House) -> None:
    engine = house.database.engine
    with recorded(engine) as statements:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT id FROM users WHERE name = 'Somebody'")
    assert len(await scans(engine, statements)) == 1


async def test_writes_run_on_indexes(house: House, stage: Stage, cast: Cast) -> None:
    with recorded(house.database.engine) as statements:
        await live_through(stage, cast)
    assert len({text for text, _ in statements}) > 60
    assert await scans(house.database.engine, statements) == []


async def live_through(stage: Stage, cast: Cast) -> None:
    """An event from its opening to its end, with everything that people do in between."""
    meeting = await stage.open(cast.owner, criteria=["Cost", "Joy"], assumptions=["It is May"])
    edit = EventEdit(policies={"membership_auto_approved": False}, options=["Up", "Down", "Far"])
    await meeting.do(events.edit_event, cast.owner, edit, None)
    for who in (cast.admin, cast.member, cast.second, cast.third, cast.observer):
        await meeting.enter(who)
    await meeting.treat("reject", cast.third)
    await meeting.treat("reset", cast.third)
    await meeting.do(memberships.approve_all, cast.owner, None)
    seat = await meeting.seat(cast.observer)
    await meeting.do(memberships.change_role, cast.owner, seat, Role.OBSERVER)
    await meeting.do(memberships.reject_all, cast.owner, [seat])
    await meeting.start()
    await discuss(meeting, cast)
    await meeting.treat("ban", cast.third)
    await meeting.do(ownership.transfer, cast.owner, cast.admin.id)
    await meeting.do(ownership.leave, cast.admin)
    meeting.owner = cast.owner
    await meeting.move(EventStatus.FINISHED)
    await meeting.do(events.delete_event, cast.staff)


async def test_the_brief_runs_on_indexes(house: House, stage: Stage, cast: Cast) -> None:
    meeting = await stage.open(cast.owner)
    await meeting.gather(cast)
    await meeting.start()
    brief = Brief(meeting)
    with recorded(house.database.engine) as statements:
        await write_together(brief, cast)
    await brief.close()
    assert len({text for text, _ in statements}) > 30
    assert await scans(house.database.engine, statements) == []


async def discuss(meeting: Meeting, cast: Cast) -> None:
    event = await meeting.see(cast.owner)
    key = request_key(b"s", str(new_id()), cast.member.id, "POST", "/", b"")
    first = await meeting.propose(cast.member)
    await meeting.vote(cast.member, first, key=key)
    await meeting.vote(cast.member, first, None, Verb.TAKE_BACK)
    await meeting.agree(first, cast.owner, cast.second, cast.third)
    gone = await meeting.propose(
        cast.third, ProposalKind.CRITERION, Category.DELETION, event["criteria"][0]
    )
    concluded = await meeting.propose(
        cast.second, ProposalKind.CONCLUSION, target=event["criteria"][0]
    )
    await meeting.vote(cast.third, concluded)
    await meeting.decide(cast.owner, gone, ProposalStatus.ACCEPTED)
    mine = await meeting.propose(cast.third)
    await meeting.vote(cast.third, mine)
    place = (ProposalKind.ASSUMPTION, UUID(mine["id"]))
    said = await meeting.do(comments.say, cast.third, Subject.parse("event"), "Hm")
    await meeting.do(comments.edit, cast.third, UUID(said["id"]), "Ah")
    await meeting.do(comments.remove, cast.third, UUID(said["id"]))
    await talk(meeting, cast)
    await meeting.cast_ballot(cast.third)
    other = await meeting.propose(cast.second)
    await meeting.vote(cast.third, other)
    await meeting.do(proposals.withdraw, cast.third, *place)


async def talk(meeting: Meeting, cast: Cast) -> None:
    said = await meeting.say(cast.third, "Hm, @second")
    await meeting.say(cast.second, reply_to=said["id"])
    await meeting.do(messages.edit, cast.third, UUID(said["id"]), "Ah")
    await meeting.do(messages.remove, cast.third, UUID(said["id"]))
    await meeting.read_to(cast.member, 3)
    line = await open_line(meeting.stage, cast.member, cast.second)
    await line.say(cast.member)
    async with unit_of_work(meeting.stage.database, meeting.stage.told) as uow:
        await note_delivered(uow, {(line.id, cast.second.id): 1})


async def test_what_is_said_is_read_on_indexes(house: House, stage: Stage, cast: Cast) -> None:
    meeting = await stage.open(cast.owner)
    await meeting.gather(cast)
    said = UUID((await meeting.say(cast.member))["id"])
    line = await open_line(stage, cast.member, cast.second)
    await line.say(cast.member)
    database, who, place = house.database, cast.member, meeting.id
    with recorded(database.engine) as statements:
        for before, after in ((None, None), (3, None), (None, 1)):
            await transcript.list_messages(database, who, place, before, after, 50)
        await line.page(who)
        await conversations.read_conversation(database, who, place)
        page = await conversations.list_conversations(database, who, None, 1)
        await conversations.list_conversations(database, who, page.next_cursor, 1)
        await reading.count_readers(database, who, place, said)
    assert len({text for text, _ in statements}) > 5
    assert await scans(database.engine, statements) == []


async def test_the_unread_of_two_hundred_events_is_one_statement_on_indexes(
    house: House, cast: Cast
) -> None:
    async with house.database.engine.begin() as connection:
        await connection.execute(
            sa.text("""
                INSERT INTO memberships (event_id, id, user_id, status, role, created_at,
                                         requested_at, joined_at)
                SELECT id('event', e), id('late', e), :user_id, 'ACCEPTED', 'MEMBER',
                       now(), now(), now()
                FROM generate_series(1, 200) e
            """),
            {"user_id": cast.member.id},
        )
    with recorded(house.database.engine) as statements:
        async with house.database.read() as session:
            found = await read_unread(session, cast.member.id)
    assert len(found) == 200
    assert {one.unread for one in found} == {20}
    assert len(statements) == 1
    assert await scans(house.database.engine, statements) == []


async def test_readings_run_on_indexes(house: House, stage: Stage, cast: Cast) -> None:
    meeting = await stage.open(cast.owner, criteria=["Cost"])
    await meeting.gather(cast)
    await meeting.start()
    proposal = await meeting.propose(cast.member)
    code = (await meeting.see(cast.owner))["entrance_code"]
    with recorded(house.database.engine) as statements:
        await read_everything(house, meeting, cast.member, UUID(proposal["id"]))
        await lobby.list_events(house.database, cast.owner, None, 50)
        await lobby.read_overview(house.database, cast.outsider, meeting.id)
        await codes.check_code(house.database, code)
        await codes.suggest_code(house.database)
        await meeting.move(EventStatus.FINISHED)
        await ballots.read_result(house.database, cast.member, meeting.id)
    assert len({text for text, _ in statements}) > 20
    assert await scans(house.database.engine, statements) == []


async def read_everything(house: House, meeting: Meeting, who: Caller, proposal: UUID) -> None:
    kind, database, place = ProposalKind.ASSUMPTION, house.database, meeting.id
    await house.snapshots.read(who, place)
    await meeting.changes(who)
    for status in (None, ProposalStatus.PENDING):
        page = await proposals.list_proposals(database, who, place, kind, status, None, 50)
    cursor = page.next_cursor
    await proposals.list_proposals(database, who, place, kind, None, cursor, 50)
    await proposals.read_proposal(database, who, place, kind, proposal)
    for accepted in (None, MembershipStatus.ACCEPTED):
        await memberships.list_memberships(database, meeting.owner, place, accepted, None, 50)
    for about in (None, Subject.parse("event"), Subject.parse(f"proposal:{proposal}")):
        await comments.list_comments(database, who, place, about, None, 50)


async def mailed(stage: Stage, body: SignUp) -> str:
    """The token of a password reset, out of the letter that brings it."""
    letters: list[Mail] = []
    mailer = Mailer("", "", None)
    mailer.send = letters.append  # type: ignore[method-assign]
    await stage.write(None, accounts.request_reset, body.email, mailer, "")
    return letters[0].text.partition("#")[2].split()[0]


async def test_people_and_streams_run_on_indexes(house: House, stage: Stage, cast: Cast) -> None:
    meeting = await stage.open(cast.owner)
    engine = house.database.engine
    body = SignUp(email=f"{new_id()}@example.org", password="long enough", name="Anna")
    with recorded(engine) as statements:
        answer = await stage.write(None, accounts.sign_up, body, "none", 30, "")
        token = answer.body.rpartition(b'"token":"')[2].partition(b'"')[0].decode()
        anna = await house.callers.find(token)
        assert anna is not None
        with pytest.raises(NotSignedIn):
            await accounts.check_credentials(house.database, body.email, "wrong")
        await sessions.list_sessions(house.database, anna)
        await stage.write(None, accounts.confirm_reset, await mailed(stage, body), "none")
        await stage.write(None, sessions.log_out, anna)
        viewer = Viewer(meeting.id, anna.id, anna.session_id, is_staff=False)
        await house.hub.enter(viewer)
        await house.hub._cast_net()
        await house.hub._recheck()
        house.hub.leave(viewer)
        await house.housekeeping.round()
    assert len({text for text, _ in statements}) > 10
    assert await scans(engine, statements) == []
