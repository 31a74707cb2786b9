import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.gallery import Gallery, settle
from tests.e2e.screens import PHONE, be_live
from tests.support.server import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is in order is not told: it is a hundred times as much.
LOOK = """
async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
"""
STAND_STILL = """
() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.timeline === document.timeline)
  .filter((one) => one.effect.getComputedTiming().endTime < 5000)
  .map((one) => one.finished))
"""


async def faults(page: Page, where: str) -> list[str]:
    """Return what axe finds on what is shown; its text is handed over past the page's policy."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    await page.evaluate(STAND_STILL)
    found: list[dict[str, Any]] = await page.evaluate(LOOK, RULES)
    return [
        f"{where}: {fault['id']} {json.dumps([node['target'] for node in fault['nodes'][:3]])}"
        for fault in found
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_screen(
    gallery: Gallery, open_page: OpenPage, theme: str
) -> None:
    size = {} if theme == "light" else PHONE
    pages: dict[str | None, Page] = {}
    found: list[str] = []
    look = {"color_scheme": theme, "reduced_motion": "reduce", **size}
    for name, path, person in gallery.screens():
        key = person.token if person else None
        if key not in pages:
            pages[key] = await open_page("/", person=person, **look)
        await pages[key].goto(path)
        await settle(pages[key])
        found += await faults(pages[key], name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_in_what_opens(
    gallery: Gallery, open_page: OpenPage, theme: str
) -> None:
    look = {"color_scheme": theme, "reduced_motion": "reduce"}
    page = await open_page(gallery.going.path, person=gallery.host, shaky=True, **look)
    await be_live(page)
    found: list[str] = []
    for opener in ("Propose an assumption", "Accept", "Reject"):
        await page.get_by_role("button", name=opener, exact=True).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        found += await faults(page, opener)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_label("Propose something about A1").click()
    await page.get_by_text("Decided:").first.click()
    found += await faults(page, "menu and folds")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Abstain").first.click()
    await expect(page.get_by_text("1 vote waits on this device")).to_be_visible()
    found += await faults(page, "offline")
    account = await open_page("/account", person=gallery.host, **look)
    await account.get_by_role("button", name="Delete my account").click()
    await expect(account.get_by_role("dialog")).to_be_visible()
    found += await faults(account, "going for good")
    assert not found, "\n".join(found)
