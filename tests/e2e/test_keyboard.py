from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import answer, be_in, card, part
from tests.support.client import Person
from tests.support.rooms import open_room
from tests.support.truth import Truth

FARTHEST = 60
FOCUSED = "element => element === document.activeElement"
RING = "() => getComputedStyle(document.activeElement).outlineStyle"


async def _tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Walk there as somebody without a pointer does, and see where one stands."""
    await expect(wanted).to_be_visible()
    for _ in range(FARTHEST):
        await page.keyboard.press(key)
        if await wanted.evaluate(FOCUSED):
            assert await page.evaluate(RING) != "none"
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


async def test_everything_a_member_does_without_a_pointer(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room = await open_room(host)
    await room.propose(host, "We meet on Monday.")
    page = await open_page("/")
    await expect(page.get_by_label("Entrance code")).to_be_focused()
    await page.keyboard.type(room.code.lower())
    await expect(page.get_by_label("Your name")).to_be_focused()
    await page.keyboard.type("Kay")
    await page.keyboard.press("Enter")
    await be_in(page, room)

    monday = card(page, "We meet on Monday.")
    await _tab_to(page, answer(monday, "Agree"))
    await page.keyboard.press("Space")
    await expect(monday).to_contain_text("1 agree")
    await expect(answer(monday, "Agree")).to_be_focused()

    opener = page.get_by_role("button", name="Propose an assumption")
    await _tab_to(page, opener)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Propose an assumption")
    await expect(dialog.get_by_label("The assumption")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("The assumption")).to_be_focused()
    await page.keyboard.type("By keyboard alone.")
    await _tab_to(page, dialog.get_by_role("button", name="Propose it"))
    await page.keyboard.press("Enter")
    await expect(card(page, "By keyboard alone.")).to_be_visible()
    await expect(opener).to_be_focused()

    await _tab_to(page, part(page, "Ballot"), "Shift+Tab")
    await page.keyboard.press("Enter")
    await _tab_to(page, page.get_by_role("radio", name="Here", exact=True))
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="There")).to_be_checked()
    await _tab_to(page, page.get_by_role("button", name="Near: place 1 of 2."))
    await page.keyboard.press("ArrowDown")
    moved = page.get_by_role("button", name="Near: place 2 of 2.")
    await expect(moved).to_be_focused()
    await expect(page.get_by_text("Near: now place 2 of 2")).to_be_attached()
    await _tab_to(page, page.get_by_role("button", name="Cast the ballot"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your ballot is counted.")).to_be_visible()
    assert (await truth.check(room.id))["ballots"] == 1


async def test_the_queue_is_cleared_without_a_pointer(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room = await open_room(host, policies={"membership_auto_approved": False})
    for number in range(7):
        await host.api.guest(room.code, f"Eve {number}")
    page = await open_page(f"{room.path}/manage", person=host)
    door = page.get_by_role("region", name="At the door")
    rows = door.get_by_role("listitem")
    await expect(rows).to_have_count(7)
    await _tab_to(page, door.get_by_role("button", name="Approve all that fit (7)"))
    for key in ("j", "j", "x", "j", "x"):
        await page.keyboard.press(key)
    await expect(door.get_by_role("checkbox", name="Select Eve 1")).to_be_checked()
    await expect(rows.nth(2)).to_be_focused()
    await _tab_to(page, door.get_by_role("button", name="Decline selected (2)"), "Shift+Tab")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Decline 2 requests?")
    await _tab_to(page, dialog.get_by_role("button", name="Decline selected (2)"))
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(5)
    await expect(rows.filter(has_text="Eve 2")).to_have_count(0)

    await _tab_to(page, rows.first.get_by_role("button", name="Approve"))
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(4)
    await expect(rows.first).to_be_focused()
    for key in ("a", "a", "r"):  # faster than the answers come
        await page.keyboard.press(key)
    await expect(rows).to_have_count(1)
    await page.keyboard.press("a")
    await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    await expect(page.get_by_role("heading", name="At the door: 0")).to_be_focused()
    event = await truth.check(room.id)
    assert (event["members"], event["pending"]) == (5, 0)


async def test_the_first_stop_skips_to_the_content(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_what_is_closed_and_opened_in_one_breath_is_open(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    opener = page.get_by_role("button", name="Propose an assumption")
    await opener.focus()
    words = page.get_by_role("dialog").get_by_label("The assumption")
    await page.keyboard.press("Enter")
    await expect(words).to_be_focused()
    # The browser closes a dialog in its own time: a key in between still belongs to the field.
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("Begun at once.")
    await expect(words).to_have_value("Begun at once.")
