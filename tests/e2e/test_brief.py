import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import PHONE, badge, be_live, card, part
from tests.e2e.test_accessibility import faults
from tests.e2e.writing import (
    MINE,
    add,
    be_reading,
    begin,
    block,
    button,
    choose,
    field,
    save,
    take,
    texts,
)
from tests.support.cast import upload_image
from tests.support.client import Person
from tests.support.rooms import open_room


async def test_two_write_at_once_and_both_see_all(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    for text in ("Who comes.", "What it costs."):
        await add(host, room, text)
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1, **PHONE)
    for page in (ada, ben):
        await be_reading(page)
    one, two = await begin(ada, 1), await begin(ben, 2)
    await one.fill("Thirty people come.")
    await two.fill("It costs 400,000 won.")
    await expect(block(ada, 2)).to_contain_text("is writing here")
    await expect(block(ben, 1)).to_contain_text("is writing here")
    await photograph(ada, "desk")
    await photograph(ben, "phone")
    await save(ada)
    await save(ben)
    for page in (ada, ben):
        await expect(block(page, 1)).to_contain_text("Thirty people come.")
        await expect(block(page, 2)).to_contain_text("It costs 400,000 won.")
        await expect(page.get_by_text("is writing here")).to_have_count(0)


async def test_one_writes_and_the_other_sees_who_and_gets_it_when_free(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await add(host, room, "Who comes.")
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_reading(page)
    await (await take(ada, 1)).fill("Thirty people come.")
    words = await begin(ben, 1)
    await expect(ben.get_by_text(f"{host.user['name']} is writing here.")).to_be_visible()
    await words.fill("Who comes, and when?")
    await expect(button(ben, "Save")).to_be_disabled()

    await button(ada, "Close, keep my draft").click()
    await expect(ben.get_by_text("It is free now.")).to_be_visible()
    await button(ben, "Write now").click()
    await expect(ben.get_by_text(MINE)).to_be_visible()
    await expect(words).to_have_value("Who comes, and when?")
    await save(ben)
    await expect(block(ada, 1).locator(".brief-body")).to_have_text("Who comes, and when?")
    await expect(block(ada, 1).locator(".brief-draft")).to_contain_text("Thirty people come.")


async def test_a_commit_over_a_changed_text_keeps_both(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    made = await add(host, room, "We meet on Monday at noon.")
    page = await open_page(room.path, person=guest, shaky=True)
    await be_reading(page)
    words = await take(page, 1)
    await words.fill("We meet on Tuesday at noon.")
    await page.context.set_offline(True)
    await expect(badge(page)).to_have_text("offline")
    await save(page)
    await expect(page.get_by_text("Kept here. It is saved as soon as")).to_be_visible()
    lock = f"{room.path}/brief/blocks/{made['id']}"
    await host.ok("DELETE", f"{lock}/lock")
    await host.ok("PUT", lock, {"text": "We meet on Monday at one.", "version": 1})
    await page.context.set_offline(False)

    await expect(page.get_by_text("This changed while you were writing")).to_be_visible()
    await expect(words).to_have_value("We meet on Tuesday at noon.")
    difference = page.locator(".diff")
    await expect(difference.locator("ins").first).to_have_text("Tuesday")
    await expect(difference.locator("del").first).to_have_text("Monday")
    await photograph(page, "both")
    await button(page, "Take theirs").click()
    await expect(words).to_have_value("We meet on Monday at one.")
    await button(page, "Back to mine").click()
    await expect(words).to_have_value("We meet on Tuesday at noon.")
    await words.fill("We meet on Tuesday at noon, all of us.")
    await save(page)
    await expect(block(page, 1).locator(".brief-body")).to_contain_text("all of us.")
    assert await texts(host, room) == ["We meet on Tuesday at noon, all of us."]


async def test_both_texts_are_put_together(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    made = await add(host, room, "We meet on Monday at noon.")
    page = await open_page(room.path, person=guest)
    await be_reading(page)
    words = await take(page, 1)
    await words.fill("We meet on Tuesday at noon.")
    lock = f"{room.path}/brief/blocks/{made['id']}"
    await host.ok("DELETE", f"{lock}/lock")
    await host.ok("PUT", lock, {"text": "We meet on Monday at one.", "version": 1})
    await button(page, "Put both together").click()
    await expect(words).to_have_value("We meet on Tuesday at one.")
    await save(page)
    await expect(block(page, 1).locator(".brief-body")).to_have_text("We meet on Tuesday at one.")


async def test_an_admin_frees_a_block(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await add(host, room, "One.")
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_reading(page)
    words = await begin(ben, 1)
    await words.fill("One, and my thought.")
    await expect(block(ada, 1)).to_contain_text("is writing here")
    await choose(ada, 1, "Free the block for others")
    await button(ada.get_by_role("dialog"), "Free it").click()
    await expect(ben.get_by_text(f"{host.user['name']} freed this block")).to_be_visible()
    await expect(words).to_have_value("One, and my thought.")
    await save(ben)
    await expect(block(ada, 1).locator(".brief-body")).to_have_text("One, and my thought.")


async def test_a_brief_by_keyboard_alone(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    for text in ("One.", "Two."):
        await add(host, room, text)
    page = await open_page(f"{room.path}/brief", person=host)
    await be_live(page)
    await page.get_by_label("Write in block 2").focus()
    await page.keyboard.press("Enter")
    await expect(field(page, 2)).to_be_focused()
    await page.keyboard.type(" By hand.")
    await page.keyboard.press("Control+Enter")
    await expect(block(page, 2).locator(".brief-body")).to_have_text("Two. By hand.")
    await expect(block(page, 2)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_text("Now block 1 of 2.")).to_be_attached()
    await expect(block(page, 1).locator(".brief-body")).to_have_text("Two. By hand.")
    assert await texts(host, room) == ["Two. By hand.", "One."]
    await button(page, "Add a block").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("form", name="A new block")).to_be_visible()
    await page.keyboard.type("Three.")
    await page.keyboard.press("Control+Enter")
    await expect(block(page, 3).locator(".brief-body")).to_have_text("Three.")


async def test_a_block_becomes_a_proposal_that_says_so(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    await add(host, room, "Everybody can come.")
    page = await open_page(f"{room.path}/brief", person=host)
    await be_live(page)
    await choose(page, 1, "Make it a proposal")
    await button(page.get_by_role("dialog"), "Propose it").click()
    await page.get_by_role("link", name="Show it").click()
    made = card(page, "Everybody can come.")
    await expect(made.get_by_role("link", name="From the brief, version 1")).to_be_visible()
    await button(made, "Accept").click()
    await button(page.get_by_role("dialog"), "Accept").click()
    await page.get_by_text("Decided:").first.click()
    await page.get_by_role("link", name="From the brief, version 1").click()
    await expect(page).to_have_url(re.compile(r"/brief\?block="))
    await expect(block(page, 1)).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_where_people_write(
    host: Person, open_page: OpenPage, theme: str
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    made = await add(host, room, "We meet on Monday.")
    image = await upload_image(room, host)
    await add(host, room, "The way there", kind="image", attachment_id=image)
    size = PHONE if theme == "dark" else {}
    page = await open_page(room.path, person=host, color_scheme=theme, **size)
    await be_reading(page)
    await (await take(page, 1)).fill("We meet on Tuesday.")
    path = f"{room.path}/brief/blocks/{made['id']}"
    await host.ok("DELETE", f"{path}/lock")
    await guest.ok("PUT", path, {"text": "We meet at one.", "version": 1})
    await expect(page.get_by_text("This changed while you were writing")).to_be_visible()
    await button(page, "Draw on it").click()
    await button(page, "Add a block").click()
    await page.get_by_label("List", exact=True).check()
    await page.get_by_role("textbox", name="List").fill("One\nTwo")
    found = await faults(page, "writing")
    await guest.ok("POST", f"{path}/lock")
    await expect(block(page, 1)).to_contain_text("is writing here")
    # On a phone the tools of an image make room for the hand that draws on it.
    await button(page, "Done drawing").click()
    await choose(page, 2, "What it was before")
    found += await faults(page, "history")
    await page.keyboard.press("Escape")
    await button(page, "Kept versions").click()
    found += await faults(page, "kept")
    await page.keyboard.press("Escape")
    await choose(page, 2, "Make it a proposal")
    found += await faults(page, "proposal")
    assert not found, "\n".join(found)


async def test_who_watches_reads(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host, policies={"observers_allowed": True})
    (guest,) = await room.guests(1)
    await room.give_role(guest.membership["id"], "OBSERVER")
    await add(host, room, "One.")
    page = await open_page(room.path, person=guest)
    await be_reading(page)
    await block(page, 1).locator(".brief-body").click()
    await expect(page.get_by_text("Observers read the brief")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Block 1")).to_have_count(0)
    await expect(button(page, "Add a block")).to_have_count(0)
    await room.move("FINISHED")
    await part(page, "Brief").click()
    await expect(page.get_by_text("The event is over. The brief stays")).to_be_visible()
