"""What other people do while somebody writes: fifty changes, and the changes that hurt most."""

import asyncio
from itertools import cycle, islice
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from tests.support.client import Person
from tests.support.rooms import Room

HALF = "Half a thou"


async def storm(room: Room, guests: list[Person]) -> None:
    """Make fifty changes; the last of them is a message that says so."""
    proposals = await asyncio.gather(*(room.propose(one, f"By {one.id}.") for one in guests))
    votes = [room.votes_on(proposal) for proposal in proposals]
    for one in guests:
        await asyncio.gather(*(one.ok("PUT", path, {"choice": "DISAGREE"}) for path in votes))
    talk = 50 - len(guests) * (len(guests) + 1)
    for number, who in enumerate(islice(cycle(guests), talk)):
        await say(room, who, f"Word {number}.")


async def say(room: Room, who: Person, words: str) -> None:
    """Say something to the whole room."""
    body = {"id": str(uuid4()), "content": words}
    await who.ok("POST", f"/conversations/{room.id}/messages", body)


async def comment(room: Room, who: Person, words: str) -> None:
    """Say something about the first criterion."""
    subject = f"criterion:{room.event['criteria'][0]['id']}"
    await who.ok("POST", f"{room.path}/comments?subject={subject}", {"content": words})


async def change(room: Room, collection: str, target: str, words: str) -> None:
    """Change what stands, by the word of an admin."""
    body = {"category": "MODIFICATION", "target_id": target, "content": words}
    proposal = await room.owner.ok("POST", f"{room.path}/{collection}", body)
    path = f"{room.path}/{collection}/{proposal['id']}/status"
    await room.owner.ok("PATCH", path, {"status": "ACCEPTED"})


async def begin(field: Locator) -> None:
    """Type, and put the caret into the middle."""
    await field.fill("")
    await field.press_sequentially(HALF)
    await field.press("ArrowLeft")
    await field.press("ArrowLeft")


async def untouched(page: Page, field: Locator) -> None:
    """Nothing changed the text or moved the caret: one can just go on."""
    await expect(field).to_have_value(HALF)
    await expect(field).to_be_focused()
    await page.keyboard.type("_")
    await expect(field).to_have_value("Half a th_ou")
