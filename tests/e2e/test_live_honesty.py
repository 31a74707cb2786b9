import asyncio
import re
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import LIVE, answer, badge, be_in, be_live, card
from tests.support.client import Api, Person
from tests.support.rooms import open_room
from tests.support.server import StartServers
from tests.support.truth import Truth

LOSE_A_FRAME = """
const whole = window.fetch;
window.fetch = async (input, init) => {
  const answer = await whole(input, init);
  if (!String(input).includes('/stream')) return answer;
  const thin = new TransformStream({
    transform(text, to) {
      to.enqueue(text.split('\\n\\n').filter((one) => !one.includes('Lost words')).join('\\n\\n'));
    },
  });
  const body = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(thin);
  return new Response(body.pipeThrough(new TextEncoderStream()), answer);
};
"""
TEN_MINUTES_FAST = "const now = Date.now; Date.now = () => now() + 600_000;"


async def test_a_vote_waits_for_the_line(
    host: Person, open_page: OpenPage, photograph: Photograph, truth: Truth
) -> None:
    room = await open_room(host)
    proposal = await room.propose(host, "We meet on Monday.")
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, shaky=True)
    await be_in(page, room)
    await page.context.set_offline(True)
    await expect(badge(page)).to_have_text("offline")
    monday = card(page, "We meet on Monday.")
    await answer(monday, "Agree").click()
    await expect(monday).to_contain_text("Kept here. It is sent as soon as you are online.")
    await expect(page.get_by_text("1 vote waits on this device")).to_be_visible()
    await photograph(page, "offline")
    await room.propose(host, "Said while you were away.")
    assert await truth.votes(proposal) == 0

    await page.context.set_offline(False)
    await be_live(page)
    await expect(monday).to_contain_text("1 agree")
    await expect(answer(monday, "Agree")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("1 vote waits on this device")).to_be_hidden()
    await expect(card(page, "Said while you were away.")).to_be_visible()
    assert await truth.votes(proposal) == 1


async def test_the_server_dies_and_comes_back(
    host: Person, open_page: OpenPage, start_servers: StartServers, truth: Truth
) -> None:
    (server,) = start_servers()
    room = await open_room(host)
    proposal = await room.propose(host, "We meet on Monday.")
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, url=server.url, shaky=True)
    await be_in(page, room)
    await page.get_by_label("Write a message").fill("Half a thou")

    server.kill()
    await expect(badge(page)).to_have_text(re.compile(r"^(reconnecting in \d+ s|connecting)$"))
    monday = card(page, "We meet on Monday.")
    await answer(monday, "Disagree").click()
    await expect(monday).to_contain_text("Kept here.")
    await room.propose(host, "Said to another server.")
    server.start()
    server.ready()

    await be_live(page)
    await expect(monday).to_contain_text("1 disagree")
    await expect(card(page, "Said to another server.")).to_be_visible()
    await expect(page.get_by_label("Write a message")).to_have_value("Half a thou")
    assert await truth.votes(proposal) == 1


async def test_what_was_lost_on_the_way_is_asked_for(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, init=LOSE_A_FRAME)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await go_on.wait()
        await route.continue_()

    await be_in(page, room)
    await page.route("**/changes?*", hold)
    await room.propose(host, "Lost words.")
    await room.propose(host, "Next words.")
    await asked.wait()
    await expect(badge(page)).to_have_text("catching up")
    await expect(card(page, "Next words.")).to_have_count(0)
    go_on.set()
    for words in ("Lost words.", "Next words."):
        await expect(card(page, words)).to_be_visible()
    await be_live(page)


async def test_a_reset_starts_from_the_present_state(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page("/", person=guest)
    unknown = f"{uuid4()}.7"

    async def from_another_time(route: Route) -> None:
        await room.propose(host, "Only in the snapshot.")
        url = route.request.url.split("?")[0]
        await route.continue_(url=f"{url}?event={room.id}&last_event_id={quote(unknown)}")

    await page.route("**/stream?*", from_another_time, times=1)
    await page.goto(room.path)
    await be_in(page, room)
    await expect(card(page, "Only in the snapshot.")).to_be_visible()


@pytest.mark.parametrize(
    ("deed", "words"),
    [("kick", "You were removed from this event"), ("ban", "You can no longer enter this event")],
)
async def test_who_is_sent_away_sees_why_in_every_tab(
    host: Person, open_page: OpenPage, photograph: Photograph, deed: str, words: str
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, at=1)
    other = await page.context.new_page()
    await other.goto(f"{room.path}/ballot")
    for tab in (page, other):
        await be_live(tab)
    await room.manage(guest.membership["id"], deed)
    for tab in (page, other):
        await expect(tab.get_by_role("heading", name=words)).to_be_visible()
    await photograph(page, "sent-away")


async def test_tabs_share_one_stream_and_one_truth(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    await room.propose(host, "We meet on Monday.")
    (guest,) = await room.guests(1)
    first = await open_page("/", person=guest)
    streams: list[str] = []
    first.context.on(
        "request", lambda request: "/stream?" in request.url and streams.append(request.url)
    )
    await first.goto(room.path)
    await be_in(first, room)
    second = await first.context.new_page()
    await second.goto(room.path)
    await be_in(second, room)

    await answer(card(first, "We meet on Monday."), "Agree").click()
    theirs = card(second, "We meet on Monday.")
    await expect(answer(theirs, "Agree")).to_have_attribute("aria-pressed", "true")
    await expect(theirs).to_contain_text("1 agree")
    assert len(streams) == 1

    await first.close()
    await room.propose(host, "Heard by who is left.")
    await expect(card(second, "Heard by who is left.")).to_be_visible()
    assert len(streams) == 2


async def test_a_session_that_ended_elsewhere_is_said(
    host: Person, api: Api, open_page: OpenPage
) -> None:
    room = await open_room(host)
    person = await api.sign_up("Two Devices")
    await room.join(person)
    login = {"email": person.user["email"], "password": "correct horse"}
    laptop = api.person(await api.nobody().ok("POST", "/auth/login", login))
    page = await open_page(room.path, person=laptop)
    await be_in(page, room)
    sessions = (await laptop.get("/auth/sessions"))["items"]
    (here,) = [one["id"] for one in sessions if one["current"]]
    await person.send("DELETE", f"/auth/sessions/{here}")
    await expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


async def test_a_guest_who_keeps_the_account_is_not_signed_out(
    host: Person, open_page: OpenPage
) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest)
    await be_in(page, room)
    account = await page.context.new_page()
    await account.goto("/account")
    await account.get_by_label("E-mail").fill(f"{uuid4().hex}@example.org")
    await account.get_by_label("Password").fill("correct horse")
    async with page.expect_request("**/stream?*"):
        await account.get_by_role("button", name="Keep my account").click()
    await expect(account.get_by_role("heading", name="Keep your place")).to_be_hidden()
    await room.propose(host, "Heard with the new session.")
    await expect(card(page, "Heard with the new session.")).to_be_visible()
    await expect(page).to_have_url(re.compile(f"{room.path}$"))
    await be_live(page)


async def test_a_wrong_clock_does_not_make_news_old(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(room.path, person=guest, init=TEN_MINUTES_FAST)
    await be_in(page, room)
    await room.propose(host, "Said just now.")
    await expect(card(page, "Said just now.")).to_contain_text("now")
    await expect(badge(page)).to_have_text(re.compile(r"^live · \d\.\d s$"))


async def test_the_end_is_said(host: Person, open_page: OpenPage) -> None:
    over, gone = await open_room(host), await open_room(host)
    pages: list[Page] = []
    for room in (over, gone):
        (guest,) = await room.guests(1)
        pages.append(await open_page(room.path, person=guest))
        await be_in(pages[-1], room)
    await over.move("FINISHED")
    await gone.owner.send("DELETE", gone.path)
    await expect(badge(pages[0])).to_have_text("final")
    await expect(pages[0].get_by_text("Everything stays readable")).to_be_visible()
    deleted = pages[1].get_by_role("heading", name="This event was deleted")
    await expect(deleted).to_be_visible()
    await expect(badge(pages[0])).not_to_have_text(LIVE)
