"""Who has read what one said, and who has turned away from the screen."""

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import be_in, be_live
from tests.e2e.talking import be_talking, messages, said, say
from tests.support.client import Person
from tests.support.rooms import open_room

IDLE_AFTER_MS = 5 * 60_000


async def _open_menu(page: Page, words: str) -> None:
    await said(page, words).hover()
    await said(page, words).locator("summary").click()


async def test_the_author_is_told_how_many_have_read(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (one, _, other) = await room.guests(3)
    ada = await open_page(room.path, person=host)
    await be_in(ada, room)
    await be_talking(ada)
    await say(ada, "Bring an umbrella.")
    await _open_menu(ada, "umbrella")
    await expect(messages(ada).get_by_text("Nobody has read it yet")).to_be_visible()
    await ada.keyboard.press("Escape")

    ben = await open_page("/", person=one, at=1)
    async with ben.expect_response(lambda answer: answer.url.endswith("/read")):
        await ben.goto(f"{room.path}/talk")
    await expect(said(ben, "Bring an umbrella.")).to_be_visible()
    head = (await host.get(f"/conversations/{room.id}"))["last_seq"]
    await other.ok("PUT", f"/conversations/{room.id}/read", {"seq": head})
    await _open_menu(ada, "umbrella")
    await expect(messages(ada).get_by_text("Read by 2")).to_be_visible()
    await ada.keyboard.press("Escape")
    await say(ben, "Thanks.")
    await _open_menu(ada, "Thanks.")
    await expect(said(ada, "Thanks.").get_by_role("button", name="Reply")).to_be_visible()
    await expect(said(ada, "Thanks.").get_by_text("Read by")).to_have_count(0)


async def test_who_turns_away_is_shown_as_away_until_they_are_back(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host)
    await be_in(ada, room)
    ben = await open_page("/", person=guest, at=1)
    await ben.clock.install()
    await ben.goto(room.path)
    await be_live(ben)
    here = ada.locator(".here summary")
    await expect(here).to_contain_text("2 here")
    await here.click()
    row = ada.locator(".here-list").get_by_role("listitem").filter(has_text="Guest 0")
    await expect(row).to_be_visible()
    await expect(row).not_to_contain_text("away from the screen")

    await ben.clock.fast_forward(IDLE_AFTER_MS)
    await expect(row).to_contain_text("away from the screen")
    await ben.mouse.move(200, 200)
    await expect(row).not_to_contain_text("away from the screen")
