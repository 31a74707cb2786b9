import json
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import be_in
from tests.support.client import Api, Person, problem
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth


async def _voted(host: Person, person: Person) -> Room:
    """Open an event in which somebody spoke, voted and cast a ballot."""
    room = await open_room(host)
    await room.join(person)
    proposal = await room.propose(person, "We meet on Monday.")
    await person.ok("PUT", room.votes_on(proposal), {"choice": "AGREE"})
    order = [one["id"] for one in room.event["criteria"]]
    ballot = {"option_id": room.event["options"][0]["id"], "criterion_ids": order}
    await person.ok("POST", f"{room.path}/votes", ballot)
    return room


async def _ask_to_go(page: Page, person: Person) -> None:
    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog", name="Delete your account?")
    await expect(dialog).to_contain_text("No result changes")
    erase = dialog.get_by_role("button", name="Delete my account")
    await expect(erase).to_be_disabled()
    await dialog.get_by_label(f"Type {person.user['email']} to go on").fill(person.user["email"])
    await erase.click()


async def test_what_is_kept_can_be_taken_along(
    host: Person, api: Api, open_page: OpenPage, tmp_path: Path
) -> None:
    person = await api.sign_up("Ada Taker")
    room = await _voted(host, person)
    page = await open_page("/account", person=person)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download my data").click()
    assert (await download.value).suggested_filename == "assent-export.json"
    await (await download.value).save_as(tmp_path / "export.json")
    kept = json.loads((tmp_path / "export.json").read_text())
    assert kept["user"]["email"] == person.user["email"]
    assert [one["content"] for one in kept["proposals"]] == ["We meet on Monday."]
    assert [one["event_id"] for one in kept["ballots"]] == [room.id]


async def test_who_goes_for_good_is_forgotten_and_no_result_changes(
    host: Person, api: Api, open_page: OpenPage, truth: Truth
) -> None:
    person = await api.sign_up("Ada Goer")
    room = await _voted(host, person)
    page = await open_page("/account", person=person)
    watcher = await open_page(room.path, person=host)
    await be_in(watcher, room)
    await page.evaluate("localStorage.setItem('assent:draft:comment:e', '\"Half a th\"')")
    await _ask_to_go(page, person)
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await expect(watcher.get_by_text("Ada Goer")).to_have_count(0)
    await expect(watcher.get_by_text("Former member").first).to_be_visible()
    assert (await truth.check(room.id))["ballots"] == 1
    problem(await person.send("GET", "/auth/me"), 401)
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('assent:draft:'))"
    assert await page.evaluate(drafts) == []


async def test_who_owns_what_goes_on_is_told_what_to_do_first(
    api: Api, open_page: OpenPage
) -> None:
    person = await api.sign_up("Ada Owner")
    await open_room(person)
    page = await open_page("/account", person=person)
    await _ask_to_go(page, person)
    refusal = page.get_by_role("dialog").get_by_role("alert")
    await expect(refusal).to_contain_text("Hand them over, close or delete them first.")
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Ada Owner")
