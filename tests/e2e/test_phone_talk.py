"""A conversation on a phone: little room, and a keyboard that takes half of it."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import be_live
from tests.e2e.talking import box, said, tell
from tests.support.client import Person
from tests.support.rooms import open_room

ROOM_BELOW = """
() => document.querySelector('.beside-panel').getBoundingClientRect().bottom
  - document.activeElement.getBoundingClientRect().bottom
"""
RING = 5  # pixels around a field in focus
NEARLY_ALL = 0.9  # of a row: heights are fractions of pixels


@pytest.mark.parametrize("width", [320, 390])
async def test_the_newest_stays_in_sight_above_a_whole_field(
    host: Person, open_page: OpenPage, width: int
) -> None:
    room = await open_room(host, subject="Where do we meet, and who brings what? " * 3)
    for number in range(20):
        await tell(host, room.id, f"Message {number}, with some words that wrap on a phone.")
    view = {"width": width, "height": 844}
    page = await open_page(f"{room.path}/talk", person=host, viewport=view)
    await be_live(page)
    newest = said(page, "Message 19,")
    await expect(newest).to_be_in_viewport(ratio=NEARLY_ALL)
    for height, lines in ((844, 3), (450, 1), (450, 6)):
        await page.set_viewport_size({"width": width, "height": height})
        await box(page).fill("\n".join("A line" for _ in range(lines)))
        await box(page).focus()
        await expect(newest).to_be_in_viewport(ratio=NEARLY_ALL)
        assert await page.evaluate(ROOM_BELOW) >= RING
