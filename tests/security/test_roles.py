from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from app.config import with_scheme
from app.services.retention import drop_log, remove_expired
from app.utils.db import Database
from app.utils.transaction import unit_of_work
from tests.support.client import Person, connect
from tests.support.recorder import Told
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import ROOT, StartServers
from tests.support.sse import Watcher

ROLES = ROOT / "ops" / "postgres" / "roles.sql"
PASSWORD = "only for this test"


@pytest.fixture
def server_url(database_url: str) -> Iterator[str]:
    """The address of this database for the role that serves, made as the guide says."""
    parts = urlsplit(database_url)
    role = f"server{parts.path.removeprefix('/')}"
    script = ROLES.read_text("utf-8").replace("assent_server", role)
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(script.encode())
        name, password = sql.Identifier(role), sql.Literal(PASSWORD)
        owner.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, password))
        address = parts.netloc.rpartition("@")[2]
        yield parts._replace(netloc=f"{role}:{PASSWORD.replace(' ', '%20')}@{address}").geturl()
        owner.execute(sql.SQL("DROP OWNED BY {}").format(name))
        owner.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE events ADD COLUMN mine int",
        "DROP TABLE proposal_votes",
        "TRUNCATE proposal_votes",
        "CREATE INDEX mine ON events (id)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "UPDATE alembic_version SET version_num = 'mine'",
        "ALTER TABLE changes DISABLE TRIGGER ALL",
        "COPY users TO PROGRAM 'cat'",
    ],
)
def test_the_role_that_serves_changes_rows_only(server_url: str, statement: str) -> None:
    with (
        psycopg.connect(server_url, autocommit=True) as server,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        server.execute(statement.encode())


async def test_a_server_needs_no_more_than_that_role(
    server_url: str, start_servers: StartServers
) -> None:
    (server,) = start_servers(1, DATABASE_URL=server_url)
    async with connect(server.url) as api:
        assert (await api.nobody().send("GET", "/readyz")).status_code == 200
        host, goes = await api.sign_up("Host"), await api.sign_up("Goes")
        room = await open_room(host, policies=MANUAL)
        (guest,) = await room.guests(1)
        await room.join(goes)
        proposal = await room.propose(guest)
        async with Watcher(host, room.id) as watcher:
            await guest.ok("POST", room.votes_on(proposal))
            await guest.ok("DELETE", room.votes_on(proposal))
            await _use_the_rest(room, guest, proposal)
            await room.manage(guest.membership["id"], "ban")
            await goes.ok("DELETE", "/auth/me")
            await room.move("FINISHED")
            await watcher.until(lambda: bool(watcher.over))
        await host.ok("DELETE", room.path)
        await host.ok("POST", "/auth/logout")
    assert server.complaints() == []


async def _use_the_rest(room: Room, guest: Person, proposal: str) -> None:
    """Write every kind of row that there is, and read it."""
    comments = f"{room.path}/comments"
    said = await guest.ok("POST", comments, {"content": "A word"})
    await guest.ok("PATCH", f"{comments}/{said['id']}", {"content": "Another"})
    await room.owner.ok("DELETE", f"{comments}/{said['id']}")
    criteria = [criterion["id"] for criterion in room.event["criteria"]]
    ballot = {"option_id": room.event["options"][0]["id"], "criterion_ids": criteria}
    await guest.ok("POST", f"{room.path}/votes", ballot)
    path = f"{room.path}/assumption-proposals/{proposal}/status"
    await room.owner.ok("PATCH", path, {"status": "ACCEPTED"})
    await room.owner.ok("PATCH", room.path, {"capacity": 50})
    await room.give_role(guest.membership["id"], "ADMIN")
    await room.owner.ok("POST", "/auth/tokens", {"name": "A program"})
    email = {"email": str(room.owner.user["email"])}
    await guest.ok("POST", "/auth/password-reset/request", email)
    claim = {"email": f"{room.id}@example.org", "password": "correct horse"}
    await guest.api.person(await guest.ok("POST", "/auth/claim", claim)).ok("POST", "/auth/logout")
    for read in (room.path, f"{room.path}/changes?after=0", f"{room.path}/audit", comments):
        await room.owner.get(read)
    await room.owner.get("/auth/me/export")


async def test_what_is_due_is_removed_with_that_role(server_url: str) -> None:
    database = Database(with_scheme(server_url, "postgresql+psycopg"), 2)
    async with unit_of_work(database, Told()) as uow:
        assert not await remove_expired(uow)
    async with unit_of_work(database, Told()) as uow:
        assert not await drop_log(uow, 10_000)
    await database.close()
