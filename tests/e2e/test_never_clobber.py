from playwright.async_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import answer, be_in, be_live, card, part
from tests.e2e.storm import begin, change, comment, say, storm, untouched
from tests.support.client import Person
from tests.support.rooms import open_room


async def test_nothing_touches_what_is_being_written(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (me, *guests) = await room.guests(6)
    page = await open_page(room.path, person=me)
    await be_in(page, room)

    target = room.event["assumptions"][0]
    await page.get_by_label("Propose something about A1").click()
    await page.get_by_role("button", name="Propose other words").click()
    dialog = page.get_by_role("dialog", name="Propose other words")
    await dialog.get_by_label("Why? (optional)").fill("Because it")
    words = dialog.get_by_label("The assumption")
    await begin(words)
    await storm(room, guests)
    await change(room, "assumption-proposals", target["id"], "Nearly everybody can come.")
    notice = dialog.get_by_role("status").filter(has_text="This changed while you were writing")
    await expect(notice).to_contain_text("Nearly everybody can come.")
    await untouched(page, words)
    await expect(dialog.get_by_label("Why? (optional)")).to_have_value("Because it")

    await dialog.get_by_role("button", name="Finish later").click()
    await page.get_by_label("Propose something about A1").click()
    await page.get_by_role("button", name="Propose other words").click()
    await expect(words).to_have_value("Half a th_ou")


async def test_a_comment_being_written_keeps_its_words_and_place(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (me, *guests) = await room.guests(6)
    await comment(room, me, "First of mine.")
    page = await open_page(room.path, person=me)
    await be_in(page, room)
    talk = page.get_by_role("region", name="Criteria")
    await talk.get_by_role("button", name="1 comment").click()
    await talk.get_by_label("More about the comment of Guest 0").click()
    await talk.get_by_role("button", name="Edit").click()
    edited = talk.get_by_label("Edit")
    await edited.fill("First of mine, men")
    written = talk.get_by_label("Write a comment")
    await begin(written)
    before = await written.bounding_box()
    await storm(room, guests)
    for number in range(20):
        await comment(room, guests[number % 5], f"Comment {number}.")
    await expect(talk.get_by_text("Comment 19.")).to_be_visible()
    after = await written.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    await untouched(page, written)
    await expect(edited).to_have_value("First of mine, men")


async def test_a_half_made_ballot_stays(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (me, *guests) = await room.guests(6)
    page = await open_page(f"{room.path}/ballot", person=me)
    await be_live(page)
    await page.get_by_role("radio", name="There").check()
    await page.get_by_role("button", name="Move down: Near").click()
    await storm(room, guests)
    body = {"category": "CREATION", "content": "Quiet"}
    new = await host.ok("POST", f"{room.path}/criteria-proposals", body)
    path = f"{room.path}/criteria-proposals/{new['id']}/status"
    await host.ok("PATCH", path, {"status": "ACCEPTED"})

    await expect(page.get_by_text("The criteria changed since you ordered them.")).to_be_visible()
    await expect(page.get_by_role("radio", name="There")).to_be_checked()
    ranks = page.get_by_role("group", name="What mattered most?").get_by_role("listitem")
    await expect(ranks).to_have_text(["1Cheap", "2Near", "3Quiet"])
    await page.reload()
    await expect(page.get_by_role("radio", name="There")).to_be_checked()
    await expect(ranks).to_have_text(["1Cheap", "2Near", "3Quiet"])


async def test_an_admin_is_not_disturbed(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    guests = await room.guests(5)
    await room.propose(host, "We meet on Monday.")
    page = await open_page(f"{room.path}/manage", person=host)
    await be_live(page)
    await page.get_by_text("Settings", exact=True).click()
    await page.get_by_label("Description").fill("A half-written descri")
    await page.get_by_label("Places").fill("321")
    queue = page.get_by_role("region", name="Open proposals")
    await queue.get_by_role("button", name="Reject").click()
    dialog = page.get_by_role("dialog", name="Reject this proposal?")
    reason = dialog.get_by_label("Reason (optional, everyone sees it)")
    await begin(reason)
    await storm(room, guests)
    await host.ok("PATCH", room.path, {"policies": {"guests_allowed": False}})
    await expect(page.get_by_role("heading", name="Open proposals: 6")).to_be_attached()
    await untouched(page, reason)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_label("Description")).to_have_value("A half-written descri")
    await expect(page.get_by_label("Places")).to_have_value("321")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    policies = (await host.get(room.path))["policies"]
    assert policies["guests_allowed"] is False


async def test_nothing_moves_under_the_finger(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host, policies={"max_pending_per_member": 9})
    (me, *guests) = await room.guests(6)
    for number in range(8):
        await room.propose(host, f"Plan {number}.")
    page = await open_page(room.path, person=me)
    await be_in(page, room)
    button = answer(card(page, "Plan 6."), "Agree")
    await button.scroll_into_view_if_needed()
    before = await button.bounding_box()
    await storm(room, guests)
    await change(room, "assumption-proposals", room.event["assumptions"][0]["id"], "Long. " * 80)
    await expect(page.get_by_text("Long. Long.").first).to_be_attached()
    after = await button.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2

    await page.mouse.move(after["x"] + 5, after["y"] + 5)
    await page.mouse.down()
    decided = f"{room.path}/assumption-proposals"
    (first,) = [
        one["id"] for one in (await host.get(room.path))["proposals"] if one["content"] == "Plan 0."
    ]
    await host.ok("PATCH", f"{decided}/{first}/status", {"status": "REJECTED"})
    await say(room, host, "The last word.")
    await expect(page.get_by_text("The last word.").first).to_be_attached()
    await expect(card(page, "Plan 0.")).to_be_attached()
    await page.mouse.up()
    await expect(card(page, "Plan 0.")).to_have_count(0)
    await expect(card(page, "Plan 6.")).to_contain_text("1 agree")
    await expect(part(page, "Decide")).to_be_visible()
