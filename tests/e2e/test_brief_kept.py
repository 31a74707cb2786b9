import re

from playwright.async_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import be_live
from tests.e2e.writing import add, begin, block, button, choose, save
from tests.support.client import Person
from tests.support.rooms import open_room


async def test_what_somebody_else_brought_back_is_offered_no_more(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    one, _ = [await add(host, room, text) for text in ("One.", "Two.")]
    page = await open_page(f"{room.path}/brief", person=host)
    await be_live(page)
    await choose(page, 1, "Remove")
    await expect(button(page, "Bring it back")).to_be_visible()
    back = f"{room.path}/brief/blocks/{one['id']}/restore"
    await guest.ok("POST", back, {"version": 2})
    await expect(block(page, 1).locator(".brief-body")).to_have_text("One.")
    assert await button(page, "Bring it back").count() == 0


async def test_what_was_removed_or_kept_comes_back(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    for text in ("One.", "Two."):
        await add(host, room, text)
    page = await open_page(f"{room.path}/brief", person=host)
    await be_live(page)
    await button(page, "Kept versions").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Before the vote")
    await button(dialog, "Keep it").click()
    await expect(dialog.get_by_text("2 blocks")).to_be_visible()
    await page.keyboard.press("Escape")
    await choose(page, 1, "Remove")
    await expect(block(page, 1).locator(".brief-body")).to_have_text("Two.")
    await button(page, "Bring it back").click()
    await expect(block(page, 1).locator(".brief-body")).to_have_text("One.")
    await choose(page, 1, "What it was before")
    for number, of in ((3, ""), (2, "removed"), (1, "")):
        version = page.get_by_role("dialog").get_by_role("listitem").nth(3 - number)
        await expect(version).to_contain_text(re.compile(rf"Version {number} .*{of}"))
    await page.keyboard.press("Escape")
    await (await begin(page, 2)).fill("Something else.")
    await save(page)
    await expect(block(page, 2).locator(".brief-body")).to_have_text("Something else.")
    await choose(page, 2, "What it was before")
    await expect(page.get_by_role("dialog").locator("del").first).to_contain_text("Two")
    await page.keyboard.press("Escape")
    await button(page, "Kept versions").click()
    await button(page.get_by_role("dialog"), "Bring back").click()
    question = page.get_by_role("dialog", name="Bring back “Before the vote”?")
    await expect(question).to_contain_text("The 2 blocks of then take the place of the 2 of now")
    await button(question, "Bring back").click()
    await expect(block(page, 2).locator(".brief-body")).to_have_text("Two.")
