import asyncio
import re

from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import PHONE, answer, be_in, be_live, card
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

WORDS = "We meet on Monday."
VOTES = re.compile(r"/api/events/[^/]+/assumption-proposals/[^/]+/votes$")


async def _voter(
    host: Person, open_page: OpenPage, **settings: object
) -> tuple[Room, Person, str, Page]:
    """A guest who looks at one open proposal."""
    room = await open_room(host)
    proposal = await room.propose(host, WORDS)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, **settings)
    await be_in(page, room)
    return room, guest, proposal, page


async def _tallies(truth: Truth, room: Room) -> int:
    return len(await truth.log(room.id, "tally.changed"))


async def test_a_vote_is_seen_at_once_and_then_counted(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    _, _, proposal, page = await _voter(host, open_page, **PHONE)
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route(VOTES, hold)
    monday = card(page, WORDS)
    await answer(monday, "Agree").tap()
    await expect(answer(monday, "Agree")).to_have_attribute("aria-pressed", "true")
    await expect(monday.get_by_text("Sending…")).to_be_visible()
    assert await truth.votes(proposal) == 0
    go_on.set()
    await expect(monday.get_by_text("Counted.")).to_be_visible()
    await expect(monday).to_contain_text("1 agree")
    await expect(monday.get_by_text("Your vote counts.")).to_be_visible()
    assert await truth.votes(proposal) == 1


async def test_a_double_tap_is_one_vote(host: Person, open_page: OpenPage, truth: Truth) -> None:
    room, _, proposal, page = await _voter(host, open_page)
    sent: list[str] = []
    page.on("request", lambda request: VOTES.search(request.url) and sent.append(request.method))
    monday = card(page, WORDS)
    await answer(monday, "Agree").dblclick()
    await answer(monday, "Agree").dblclick()
    await expect(monday).to_contain_text("1 agree")
    await answer(monday, "Abstain").click()
    await expect(monday).to_contain_text("1 abstain")
    assert sent == ["PUT", "PUT"]
    assert (await truth.votes(proposal), await _tallies(truth, room)) == (1, 2)


async def test_undo_before_and_after_sending(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, _, proposal, page = await _voter(host, open_page, shaky=True)
    monday = card(page, WORDS)
    undo = monday.get_by_role("button", name="Undo")

    await page.context.set_offline(True)
    await answer(monday, "Agree").click()
    await expect(monday).to_contain_text("Kept here.")
    await undo.click()
    await expect(monday).to_contain_text("You have not voted.")
    await page.context.set_offline(False)
    await be_live(page)

    await answer(monday, "Disagree").click()
    await expect(monday.get_by_text("Counted.")).to_be_visible()
    await undo.click()
    await expect(monday).to_contain_text("You have not voted.")
    await expect(monday).to_contain_text("0 disagree")
    assert (await truth.votes(proposal), await _tallies(truth, room)) == (0, 2)
    await truth.check(room.id)


async def test_retries_carry_one_key_and_have_one_effect(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, _, proposal, page = await _voter(host, open_page, shaky=True)
    keys: list[str | None] = []

    async def lose_two_answers(route: Route) -> None:
        keys.append(await route.request.header_value("idempotency-key"))
        if len(keys) == 1:
            await route.abort()
        elif len(keys) == 2:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route(VOTES, lose_two_answers)
    monday = card(page, WORDS)
    await answer(monday, "Agree").click()
    await expect(monday.get_by_text("Counted.")).to_be_visible()
    await expect(monday).to_contain_text("1 agree")
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert (await truth.votes(proposal), await _tallies(truth, room)) == (1, 1)


async def test_a_vote_outlives_its_page(host: Person, open_page: OpenPage, truth: Truth) -> None:
    room, _, proposal, page = await _voter(host, open_page, shaky=True)
    await page.context.set_offline(True)
    await answer(card(page, WORDS), "Agree").click()
    await expect(page.get_by_text("You may close this page.")).to_be_visible()
    context = page.context
    await page.close()
    await context.set_offline(False)
    again = await context.new_page()
    await again.goto(room.path)
    monday = card(again, WORDS)
    await expect(monday).to_contain_text("1 agree")
    await expect(answer(monday, "Agree")).to_have_attribute("aria-pressed", "true")
    assert await truth.votes(proposal) == 1


async def test_a_vote_after_the_close_came_too_late(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, _, proposal, page = await _voter(host, open_page, shaky=True)
    await page.context.set_offline(True)
    await answer(card(page, WORDS), "Agree").click()
    await expect(card(page, WORDS)).to_contain_text("Kept here.")
    await room.move("FINISHED")
    await page.context.set_offline(False)
    alert = page.get_by_role("alert").filter(has_text="Too late: this was not counted")
    await expect(alert).to_contain_text(f"Your “Agree” on “{WORDS}”")
    await alert.get_by_role("button", name="Understood").click()
    await expect(alert).to_be_hidden()
    assert await truth.votes(proposal) == 0


async def test_a_refused_vote_is_taken_back_with_the_reason(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, guest, proposal, page = await _voter(host, open_page, shaky=True)
    await page.context.set_offline(True)
    await answer(card(page, WORDS), "Agree").click()
    await expect(card(page, WORDS)).to_contain_text("Kept here.")
    await room.give_role(guest.membership["id"], "OBSERVER")
    await page.context.set_offline(False)
    alert = page.get_by_role("alert").filter(has_text="This was not counted")
    await expect(alert).to_contain_text("Observers see everything and do not vote.")
    await expect(page.get_by_text("You are an observer")).to_be_visible()
    assert await truth.votes(proposal) == 0


async def _cast_offline(page: Page, room: Room) -> None:
    await page.goto(f"{room.path}/ballot")
    await be_live(page)
    await page.context.set_offline(True)
    await page.get_by_role("radio", name="Here", exact=True).check()
    await page.get_by_role("button", name="Cast the ballot").click()
    await expect(page.get_by_text("Kept here.")).to_be_visible()


async def test_a_ballot_after_the_close_came_too_late(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, _, _, page = await _voter(host, open_page, shaky=True)
    await _cast_offline(page, room)
    await room.move("FINISHED")
    await page.context.set_offline(False)
    alert = page.get_by_role("alert").filter(has_text="Too late: this was not counted")
    await expect(alert).to_contain_text("Your ballot arrived after the close.")
    assert (await truth.check(room.id))["ballots"] == 0


async def test_a_ballot_whose_criteria_changed_on_its_way_is_cast_again(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, _, _, page = await _voter(host, open_page, shaky=True)
    await _cast_offline(page, room)
    wish = {"category": "CREATION", "content": "Quiet"}
    made = await host.ok("POST", f"{room.path}/criteria-proposals", wish)
    accepted = {"status": "ACCEPTED"}
    await host.ok("PATCH", f"{room.path}/criteria-proposals/{made['id']}/status", accepted)
    await page.context.set_offline(False)
    alert = page.get_by_role("alert").filter(has_text="This was not counted")
    await expect(alert).to_contain_text("the criteria have changed meanwhile")
    await alert.get_by_role("button", name="Understood").click()
    await expect(page.get_by_role("button", name="Quiet: place 3 of 3")).to_be_visible()
    await page.get_by_role("button", name="Cast the ballot").click()
    await expect(page.get_by_text("Your ballot is counted.")).to_be_visible()
    assert (await truth.check(room.id))["ballots"] == 1
