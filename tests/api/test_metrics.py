"""What a scrape says after a vote, a replay, a refusal and a stream."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.support.client import Api, Person, connect
from tests.support.measures import Measures, measures, until
from tests.support.rooms import open_room
from tests.support.server import ROOT, StartServers
from tests.support.sse import open_line

NAME = re.compile(r"\bassent_[a-z_]+\b")


def grown(before: Measures, after: Measures, name: str) -> float:
    return after[name] - before[name]


@pytest.fixture
async def own(start_servers: StartServers) -> AsyncIterator[Api]:
    """A server whose counts nobody else moves."""
    (server,) = start_servers()
    async with connect(server.url) as api:
        yield api


async def test_writes_are_counted_by_their_end(own: Api) -> None:
    host = await own.sign_up("Host")
    room = await open_room(host)
    proposal = await room.propose(host)
    before = await measures(host)
    for key in ("one", "one"):
        await host.ok("POST", room.votes_on(proposal), {"choice": "AGREE"}, key=key)
    assert (await host.send("POST", room.votes_on(proposal))).status_code == 409
    after = await measures(host)
    assert grown(before, after, 'assent_writes_total{outcome="done"}') == 1
    assert grown(before, after, 'assent_writes_total{outcome="replayed"}') == 1
    assert grown(before, after, 'assent_writes_total{outcome="refused"}') == 1
    assert grown(before, after, "assent_votes_total") == 3
    assert grown(before, after, "assent_batch_votes_count") == 3
    assert grown(before, after, "assent_commit_seconds_count") >= 3
    assert grown(before, after, "assent_lock_wait_seconds_count") >= 3
    assert grown(before, after, "assent_lane_wait_seconds_count") >= 3
    assert grown(before, after, 'assent_query_seconds_count{query="read_votes"}') == 3
    assert grown(before, after, 'assent_query_seconds_count{query="write_log"}') >= 1
    assert grown(before, after, 'assent_request_seconds_count{status="4xx"}') == 1


async def test_a_rule_that_refuses_a_lone_write_rolls_it_back(own: Api) -> None:
    host = await own.sign_up("Host")
    room = await open_room(host)
    before = await measures(host)
    assert (await host.send("PATCH", f"{room.path}/status", {"status": "NOT_STARTED"})).is_error
    after = await measures(host)
    assert grown(before, after, 'assent_rollbacks_total{cause="refused"}') == 1
    await host.ok("POST", f"{room.path}/comments", {"content": "Hi"}, key="two")
    await host.ok("POST", f"{room.path}/comments", {"content": "Hi"}, key="two")
    last = await measures(host)
    assert grown(after, last, 'assent_rollbacks_total{cause="replayed"}') == 1


async def test_a_stream_is_counted_from_its_opening_to_its_end(own: Api) -> None:
    host = await own.sign_up("Host")
    room = await open_room(host)
    connects = "assent_stream_connects_total"
    before = await measures(host)
    async with open_line(host, room.id) as line:
        first = await line.next()
        assert first is not None
        await room.propose(host)
        opened = await until(host, lambda m: m["assent_delivery_latency_seconds_count"] > 0)
    assert opened["assent_open_streams"] == opened["assent_connected_users"] == 1
    assert opened["assent_live_events"] == 1
    assert opened["assent_head_lag_changes"] == 0
    async with open_line(host, room.id, first.id) as line:
        await line.next()
    async with open_line(host, room.id, f"{room.event['epoch']}.999999") as line:
        frames = await line.next(), await line.next()
    assert [frame.event for frame in frames if frame] == ["reset", "snapshot"]
    left = 'assent_stream_disconnects_total{reason="client"}'
    after = await until(host, lambda m: grown(before, m, left) == 3)
    assert after["assent_open_streams"] == 0
    for start in ("snapshot", "resume", "reset"):
        assert grown(before, after, f'{connects}{{start="{start}"}}') == 1
    assert grown(before, after, 'assent_stream_resets_total{reason="ahead_of_log"}') == 1


async def test_a_stream_that_is_ended_says_why(own: Api) -> None:
    host = await own.sign_up("Host")
    room = await open_room(host)
    before = await measures(host)
    async with open_line(host, room.id) as line:
        await line.next()
        await room.move("FINISHED")
        assert (await line.rest())[-1].event == "revoked"
    ended = 'assent_stream_disconnects_total{reason="revoked"}'
    await until(host, lambda m: grown(before, m, ended) == 1)


async def test_the_process_and_what_it_stands_on_are_told(own: Api) -> None:
    found = await measures(own.nobody())
    assert found["assent_pool_size_connections"] == 8
    assert 0 < found["assent_index_hit_ratio"] <= 1
    assert found["assent_loop_lag_seconds"] >= 0
    connected = await until(own.nobody(), lambda m: m["assent_bus_connected"] == 1)
    assert connected["assent_bus_waiting_messages"] == 0


@pytest.mark.parametrize("file", ["grafana/assent.json", "prometheus/alerts.yml"])
async def test_whatever_is_watched_is_measured(api: Api, host: Person, file: str) -> None:
    known = {re.sub(r"\{.*", "", name) for name in await measures(host)}
    named = set(NAME.findall((ROOT / "ops" / file).read_text()))
    assert named
    assert named - known == set()
    assert api.clients
