"""Fifty changes while somebody writes, in every place where something can be written."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import be_in, be_live, card
from tests.e2e.storm import begin, say, storm, untouched
from tests.e2e.talking import box
from tests.support.client import Person
from tests.support.rooms import Room, open_room

Find = Callable[[Page], Awaitable[Locator]]
WHY = "Why? (optional)"
LAST = "The last word."
STILL = 2  # pixels


def _wish(title: str, about: str | None, label: str) -> Find:
    """The dialog in which something is proposed."""

    async def find(page: Page) -> Locator:
        if about:
            await page.get_by_label(f"Propose something about {about}").click()
        await page.get_by_role("button", name=title).filter(visible=True).first.click()
        return page.get_by_role("dialog", name=title).get_by_label(label)

    return find


def _labelled(label: str) -> Find:
    async def find(page: Page) -> Locator:
        return page.get_by_label(label)

    return find


async def _comment_on_a_proposal(page: Page) -> Locator:
    await card(page, "Plan 1.").get_by_role("button", name="Comment").click()
    field = card(page, "Plan 1.").get_by_label("Write a comment")
    await expect(field).to_be_focused()
    return field


async def _refuse_writes(route: Route) -> None:
    """Let what is there be read: only what is said meets a broken line."""
    await (route.abort() if route.request.method == "POST" else route.continue_())


async def _comment_on_a_criterion(page: Page) -> Locator:
    criteria = page.get_by_role("region", name="Criteria")
    await criteria.get_by_role("button", name="Comment").first.click()
    return criteria.get_by_label("Write a comment")


async def _message(page: Page) -> Locator:
    return box(page)


async def _decision(page: Page) -> Locator:
    await card(page, "Plan 1.").get_by_role("button", name="Accept").click()
    return page.get_by_role("dialog").get_by_label("Reason (optional, everyone sees it)")


async def _settings(page: Page) -> Locator:
    await page.get_by_text("Settings", exact=True).click()
    return page.get_by_label("Description")


BY_MEMBERS: list[Find] = [
    _wish("Propose an assumption", None, "The assumption"),
    _wish("Propose a criterion", None, "The criterion"),
    _wish("Propose other words", "A1", "The assumption"),
    _wish("Propose other words", "C1", WHY),
    _wish("Propose to delete", "A1", WHY),
    _wish("Propose to delete", "C2", WHY),
    _wish("Propose a conclusion", "C1", "What this criterion leads to"),
    _comment_on_a_proposal,
    _comment_on_a_criterion,
    _message,
]


async def _composers(room: Room, host: Person) -> list[tuple[str, Person, Find]]:
    """Return address, person and field of each place to write in. Nobody may open many streams."""
    members = await room.guests(len(BY_MEMBERS))
    return [
        *((room.path, who, find) for who, find in zip(members, BY_MEMBERS, strict=True)),
        (room.path, host, _decision),
        (f"{room.path}/manage", host, _settings),
        ("/new", host, _labelled("What is to be decided?")),
        ("/account", host, _labelled("Name")),
    ]


async def _places(fields: list[Locator]) -> list[float]:
    boxes = [await field.bounding_box() for field in fields]
    return [box["y"] for box in boxes if box]


async def test_a_storm_touches_no_composer(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    guests = await room.guests(5)
    await room.propose(host, "Plan 1.")
    pages: list[Page] = []
    fields: list[Locator] = []
    for path, who, find in await _composers(room, host):
        page = await open_page(path, person=who)
        if path.startswith(room.path):
            await be_live(page)
        pages.append(page)
        fields.append(await find(page))
        await begin(fields[-1])

    before = await _places(fields)
    await storm(room, guests)
    await say(room, host, LAST)
    for page in pages:
        if room.path in page.url:
            await expect(page.get_by_text(LAST).first).to_be_attached()
    after = await _places(fields)
    assert len(after) == len(fields)
    moved = [b - a for a, b in zip(before, after, strict=True) if abs(b - a) >= STILL]
    assert not moved
    for page, field in zip(pages, fields, strict=True):
        await untouched(page, field)


async def _hold(page: Page, address: str) -> asyncio.Event:
    """Keep what is sent to an address waiting until the event is set."""
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route(re.compile(address), hold)
    return go_on


async def test_what_is_typed_while_the_answer_is_under_way_stays(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    page = await open_page(room.path, person=host)
    await be_in(page, room)
    go_on = await _hold(page, r"/comments")
    field = await _comment_on_a_criterion(page)
    await field.fill("The first.")
    await field.press("Control+Enter")
    await begin(field)
    go_on.set()
    await expect(
        page.get_by_role("region", name="Criteria").get_by_text("The first.")
    ).to_be_visible()
    await untouched(page, field)

    await page.goto(f"{room.path}/manage")
    await be_live(page)
    go_on = await _hold(page, rf"{room.path}$")
    places, description = page.get_by_label("Places"), await _settings(page)
    await places.fill("321")
    await page.get_by_role("button", name="Save").click()
    await begin(description)
    go_on.set()
    await expect(page.get_by_role("button", name="Save")).to_be_enabled()
    await untouched(page, description)
    await expect(places).to_have_value("321")
    assert (await host.get(room.path))["capacity"] == 321


async def test_a_comment_that_is_refused_comes_back(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    page = await open_page(room.path, person=host, shaky=True)
    await be_in(page, room)
    field = await _comment_on_a_criterion(page)
    await page.route(re.compile("/comments"), _refuse_writes)
    await field.fill("The first.")
    await field.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(field).to_have_value("The first.")
