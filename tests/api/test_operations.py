from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.config import Settings
from app.launch.schema import MIGRATIONS
from app.services.house import House
from app.services.readiness import examine
from app.utils.schema import REVISION
from tests.support.client import Api, connect
from tests.support.server import Server, StartServers


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_a_server_is_well_and_ready(servers: tuple[Server, Server], prefix: str) -> None:
    async with httpx2.AsyncClient(base_url=servers[0].url, trust_env=False) as client:
        assert (await client.get(f"{prefix}/healthz")).json() == {"status": "ok"}
        ready = await client.get(f"{prefix}/readyz")
        told = ready.json()
        assert told.pop("waiting_writes") >= 0
        assert told == {
            "status": "ready",
            "database": "ok",
            "migrations": "current",
            "bus": "ok",
            "problems": [],
            "warnings": [],
        }
        metrics = await client.get(f"{prefix}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert "# TYPE assent_open_streams gauge" in metrics.text


async def test_one_process_needs_no_valkey(api: Api, start_servers: StartServers) -> None:
    (alone,) = start_servers(REDIS_URL="")
    async with connect(alone.url) as own:
        person = await own.sign_up("Alone")
        assert (await own.nobody().get("/readyz"))["bus"] == "ok"
    assert api.clients
    assert person.id


async def test_a_server_without_its_database_says_so(start_servers: StartServers) -> None:
    nowhere = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
    (server,) = start_servers(DATABASE_URL=nowhere)
    async with connect(server.url) as api:
        assert (await api.nobody().get("/healthz")) == {"status": "ok"}
        ready = await api.nobody().send("GET", "/readyz")
        answer = await api.nobody().send("GET", "/events", headers={"Authorization": "Bearer x"})
    assert (ready.status_code, ready.json()["database"]) == (503, "unreachable")
    assert "PostgreSQL does not answer" in ready.json()["problems"][0]
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_server_without_its_bus_warns_and_serves(start_servers: StartServers) -> None:
    (server,) = start_servers(REDIS_URL="redis://127.0.0.1:1/0")
    async with connect(server.url) as api:
        ready = await api.nobody().get("/readyz")
    assert (ready["status"], ready["bus"], ready["problems"]) == ("ready", "unreachable", [])
    assert "Redis does not answer" in ready["warnings"][0]


@pytest.mark.parametrize(
    ("revision", "status", "migrations"),
    [
        (REVISION, 200, "current"),
        ("0000", 503, "behind"),
        (None, 503, "behind"),
        ("9", 200, "newer"),
    ],
)
async def test_the_schema_decides_who_may_serve(
    database_url: str, revision: str | None, status: int, migrations: str
) -> None:
    """In a database of its own, as others use theirs meanwhile."""
    name = f"schema_{uuid4().hex}"
    url = urlsplit(database_url)._replace(path=f"/{name}").geturl()
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as outside:
        await outside.execute(f"CREATE DATABASE {name}".encode())
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as inside:
            if revision is not None:
                await inside.execute(
                    f"CREATE TABLE alembic_version AS SELECT '{revision}' AS version_num".encode()
                )
        house = House(Settings(DATABASE_URL=url, REDIS_URL=""))
        told = await examine(house)
        await house.close()
        await outside.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    assert (told.migrations, told.is_ready) == (migrations, status == 200)
    words = told.problems if status == 503 else told.warnings
    assert [("migrate" in w or "upgrade" in w) for w in words] == [True] * (revision != REVISION)


async def test_a_draining_process_says_so(database_url: str) -> None:
    house = House(Settings(DATABASE_URL=database_url, REDIS_URL=""))
    await house.drain()
    told = await examine(house)
    await house.close()
    assert (told.status, told.is_ready) == ("draining", False)
    assert "stopping" in told.problems[0]


def test_the_code_knows_the_youngest_revision() -> None:
    script = Config()
    script.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(script).get_heads() == [REVISION]
