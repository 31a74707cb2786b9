import asyncio
import io
import re

from PIL import Image
from playwright.async_api import Route, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import PHONE, be_in, be_live, part
from tests.e2e.talking import be_talking, box, choose, messages, said, say, talk, tell
from tests.support.client import Person
from tests.support.rooms import open_room


async def test_two_browsers_talk(host: Person, open_page: OpenPage, photograph: Photograph) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(f"{room.path}/talk", person=guest, at=1, **PHONE)
    await be_in(ada, room)
    await be_talking(ada)
    await be_talking(ben)

    await say(ada, "Shall we meet by the river?")
    await expect(said(ben, "Shall we meet by the river?")).to_be_visible()
    await choose(ben, "by the river", "Reply")
    await expect(ben.get_by_text("Reply to")).to_be_visible()
    await box(ben).fill("Yes, at noon.")
    await talk(ben).get_by_role("button", name="Send").click()
    answer = said(ada, "Yes, at noon.")
    await expect(answer).to_contain_text("Shall we meet by the river?")

    await choose(ada, "by the river?", "Edit")
    await messages(ada).get_by_label("Edit").fill("Shall we meet at the station?")
    await messages(ada).get_by_label("Edit").press("Enter")
    await expect(said(ben, "at the station?")).to_contain_text("edited")
    await photograph(ben, "phone")
    await photograph(ada, "desk")
    await choose(ben, "Yes, at noon.", "Remove")
    await expect(messages(ada).filter(has_text="Message removed.")).to_be_visible()
    await expect(ada.get_by_text("Yes, at noon.")).to_be_hidden()


async def test_somebody_is_called_by_name(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    await host.api.guest(room.code, "Nora Lind")
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    await be_talking(page)

    await box(page).press_sequentially("What do you think, @no")
    option = page.get_by_role("option", name="Nora Lind")
    await expect(option).to_have_attribute("aria-selected", "true")
    await box(page).press("Enter")
    await expect(box(page)).to_have_value("What do you think, @Nora Lind ")
    await box(page).press("Enter")
    await expect(said(page, "What do you think").locator(".mention")).to_have_text("@Nora Lind")


async def test_a_message_waits_for_the_line_and_arrives_once(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, shaky=True)
    await page.evaluate("navigator.serviceWorker.ready")
    await page.reload()  # Now the shell is kept.
    await be_in(page, room)
    await be_talking(page)
    await page.context.set_offline(True)
    await say(page, "First from the tunnel.")
    await say(page, "Second from the tunnel.")
    for words in ("First from the tunnel.", "Second from the tunnel."):
        await expect(said(page, words)).to_contain_text("Kept here.")
    await page.reload()
    await expect(page.get_by_text("This page comes by itself")).to_be_visible()

    await page.context.set_offline(False)
    await be_in(page, room)
    await expect(said(page, "Second from the tunnel.")).not_to_contain_text("Kept here.")
    found = await host.get(f"/conversations/{room.id}/messages")
    words = [one["content"] for one in found["items"] if one["kind"] == "said"]
    assert words == ["First from the tunnel.", "Second from the tunnel."]
    await expect(messages(page).filter(has_text="from the tunnel.")).to_have_count(2)


async def test_what_is_said_before_the_conversation_came_is_kept_in_sight(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    page = await open_page(shaky=True, person=host)
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route(re.compile("/conversations/[^/]+/messages"), hold)
    await page.goto(room.path)
    await be_talking(page)
    await say(page, "Before anything came.")
    await expect(said(page, "Before anything came.")).to_be_visible()
    go_on.set()
    await expect(said(page, "Before anything came.")).not_to_contain_text("Kept here.")
    await expect(messages(page).filter(has_text="Before anything came.")).to_have_count(1)


async def test_what_is_read_on_the_phone_is_read_on_the_desk(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    desk = await open_page("/", person=guest, at=0)
    row = desk.get_by_role("link", name=room.event["subject"])
    await expect(row).to_be_visible()
    for n in range(3):
        await tell(host, room.id, f"Word {n}.")
    await expect(row.locator(".badge")).to_contain_text(re.compile(r"^[3-9]"))
    await expect(desk.locator(".messages-link .badge")).to_be_visible()

    phone = await open_page(room.path, person=guest, at=1, **PHONE)
    await be_in(phone, room)
    await expect(part(phone, "Talk").locator(".badge")).to_be_visible()
    await part(phone, "Talk").click()
    await expect(said(phone, "Word 2.")).to_be_visible()
    await expect(row.locator(".badge")).to_have_count(0)
    await expect(part(phone, "Talk").locator(".badge")).to_have_count(0)


async def test_typing_appears_and_goes(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_in(page, room)
        await be_talking(page)
    await box(ben).press_sequentially("Well")
    line = talk(ada).get_by_text("Guest 0 writing…")
    await expect(line).to_be_visible()
    await expect(line).to_be_hidden()
    await box(ben).press_sequentially(", yes")
    await expect(line).to_be_visible()
    await box(ben).press("Enter")
    await expect(said(ada, "Well, yes")).to_be_visible()
    await expect(line).to_be_hidden()


async def test_nothing_moves_while_others_talk(host: Person, open_page: OpenPage) -> None:
    """Fifty messages arrive while somebody writes, and while somebody reads further up."""
    room = await open_room(host)
    (guest,) = await room.guests(1)
    for n in range(60):
        await tell(host, room.id, f"Earlier {n}.")
    page = await open_page(room.path, person=guest)
    await be_in(page, room)
    await be_talking(page)
    await expect(said(page, "Earlier 59.")).to_be_in_viewport()
    listing = talk(page).get_by_role("region", name="What was said")
    await listing.evaluate("list => { list.scrollTop = 300; }")
    await expect(page.get_by_role("button", name="To the newest")).to_be_visible()
    held = await listing.evaluate(
        """list => {
          const edge = list.getBoundingClientRect().top;
          const rows = [...list.querySelectorAll('[data-seq]')];
          const row = rows.find((one) => one.getBoundingClientRect().bottom > edge + 100);
          return [row.id, row.getBoundingClientRect().top];
        }"""
    )
    await box(page).click()
    for n in range(50):
        await tell(host, room.id, f"Later {n}.")
        if n % 5 == 0:
            await box(page).press_sequentially("x")
    await expect(page.get_by_role("button", name=re.compile(r"^\d+ new$"))).to_be_visible()
    await expect(said(page, "Later 49.")).to_be_attached()
    assert await box(page).input_value() == "x" * 10
    top = await page.evaluate(
        "id => document.getElementById(id).getBoundingClientRect().top", held[0]
    )
    assert abs(top - held[1]) <= 2
    await page.get_by_role("button", name=re.compile(r"^\d+ new$")).click()
    await expect(said(page, "Later 49.")).to_be_in_viewport()


async def test_older_words_come_while_one_scrolls(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    for n in range(120):
        await tell(host, room.id, f"Number {n}.")
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    await expect(said(page, "Number 119.")).to_be_in_viewport()
    assert await page.get_by_text("Number 3.", exact=True).count() == 0
    listing = talk(page).get_by_role("region", name="What was said")
    for first in (75, 25, 3):
        await listing.evaluate("list => { list.scrollTop = 0; }")
        await expect(page.get_by_text(f"Number {first}.", exact=True)).to_be_attached()


async def test_a_line_marks_what_is_new(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest)
    await be_in(page, room)
    await be_talking(page)
    async with page.expect_response(lambda one: one.url.endswith("/read")):
        await tell(host, room.id, "Seen at once.")
    await expect(said(page, "Seen at once.")).to_be_visible()
    await page.goto("about:blank")
    await tell(host, room.id, "Said meanwhile.")
    await page.goto(room.path)
    await be_live(page)
    mark = talk(page).get_by_text("New since you were away")
    await expect(mark).to_be_visible()
    above = await mark.bounding_box()
    below = await said(page, "Said meanwhile.").bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]


def _picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


async def test_an_image_waits_for_an_admin(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host, policies={"images_need_approval": True})
    (guest, other) = await room.guests(2)
    ada = await open_page(room.path, person=host)
    ben = await open_page(room.path, person=guest)
    cleo = await open_page(room.path, person=other)
    for page in (ada, ben, cleo):
        await be_in(page, room)
        await be_talking(page)
    file = {"name": "harbour.png", "mimeType": "image/png", "buffer": _picture(640, 320)}
    await ben.locator("input[type=file]").set_input_files(file)
    await expect(talk(ben).locator(".upload progress")).to_have_count(0)
    await box(ben).press("Enter")
    mine = talk(ben).get_by_role("img", name="harbour.png")
    await expect(mine).to_be_visible()
    await expect(talk(ben).get_by_text("Waits for an admin")).to_be_visible()
    await expect(
        talk(cleo).get_by_text("An image that an admin has yet to approve.")
    ).to_be_visible()
    await photograph(ada, "pending")

    await talk(ada).get_by_role("button", name="Approve").click()
    seen = talk(cleo).get_by_role("img", name="harbour.png")
    await expect(seen).to_be_visible()
    await expect(seen).to_have_js_property("naturalWidth", 480)
    await expect(talk(ben).get_by_text("Waits for an admin")).to_be_hidden()


async def test_what_cannot_be_sent_says_why(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    await be_talking(page)
    chooser = page.locator("input[type=file]")
    big = {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * (10 * 1024 * 1024 + 1)}
    await chooser.set_input_files(big)
    await expect(talk(page).get_by_text("Too big: at most")).to_be_visible()
    await page.get_by_role("button", name="Remove big.txt").click()
    await chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"nothing"})
    refused = talk(page).locator(".upload.refused")
    await expect(refused).to_contain_text("image")
    await page.get_by_role("button", name="Remove a.png").click()
    note = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Bring a pen."}
    await chooser.set_input_files(note)
    await expect(talk(page).locator(".upload progress")).to_have_count(0)
    await box(page).press("Enter")
    link = talk(page).get_by_role("link", name=re.compile("notes.txt"))
    async with page.expect_download() as caught:
        await link.click()
    assert (await (await caught.value).path()).read_bytes() == b"Bring a pen."
