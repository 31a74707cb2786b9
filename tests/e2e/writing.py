"""What the browser tests do in the shared brief, by role and label."""

from playwright.async_api import Locator, Page, expect

from tests.e2e.screens import be_live, part
from tests.support.client import Json, Person
from tests.support.rooms import Room

MINE = "The block is yours while you write."


async def add(person: Person, room: Room, text: str, **fields: str) -> Json:
    """Add a block past the page."""
    body = {"kind": "text", "text": text} | fields
    return dict(await person.ok("POST", f"{room.path}/brief/blocks", body))


async def texts(person: Person, room: Room) -> list[str]:
    return [block["text"] for block in (await person.get(f"{room.path}/brief"))["blocks"]]


def block(page: Page, number: int) -> Locator:
    blocks = page.get_by_role("list", name="Blocks of the brief")
    return blocks.get_by_role("listitem", name=f"Block {number}", exact=True)


def field(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Block {number}: ")


def button(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)


async def be_reading(page: Page) -> None:
    await be_live(page)
    await part(page, "Brief").click()
    await expect(page.get_by_role("heading", name="Brief", exact=True)).to_be_visible()
    await expect(page.locator(".brief .loading")).to_have_count(0)


async def begin(page: Page, number: int) -> Locator:
    """Open a block for writing, by a tap on its words."""
    await block(page, number).locator(".brief-body").click()
    await expect(field(page, number)).to_be_focused()
    return field(page, number)


async def take(page: Page, number: int) -> Locator:
    """Open a block for writing, and wait until it is this person's own."""
    area = await begin(page, number)
    await expect(page.get_by_text(MINE)).to_be_visible()
    return area


async def save(page: Page) -> None:
    await button(page, "Save").click()


async def choose(page: Page, number: int, verb: str) -> None:
    await block(page, number).hover()
    await page.get_by_label(f"More about block {number}").click()
    await button(page, verb).click()
