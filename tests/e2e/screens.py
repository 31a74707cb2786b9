"""What the browser tests look for on a screen, by role and label."""

import re

from playwright.async_api import Locator, Page, expect

from tests.support.rooms import Room

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LIVE = re.compile(r"^live( · \d+\.\d s)?$")


def card(page: Page, words: str) -> Locator:
    """The proposal with these words, while it is open."""
    return page.get_by_role("listitem").filter(has_text=words).filter(has=vote_group(page))


def vote_group(page: Page) -> Locator:
    return page.get_by_role("group", name="Your vote")


def answer(where: Locator, choice: str) -> Locator:
    return where.get_by_role("button", name=choice, exact=True)


def badge(page: Page) -> Locator:
    return page.get_by_title("How fresh this page is")


def part(page: Page, name: str) -> Locator:
    """The link to a part of the room."""
    rooms = page.get_by_role("navigation", name="Parts of the room")
    return rooms.get_by_role("link", name=name)


async def be_live(page: Page) -> None:
    """Wait until the page listens, so that nothing said from now on is history to it."""
    await expect(badge(page)).to_have_text(LIVE)


async def be_in(page: Page, room: Room) -> None:
    await expect(page.get_by_role("heading", name=room.event["subject"])).to_be_visible()
    await expect(page.get_by_role("region", name="Assumptions")).to_be_visible()
    await be_live(page)


async def propose(page: Page, words: str) -> None:
    await page.get_by_role("button", name="Propose an assumption").click()
    dialog = page.get_by_role("dialog", name="Propose an assumption")
    await dialog.get_by_label("The assumption").fill(words)
    await dialog.get_by_role("button", name="Propose it").click()
    await expect(dialog).to_be_hidden()
