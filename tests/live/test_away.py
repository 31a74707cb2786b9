"""What is said to somebody who is away waits in their summary, and is pushed to their browser."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support.browsers import PUSHING, Browser
from tests.support.client import Json, Person, connect
from tests.support.personal import first_summary, open_personal
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers


@pytest.fixture
async def room(host: Person, start_servers: StartServers) -> AsyncIterator[Room]:
    (server,) = start_servers(1, **PUSHING)
    async with connect(server.url) as api:
        yield await open_room(replace(host, api=api))


@pytest.fixture
async def away(room: Room, browser: Browser) -> Person:
    """A member whose browser is subscribed, and who has read everything."""
    person = await room.owner.api.sign_up("Away")
    await room.join(person)
    await person.ok("POST", "/me/push-subscriptions", browser.subscription)
    await person.ok("PUT", f"/conversations/{room.id}/read", {"seq": 1_000})
    return person


async def say(author: Person, talk: str, content: str) -> None:
    path = f"/conversations/{talk}/messages"
    await author.ok("POST", path, {"id": str(uuid4()), "content": content})


async def summary(person: Person) -> Json:
    async with open_personal(person) as line:
        return await first_summary(line)


async def pushed(browser: Browser, count: int) -> list[Json]:
    receiver = browser.receiver
    await receiver.until(lambda: len(receiver.taken) >= count)
    return [browser.read(each) for each in receiver.taken]


async def test_a_direct_message_waits_and_is_pushed(
    room: Room, away: Person, browser: Browser
) -> None:
    # Whoever wants nothing of an event is still reached by people.
    await away.ok("PUT", f"{room.path}/notifications", {"level": "none"})
    talk = (await room.owner.ok("POST", "/conversations", {"user_id": away.id}))["id"]
    await say(room.owner, talk, "See you at noon?")
    assert await pushed(browser, 1) == [
        {
            "title": "Assent",
            "body": "Host: See you at noon?",
            "tag": talk,
            "url": f"/messages/{talk}",
        }
    ]
    await say(away, talk, "Yes.")
    await say(room.owner, talk, "Good.")
    assert [each["body"] for each in await pushed(browser, 2)][1:] == ["Host: Good."]
    (waiting,) = (await summary(away))["conversations"]
    assert (waiting["id"], waiting["with"]["name"]) == (talk, "Host")
    assert (waiting["last_seq"], waiting["read_seq"], waiting["unread"]) == (3, 2, 1)
    await away.ok("PUT", f"/conversations/{talk}/read", {"seq": 3})
    assert (await summary(away))["conversations"] == []


async def test_a_mention_waits_and_is_pushed(room: Room, away: Person, browser: Browser) -> None:
    await say(room.owner, room.id, "Nobody is named.")
    await say(room.owner, room.id, "What do you think, @Away?")
    (push,) = await pushed(browser, 1)
    assert push == {
        "title": room.event["subject"],
        "body": "Host mentioned you: What do you think, @Away?",
        "tag": room.id,
        "url": room.path,
    }
    (event,) = (await summary(away))["events"]
    assert (event["unread"], event["mentions"]) == (2, 1)
    last = event["message_seq"]
    await away.ok("PUT", f"/conversations/{room.id}/read", {"seq": last})
    (event,) = (await summary(away))["events"]
    assert (event["unread"], event["mentions"], event["message_seq"]) == (0, 0, last)


async def test_who_wants_all_is_told_what_is_said(
    room: Room, away: Person, browser: Browser
) -> None:
    await away.ok("PUT", f"{room.path}/notifications", {"level": "all"})
    await say(away, room.id, "My own words.")
    await say(room.owner, room.id, "Hello.")
    assert [each["body"] for each in await pushed(browser, 1)] == ["Host: Hello."]


async def test_who_wants_nothing_is_not_told_of_a_mention(
    room: Room, away: Person, browser: Browser
) -> None:
    await away.ok("PUT", f"{room.path}/notifications", {"level": "none"})
    await say(room.owner, room.id, "@Away, are you there?")
    talk = (await room.owner.ok("POST", "/conversations", {"user_id": away.id}))["id"]
    await say(room.owner, talk, "Then so.")
    assert [each["body"] for each in await pushed(browser, 1)] == ["Host: Then so."]
    (event,) = (await summary(away))["events"]
    assert event["mentions"] == 1
