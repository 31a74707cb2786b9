"""Hands that draw in the browser: a mouse, fingers and a pen, as the browser gets them."""

import time

from playwright.async_api import Page, expect

from tests.e2e.writing import button

Points = list[tuple[float, float]]

# How many steps a finger takes that scrolls, and how many seconds for each.
STEPS, PACE = 12, 0.5

LEFT = {"button": "left", "clickCount": 1, "pointerType": "pen"}


async def begin_drawing(page: Page) -> None:
    """Choose to draw, and wait until a hand that comes down draws."""
    await button(page, "Draw on it").click()
    await expect(button(page, "Done drawing")).to_be_visible()


async def on_image(page: Page, *shares: tuple[float, float]) -> Points:
    """Return where these shares of the first image are on the screen."""
    canvas = page.locator("canvas").first
    await canvas.scroll_into_view_if_needed()
    # Where it is while the page still moves is not where it will be.
    await (await canvas.element_handle()).wait_for_element_state("stable")
    box = await canvas.bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]


async def by_mouse(page: Page, points: Points) -> None:
    await page.mouse.move(*points[0])
    await page.mouse.down()
    for point in points[1:]:
        await page.mouse.move(*point, steps=6)
    await page.mouse.up()


async def by_fingers(page: Page, *hand: Points) -> None:
    """Draw with several fingers at once: they come down one by one, and lift together."""
    cdp = await page.context.new_cdp_session(page)
    for count in range(1, len(hand) + 1):
        await cdp.send("Input.dispatchTouchEvent", _touch("touchStart", hand[:count], 0))
    for step in range(1, max(map(len, hand))):
        await cdp.send("Input.dispatchTouchEvent", _touch("touchMove", hand, step))
    await cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await cdp.detach()


async def by_pen(page: Page, points: Points) -> None:
    cdp = await page.context.new_cdp_session(page)
    kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"]
    for kind, (x, y) in zip(kinds, [*points, points[-1]], strict=True):
        pressed = int(kind != "mouseReleased")
        event = {"type": kind, "x": x, "y": y, "buttons": pressed, **LEFT}
        await cdp.send("Input.dispatchMouseEvent", event)
    await cdp.detach()


async def scroll(page: Page, start: tuple[float, float], by: float) -> None:
    """Push the page up by about so many pixels with a finger that comes down at `start`.

    The finger is slow by its own clock, so that the page stands as soon as it lifts.
    """
    cdp = await page.context.new_cdp_session(page)
    began = time.time() - STEPS * PACE
    for step in range(STEPS + 1):
        hand = [(start[0], start[1] - by * step / STEPS)]
        event = _touch("touchMove" if step else "touchStart", (hand,), 0)
        await cdp.send("Input.dispatchTouchEvent", {**event, "timestamp": began + step * PACE})
    lifted = {"type": "touchEnd", "touchPoints": [], "timestamp": began + STEPS * PACE}
    await cdp.send("Input.dispatchTouchEvent", lifted)
    await cdp.detach()


def _touch(kind: str, hand: tuple[Points, ...], step: int) -> dict[str, object]:
    points = [
        {"x": x, "y": y, "id": finger}
        for finger, (x, y) in enumerate(points[min(step, len(points) - 1)] for points in hand)
    ]
    return {"type": kind, "touchPoints": points}
