import asyncio
import re

import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import PHONE, be_in, be_live
from tests.e2e.talking import be_talking, box, said, say, tell
from tests.support.client import Api, Person
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers
from tests.support.truth import Truth

QUICK = {"ASSENT_PRESENCE_GRACE": "0.5", "ASSENT_PRESENCE_TTL": "1"}


def _row(page: Page, room: Room) -> Locator:
    return page.get_by_role("main").locator(f'a[href="{room.path}"]')


@pytest_asyncio.fixture
async def staff(api: Api, truth: Truth) -> Person:
    person = await api.sign_up("Staff")
    await truth.rows("UPDATE users SET is_staff = true WHERE id = %s RETURNING id", person.id)
    return person


async def test_home_follows_its_events(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host, start=False)
    (guest,) = await room.guests(1)
    home = await open_page("/", person=guest)
    await expect(_row(home, room)).to_contain_text("Not started")
    await room.owner.ok("PATCH", room.path, {"subject": "Where shall we meet?"})
    await expect(_row(home, room)).to_contain_text("Where shall we meet?")
    await room.move("IN_PROGRESS")
    await expect(_row(home, room)).to_contain_text("In progress")
    for n in range(3):
        await room.propose(host, f"Plan {n}.")
    await expect(_row(home, room)).to_contain_text("3 proposals you have not voted on")
    await photograph(home, "live")

    second = await open_room(host)
    await second.join(guest)
    await expect(_row(home, second)).to_be_visible()
    await second.owner.send("DELETE", second.path)
    await expect(home.get_by_text("was deleted by its owner.")).to_be_visible()
    await expect(_row(home, second)).to_have_count(0)
    await home.get_by_role("button", name="Understood").click()
    await expect(home.get_by_text("was deleted by its owner.")).to_be_hidden()


async def test_the_waiting_room_opens_by_its_line(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host, policies={"membership_auto_approved": False})
    first = await host.api.guest(room.code, "First")
    second = await host.api.guest(room.code, "Second")
    page = await open_page(room.path, person=second)
    await expect(page.get_by_text("is your place in the queue")).to_contain_text("2")
    await room.manage(first.membership["id"], "reject")
    await expect(page.get_by_text("is your place in the queue")).to_contain_text("1")
    await room.manage(second.membership["id"], "approve")
    await be_in(page, room)


async def test_who_is_removed_hears_no_more(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    guest = await host.api.guest(room.code, "Mallory")
    page = await open_page(room.path, person=guest, shaky=True)
    await be_in(page, room)
    await be_talking(page)
    await room.manage(guest.membership["id"], "kick")
    await expect(page.get_by_text("You were removed from this event")).to_be_visible()
    refused = await guest.send("GET", f"/conversations/{room.id}/messages")
    assert refused.status_code == 403
    await page.get_by_role("link", name="Assent").click()
    await expect(_row(page, room)).to_have_count(0)


async def test_presence_says_who_is_here(
    host: Person, open_page: OpenPage, start_servers: StartServers
) -> None:
    (server,) = start_servers(**QUICK)
    room = await open_room(host)
    (guest,) = await room.guests(1)
    ada = await open_page(room.path, person=host, url=server.url, shaky=True)
    ben = await open_page(room.path, person=guest, url=server.url, shaky=True)
    here = ada.locator(".here summary")
    await be_in(ada, room)
    await be_in(ben, room)
    await expect(here).to_contain_text("2 here")
    await here.click()
    who = ada.locator(".here-list")
    await expect(who.get_by_text("Guest 0")).to_be_visible()
    await expect(who).to_contain_text("Quorum: 2 of 2 who vote are here.")
    await ben.context.close()
    await expect(here).to_contain_text("1 here")
    await expect(who).to_contain_text("No quorum: 1 of 2 who vote are here.")


async def test_two_people_talk_alone(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host)
    guest = await host.api.guest(room.code, "Ben")
    ada = await open_page(f"{room.path}/people", person=host, at=0)
    ben = await open_page("/", person=guest, at=1, **PHONE)
    await expect(_row(ben, room)).to_be_visible()
    await ada.get_by_role("button", name="Message Ben").click()
    await ada.wait_for_url("**/messages/*")
    await be_talking(ada)
    await say(ada, "A word between us.")
    await expect(ben.locator(".messages-link .badge")).to_be_visible()
    await expect(ada.get_by_text("Delivered", exact=True)).to_be_visible()
    await ben.locator(".messages-link").click()
    await ben.get_by_role("link", name=re.compile("^Host")).click()
    await expect(said(ben, "A word between us.")).to_be_visible()
    await expect(ada.get_by_text("Read", exact=True)).to_be_visible()
    await photograph(ada, "desk")
    await photograph(ben, "phone")
    await box(ben).press_sequentially("Of")
    await expect(ada.get_by_text("Ben writing…")).to_be_visible()
    await box(ben).fill("Of course.")
    await ben.get_by_role("button", name="Send").click()
    await expect(said(ada, "Of course.")).to_be_visible()


async def test_nobody_is_said_to_be_silent_before_it_is_known(
    host: Person, open_page: OpenPage
) -> None:
    guest = await host.api.guest((await open_room(host)).code, "Ben")
    talk = await host.ok("POST", "/conversations", {"user_id": guest.id})
    await tell(host, talk["id"], "A word between us.")
    page = await open_page("/", person=host)
    asked, answers = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answers.wait()
        await route.continue_()

    await page.route("**/api/conversations*", hold)
    await page.locator(".messages-link").click()
    await asked.wait()
    await expect(page.locator(".messages-list .loading")).to_be_visible()
    await expect(page.get_by_text("No conversation yet.")).to_have_count(0)
    answers.set()
    await expect(page.locator(f'a[href="/messages/{talk["id"]}"]')).to_be_visible()


async def test_an_announcement_is_shown_once(
    host: Person, staff: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host)
    guest = await host.api.guest(room.code, "Ben")
    page = await open_page(room.path, person=guest)
    await be_in(page, room)
    office = await open_page("/news", person=staff)
    await office.get_by_text("Announce something to everybody").click()
    await office.get_by_label("Title").fill("Coffee is ready")
    await office.get_by_label("Text").fill("In the lobby, until ten.")
    await office.get_by_role("button", name="Publish").click()

    toast = page.get_by_role("region", name="Announcement")
    await expect(toast).to_contain_text("Coffee is ready")
    await photograph(page, "toast")
    await toast.get_by_role("button", name="Read later").click()
    await expect(toast).to_be_hidden()
    await page.reload()
    await be_live(page)
    await expect(toast).to_be_hidden()
    await page.goto("/news")
    await expect(page.get_by_role("heading", name="Coffee is ready")).to_be_visible()
    article = office.get_by_role("article").filter(has_text="Coffee is ready")
    await article.get_by_role("button", name="Remove").click()
    await expect(article).to_have_count(0)


async def test_maintenance_stands_above_the_page(
    host: Person, staff: Person, open_page: OpenPage
) -> None:
    page = await open_page("/", person=host)
    await expect(page.get_by_role("heading", name="Your events")).to_be_visible()
    body = {"title": "Upgrade at nine", "text": "Back at ten.", "level": "maintenance"}
    made = await staff.ok("POST", "/announcements", body)
    banner = page.get_by_role("region", name="Maintenance")
    await expect(banner).to_contain_text("Upgrade at nine")
    await staff.send("DELETE", f"/announcements/{made['id']}")
    await expect(banner).to_be_hidden()


async def test_the_tabs_of_one_browser_share_one_line(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    home = await open_page("/", person=host)
    await expect(_row(home, room)).to_contain_text("In progress")
    await room.move("PAUSED")
    # It was told so: its own line is open, and not still to come.
    await expect(_row(home, room)).to_contain_text("Paused")
    lines: list[str] = []
    home.context.on("request", lambda one: "/stream" in one.url and lines.append(one.url))
    inside = await home.context.new_page()
    await inside.goto(room.path)
    await be_live(inside)
    third = await home.context.new_page()
    await third.goto("/")
    await expect(_row(third, room)).to_contain_text("Paused")
    await room.move("IN_PROGRESS")
    for page in (home, third):
        await expect(_row(page, room)).to_contain_text("In progress")
    assert lines
    assert all(f"event={room.id}" in line for line in lines)
    lines.clear()
    await inside.close()
    await room.move("PAUSED")
    for page in (home, third):
        await expect(_row(page, room)).to_contain_text("Paused")
    assert [line.rpartition("/api")[2] for line in lines[-1:]] == ["/me/stream"]
