import httpx2
import pytest

from tests.support.client import Api, connect
from tests.support.server import Server, StartServers


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_a_server_is_well_and_ready(servers: tuple[Server, Server], prefix: str) -> None:
    async with httpx2.AsyncClient(base_url=servers[0].url, trust_env=False) as client:
        assert (await client.get(f"{prefix}/healthz")).json() == {"status": "ok"}
        ready = await client.get(f"{prefix}/readyz")
        assert ready.json() == {"status": "ready", "database": "ok", "bus": "ok"}
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
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
