"""A real Prometheus reads our rules, scrapes a server, and answers what the dashboard asks."""

import asyncio
import json
import math
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.support.client import Person, connect
from tests.support.proxies import find, free_port, running
from tests.support.receivers import Receiver
from tests.support.rooms import Room, open_room
from tests.support.server import ROOT, Server, StartServers
from tests.support.sse import open_line

RULES: Final = ROOT / "ops/prometheus/alerts.yml"
DASHBOARD: Final = ROOT / "ops/grafana/assent.json"
# Series that there are once something went wrong, and which nothing makes go wrong here.
RARE: Final = {"assent_stream_resets_total", "assent_rollbacks_total"}
SETTINGS: Final = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: assent
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""

pytestmark = pytest.mark.skipif(
    None in {find("prometheus"), find("promtool")}, reason="needs prometheus and promtool"
)


@pytest.fixture
def scraped(own_database_url: str, start_servers: StartServers) -> Server:
    """On a database of its own: servers that may not reach our target would deliver from it too."""
    own = {"DATABASE_URL": own_database_url, "ASSENT_PRIVATE_TARGETS": "1"}
    (server,) = start_servers(1, **own)
    return server


@pytest.fixture
async def prometheus(scraped: Server, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The API of a Prometheus that scrapes the server each second."""
    port = free_port()
    (tmp_path / "settings.yml").write_text(SETTINGS.format(rules=RULES, port=scraped.port))
    words = (
        f"--config.file={tmp_path}/settings.yml",
        f"--storage.tsdb.path={tmp_path}/kept",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    base = f"http://127.0.0.1:{port}/api/v1"
    async with (
        running(tmp_path, port, "prometheus", *words),
        httpx2.AsyncClient(base_url=base, trust_env=False) as client,
    ):
        yield client


def _questions() -> list[str]:
    """What the dashboard asks, as Grafana sends it where all jobs are chosen."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    return [
        one.replace("$__rate_interval", "30s").replace("$job", ".*")
        for one in asked
        if not any(name in one for name in RARE)
    ]


async def _has_figures(client: httpx2.AsyncClient, question: str) -> bool:
    answer = (await client.get("/query", params={"query": question})).json()
    assert answer["status"] == "success", answer
    return any(not math.isnan(float(one["value"][1])) for one in answer["data"]["result"])


async def _vote(host: Person, room: Room) -> None:
    """Vote one way and the other, with a stream that comes and goes, until this is cancelled."""
    proposal = await room.propose(host)
    for turn in range(1_000_000):
        async with open_line(host, room.id) as line:
            await line.next()
            choice = {"choice": ("AGREE", "DISAGREE")[turn % 2]}
            answer = await host.send("PUT", room.votes_on(proposal), choice)
            await line.until_seq(int(answer.headers["x-event-seq"].rpartition(".")[2]))


async def test_the_dashboard_shows_figures(
    scraped: Server, prometheus: httpx2.AsyncClient, receiver: Receiver
) -> None:
    """Each question comes to have an answer while people vote and watch, and a webhook is told."""
    async with connect(scraped.url) as api:
        host = await api.sign_up("Host")
        room = await open_room(host)
        await host.ok("POST", f"{room.path}/webhooks", {"url": receiver.url})
        voting = asyncio.create_task(_vote(host, room))
        open_questions = _questions()
        assert len(open_questions) > 30
        while open_questions and not voting.done():
            open_questions = [
                one for one in open_questions if not await _has_figures(prometheus, one)
            ]
        voting.cancel()
        await asyncio.gather(voting, return_exceptions=True)
    assert open_questions == []


async def _rules(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    said = (await client.get("/rules")).json()
    return [rule for group in said["data"]["groups"] for rule in group["rules"]]


async def test_every_alert_can_be_worked_out(prometheus: httpx2.AsyncClient) -> None:
    found = await _rules(prometheus)
    assert found
    while any(rule["health"] == "unknown" for rule in found):
        found = await _rules(prometheus)
    assert [rule for rule in found if rule["health"] != "ok"] == []


def test_the_rules_are_well_formed() -> None:
    promtool = find("promtool")
    assert promtool is not None
    subprocess.run([promtool, "check", "rules", str(RULES)], check=True)
