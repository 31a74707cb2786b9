"""One person in the browser while a hundred others vote: undisturbed, and right in the end."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.screens import answer, be_in, be_live, card, part
from tests.e2e.storm import begin, say, untouched
from tests.e2e.talking import box
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

VOTERS, PLANS, AT_ONCE = 100, 20, 20
CHOICES = ("AGREE", "DISAGREE", "ABSTAIN")


@dataclass(frozen=True)
class Hall:
    """A hundred people who vote, again and again, until they are told to stop."""

    room: Room
    people: list[Person]
    plans: list[str]
    quiet: str
    doors: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def vote(self) -> None:
        await asyncio.gather(*(self._vote(n, one) for n, one in enumerate(self.people)))

    async def _vote(self, number: int, person: Person) -> None:
        criterion = f"{self.room.path}/criteria-proposals/{self.quiet}/votes"
        async with self.doors:
            await person.send("PUT", criterion, {"choice": "AGREE"})
            await person.send("PUT", f"{self.room.path}/votes", await self._ballot(number))
        for turn in count(number):
            async with self.doors:
                vote = {"choice": CHOICES[turn % len(CHOICES)]}
                await person.ok("PUT", self.room.votes_on(self.plans[turn % PLANS]), vote)
            if self.enough.is_set():
                return

    async def _ballot(self, number: int) -> dict[str, Any]:
        """Return a ballot on the criteria of this moment; a new one may still overtake it."""
        event = await self.room.owner.get(self.room.path)
        order = [one["id"] for one in event["criteria"]]
        return {"option_id": event["options"][number % 2]["id"], "criterion_ids": order}


async def _fill(room: Room, people: list[Person]) -> Hall:
    """Put something before the house."""
    authors = people[:PLANS]
    plans = await asyncio.gather(
        *(room.propose(one, f"Plan {n}.") for n, one in enumerate(authors))
    )
    body = {"category": "CREATION", "content": "It must be quiet."}
    quiet = await authors[0].ok("POST", f"{room.path}/criteria-proposals", body)
    return Hall(room, people, plans, quiet["id"])


async def _use_everything(page: Page) -> None:
    """Propose, vote, cast a ballot and begin a message, as one does."""
    await page.get_by_role("button", name="Propose an assumption").click()
    dialog = page.get_by_role("dialog", name="Propose an assumption")
    words = dialog.get_by_label("The assumption")
    await begin(words)
    await untouched(page, words)
    await words.fill("Mine.")
    await dialog.get_by_role("button", name="Propose it").click()
    await expect(dialog).to_be_hidden()
    await answer(card(page, "Mine."), "Agree").click()
    await expect(card(page, "Mine.")).to_contain_text("1 agree")
    await answer(card(page, "Plan 3."), "Abstain").click()
    await expect(answer(card(page, "Plan 3."), "Abstain")).to_have_attribute("aria-pressed", "true")

    await part(page, "Ballot").click()
    await page.get_by_role("radio", name="There").check()
    await page.get_by_role("button", name="Move down: Near").click()
    # What the hall accepted meanwhile stands at the end; a ballot that does not name it is none.
    await expect(page.get_by_role("button", name="It must be quiet.: place 3 of 3")).to_be_visible()
    await page.get_by_role("button", name="Cast the ballot").click()
    await expect(page.get_by_text("Your ballot is counted.")).to_be_visible()
    await part(page, "Decide").click()
    await begin(box(page))


async def _shows(page: Page, event: dict[str, Any]) -> None:
    """What is on the screen is what the server says."""
    counts = event["counts"]
    title = page.get_by_role("banner")
    await expect(title).to_contain_text(f"{counts['members']} of {event['capacity']} places")
    await expect(title).to_contain_text(f"{counts['voters']} of {counts['members']} ballots")
    pending = [one for one in event["proposals"] if one["status"] == "PENDING"]
    for one in pending:
        shown = page.locator(f"#proposal-{one['id']}")
        for choice, number in one["tally"].items():
            await expect(shown.locator(f".dot.{choice.upper()}")).to_have_text(f"{number} {choice}")
        mine = event["me"]["votes"].get(one["id"])
        pressed = shown.locator("[aria-pressed=true]")
        await expect(pressed).to_have_count(1 if mine else 0)
    await expect(page.locator(".vote-bar")).to_have_count(len(pending))
    items = [one["content"] for one in (*event["assumptions"], *event["criteria"])]
    await expect(page.locator(".item:not(.option) .item-text")).to_have_text(items)


async def test_a_hundred_vote_beside_one(host: Person, open_page: OpenPage, truth: Truth) -> None:
    rules = {"assumption": {"auto_approve": False}, "criterion": {"min_votes": VOTERS // 2}}
    room = await open_room(host, policies=rules)
    (me, *people) = await room.guests(VOTERS + 1)
    hall = await _fill(room, people)
    page = await open_page(room.path, person=me)
    await be_in(page, room)
    async with asyncio.TaskGroup() as group:
        group.create_task(hall.vote())
        await _use_everything(page)
        hall.enough.set()
    await say(room, host, "Now it is quiet.")
    await expect(page.get_by_text("Now it is quiet.").first).to_be_attached()
    await be_live(page)
    await untouched(page, box(page))
    await _shows(page, await me.get(room.path))
    await truth.check(room.id)
