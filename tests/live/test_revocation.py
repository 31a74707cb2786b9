import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support.client import Api, Person, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.sse import Watcher, open_line
from tests.support.truth import Truth


@asynccontextmanager
async def _storm(room: Room, voters: list[Person]) -> AsyncIterator[None]:
    """Let people change their minds all the time."""
    votes = room.votes_on(await room.propose(room.owner))

    async def waver(voter: Person) -> None:
        for n in range(1_000_000):
            await voter.ok("PUT", votes, {"choice": ("AGREE", "DISAGREE")[n % 2]})

    storm = [asyncio.create_task(waver(voter)) for voter in voters]
    try:
        yield
    finally:
        for task in storm:
            task.cancel()
        ends = await asyncio.gather(*storm, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends


@pytest.mark.parametrize(("deed", "reason"), [("kick", "kicked"), ("ban", "banned")])
@pytest.mark.parametrize("at", [0, 1])
async def test_who_is_sent_out_sees_nothing_after_it(
    host: Person, deed: str, reason: str, at: int
) -> None:
    room = await open_room(host, policies=MANUAL)
    target, *voters = await room.guests(6)
    path = f"{room.path}/memberships/{target.membership['id']}/{deed}"
    async with _storm(room, voters), Watcher(target, room.id, at=at) as watcher:
        await watcher.until_seq(watcher.seq + 10)
        answer = await host.send("PATCH", path, at=0)
        await watcher.until(lambda: bool(watcher.over))

    assert watcher.over == reason
    *_, last = (frame for frame in watcher.frames if frame.is_change)
    assert last.json["type"] == "membership.changed"
    assert last.json["data"]["user"]["id"] == target.id
    # What the deed took with it, and all that others did since, has higher numbers.
    assert last.seq < int(answer.headers["x-event-seq"].rpartition(".")[2])
    async with open_line(target, room.id) as line:
        await line.response.aread()
    problem(line.response, 403)


async def test_who_leaves_sees_nothing_after_it(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    target, *voters = await room.guests(6)
    async with _storm(room, voters), Watcher(target, room.id, at=1) as watcher:
        await target.ok("POST", f"{room.path}/leave", at=0)
        await watcher.until(lambda: bool(watcher.over))
    assert watcher.over == "left"
    last = [frame for frame in watcher.frames if frame.is_change][-1]
    assert (last.json["type"], last.json["data"]["status"]) == ("membership.changed", "LEFT")


async def test_who_is_let_in_again_looks_again(host: Person) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await room.manage(guest.membership["id"], "kick")
    await room.join(guest)
    async with Watcher(guest, room.id, at=1) as watcher:
        await host.ok("POST", f"{room.path}/comments", {"content": "Welcome back"})
        await watcher.until_seq((await host.get(room.path))["seq"])
    assert not watcher.over


async def test_signing_out_ends_all_streams_of_that_session(api: Api, host: Person) -> None:
    room = await open_room(host)
    issued = await host.ok("POST", "/auth/tokens", {"name": "A tab"})
    tab = Person(api, issued["token"], host.user)
    async with (
        Watcher(tab, room.id, at=0) as near,
        Watcher(tab, room.id, at=1) as far,
        Watcher(host, room.id, at=1) as other,
    ):
        await tab.ok("POST", "/auth/logout", at=0)
        await asyncio.gather(*(w.until(lambda w=w: bool(w.over)) for w in (near, far)))
        await host.ok("POST", f"{room.path}/comments", {"content": "Still here"})
        await other.until_seq((await host.get(room.path))["seq"])
    assert (near.over, far.over, other.over) == ("signed_out", "signed_out", "")


async def test_a_new_password_ends_the_streams_of_other_sessions(api: Api, host: Person) -> None:
    room = await open_room(host)
    person = await api.sign_up("Careful", password="old password")
    await room.join(person)
    login = {"email": person.user["email"], "password": "old password"}
    tab = replace(person, token=(await api.nobody().ok("POST", "/auth/login", login))["token"])
    async with Watcher(tab, room.id, at=1) as other, Watcher(person, room.id, at=0) as own:
        change = {"password": "new password", "current_password": "old password"}
        await person.ok("PATCH", "/auth/me", change, at=0)
        await other.until(lambda: bool(other.over))
        await host.ok("POST", f"{room.path}/comments", {"content": "Still here"})
        await own.until_seq((await host.get(room.path))["seq"])
    assert (other.over, own.over) == ("signed_out", "")


@pytest.mark.parametrize("end", ["event_closed", "event_deleted"])
async def test_the_end_of_an_event_ends_its_streams(host: Person, end: str, truth: Truth) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    async with Watcher(guest, room.id, at=0) as near, Watcher(guest, room.id, at=1) as far:
        if end == "event_closed":
            await room.move("FINISHED")
        else:
            await host.ok("DELETE", room.path)
        await asyncio.gather(*(w.until(lambda w=w: bool(w.over)) for w in (near, far)))
    head = await truth.head(room.id)
    assert (near.over, far.over) == (end, end)
    assert (near.seq, far.seq) == (head, head)


async def test_a_claim_ends_the_streams_of_the_guest_session(api: Api, host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    (guest,) = await room.guests(1)
    proposal = await room.propose(host)
    await guest.ok("POST", room.votes_on(proposal))
    async with Watcher(guest, room.id, at=1) as watcher:
        account = {"email": f"{uuid4().hex}@example.org", "password": "correct horse"}
        claimed = api.person(await guest.ok("POST", "/auth/claim", account, at=0))
        await watcher.until(lambda: bool(watcher.over))
    assert watcher.over == "signed_out"
    assert claimed.id == guest.id
    problem(await guest.send("GET", "/auth/me"), 401)
    me = (await claimed.get(room.path))["me"]
    assert me["votes"] == {proposal: "AGREE"}
    assert me["membership"]["user"]["id"] == guest.id
