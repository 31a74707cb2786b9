import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, async_playwright, expect

from tests.support.client import Person
from tests.support.server import ROOT, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CLIENT = ROOT / "app" / "static" / "index.html"
ARTEFACTS = ROOT / "tests" / "artefacts"
PATIENCE_MS = 15_000

OpenPage = Callable[..., Awaitable[Page]]
Photograph = Callable[[Page, str], Awaitable[None]]


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    if not CLIENT.exists():
        pytest.skip("the client is not built")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        await opened.close()


@pytest_asyncio.fixture
async def open_page(browser: Browser, servers: tuple[Server, Server]) -> AsyncIterator[OpenPage]:
    """Open a browser of its own at one of the servers; none may complain by the end."""
    contexts, complaints = [], []

    async def open_one(
        path: str = "/", *, person: Person | None = None, at: int = 0, **settings: object
    ) -> Page:
        url = servers[at].url
        context = await browser.new_context(**{"locale": "en-GB", "base_url": url, **settings})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if person is not None and person.token is not None:
            cookie = {"name": "assent_session", "value": person.token, "url": url}
            await context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: _note(request, complaints))
        await page.goto(path)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest.fixture
def photograph(request: pytest.FixtureRequest) -> Photograph:
    """Keep a picture of a page."""
    test = re.sub(r"\W+", "-", request.node.name)

    async def take(page: Page, name: str) -> None:
        file = Path(ARTEFACTS, f"{test}-{name}.png")
        await page.screenshot(path=file)

    return take


def _note(request: Request, complaints: list[str]) -> None:
    """Streams end when their page does; nothing else may fail."""
    if not request.url.endswith("/stream") and "/stream?" not in request.url:
        complaints.append(f"{request.method} {request.url}: {request.failure}")
