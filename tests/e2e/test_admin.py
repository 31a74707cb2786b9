import json
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import answer, be_in, be_live, card, part, vote_group
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


async def _manage(open_page: OpenPage, room: Room, **settings: object) -> Page:
    page = await open_page(f"{room.path}/manage", person=room.owner, **settings)
    await be_live(page)
    return page


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=name)


async def test_the_queue_is_cleared_by_hand_by_keys_and_at_once(
    host: Person, open_page: OpenPage, photograph: Photograph, truth: Truth
) -> None:
    closed = {"membership_auto_approved": False}
    room = await open_room(host, capacity=4, policies=closed)
    for number in range(6):
        await host.api.guest(room.code, f"Eve {number}")
    page = await _manage(open_page, room)
    await expect(page.get_by_role("heading", name="At the door: 6")).to_be_visible()
    await photograph(page, "queue")

    await _row(page, "Eve 0").focus()
    await page.keyboard.press("r")
    await expect(_row(page, "Eve 0")).to_have_count(0)
    await expect(_row(page, "Eve 1")).to_be_focused()
    await page.keyboard.press("j")
    await expect(_row(page, "Eve 2")).to_be_focused()
    await page.keyboard.press("a")
    await expect(_row(page, "Eve 2")).to_have_count(0)

    await page.get_by_role("button", name="Approve all that fit (2)").click()
    await expect(page.get_by_text("2 approved. No place for 2.")).to_be_visible()
    await expect(page.get_by_text("Every place is taken.")).to_be_visible()
    await page.get_by_role("button", name="Decline all").click()
    dialog = page.get_by_role("dialog", name="Decline 2 requests?")
    await dialog.get_by_role("button", name="Decline all").click()
    await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    event = await truth.check(room.id)
    assert (event["members"], event["pending"]) == (4, 0)


async def test_proposals_are_decided_by_keys(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await room.propose(guest, "Yes to this.")
    await room.propose(guest, "No to this.")
    page = await _manage(open_page, room)
    await page.get_by_role("region", name="Open proposals").get_by_role("listitem").first.focus()
    await page.keyboard.press("a")
    await page.get_by_role("dialog").get_by_role("button", name="Accept").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(_row(page, "Yes to this.")).to_have_count(0)
    await expect(_row(page, "No to this.")).to_be_focused()
    await page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Reject this proposal?")
    await dialog.get_by_label("Reason (optional, everyone sees it)").fill("Not now.")
    await dialog.get_by_role("button", name="Reject").click()
    await expect(page.get_by_text("No proposal waits for a decision.")).to_be_visible()
    decided = await truth.rows("SELECT status FROM proposals WHERE event_id = %s", room.id)
    assert {row["status"] for row in decided} == {"ACCEPTED", "REJECTED"}


async def test_each_step_of_an_event_asks_first(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host, start=False)
    (guest,) = await room.guests(1)
    page = await _manage(open_page, room)
    watcher = await open_page(room.path, person=guest, at=1)
    await expect(watcher.get_by_text("Not started yet. Host opens the vote")).to_be_visible()
    steps = [
        ("Start the event", "can no longer be edited", "In progress"),
        ("Pause", "Comments stay open", "Paused"),
        ("Resume", "are possible again at once", "In progress"),
        ("Finish", "2 members have not cast a ballot; 0 proposals are", "Finished"),
    ]
    for verb, consequence, status in steps:
        await page.get_by_role("button", name=verb, exact=True).click()
        dialog = page.get_by_role("dialog", name=f"{verb}?")
        await expect(dialog).to_contain_text(consequence)
        await dialog.get_by_role("button", name=verb, exact=True).click()
        await expect(watcher.get_by_text(status, exact=True)).to_be_visible()
    await expect(part(watcher, "Result")).to_be_visible()


async def test_settings_say_what_is_locked(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    page = await _manage(open_page, room)
    await page.get_by_text("Settings", exact=True).click()
    await expect(page.get_by_text("The event has started: subject and options")).to_be_visible()
    await expect(page.get_by_label("What is to be decided?")).to_be_disabled()
    await page.get_by_label("Places").fill("33")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_text("of 33 places taken")).to_be_visible()
    await room.move("FINISHED")
    await expect(page.get_by_text("Nothing can change, so that the result stays")).to_be_visible()
    await expect(page.get_by_label("Places")).to_be_disabled()


async def test_observers_come_by_a_link_and_do_not_vote(
    host: Person, open_page: OpenPage, photograph: Photograph, truth: Truth
) -> None:
    room = await open_room(host, capacity=1)
    await room.propose(host, "We meet on Monday.")
    page = await _manage(open_page, room, **CLIPBOARD)
    await page.get_by_role("switch", name="Let people watch with a link").click()
    await page.get_by_role("button", name="Copy the link for watching").click()
    await expect(page.get_by_text("Copied")).to_be_visible()
    link = await page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/join/{room.code}?observe")

    watcher = await open_page(f"/join/{room.code}")
    await watcher.get_by_role("link", name="You can still come in and watch").click()
    await expect(watcher).to_have_url(link)
    await expect(watcher.get_by_text("You do not vote, and you take no place.")).to_be_visible()
    await photograph(watcher, "watching")
    await watcher.get_by_label("Your name").fill("Olga")
    await watcher.get_by_role("button", name="Watch", exact=True).click()
    await be_in(watcher, room)
    await expect(watcher.get_by_text("You are an observer: you see everything")).to_be_visible()
    await expect(vote_group(watcher)).to_have_count(0)
    await expect(watcher.get_by_role("button", name="Propose an assumption")).to_have_count(0)
    await expect(page.get_by_text("1 watching")).to_be_visible()

    await part(page, "Decide").click()
    await answer(card(page, "We meet on Monday."), "Agree").click()
    await expect(watcher.get_by_text("1 agree")).to_be_visible()
    await part(watcher, "Ballot").click()
    await expect(watcher.get_by_text("0 of 1 ballots cast")).to_be_visible()
    await expect(watcher.get_by_role("radio")).to_have_count(0)
    event = await truth.check(room.id)
    assert (event["members"], event["observers"]) == (1, 1)

    await part(page, "Manage").click()
    await page.get_by_role("switch", name="Let people watch with a link").click()
    await expect(page.get_by_text("1 watching")).to_be_hidden()
    late = await open_page(f"/join/{room.code}?observe")
    await expect(late.get_by_text("This event takes no observers now.")).to_be_visible()


async def test_the_stage_shows_and_does_nothing(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    await room.propose(host, "We meet on Monday.")
    page = await open_page(f"{room.path}/stage", person=host)
    await be_live(page)
    code = page.get_by_role("img", name=f"QR code to join with the code {room.code}")
    await expect(code).to_be_visible()
    await expect(page.get_by_text(room.code, exact=True)).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    (guest,) = await room.guests(1)
    await expect(page.get_by_text("in the room").locator("..")).to_contain_text("2")
    ballot = {"option_id": room.event["options"][0]["id"], "criterion_ids": []}
    ballot["criterion_ids"] = [one["id"] for one in room.event["criteria"]]
    await guest.ok("POST", f"{room.path}/votes", ballot)
    await expect(page.get_by_text("ballots cast").locator("..")).to_contain_text("1")
    await room.move("FINISHED")
    await expect(page.get_by_text("The group chose")).to_be_visible()


@pytest.fixture
async def result(host: Person, open_page: OpenPage) -> tuple[Room, Page]:
    """A finished event, looked at."""
    room = await open_room(host)
    options, criteria = room.event["options"], room.event["criteria"]
    for person, option in zip(await room.guests(3), (0, 0, 1), strict=True):
        order = [one["id"] for one in criteria]
        ballot = {"option_id": options[option]["id"], "criterion_ids": order}
        await person.ok("POST", f"{room.path}/votes", ballot)
    await room.move("FINISHED")
    page = await open_page(f"{room.path}/result", person=host)
    await expect(page.get_by_text("The group chose")).to_be_visible()
    return room, page


async def test_a_result_can_be_read_taken_along_and_printed(
    result: tuple[Room, Page], tmp_path: Path
) -> None:
    room, page = result
    await expect(page.get_by_role("heading", name="Here", exact=True)).to_be_visible()
    await page.get_by_text("As a table").first.click()
    table = page.get_by_role("table", name="Ballots per option")
    await expect(table.get_by_role("row", name="Here 2")).to_be_visible()

    for kind in ("CSV", "JSON"):
        async with page.expect_download() as download:
            await page.get_by_role("button", name=f"Download as {kind}").click()
        name = (await download.value).suggested_filename
        assert name == f"assent-{room.code}.{kind.lower()}"
        await (await download.value).save_as(tmp_path / name)
    taken = json.loads((tmp_path / f"assent-{room.code}.json").read_text())
    assert {one["content"]: one["votes"] for one in taken["options"]} == {"Here": 2, "There": 1}
    assert room.event["subject"] in (tmp_path / f"assent-{room.code}.csv").read_text("utf-8-sig")

    await page.emulate_media(media="print")
    await expect(page.get_by_role("navigation", name="Parts of the room")).to_be_hidden()
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    await expect(page.get_by_role("heading", name="How this was counted")).to_be_visible()
