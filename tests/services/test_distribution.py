"""The schema can be divided over machines by event: keys begin with it, hot queries carry it."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from app.models import Base
from app.models.base import new_id
from app.models.statuses import ProposalKind
from app.services import ballots, comments, messages, proposals, transcript
from app.services.changes import changes_after
from app.services.comments import Subject
from app.services.replicas import read_as_of
from app.services.snapshots import Snapshots
from app.services.tallies import Verb
from app.utils.idempotency import request_key
from tests.support.recorder import Statements, recorded
from tests.support.stage import Cast, Meeting, Stage
from tests.support.writing import Brief, write_together

# People are in many events: a copy of theirs would stand on every machine.
PEOPLE = {"users", "sessions", "password_resets", "inboxes", "push_subscriptions", "digests"}
# What a person wishes to be told, and has been, is read with the person.
TOLD = {"notification_levels", "seen_announcements"}
# The staff's announcements are for everybody.
EVERYWHERE = {"announcements"}
# A key is unique over all events, so its row goes where the key leads, and not where the event is.
BY_KEY = {"idempotency_keys"}
BESIDE = PEOPLE | TOLD | EVERYWHERE | BY_KEY
# The conversation of an event has the event's id, and all that is in it stands by that.
TALK = {"messages", "mentions", "read_marks", "attachments"}
# That of two people belongs to no event: it is one for the pair, wherever it stands.
ROOTS = {"events", "conversations"}
OWN = {name for name in Base.metadata.tables if name not in BESIDE}
TABLES = [Base.metadata.tables[name] for name in sorted(OWN - ROOTS)]
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
CONDITIONS = ("Index Cond", "Recheck Cond", "Filter")
# Where a table has a row or two, its scan is told nothing, and the join above it is.
JOINS = ("Join Filter", "Hash Cond", "Merge Cond")


def place_of(table: str) -> str:
    """The column that says where a row stands."""
    return "id" if table in ROOTS else "conversation_id" if table in TALK else "event_id"


def first(columns: Any) -> str:
    return str(next(iter(columns)).name)


def unique_keys(table: sa.Table) -> Iterator[str]:
    """The first column of everything that is unique."""
    yield first(table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield first(constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield first(index.columns)


def references(table: sa.Table) -> Iterator[tuple[str, str]]:
    """From which first column to which, where a key refers to a table of the event."""
    for key in table.foreign_key_constraints:
        if key.referred_table.name in OWN:
            start = key.elements[0]
            yield start.parent.name, f"{key.referred_table.name}.{start.column.name}"


def test_the_tables_of_an_event_are_known() -> None:
    assert set(Base.metadata.tables) > BESIDE
    assert {"changes", "proposal_votes", "ballots", "comments"} < {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_key_begins_with_the_event(table: sa.Table) -> None:
    place = place_of(table.name)
    assert not table.c[place].nullable
    assert set(unique_keys(table)) == {place}
    for start, end in references(table):
        assert start == place
        assert end in {f"{root}.id" for root in ROOTS} or end.endswith(f".{place}")


def test_what_does_not_refer_to_its_event_is_kept_in_it() -> None:
    """No reference leads from one event into another: each names the event on both sides."""
    lonely = [table.name for table in TABLES if not list(references(table))]
    assert lonely == []


def nodes(plan: dict[str, Any], above: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every node, and what the joins above it say."""
    yield plan, above
    joins = " ".join([above, *(plan[name] for name in JOINS if name in plan)])
    for child in plan.get("Plans", []):
        yield from nodes(child, joins)


def is_routed(node: dict[str, Any], above: str) -> bool:
    """Whether a scan is told which event it is about, or the joins that it is for are."""
    column, alias = place_of(node["Relation Name"]), node["Alias"]
    said = " ".join(str(node.get(name, "")) for name in CONDITIONS)
    return bool(
        re.search(rf"\b{column} = |= (\w+\.)?{column}\b", said)
        or re.search(rf"\b{alias}\.{column} = |= {alias}\.{column}\b", above)
    )


async def strays(engine: AsyncEngine, statements: Statements) -> list[str]:
    """The statements that read a table of events without saying whose."""
    found = []
    async with engine.connect() as connection:
        for text, parameters in dict(statements).items():
            if not text.strip().startswith(STATEMENTS):
                continue
            explain = f"EXPLAIN (FORMAT JSON) {text}"
            one = parameters[0] if isinstance(parameters, list) else parameters
            plan = (await connection.exec_driver_sql(explain, one)).scalar_one()
            scans = [
                (node, above)
                for node, above in nodes(plan[0]["Plan"])
                if node.get("Relation Name") in OWN and node["Node Type"].endswith("Scan")
            ]
            found += [" ".join(text.split()) for scan in scans if not is_routed(*scan)]
        await connection.rollback()
    return found


async def test_every_hot_query_names_its_event(stage: Stage, meeting: Meeting, cast: Cast) -> None:
    with recorded(stage.database.engine) as statements:
        await _be_busy(stage, meeting, cast)
    assert len({text for text, _ in statements}) > 25
    assert await strays(stage.database.engine, statements) == []


async def test_every_query_of_the_brief_names_its_event(
    stage: Stage, brief: Brief, cast: Cast
) -> None:
    await brief.meeting.start()
    with recorded(stage.database.engine) as statements:
        await write_together(brief, cast)
    assert len({text for text, _ in statements}) > 30
    assert await strays(stage.database.engine, statements) == []


async def _be_busy(stage: Stage, meeting: Meeting, cast: Cast) -> None:
    """What people do all the time: vote, look, come back, talk and decide."""
    kind, place, database = ProposalKind.ASSUMPTION, meeting.id, stage.database
    key = request_key(b"s", str(new_id()), cast.member.id, "POST", "/", b"")
    proposal = await meeting.propose(cast.member)
    await meeting.vote(cast.member, proposal, key=key)
    await meeting.vote(cast.member, proposal, None, Verb.TAKE_BACK)
    await meeting.agree(proposal, cast.owner, cast.second, cast.third)
    await meeting.do(comments.say, cast.third, Subject.parse("event"), "Hm")
    said = await meeting.say(cast.third, "Hm, @second")
    await meeting.say(cast.second, reply_to=said["id"])
    await meeting.do(messages.edit, cast.third, UUID(said["id"]), "Ah")
    await meeting.do(messages.remove, cast.third, UUID(said["id"]))
    await meeting.read_to(cast.member, 3)
    for before, after in ((None, None), (3, None), (None, 1)):
        await transcript.list_messages(database, cast.member, place, before, after, 50)
    await meeting.cast_ballot(cast.third)
    view = await Snapshots(database).read(cast.member, place)
    at = (view.shared.epoch, view.shared.seq)
    await read_as_of(database, place, at, partial(changes_after, event_id=place, after=0))
    await meeting.changes(cast.member)
    await comments.list_comments(database, cast.member, place, None, None, 50)
    await proposals.list_proposals(database, cast.member, place, kind, None, None, 50)
    await proposals.read_proposal(database, cast.member, place, kind, UUID(proposal["id"]))
    await ballots.read_ballot(database, cast.third, place)


async def test_a_query_that_names_no_event_is_seen(stage: Stage, meeting: Meeting) -> None:
    with recorded(stage.database.engine) as statements:
        await meeting.row("SELECT count(*) FROM proposal_votes WHERE user_id = :e")
        await meeting.row("SELECT count(*) FROM proposal_votes WHERE event_id = :e")
    assert len(await strays(stage.database.engine, statements)) == 1
