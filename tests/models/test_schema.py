import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from app.config import with_scheme
from app.launch.schema import _configuration
from app.models import Base
from app.models.base import new_id, now
from app.models.payloads import MembershipPayload, TallyPayload
from app.models.policies import Policies


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    """A connection of the test's own, of which nothing remains."""
    engine = sa.create_engine(with_scheme(database_url, "postgresql+psycopg"))
    with engine.connect() as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def test_the_migrated_schema_is_what_the_models_say(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def checks(connection: sa.Connection) -> dict[str, str]:
    """The CHECK constraints that the database holds, by name."""
    rows = connection.execute(
        sa.text("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'")
    )
    return dict(rows.all())  # type: ignore[arg-type]


def test_every_check_of_the_models_is_in_the_database(connection: sa.Connection) -> None:
    wanted = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert len(wanted) > 25
    assert wanted <= set(checks(connection))


def test_checks_say_the_same_in_both(connection: sa.Connection) -> None:
    """Build the tables from the models beside the migrated ones, and compare what they hold."""
    migrated = checks(connection)
    connection.execute(sa.text("CREATE SCHEMA beside"))
    connection.execute(sa.text("SET LOCAL search_path TO beside"))
    Base.metadata.create_all(connection)
    rows = connection.execute(
        sa.text("""SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                   WHERE contype = 'c' AND connamespace = 'beside'::regnamespace""")
    )
    built = dict(rows.all())  # type: ignore[arg-type]
    assert built == {name: migrated[name] for name in built}


def test_migrations_go_down_and_up_again(connection: sa.Connection) -> None:
    config = _configuration()
    config.attributes["connection"] = connection
    tables = set(Base.metadata.tables)
    with connection.begin_nested():
        command.downgrade(config, "base")
        assert not tables & set(sa.inspect(connection).get_table_names())
        command.upgrade(config, "head")
        assert tables <= set(sa.inspect(connection).get_table_names())


def person(**fields: Any) -> dict[str, Any]:
    base = {"id": new_id(), "name": "Anna", "is_staff": False, "created_at": now()}
    return base | {"locale": "en"} | fields


def insert(connection: sa.Connection, table: str, **values: Any) -> None:
    # Below the models, whose types would refuse what the constraints are to refuse.
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


@pytest.fixture
def rows(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """One valid row of each table that has checks, the later ones referring to the earlier."""
    user, event, moment = person(), new_id(), now()
    found: dict[str, dict[str, Any]] = {
        "users": user,
        "events": {
            "id": event,
            "epoch": new_id(),
            "seq": 0,
            "subject": "Where to?",
            "description": "",
            "status": "NOT_STARTED",
            "entrance_code": "AAAAAA",
            "capacity": 2,
            "policies": Policies().model_dump_json(),
            "owner_id": user["id"],
            "members": 1,
            "observers": 0,
            "pending": 0,
            "ballots": 0,
            "comment_count": 0,
            "created_at": moment,
        },
        "memberships": {
            "event_id": event,
            "id": new_id(),
            "user_id": user["id"],
            "status": "ACCEPTED",
            "role": "OWNER",
            "created_at": moment,
            "requested_at": moment,
        },
        "items": {
            "event_id": event,
            "id": new_id(),
            "kind": "criterion",
            "content": "Cost",
            "position": 0,
            "conclusion": None,
            "comment_count": 0,
            "created_at": moment,
        },
        "proposals": {
            "event_id": event,
            "id": new_id(),
            "kind": "assumption",
            "category": "CREATION",
            "target_id": None,
            "content": "So",
            "reason": None,
            "author_id": user["id"],
            "status": "PENDING",
            "agree": 0,
            "disagree": 0,
            "abstain": 0,
            "decided_at": None,
            "applied_at": None,
            "comment_count": 0,
            "created_at": moment,
        },
        "comments": {
            "event_id": event,
            "id": new_id(),
            "subject_type": "event",
            "subject_id": event,
            "author_id": user["id"],
            "content": "Hm",
            "created_at": moment,
        },
        "conversations": {
            "id": event,
            "event_id": event,
            "last_seq": 1,
            "last_at": moment,
            "created_at": moment,
        },
        "messages": {
            "conversation_id": event,
            "seq": 1,
            "id": new_id(),
            "kind": "said",
            "author_id": user["id"],
            "content": "Hm",
            "created_at": moment,
        },
        "attachments": {
            "conversation_id": event,
            "id": new_id(),
            "position": 0,
            "uploader_id": user["id"],
            "name": "a.txt",
            "media_type": "text/plain",
            "kind": "file",
            "status": "APPROVED",
            "size": 1,
            "created_at": moment,
        },
        "changes": {
            "event_id": event,
            "seq": 1,
            "type": "event.changed",
            "payload": "{}",
            "created_at": moment,
        },
    }
    for table, row in found.items():
        insert(connection, table, **row)
    return found


BROKEN = [
    ("users", {"name": ""}),
    ("users", {"name": "x" * 101}),
    ("users", {"locale": "xx"}),
    ("users", {"email": "a@b.org"}),
    ("events", {"status": "OPEN"}),
    ("events", {"subject": "x" * 501}),
    ("events", {"subject": ""}),
    ("events", {"description": "x" * 5_001}),
    ("events", {"entrance_code": "aaaaaa"}),
    ("events", {"seq": -1}),
    ("events", {"members": 3}),
    ("events", {"members": -1}),
    ("events", {"observers": -1}),
    ("events", {"pending": -1}),
    ("events", {"ballots": -1}),
    ("memberships", {"status": "GONE"}),
    ("memberships", {"role": "KING"}),
    ("items", {"kind": "wish"}),
    ("items", {"content": ""}),
    ("items", {"content": "x" * 2_001}),
    ("items", {"kind": "option", "conclusion": "So"}),
    ("items", {"conclusion": "x" * 2_001}),
    ("proposals", {"kind": "option"}),
    ("proposals", {"category": "WISH"}),
    ("proposals", {"status": "OPEN"}),
    ("proposals", {"content": None}),
    ("proposals", {"content": "x" * 2_001}),
    ("proposals", {"reason": ""}),
    ("proposals", {"decision_reason": "x" * 2_001}),
    ("proposals", {"category": "DELETION"}),
    ("proposals", {"category": "MODIFICATION"}),
    ("proposals", {"kind": "conclusion"}),
    ("proposals", {"status": "REJECTED"}),
    ("proposals", {"decided_at": "now"}),
    ("proposals", {"applied_at": "now"}),
    ("proposals", {"status": "ACCEPTED", "decided_at": "now"}),
    ("proposals", {"agree": -1}),
    ("proposals", {"disagree": -1}),
    ("proposals", {"abstain": -1}),
    ("comments", {"subject_type": "option"}),
    ("comments", {"content": ""}),
    ("comments", {"content": "x" * 5_001}),
    ("changes", {"type": "event.gone"}),
    ("conversations", {"last_seq": -1}),
    ("conversations", {"event_id": None}),
    ("messages", {"seq": 0}),
    ("messages", {"kind": "system"}),
    ("messages", {"kind": "sung"}),
    ("messages", {"code": "kicked"}),
    ("messages", {"author_id": None}),
    ("messages", {"content": "x" * 5_001}),
    ("messages", {"removed_by": "author"}),
    ("messages", {"removed_at": "now"}),
    ("attachments", {"kind": "image"}),
    ("attachments", {"kind": "film"}),
    ("attachments", {"status": "SEEN"}),
    ("attachments", {"size": 0}),
    ("attachments", {"name": ""}),
    ("attachments", {"name": "x" * 201}),
    ("attachments", {"media_type": "x" * 101}),
]


@pytest.mark.parametrize(
    ("table", "wrong"), BROKEN, ids=[f"{t}-{'-'.join(w)}-{n}" for n, (t, w) in enumerate(BROKEN)]
)
def test_the_net_holds(
    connection: sa.Connection,
    rows: dict[str, dict[str, Any]],
    table: str,
    wrong: dict[str, Any],
) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in wrong)
    with pytest.raises(IntegrityError, match=r"violates check constraint|null value"):
        connection.execute(
            sa.text(
                f"UPDATE {table} SET {sets} WHERE id = :key"
                if "id" in rows[table]
                else f"UPDATE {table} SET {sets} WHERE event_id = :key"
            ),
            wrong | {"key": rows[table].get("id", rows[table].get("event_id"))},
        )


def test_one_email_one_account(connection: sa.Connection) -> None:
    for email, fits in (("Anna@b.org", True), ("anna@B.ORG", False)):
        row = person(email=email, password_hash="none")
        if fits:
            insert(connection, "users", **row)
        else:
            with pytest.raises(IntegrityError, match="uq_users_email"):
                insert(connection, "users", **row)


def test_one_owner_one_code_one_membership(
    connection: sa.Connection, rows: dict[str, dict[str, Any]]
) -> None:
    twin = {**rows["events"], "id": new_id()}
    again = {**rows["memberships"], "id": new_id()}
    king = person()
    insert(connection, "users", **king)
    second = {**again, "user_id": king["id"]}
    for table, row, name in (
        ("events", twin, "uq_events_entrance_code"),
        ("memberships", again, "uq_memberships_event_id_user_id"),
        ("memberships", second, "uq_memberships_owner"),
    ):
        with pytest.raises(IntegrityError, match=name), connection.begin_nested():
            insert(connection, table, **row)


def test_what_earlier_readers_do_not_know_is_told_otherwise_on_the_way_back(
    connection: sa.Connection, rows: dict[str, dict[str, Any]]
) -> None:
    """Names become memberships. The rest says nothing, and its numbers stay."""
    config = _configuration()
    config.attributes["connection"] = connection
    event, user, stranger = rows["events"]["id"], rows["users"]["id"], person(name="Not a member")
    insert(connection, "users", **stranger)
    logged = {"person.changed": (user, {"id": str(user), "name": "Berta"})}
    logged |= {f"{kind}.changed": (stranger["id"], {}) for kind in ("message", "block", "snapshot")}
    for seq, (kind, (actor, payload)) in enumerate(logged.items(), start=2):
        change = {"event_id": event, "seq": seq, "type": kind, "actor_id": actor}
        insert(connection, "changes", **change, payload=json.dumps(payload), created_at=now())
    command.downgrade(config, "0001")
    told = connection.execute(
        sa.text("SELECT type, payload FROM changes WHERE event_id = :event AND seq > 1 ORDER BY 1"),
        {"event": event},
    ).all()
    assert [row.type for row in told] == ["membership.changed", *["tally.changed"] * 3]
    assert MembershipPayload.model_validate(told[0].payload).user.name == "Berta"
    for row in told[1:]:
        assert TallyPayload.model_validate(row.payload).proposal_id == event
