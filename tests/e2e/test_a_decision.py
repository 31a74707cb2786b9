import re

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import PHONE, card, part, propose
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth


async def _join(page: Page, room: Room, name: str) -> None:
    await page.get_by_label("Entrance code").fill(room.code.lower())
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Enter the room").click()
    await expect(page.get_by_role("heading", name=room.event["subject"])).to_be_visible()
    await expect(page.get_by_role("region", name="Assumptions")).to_be_visible()


async def _cast(page: Page, option: str) -> None:
    await part(page, "Ballot").click()
    await page.get_by_role("radio", name=option).check()
    await page.get_by_role("button", name="Cast the ballot").click()
    await expect(page.get_by_text("Your ballot is counted.")).to_be_visible()


async def test_people_decide_together(
    host: Person, open_page: OpenPage, photograph: Photograph, truth: Truth
) -> None:
    room = await open_room(host, policies={"assumption": {"min_votes": 2}})
    words = "It will rain on Sunday."
    ada, ben = await open_page(at=0), await open_page(at=1, **PHONE)
    await _join(ada, room, "Ada")
    await _join(ben, room, "Ben")

    await propose(ada, words)
    await expect(card(ben, words)).to_contain_text("2 more to accept")
    await card(ada, words).get_by_role("button", name="Agree", exact=True).click()
    await expect(card(ben, words)).to_contain_text("1 agree")
    await expect(card(ben, words)).to_contain_text("1 more to accept")
    await photograph(ben, "one-vote")
    await card(ben, words).get_by_role("button", name="Agree", exact=True).click()

    for page in (ada, ben):
        assumptions = page.get_by_role("region", name="Assumptions")
        await expect(card(page, words)).to_have_count(0)
        await expect(
            assumptions.get_by_role("listitem").filter(has_text=words).first
        ).to_be_visible()
    await photograph(ada, "accepted")

    await _cast(ada, "There")
    await _cast(ben, "There")
    admin = await open_page(f"{room.path}/manage", person=host, at=1)
    await admin.get_by_role("button", name="Finish").first.click()
    dialog = admin.get_by_role("dialog")
    await dialog.get_by_role("button", name="Finish").click()
    for page in (ada, ben):
        await page.get_by_role("link", name="Result").first.click()
        await expect(page.get_by_text("The group chose")).to_be_visible()
        await expect(page.get_by_role("main")).to_contain_text("There")
    await photograph(ben, "result")
    event = await truth.check(room.id)
    assert (event["status"], event["ballots"]) == ("FINISHED", 2)


async def test_an_admin_lets_somebody_in(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host, policies={"membership_auto_approved": False})
    admin = await open_page(f"{room.path}/manage", person=host, at=0)
    guest = await open_page(f"/join/{room.code}", at=1)
    await guest.get_by_label("Your name").fill("Eve")
    await guest.get_by_role("button", name="Ask to join").click()
    await expect(guest.get_by_text("Waiting room")).to_be_visible()
    await photograph(guest, "waiting")

    row = admin.get_by_role("listitem").filter(has_text="Eve")
    await row.get_by_role("button", name="Approve").first.click()

    await expect(guest.get_by_role("region", name="Assumptions")).to_be_visible()
    await expect(admin.get_by_text("Nobody is waiting.")).to_be_visible()


async def test_a_vote_is_taken_back(host: Person, open_page: OpenPage, truth: Truth) -> None:
    room = await open_room(host)
    proposal = await room.propose(host, "We meet on Monday.")
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest)
    monday = card(page, "We meet on Monday.")
    await monday.get_by_role("button", name="Disagree", exact=True).click()
    await expect(monday).to_contain_text("1 disagree")
    await monday.get_by_role("button", name=re.compile("Undo|Take back")).click()
    await expect(monday).to_contain_text("0 disagree")
    await expect(monday.get_by_text("You have not voted.")).to_be_visible()
    assert await truth.votes(proposal) == 0


async def test_the_room_speaks_korean(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host, subject="어디에서 만날까요?")
    await room.propose(host, "일요일에는 비가 온다.")
    page = await open_page(f"/join/{room.code}", locale="ko-KR", **PHONE)
    await expect(page.locator("html")).to_have_attribute("lang", "ko")
    await page.get_by_label("이름").fill("김서연")
    await page.get_by_role("button", name="결정방 들어가기").click()
    await expect(page.get_by_role("heading", name="어디에서 만날까요?")).to_be_visible()
    await page.get_by_role("button", name="찬성", exact=True).first.click()
    await expect(page.get_by_text("찬성 1").first).to_be_visible()
    await photograph(page, "korean")
