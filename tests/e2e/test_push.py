"""Being told on a device while Assent is closed, as the account page offers it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.support.client import Person, connect
from tests.support.receivers import Receiver
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.truth import Truth

SUBSCRIPTIONS = "SELECT count(*) FROM push_subscriptions WHERE user_id = %s"
ALLOWED = {"permissions": ["notifications"]}
# Chromium without an account of its maker reaches no push service: this stands in for one.
SERVICE = """
const text = (bytes) => btoa(String.fromCharCode(...bytes))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const kept = () => {
  const made = JSON.parse(localStorage.getItem('service'));
  const unsubscribe = async () => localStorage.removeItem('service');
  return made && { endpoint: made.endpoint, toJSON: () => made, unsubscribe };
};
PushManager.prototype.getSubscription = async () => kept();
PushManager.prototype.subscribe = async () => {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const { publicKey } = await crypto.subtle.generateKey(curve, true, ['deriveBits']);
  const p256dh = text(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
  const keys = { p256dh, auth: text(crypto.getRandomValues(new Uint8Array(16))) };
  localStorage.setItem('service', JSON.stringify({ endpoint: 'ENDPOINT', keys }));
  return kept();
};
"""


@pytest.fixture
def server(start_servers: StartServers) -> Server:
    settings = {"ASSENT_PRIVATE_TARGETS": "1", "ASSENT_PUSH_CONTACT": "mailto:house@example.org"}
    return start_servers(1, **settings)[0]


@pytest_asyncio.fixture
async def room(host: Person, server: Server) -> AsyncIterator[Room]:
    """On the server that pushes: what is told is told by the process that wrote it."""
    async with connect(server.url) as api:
        yield await open_room(replace(host, api=api), policies=MANUAL)


def _switch(page: Page) -> Locator:
    return page.get_by_role("switch", name="Tell me on this device")


async def test_who_does_not_allow_it_is_told_where_to(
    host: Person, server: Server, open_page: OpenPage
) -> None:
    page = await open_page("/account", person=host, url=server.url)
    await _switch(page).click()
    await expect(_switch(page)).to_be_disabled()
    await expect(_switch(page)).not_to_be_checked()
    await expect(page.get_by_text("does not let Assent notify you")).to_be_visible()


async def test_without_a_push_service_it_stays_off_and_says_why(
    host: Person, server: Server, open_page: OpenPage
) -> None:
    page = await open_page("/account", person=host, url=server.url, **ALLOWED)
    await _switch(page).click()
    await expect(page.get_by_role("alert")).to_contain_text("push service could not be reached")
    await expect(_switch(page)).not_to_be_checked()
    await expect(_switch(page)).to_be_enabled()


async def test_a_device_is_told_until_it_is_switched_off(
    room: Room, server: Server, open_page: OpenPage, receiver: Receiver, truth: Truth
) -> None:
    init = SERVICE.replace("ENDPOINT", receiver.url)
    guest = await room.owner.api.sign_up("Away")
    await room.join(guest)
    page = await open_page("/account", person=guest, url=server.url, init=init, **ALLOWED)
    await _switch(page).click()
    await expect(_switch(page)).to_be_checked()
    plan = await room.propose(room.owner)
    decided = f"{room.path}/assumption-proposals/{plan}/status"
    await room.owner.ok("PATCH", decided, {"status": "ACCEPTED"})
    await receiver.until(lambda: bool(receiver.taken))
    assert receiver.taken[0].headers["content-encoding"] == "aes128gcm"
    await page.reload()
    await expect(_switch(page)).to_be_checked()
    await _switch(page).click()
    await expect(_switch(page)).not_to_be_checked()
    assert await truth.number(SUBSCRIPTIONS, guest.id) == 0


async def test_another_session_is_not_told_by_the_last_ones_subscription(
    room: Room, server: Server, open_page: OpenPage, receiver: Receiver
) -> None:
    init = SERVICE.replace("ENDPOINT", receiver.url)
    page = await open_page("/account", person=room.owner, url=server.url, init=init, **ALLOWED)
    await _switch(page).click()
    await expect(_switch(page)).to_be_checked()
    again = await room.owner.api.sign_up("Another")
    cookie = {"name": "assent_session", "value": again.token, "url": server.url}
    await page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
    await page.reload()
    await expect(_switch(page)).to_be_enabled()
    await expect(_switch(page)).not_to_be_checked()
