from playwright.async_api import expect

from tests.e2e.conftest import OpenPage, Photograph
from tests.e2e.screens import be_live
from tests.support.client import Person
from tests.support.rooms import open_room

ON_A_PAGE = 50


async def test_what_admins_did_is_read_as_it_happens(
    host: Person, open_page: OpenPage, photograph: Photograph
) -> None:
    room = await open_room(host, policies={"membership_auto_approved": False})
    eve, adam = [await host.api.guest(room.code, name) for name in ("Eve", "Adam")]
    await room.manage(eve.membership["id"], "approve")
    page = await open_page(f"{room.path}/manage", person=host)
    await be_live(page)
    await page.get_by_role("link", name="See what admins did").click()
    deeds = page.get_by_role("region", name="What admins did").get_by_role("listitem")
    await expect(deeds).to_have_count(3)
    await expect(deeds.nth(0)).to_contain_text("Host let Eve in")
    await expect(deeds.nth(1)).to_contain_text("Host moved the event to “In progress”")
    await expect(deeds.nth(2)).to_contain_text("Host created the event")

    await room.manage(adam.membership["id"], "reject")
    await expect(deeds.nth(0)).to_contain_text("Host declined Adam")
    await host.ok("PATCH", room.path, {"capacity": 33})
    await expect(deeds.nth(0)).to_contain_text("Host changed places")
    await expect(deeds.nth(0)).to_contain_text("places: 33")
    proposal = await room.propose(eve, "We meet on Monday.")
    path = f"{room.path}/assumption-proposals/{proposal}/status"
    await host.ok("PATCH", path, {"status": "REJECTED", "reason": "Not now."})
    await expect(deeds.nth(0)).to_contain_text("Host rejected a proposal (Add)")
    await expect(deeds.nth(0)).to_contain_text("“We meet on Monday.”")
    await expect(deeds.nth(0)).to_contain_text("Not now.")
    await expect(deeds).to_have_count(6)
    await photograph(page, "audit")


async def test_a_long_audit_is_read_page_by_page(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    for places in range(ON_A_PAGE):
        await host.ok("PATCH", room.path, {"capacity": 100 + places})
    page = await open_page(f"{room.path}/audit", person=host)
    await be_live(page)
    deeds = page.get_by_role("region", name="What admins did").get_by_role("listitem")
    await expect(deeds).to_have_count(ON_A_PAGE)
    await page.get_by_role("button", name="Show more").click()
    await expect(deeds).to_have_count(ON_A_PAGE + 2)
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    await host.ok("PATCH", room.path, {"capacity": 99})
    await expect(deeds).to_have_count(ON_A_PAGE + 3)
    await expect(deeds.last).to_contain_text("created the event")


async def test_only_admins_read_it(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    page = await open_page(f"{room.path}/audit", person=guest)
    await expect(page.get_by_text("Only admins of this event see this page.")).to_be_visible()
