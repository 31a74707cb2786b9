import asyncio
import itertools

from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.feed import LISTEN, tell
from tests.e2e.screens import answer, be_in, be_live, card
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

PROPOSALS, COMMENTS, VOTERS = 200, 500, 20
SECONDS, RATE = 4, 50
COUNT_FRAMES = """
() => {
  window.frames_ = [];
  const step = (now) => { frames_.push(now); requestAnimationFrame(step); };
  requestAnimationFrame(step);
}
"""
RATE_OF_FRAMES = "() => 1000 * (frames_.length - 1) / (frames_.at(-1) - frames_[0])"
SCROLL = """
async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) {
  scrollTo(0, y); await new Promise(requestAnimationFrame); } }
"""


async def _throttle(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


async def _tell(page: Page, what: str) -> None:
    """Say how smooth it was; a busy machine must not fail a test that is right."""
    print(f"{what}: {await page.evaluate(RATE_OF_FRAMES):.0f} frames/s, CPU throttled x4")  # noqa: T201


async def _full(host: Person) -> tuple[Room, list[Person], list[str]]:
    rule = {"auto_approve": False}
    room = await open_room(host, policies={"assumption": rule, "max_pending_per_member": 20})
    people = await room.guests(VOTERS)
    share = PROPOSALS // VOTERS

    async def fill(person: Person) -> list[str]:
        made = [await room.propose(person, f"{person.id[-6:]} says {n}.") for n in range(share)]
        for number in range(COMMENTS // VOTERS):
            words = {"content": f"Word {number}."}
            await person.ok("POST", f"{room.path}/comments?subject=event", words)
        return made

    made = await asyncio.gather(*(fill(person) for person in people))
    return room, people, [*itertools.chain(*made)]


async def _rain(room: Room, people: list[Person], proposals: list[str]) -> None:
    """Vote at a steady pace; each vote is a change that everybody sees."""
    loop = asyncio.get_running_loop()
    begun, sent = loop.time(), []
    turns = zip(itertools.cycle(people), itertools.cycle(proposals), strict=False)
    for number, (person, proposal) in enumerate(itertools.islice(turns, SECONDS * RATE)):
        choice = {"choice": ("AGREE", "DISAGREE")[number // len(proposals) % 2]}
        sent.append(asyncio.create_task(person.ok("PUT", room.votes_on(proposal), choice)))
        await asyncio.sleep(max(0.0, begun + (number + 1) / RATE - loop.time()))
    await asyncio.gather(*sent)


async def test_a_full_room_stays_smooth_and_right(
    host: Person, open_page: OpenPage, truth: Truth
) -> None:
    room, people, proposals = await _full(host)
    page = await open_page(room.path, person=host, init=LISTEN)
    await be_in(page, room)
    await _throttle(page)
    await page.evaluate(COUNT_FRAMES)
    await page.evaluate(SCROLL)
    await _tell(page, f"scrolling {PROPOSALS} proposals")

    await page.evaluate("() => { frames_.length = 0; }")
    await _rain(room, people, proposals)
    await _tell(page, f"{RATE} votes a second, servers and voters on the same machine")
    await be_live(page)
    await _agrees(page, truth, proposals[-1])
    mine = card(page, f"{people[0].id[-6:]} says 0.")
    await answer(mine, "Agree").click()
    await expect(answer(mine, "Agree")).to_have_attribute("aria-pressed", "true")
    await expect(mine.get_by_text("Counted.")).to_be_visible()
    await truth.check(room.id)
    await page.evaluate("() => { frames_.length = 0; }")
    await tell(page, await host.get(room.path), proposals, RATE, SECONDS * RATE)
    await _tell(page, f"{RATE} changes a second, the browser alone")


async def _agrees(page: Page, truth: Truth, proposal: str) -> None:
    """What is on the screen is what is in the database."""
    row = await truth.row("SELECT agree, disagree FROM proposals WHERE id = %s", proposal)
    shown = page.locator(f"#proposal-{proposal}")
    await expect(shown).to_contain_text(f"{row['agree']} agree")
    await expect(shown).to_contain_text(f"{row['disagree']} disagree")
