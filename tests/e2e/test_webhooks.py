"""An admin has a server outside told what happens, and sees how it goes."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import be_live
from tests.support.client import connect
from tests.support.receivers import Receiver
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest_asyncio.fixture
async def server(own_database_url: str, start_servers: StartServers) -> Server:
    """On a database of its own: servers that reach no private target would deliver from it too."""
    (server,) = start_servers(1, DATABASE_URL=own_database_url, ASSENT_PRIVATE_TARGETS="1")
    return server


@pytest_asyncio.fixture
async def room(server: Server) -> AsyncIterator[Room]:
    async with connect(server.url) as api:
        yield await open_room(await api.sign_up("Host"))


@pytest_asyncio.fixture
async def page(room: Room, server: Server, open_page: OpenPage) -> Page:
    path = f"{room.path}/webhooks"
    page = await open_page(path, person=room.owner, url=server.url, **CLIPBOARD)
    await be_live(page)
    return page


def _row(page: Page, receiver: Receiver) -> Locator:
    return page.get_by_role("listitem").filter(has_text=receiver.url)


async def _add(page: Page, receiver: Receiver, *types: str) -> None:
    await page.get_by_role("button", name="Add a webhook").click()
    dialog = page.get_by_role("dialog", name="Add a webhook")
    await dialog.get_by_label("Address").fill(receiver.url)
    if types:
        await dialog.get_by_label("Only what I choose").check()
        await expect(dialog.get_by_role("button", name="Add it")).to_be_disabled()
    for type_ in types:
        await dialog.get_by_label(type_).check()
    await dialog.get_by_role("button", name="Add it").click()
    await expect(dialog).to_be_hidden()


async def _choose(page: Page, receiver: Receiver, deed: str) -> None:
    await page.get_by_label(f"What to do with {receiver.url}").click()
    await _row(page, receiver).get_by_role("button", name=deed).click()


async def test_a_receiver_hears_and_can_check_it(
    room: Room, page: Page, receiver: Receiver, photograph: Photograph
) -> None:
    await expect(page.get_by_text("No other server is told what happens here.")).to_be_visible()
    await _add(page, receiver)
    await page.get_by_role("button", name="Copy the secret").click()
    await expect(page.get_by_text("Copied")).to_be_visible()
    secret = str(await page.evaluate("navigator.clipboard.readText()"))
    assert secret.startswith("whsec_")
    await expect(page.get_by_text(secret)).to_be_visible()
    await photograph(page, "secret")

    (guest,) = await room.guests(1)
    plan = await room.propose(guest, "We meet on Monday.")
    await guest.ok("PUT", room.votes_on(plan), {"choice": "AGREE"})
    head = (await room.owner.get(room.path))["seq"]
    await receiver.until(lambda: receiver.seqs[-1:] == [head])
    assert all(received.is_signed_with(secret) for received in receiver.taken)
    assert not any(received.is_signed_with("whsec_AAAA") for received in receiver.taken)
    proposed = [one.json["data"]["data"] for one in receiver.taken if one.tells("proposal.changed")]
    assert proposed[0]["content"] == "We meet on Monday."
    await expect(_row(page, receiver)).to_contain_text(
        f"Nothing is left to deliver, up to number {head}."
    )

    await page.get_by_role("button", name="I have put it away").click()
    await expect(page.get_by_text(secret)).to_be_hidden()
    await page.reload()
    await expect(_row(page, receiver)).to_contain_text("Every change")
    await expect(page.get_by_text("whsec_")).to_be_hidden()
    await page.get_by_text("How a receiver checks a delivery").click()
    await expect(page.get_by_text("make the HMAC-SHA256 of that text")).to_be_visible()
    await photograph(page, "delivered")


async def test_a_receiver_that_is_down_is_waited_for(
    room: Room, page: Page, receiver: Receiver, photograph: Photograph
) -> None:
    await _add(page, receiver, "comments", "proposals and what becomes of them")
    row = _row(page, receiver)
    await expect(row).to_contain_text("Only: proposals and what becomes of them and comments")
    await receiver.switch_off()
    await room.propose(room.owner, "We meet on Monday.")
    await expect(row.get_by_text("Waiting for the receiver", exact=True)).to_be_visible()
    await expect(row).to_contain_text("1 change waits in order; nothing is lost.")
    await expect(row).to_contain_text("The receiver could not be reached.")
    await photograph(page, "waiting")
    await receiver.switch_on()
    await receiver.until(lambda: bool(receiver.taken))
    await expect(row.get_by_text("Up to date", exact=True)).to_be_visible()
    assert [received.json["type"] for received in receiver.taken] == ["assent.proposal.changed"]


async def test_a_webhook_rests_goes_on_tells_again_and_goes(
    room: Room, page: Page, receiver: Receiver
) -> None:
    await _add(page, receiver)
    row = _row(page, receiver)
    await row.get_by_role("button", name="Stop for now").click()
    await expect(row).to_contain_text("Nothing waits.")
    await room.propose(room.owner, "We meet on Monday.")
    await expect(row).to_contain_text("1 change waits until it goes on.")
    assert receiver.taken == []
    await row.get_by_role("button", name="Go on").click()
    await expect(row.get_by_text("Up to date", exact=True)).to_be_visible()
    head = receiver.seqs[-1]

    await _choose(page, receiver, "Send again from a number")
    dialog = page.get_by_role("dialog", name="Send again?")
    await dialog.get_by_label("After number").fill("1")
    await dialog.get_by_role("button", name="Send again").click()
    await expect(dialog).to_be_hidden()
    await receiver.until(lambda: receiver.seqs == [head, *range(2, head + 1)])

    await _choose(page, receiver, "Change this webhook")
    dialog = page.get_by_role("dialog", name="Change this webhook")
    await dialog.get_by_label("Address").fill("https://no-such-host.invalid/")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("There is no server of this name.")
    await dialog.get_by_role("button", name="Close").click()

    await _choose(page, receiver, "Remove this webhook")
    dialog = page.get_by_role("dialog", name="Remove this webhook?")
    await dialog.get_by_role("button", name="Remove this webhook").click()
    await expect(row).to_have_count(0)
    assert (await room.owner.get(f"{room.path}/webhooks"))["items"] == []
