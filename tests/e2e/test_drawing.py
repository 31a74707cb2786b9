import asyncio
from io import BytesIO

from PIL import Image
from playwright.async_api import FilePayload, Page, Route, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.hands import begin_drawing, by_fingers, by_mouse, by_pen, on_image, scroll
from tests.e2e.screens import PHONE
from tests.e2e.writing import add, be_reading, block, button
from tests.support.cast import upload_image
from tests.support.client import Json, Person
from tests.support.receivers import eventually
from tests.support.rooms import Room, open_room

MAP = "The way from the station"


async def drawable(host: Person) -> tuple[Room, str]:
    """Open a room with an image in its brief; return where the drawing on it is read."""
    room = await open_room(host)
    image = await upload_image(room, host)
    await add(host, room, MAP, kind="image", attachment_id=image)
    return room, f"{room.path}/sketches/{image}"


async def strokes(person: Person, sketch: str, count: int) -> list[Json]:
    """Wait until a drawing has so many strokes, and return them."""

    async def there() -> bool:
        return len((await person.get(sketch))["strokes"]) == count

    await eventually(there)
    return list((await person.get(sketch))["strokes"])


def drawn(page: Page, words: str) -> object:
    return expect(page.get_by_role("img", name=words)).to_be_visible()


async def test_a_drawing_is_seen_while_it_is_made(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    image = await upload_image(room, host)
    await add(host, room, "The way from the station", kind="image", attachment_id=image)
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_reading(page)
        await expect(page.get_by_alt_text("The way from the station")).to_be_visible()
    await begin_drawing(ada)
    await ada.get_by_label("Blue").check(force=True)
    box = await ada.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 20
    await ada.mouse.move(x, y)
    await ada.mouse.down()
    await ada.mouse.move(x + 60, y + 40, steps=8)
    await ada.mouse.up()
    theirs = ben.get_by_role("img", name="1 stroke by 1 person")
    await expect(theirs).to_be_visible()
    blue = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].some(Boolean)"
    await eventually(lambda: theirs.evaluate(blue))
    await photograph(ben, "drawn")
    late = await open_page(f"{room.path}/brief", person=guest, at=0)
    await expect(late.get_by_role("img", name="1 stroke by 1 person")).to_be_visible()
    await button(ada, "Clear mine").click()
    for page in (ada, ben, late):
        await expect(page.get_by_role("img", name="Nothing is drawn on it.")).to_be_visible()


async def test_an_image_goes_up_through_the_page(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    page = await open_page(f"{room.path}/brief", person=host)
    await button(page, "Add the first block").click()
    form = page.get_by_role("form", name="A new block")
    await form.get_by_label("Image").check(force=True)
    await expect(button(form, "Add it")).to_be_disabled()
    chooser = form.locator("input[type=file]")
    await chooser.set_input_files(_file("broken.png", b"nothing"))
    await expect(form.get_by_text("This is no PNG, JPEG, WebP or GIF image")).to_be_visible()
    await chooser.set_input_files(_file("map.png", _png(1_600, 900)))
    await expect(form.get_by_text("map.png")).to_be_visible()
    await expect(form.get_by_text("broken.png")).to_have_count(0)
    await form.get_by_label("What the image shows").fill(MAP)
    await button(form, "Add it").click()
    shown = page.get_by_alt_text(MAP)
    await expect(shown).to_be_visible()
    assert await shown.evaluate("i => i.decode().then(() => i.naturalWidth)") == 1_600
    (made,) = (await host.get(f"{room.path}/brief"))["blocks"]
    assert (made["kind"], made["width"], made["height"]) == ("image", 1_600, 900)


async def test_nothing_moves_when_an_image_arrives(host: Person, open_page: OpenPage) -> None:
    room, _ = await drawable(host)
    await add(host, room, "What stands below it.")
    page = await open_page(room.path, person=host)
    may_come = asyncio.Event()

    async def late(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/attachments/*", late)
    await be_reading(page)
    below = block(page, 2)
    await expect(below).to_be_visible()
    before = await below.bounding_box()
    image = page.get_by_alt_text(MAP)
    assert not await image.evaluate("image => image.naturalWidth")
    may_come.set()
    await eventually(lambda: image.evaluate("image => image.complete && image.naturalWidth > 0"))
    assert await below.bounding_box() == before
    size = await image.bounding_box()
    assert size is not None
    assert abs(size["width"] / size["height"] - 320 / 200) < 0.02


async def test_a_finger_scrolls_until_drawing_was_chosen(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room, sketch = await drawable(host)
    for n in range(12):
        await add(host, room, f"Paragraph {n}, so that there is something to scroll.")
    page = await open_page(room.path, person=host, **PHONE)
    await be_reading(page)
    (middle,) = await on_image(page, (0.5, 0.9))
    await scroll(page, middle, 120)
    await eventually(lambda: page.evaluate("scrollY > 60"))
    assert (await host.get(sketch))["strokes"] == []

    await begin_drawing(page)
    blue = page.locator("label", has=page.get_by_label("Blue"))
    await expect(blue).to_be_in_viewport()
    points = await on_image(page, (0.2, 0.2), (0.4, 0.8), (0.8, 0.5))
    stood = await page.evaluate("scrollY")
    await by_fingers(page, points)
    (line,) = await strokes(host, sketch, 1)
    assert await page.evaluate("scrollY") == stood
    assert abs(line["points"][0][0] - 0.2) < 0.02
    assert abs(line["points"][-1][0] - 0.8) < 0.02
    await photograph(page, "phone")
    await button(page, "Done drawing").click()
    await expect(button(page, "Draw on it")).to_be_visible()
    (middle,) = await on_image(page, (0.5, 0.5))
    await scroll(page, middle, 40)
    assert len(await strokes(host, sketch, 1)) == 1


async def test_one_finger_draws_at_a_time(host: Person, open_page: OpenPage) -> None:
    room, sketch = await drawable(host)
    page = await open_page(room.path, person=host, **PHONE)
    await be_reading(page)
    await begin_drawing(page)
    first = await on_image(page, (0.1, 0.1), (0.2, 0.3), (0.3, 0.5))
    second = await on_image(page, (0.9, 0.9), (0.8, 0.8), (0.7, 0.9))
    await by_fingers(page, first, second)
    (line,) = await strokes(host, sketch, 1)
    assert max(x for x, _ in line["points"]) < 0.35
    await by_fingers(page, second)
    assert len(await strokes(host, sketch, 2)) == 2


async def test_a_pen_draws_and_its_lines_are_taken_back(host: Person, open_page: OpenPage) -> None:
    room, sketch = await drawable(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host, at=0)
    ben = await open_page(room.path, person=guest, at=1)
    for page in (ada, ben):
        await be_reading(page)
        await begin_drawing(page)
    await by_pen(ada, await on_image(ada, (0.1, 0.5), (0.4, 0.5), (0.9, 0.5)))
    await by_mouse(ben, await on_image(ben, (0.5, 0.1), (0.5, 0.9)))
    await by_pen(ada, await on_image(ada, (0.1, 0.9), (0.9, 0.9)))
    for page in (ada, ben):
        await drawn(page, "3 strokes by 2 people")
    await button(ada, "Undo").click()
    for page in (ada, ben):
        await drawn(page, "2 strokes by 2 people")
    await button(ada, "Undo").click()
    for page in (ada, ben):
        await drawn(page, "1 stroke by 1 person")
    await expect(button(ada, "Undo")).to_have_count(0)
    (left,) = await strokes(host, sketch, 1)
    assert left["author_id"] == guest.id


async def test_an_image_goes_and_comes_back_under_a_hand(host: Person, open_page: OpenPage) -> None:
    room, sketch = await drawable(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest)
    await be_reading(page)
    await begin_drawing(page)
    await by_mouse(page, await on_image(page, (0.2, 0.2), (0.8, 0.8)))
    await strokes(host, sketch, 1)
    (image,) = (await host.get(f"{room.path}/brief"))["blocks"]
    path = f"{room.path}/brief/blocks/{image['id']}"
    await page.mouse.down()
    gone = await host.ok("DELETE", f"{path}?version={image['version']}")
    await expect(page.get_by_alt_text(MAP)).to_have_count(0)
    await page.mouse.up()
    await host.ok("POST", f"{path}/restore", {"version": gone["version"]})
    await drawn(page, "1 stroke by 1 person")
    await begin_drawing(page)
    await by_mouse(page, await on_image(page, (0.2, 0.8), (0.8, 0.2)))
    await strokes(host, sketch, 2)


def _png(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "#dfe7e2").save(out, "PNG")
    return out.getvalue()


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}
