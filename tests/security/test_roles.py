from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.support.client import connect
from tests.support.rooms import MANUAL, open_room
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
            await room.manage(guest.membership["id"], "ban")
            await goes.ok("DELETE", "/auth/me")
            await room.move("FINISHED")
            await watcher.until(lambda: bool(watcher.over))
        await host.ok("POST", "/auth/logout")
