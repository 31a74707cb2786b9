"""Images that are pasted into a conversation or let go over it."""

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import be_in
from tests.e2e.talking import be_talking, box, said, talk
from tests.support.client import Person
from tests.support.rooms import open_room

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
DRAW = """
async () => {
  const canvas = new OffscreenCanvas(320, 160);
  const paint = canvas.getContext('2d');
  paint.fillStyle = 'teal';
  paint.fillRect(0, 0, 320, 160);
  return canvas.convertToBlob({ type: 'image/png' });
}
"""
COPY = f"""
async () => {{
  const image = await ({DRAW})();
  await navigator.clipboard.write([new ClipboardItem({{ 'image/png': image }})]);
}}
"""
CARRY = f"""
async () => {{
  const carried = new DataTransfer();
  carried.items.add(new File([await ({DRAW})()], 'harbour.png', {{ type: 'image/png' }}));
  return carried;
}}
"""


async def _open(host: Person, open_page: OpenPage) -> tuple[Page, Page]:
    """Return what the host and a guest see of a conversation."""
    room = await open_room(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host, **CLIPBOARD)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_in(page, room)
        await be_talking(page)
    return ada, ben


async def test_an_image_is_pasted(host: Person, open_page: OpenPage) -> None:
    ada, ben = await _open(host, open_page)
    await ada.evaluate(COPY)
    await box(ada).fill("Look here: ")
    await box(ada).press("Control+V")
    await expect(talk(ada).locator(".upload")).to_have_count(1)
    await expect(talk(ada).locator(".upload progress")).to_have_count(0)
    await expect(box(ada)).to_have_value("Look here: ")
    await box(ada).press("Enter")
    row = said(ben, "Look here:")
    image = row.get_by_role("img", name="image.png")
    await expect(image).to_be_visible()
    await expect(image).not_to_have_js_property("naturalWidth", 0)
    await expect(talk(ada).locator(".upload")).to_have_count(0)


async def test_an_image_is_let_go_anywhere_over_the_conversation(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    ada, ben = await _open(host, open_page)
    listing = talk(ada).get_by_role("region", name="What was said")
    carried = await ada.evaluate_handle(CARRY)
    await listing.dispatch_event("dragover", {"dataTransfer": carried})
    hint = talk(ada).get_by_text("Let go to attach")
    await expect(hint).to_be_visible()
    await photograph(ada, "over")
    await listing.dispatch_event("dragleave", {"dataTransfer": carried})
    await expect(hint).to_be_hidden()
    await listing.dispatch_event("dragover", {"dataTransfer": carried})
    await listing.dispatch_event("drop", {"dataTransfer": carried})
    await expect(hint).to_be_hidden()
    await expect(talk(ada).locator(".upload")).to_contain_text("harbour.png")
    await expect(talk(ada).locator(".upload progress")).to_have_count(0)
    await talk(ada).get_by_role("button", name="Send").click()
    await expect(talk(ben).get_by_role("img", name="harbour.png")).to_be_visible()


async def test_words_that_are_dragged_are_the_browsers(host: Person, open_page: OpenPage) -> None:
    ada, _ = await _open(host, open_page)
    prevented = await box(ada).evaluate(
        """field => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData('text/plain', 'By the river');
          const over = { bubbles: true, cancelable: true, dataTransfer };
          return !field.dispatchEvent(new DragEvent('dragover', over));
        }"""
    )
    assert not prevented
    await expect(talk(ada).get_by_text("Let go to attach")).to_be_hidden()
