from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import PHONE, badge, be_live
from tests.e2e.writing import add, be_reading, block, button, choose, texts
from tests.support.client import Person
from tests.support.rooms import open_room


async def test_blocks_come_in_the_order_in_which_they_were_added(
    host: Person, open_page: OpenPage
) -> None:
    """One is not in the brief yet when the next is added: that comes behind it all the same."""
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await add(host, room, "Zero.")
    page = await open_page(room.path, person=guest, shaky=True, **PHONE)
    await be_reading(page)
    await page.context.set_offline(True)
    await expect(badge(page)).to_have_text("offline")
    for text in ("One.", "Two.", "Three."):
        await _add(page, text)
    await expect(page.get_by_text("This block waits for the line")).to_have_count(3)
    await page.context.set_offline(False)
    await expect(block(page, 4)).to_contain_text("Three.")
    assert await texts(host, room) == ["Zero.", "One.", "Two.", "Three."]


async def test_a_block_is_added_below_another(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    for text in ("One.", "Three."):
        await add(host, room, text)
    page = await open_page(f"{room.path}/brief", person=host)
    await be_live(page)
    await choose(page, 1, "Add a block below")
    form = page.get_by_role("form", name="A new block")
    await form.get_by_role("textbox").fill("Two.")
    await button(form, "Add it").click()
    await expect(block(page, 2)).to_contain_text("Two.")
    assert await texts(host, room) == ["One.", "Two.", "Three."]


async def _add(page: Page, text: str) -> None:
    await button(page, "Add a block").click()
    form = page.get_by_role("form", name="A new block")
    await form.get_by_role("textbox").fill(text)
    await button(form, "Add it").click()
    await expect(form).to_have_count(0)
