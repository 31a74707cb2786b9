import asyncio
import contextlib
import os
import signal
from collections import Counter
from uuid import uuid4

import httpx2
import redis.asyncio as redis

from app.launch.valkey import Valkey
from tests.brief.conftest import Desk
from tests.support.client import Json, Person, problem
from tests.support.sse import Line, open_line
from tests.support.truth import Truth


async def lock_frame(line: Line, holder: str | None) -> Json:
    """Read up to the signal that says who holds a block now."""

    def wanted(json: Json) -> bool:
        return (json["holder"] and json["holder"]["name"]) == holder

    (*_, frame) = await line.until(lambda f: f.event == "lock" and wanted(f.json))
    return dict(frame.json)


async def test_a_block_is_taken_written_and_seen_by_everybody(desk: Desk, truth: Truth) -> None:
    ana, ben = await desk.room.guests(2)
    block = await desk.add(ana, "One")
    async with (
        open_line(ben, desk.room.id, at=0) as here,
        open_line(desk.room.owner, desk.room.id, at=1) as there,
    ):
        for line in (here, there):
            await line.next()
        grant = await desk.take(ana, block, at=0)
        for line in (here, there):
            seen = await lock_frame(line, "Guest 0")
            assert seen["holder"] == {**grant["holder"], "id": ana.id}
            assert "token" not in seen
        refused = problem(await ben.send("POST", f"{desk.block(block)}/lock", at=1), 423)
        assert refused["current"]["holder"]["name"] == "Guest 0"
        assert 0 < refused["current"]["expires_in_ms"] <= 30_000
        problem(await ben.send("PUT", desk.block(block), desk.edit(block, "No")), 423)
        problem(await ben.send("DELETE", f"{desk.block(block)}?version=1"), 423, "block_locked")
        for at in (0, 1):
            (lock,) = (await desk.read(ben, at=at))["locks"]
            assert lock["holder"] == grant["holder"]
        body = desk.edit(block, "Uno", grant["token"])
        written = await ana.ok("PUT", desk.block(block), body, at=1)
        for line in (here, there):
            await lock_frame(line, None)
    assert (written["text"], written["version"]) == ("Uno", 2)
    assert (await desk.read())["locks"] == []
    await desk.check(truth)


async def test_two_who_take_one_block_at_once(desk: Desk) -> None:
    people = await desk.room.guests(8)
    for round_ in range(4):
        block = await desk.add(people[0], f"Round {round_}")
        path = f"{desk.block(block)}/lock"
        answers = await asyncio.gather(*(who.send("POST", path) for who in people))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 423: 7}
        (holder,) = [a.json()["holder"] for a in answers if a.status_code == 201]
        losers = [a.json()["current"] for a in answers if a.status_code == 423]
        assert all(loser["holder"] == holder for loser in losers)


async def test_who_types_past_their_lease_gets_the_text_that_stands(
    desk: Desk, truth: Truth
) -> None:
    ana, ben = await desk.room.guests(2)
    block = await desk.add(ana, "One")
    old = await desk.take(ana, block)
    await _run_out(desk)
    new = await desk.take(ben, block)
    await ben.ok("PUT", desk.block(block), desk.edit(block, "Ben's", new["token"]))
    answer = await ana.send("PUT", desk.block(block), desk.edit(block, "Ana's", old["token"]))
    found = problem(answer, 409, "block_changed")["current"]
    assert (found["text"], found["version"], found["author"]["name"]) == ("Ben's", 2, "Guest 1")
    await desk.check(truth)


async def test_a_process_that_slept_through_its_lease_is_refused(
    own_desk: Desk, truth: Truth
) -> None:
    ana, ben = await own_desk.room.guests(2)
    block = await own_desk.add(ana, "One")
    old = await own_desk.take(ana, block, at=0)
    asleep, awake = own_desk.servers[0], 1
    os.kill(asleep.pid, signal.SIGSTOP)
    body = own_desk.edit(block, "Ana's", old["token"])
    late = asyncio.create_task(ana.send("PUT", own_desk.block(block), body, at=0))
    try:
        await _run_out(own_desk)
        new = await own_desk.take(ben, block, at=awake)
    finally:
        os.kill(asleep.pid, signal.SIGCONT)
    # Nobody has written: the version is right, and the number of the grant alone says no.
    found = problem(await late, 409, "lock_lost")["current"]
    assert (found["text"], found["version"]) == ("One", 1)
    await ben.ok(
        "PUT", own_desk.block(block), own_desk.edit(block, "Ben's", new["token"]), at=awake
    )
    await own_desk.check(truth)


async def test_locks_are_numbered_on_after_valkey_forgot_everything(
    own_desk: Desk, valkey: Valkey, truth: Truth
) -> None:
    ana, ben = await own_desk.room.guests(2)
    block = await own_desk.add(ana, "One")
    old = await own_desk.take(ana, block)
    assert valkey.child is not None
    os.kill(valkey.child.pid, signal.SIGKILL)
    valkey.child.wait(60)
    problem(await ben.send("POST", f"{own_desk.block(block)}/lock"), 503, "locks_unknown")
    assert (await own_desk.read())["locks"] is None
    written = await ben.ok("PUT", own_desk.block(block), own_desk.edit(block, "By version"))
    valkey.restart()
    new = await _take_when_it_is_back(own_desk, ben, block)
    assert new["token"] > old["token"]
    answer = await ana.send(
        "PUT", own_desk.block(block), own_desk.edit(written, "Late", old["token"])
    )
    problem(answer, 409, "lock_lost")
    await ben.ok("PUT", own_desk.block(block), own_desk.edit(written, "Ben's", new["token"]))
    await own_desk.check(truth)


async def test_whoever_loses_their_stream_loses_their_lock(own_desk: Desk) -> None:
    (ana,) = await own_desk.room.guests(1)
    block = await own_desk.add(ana, "One")
    async with open_line(own_desk.room.owner, own_desk.room.id, at=1) as line:
        await line.next()
        async with open_line(ana, own_desk.room.id, at=0) as own:
            await own.next()
            await own_desk.take(ana, block, at=1)
            seen = await lock_frame(line, "Guest 0")
        # Sooner than it would run out: the line is read for at most that long.
        freed = await lock_frame(line, None)
    assert seen["expires_in_ms"] == 30_000
    assert freed == {**seen, "holder": None, "expires_in_ms": 0}


async def test_an_admin_breaks_a_lock_and_everybody_sees_who_did(desk: Desk) -> None:
    ana, ben = await desk.room.guests(2)
    block = await desk.add(ana, "One")
    grant = await desk.take(ana, block)
    problem(await ben.send("DELETE", f"{desk.block(block)}/lock"), 423)
    async with open_line(ben, desk.room.id, at=1) as line:
        await line.next()
        await desk.room.owner.ok("DELETE", f"{desk.block(block)}/lock", at=0)
        broken = await lock_frame(line, None)
    assert broken["broken_by"]["id"] == desk.room.owner.id
    answer = await ana.send("PUT", desk.block(block), desk.edit(block, "Late", grant["token"]))
    problem(answer, 409, "lock_lost")


async def test_thirty_people_write_thirty_blocks_at_once(desk: Desk, truth: Truth) -> None:
    people = await desk.room.guests(30)
    blocks = [await desk.add(people[0], f"Block {n}") for n in range(30)]

    async def write(n: int, who: Person) -> None:
        block = blocks[n]
        for round_ in range(3):
            grant = await desk.take(who, block)
            body = desk.edit(grant["block"], f"{n} in round {round_}", grant["token"])
            block = await who.ok("PUT", desk.block(block), body)

    await asyncio.gather(*(write(n, who) for n, who in enumerate(people)))
    assert [b["text"] for b in (await desk.read())["blocks"]] == [
        f"{n} in round 2" for n in range(30)
    ]
    assert {b["version"] for b in (await desk.read())["blocks"]} == {4}
    assert len(await truth.log(desk.room.id, "block.changed")) == 30 + 90
    await desk.check(truth)


async def test_a_commit_that_a_crash_left_unanswered_is_one_version(
    own_desk: Desk, truth: Truth
) -> None:
    people = await own_desk.room.guests(40)
    blocks = [await own_desk.add(people[0], f"Block {n}") for n in range(40)]
    grants = [await own_desk.take(who, block) for who, block in zip(people, blocks, strict=True)]
    keys = [str(uuid4()) for _ in people]
    some_are_in = asyncio.Event()
    answers: dict[int, httpx2.Response] = {}

    async def commit(n: int, at: int) -> httpx2.Response:
        body = own_desk.edit(blocks[n], f"Written by {n}", grants[n]["token"])
        return await people[n].send("PUT", own_desk.block(blocks[n]), body, key=keys[n], at=at)

    async def once(n: int) -> None:
        with contextlib.suppress(httpx2.TransportError):
            answers[n] = await commit(n, 0)
        if len(answers) >= 5:
            some_are_in.set()

    async def kill() -> None:
        await some_are_in.wait()
        own_desk.servers[0].kill()

    await asyncio.gather(kill(), *(once(n) for n in range(40)))
    acknowledged = dict(answers)
    for n in range(40):
        again = await commit(n, 1)
        assert again.status_code == 200, again.text
        if n in acknowledged:
            assert again.content == acknowledged[n].content
    shown = (await own_desk.read(at=1))["blocks"]
    assert [(b["text"], b["version"]) for b in shown] == [(f"Written by {n}", 2) for n in range(40)]
    await own_desk.check(truth)


async def test_a_brief_that_stands_is_not_sent_again(desk: Desk) -> None:
    (ana,) = await desk.room.guests(1)
    block = await desk.add(ana, "One")
    first = await ana.send("GET", desk.path)
    same = {"If-None-Match": first.headers["etag"]}
    again = await ana.send("GET", desk.path, headers=same)
    assert (again.status_code, again.content) == (304, b"")
    await desk.take(ana, block)
    assert (await ana.send("GET", desk.path, headers=same)).status_code == 200


async def _run_out(desk: Desk) -> None:
    """Let every lease end now, as it would by itself in a while."""
    async with redis.Redis.from_url(desk.redis_url) as client:
        keys = await client.keys(f"assent:lease:{{{desk.room.id}}}:*")
        assert keys
        for key in keys:
            await client.pexpire(key, 0)


async def _take_when_it_is_back(desk: Desk, who: Person, block: Json) -> Json:
    while True:
        answer = await who.send("POST", f"{desk.block(block)}/lock")
        if answer.status_code == 201:
            return dict(answer.json())
        wait = problem(answer, 503, "locks_unknown")["retry_after"]
        await asyncio.sleep(wait)
