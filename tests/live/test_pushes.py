"""Web Push to a real receiver, which decrypts as a browser does."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.utils.webpush import b64url
from tests.support.browsers import AUTH, PUSHING, Browser
from tests.support.client import Person, connect, problem
from tests.support.receivers import eventually
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import StartServers
from tests.support.truth import Truth


@pytest.fixture
async def room(host: Person, start_servers: StartServers) -> AsyncIterator[Room]:
    (server,) = start_servers(1, **PUSHING)
    async with connect(server.url) as api:
        yield await open_room(replace(host, api=api), policies=MANUAL)


async def test_a_decision_reaches_who_is_away(room: Room, browser: Browser) -> None:
    person = await room.owner.api.sign_up("Away")
    await room.join(person)
    assert len((await person.get("/me/push-key"))["key"]) == 87
    await person.ok("POST", "/me/push-subscriptions", browser.subscription)
    proposal = await room.propose(room.owner, "We meet at noon.")
    decide = f"{room.path}/assumption-proposals/{proposal}/status"
    await room.owner.ok("PATCH", decide, {"status": "ACCEPTED"})
    receiver = browser.receiver
    await receiver.until(lambda: bool(receiver.taken))
    said = browser.read(receiver.taken[0])
    assert said["title"] == room.event["subject"]
    assert said["body"] == "Accepted: We meet at noon."
    assert said["url"] == f"/events/{room.id}"


async def test_only_what_is_wanted_is_told(room: Room, browser: Browser) -> None:
    person = await room.owner.api.sign_up("Choosy")
    await room.join(person)
    await person.ok("POST", "/me/push-subscriptions", browser.subscription)
    path = f"{room.path}/notifications"
    assert await person.get(path) == {"level": "decisions"}
    await person.ok("PUT", path, {"level": "none"})
    await room.move("PAUSED")
    proposals = [await _decided(room, n) for n in range(2)]
    assert proposals
    await person.ok("PUT", path, {"level": "decisions"})
    await room.move("FINISHED")
    receiver = browser.receiver
    await receiver.until(lambda: bool(receiver.taken))
    assert [browser.read(each)["body"] for each in receiver.taken] == [
        "The event is closed. See what was decided."
    ]


async def _decided(room: Room, n: int) -> str:
    await room.move("IN_PROGRESS")
    proposal = await room.propose(room.owner, f"Thought {n}")
    path = f"{room.path}/assumption-proposals/{proposal}/status"
    await room.owner.ok("PATCH", path, {"status": "REJECTED"})
    await room.move("PAUSED")
    return proposal


async def test_a_browser_that_is_gone_is_forgotten(
    room: Room, browser: Browser, truth: Truth
) -> None:
    person = await room.owner.api.sign_up("Gone")
    await room.join(person)
    await person.ok("POST", "/me/push-subscriptions", browser.subscription)
    browser.receiver.status = 410
    await room.move("FINISHED")
    await browser.receiver.until(lambda: bool(browser.receiver.refused))

    async def is_forgotten() -> bool:
        count = "SELECT count(*) FROM push_subscriptions WHERE user_id = %s"
        return (await truth.rows(count, person.id)) == [{"count": 0}]

    await eventually(is_forgotten)


async def test_signing_out_ends_it(room: Room, browser: Browser, truth: Truth) -> None:
    person = await room.owner.api.sign_up("Shared Computer")
    await person.ok("POST", "/me/push-subscriptions", browser.subscription)
    await person.ok("POST", "/auth/logout")
    count = "SELECT count(*) FROM push_subscriptions WHERE user_id = %s"
    assert await truth.rows(count, person.id) == [{"count": 0}]


async def test_keys_that_are_none_and_places_inside_are_refused(
    room: Room, browser: Browser
) -> None:
    wrong = {**browser.subscription, "keys": {"p256dh": "A" * 87, "auth": b64url(AUTH)}}
    answer = await room.owner.send("POST", "/me/push-subscriptions", wrong)
    problem(answer, 422, "invalid_fields")


async def test_it_is_off_where_nobody_set_it_up(host: Person, browser: Browser) -> None:
    answer = await host.send("POST", "/me/push-subscriptions", browser.subscription)
    problem(answer, 409, "push_off")
