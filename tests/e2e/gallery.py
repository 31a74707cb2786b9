"""Every screen of the client, with something of everything on it, for tests that look at all."""

from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.talking import tell
from tests.support.cast import upload_image
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

FAILING = {"waiting": "ACTIVE", "dead": "DEAD"}
FAIL = """
    UPDATE webhooks SET status = %s, attempts = 9, last_error = 'No answer in time.',
      failing_since = now() - interval '1 day', next_attempt_at = now() + interval '1 day'
    WHERE id = %s RETURNING id
"""
LONG = "Everybody can be at the main station at half past eight in the morning, with luggage."


@dataclass(frozen=True)
class Gallery:
    """Rooms in every state, and who looks at them."""

    host: Person
    guest: Person
    waiting: Person
    going: Room
    closed: Room
    new: Room
    over: Room
    pair: str

    def screens(self) -> list[tuple[str, str, Person | None]]:
        """Return name, address and viewer of each screen."""
        going, over = self.going, self.over
        return [
            ("home", "/", None),
            ("my-events", "/", self.host),
            ("sign-in", "/sign-in", None),
            ("reset", "/reset", None),
            ("nowhere", "/nowhere", None),
            ("join", f"/join/{going.code}", None),
            ("watch", f"/join/{going.code}?observe", None),
            ("join-over", f"/join/{over.code}", None),
            ("no-such-code", "/join/QQQQQQ", None),
            ("waiting", self.closed.path, self.waiting),
            ("outside", self.closed.path, self.guest),
            ("create", "/new", self.host),
            ("first-steps", self.new.path, self.host),
            ("room", going.path, self.guest),
            ("room-admin", going.path, self.host),
            ("ballot", f"{going.path}/ballot", self.guest),
            ("talk", f"{going.path}/talk", self.guest),
            ("activity", f"{going.path}/activity", self.guest),
            ("messages", "/messages", self.host),
            ("direct", f"/messages/{self.pair}", self.guest),
            ("news", "/news", self.host),
            ("brief", f"{going.path}/brief", self.guest),
            ("people", f"{going.path}/people", self.host),
            ("manage", f"{going.path}/manage", self.host),
            ("audit", f"{going.path}/audit", self.host),
            ("webhooks", f"{over.path}/webhooks", self.host),
            ("queue", f"{self.closed.path}/manage", self.host),
            ("stage", f"{going.path}/stage", self.host),
            ("result", f"{over.path}/result", self.guest),
            ("room-over", over.path, self.guest),
            ("stage-over", f"{over.path}/stage", self.host),
            ("account", "/account", self.host),
            ("claim", "/account", self.guest),
        ]


@pytest_asyncio.fixture(scope="session")
async def gallery(host: Person, truth: Truth) -> Gallery:
    going = await open_room(host, policies={"observers_allowed": True})
    over = await open_room(host, subject=f"{LONG[:-1]}?")
    closed = await open_room(host, policies={"membership_auto_approved": False})
    new = await open_room(host, start=False)
    guests = await going.guests(3)
    await _fill(going, guests)
    for guest in guests:
        await over.join(guest)
        await _cast(over, guest)
    await over.move("FINISHED")
    await _tell_others(over, truth)
    pair = await _talk(going, guests)
    waiting = await host.api.guest(closed.code, "Eve of the long name and many titles")
    await host.api.guest(closed.code, "Adam")
    return Gallery(host, guests[0], waiting, going, closed, new, over, pair)


async def _fill(room: Room, guests: list[Person]) -> None:
    target, criterion = room.event["assumptions"][0]["id"], room.criterion
    path = f"{room.path}/assumption-proposals"
    plain = await room.propose(guests[0], "It will rain.")
    await room.propose(guests[1], f"{LONG} {LONG}")
    change = {"category": "MODIFICATION", "target_id": target, "content": "Nearly all can come."}
    await guests[1].ok("POST", path, {**change, "reason": LONG})
    await guests[2].ok("POST", path, {"category": "DELETION", "target_id": target})
    conclusion = {"content": "The old harbour is nearest."}
    at = f"{room.path}/criteria/{criterion}/conclusion-proposals"
    await guests[2].ok("POST", at, conclusion)
    await guests[1].ok("PUT", room.votes_on(plain), {"choice": "AGREE"})
    refused = await room.propose(guests[2], "Money is no object.")
    await room.owner.ok("PATCH", f"{path}/{refused}/status", {"status": "REJECTED"})
    for guest in guests:
        words = {"content": f"{LONG} 좋은 생각입니다."}
        await guest.ok("POST", f"{room.path}/comments?subject=event", words)
    await _write(room, guests[1])
    await _cast(room, guests[0])


async def _write(room: Room, writer: Person) -> None:
    """A block of every kind, one of them held, and a stroke on the image."""
    path, image = f"{room.path}/brief/blocks", await upload_image(room, writer)
    for kind in ("heading", "text", "list", "quote"):
        made = await writer.ok("POST", path, {"kind": kind, "text": LONG})
    map_ = {"kind": "image", "text": "The way there", "attachment_id": image}
    await writer.ok("POST", path, map_)
    await writer.ok("POST", f"{path}/{made['id']}/lock")
    line = {"id": image, "points": [[0.1, 0.1], [0.9, 0.8]], "colour": "#d32f2f", "width": 0.01}
    await writer.ok("POST", f"{room.path}/sketches/{image}/strokes", {"strokes": [line]})


async def _tell_others(room: Room, truth: Truth) -> None:
    """Webhooks in every state, in an event that has nothing more to tell: no server is called."""
    path = f"{room.path}/webhooks"
    for name in ("delivered", "stopped", "waiting", "dead"):
        url = f"https://93.184.216.34/{name}/{'a-long-path/' * 9}"
        made = await room.owner.ok("POST", path, {"url": url, "types": ["item.changed"]})
        if name != "delivered":
            await room.owner.ok("PATCH", f"{path}/{made['id']}", {"status": "PAUSED"})
            await room.owner.ok("POST", f"{path}/{made['id']}/replay", {"after": 1})
        if name in FAILING:
            await truth.rows(FAIL, FAILING[name], made["id"])


async def _talk(room: Room, guests: list[Person]) -> str:
    """Have something said in the event, and between two; return the conversation of the two."""
    for guest in guests:
        await tell(guest, room.id, f"{LONG} 좋은 생각입니다. https://example.org/plan")
    last = await tell(guests[0], room.id, "Shall we?")
    await tell(room.owner, room.id, f"@{guests[0].user['name']} yes.", reply_to=last["id"])
    pair = await room.owner.ok("POST", "/conversations", {"user_id": guests[0].id})
    await tell(room.owner, pair["id"], LONG)
    await tell(guests[0], pair["id"], "Good.")
    return str(pair["id"])


async def _cast(room: Room, person: Person) -> None:
    event = await person.get(room.path)
    order = [one["id"] for one in event["criteria"]]
    ballot = {"option_id": event["options"][0]["id"], "criterion_ids": order}
    await person.ok("POST", f"{room.path}/votes", ballot)


async def settle(page: Page) -> None:
    """Wait until a screen shows what it is about, and no longer that it loads."""
    await expect(page.locator("h1").first).to_be_visible()
    await expect(page.locator(".loading:not(.waiting .loading)")).to_have_count(0)
