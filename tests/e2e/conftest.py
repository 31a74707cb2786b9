import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    async_playwright,
    expect,
)

from tests.support.client import Person
from tests.support.server import ROOT, Server
from tests.support.truth import Truth

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CLIENT = ROOT / "app" / "static" / "index.html"
ARTEFACTS = ROOT / "tests" / "artefacts"
PATIENCE_MS = 15_000

OpenPage = Callable[..., Awaitable[Page]]
Photograph = Callable[[Page, str], Awaitable[None]]


@pytest_asyncio.fixture(autouse=True)
async def nothing_announced(truth: Truth) -> None:
    """What tests before announced to everybody would be in the way of what is looked at."""
    await truth.rows("UPDATE announcements SET deleted_at = now() RETURNING id")


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
    """Open a browser of its own at one of the servers; none may complain by the end.

    `shaky` pages may lose requests: their test takes the line away.
    """
    contexts, complaints = [], []

    async def open_one(
        path: str = "/",
        *,
        person: Person | None = None,
        at: int = 0,
        url: str | None = None,
        shaky: bool = False,
        init: str | None = None,
        **settings: object,
    ) -> Page:
        url = url or servers[at].url
        context = await browser.new_context(**{"locale": "en-GB", "base_url": url, **settings})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if person is not None and person.token is not None:
            cookie = {"name": "assent_session", "value": person.token, "url": url}
            await context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
        if init is not None:
            await context.add_init_script(init)
        _listen(context, url, complaints, shaky=shaky)
        page = await context.new_page()
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


def _listen(context: BrowserContext, url: str, complaints: list[str], *, shaky: bool) -> None:
    """Nothing may break, no other host be asked, and the security policy never be touched."""
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: _note_words(message.text, complaints))
    context.on("request", lambda request: _note_host(request, url, complaints))
    if not shaky:
        context.on("requestfailed", lambda request: _note_failure(request, complaints))


def _note_words(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


def _note_host(request: Request, url: str, complaints: list[str]) -> None:
    if not request.url.startswith((f"{url}/", "blob:", "data:")):
        complaints.append(f"asked another host: {request.url}")


# Machines that other tests plug in and out change this one's network under its browsers.
EXCUSED = {"net::ERR_ABORTED", "net::ERR_NETWORK_CHANGED"}


def _note_failure(request: Request, complaints: list[str]) -> None:
    """Streams end when their page does, and requests when it moves on; nothing else may."""
    stream = request.url.endswith("/stream") or "/stream?" in request.url
    if not stream and request.failure not in EXCUSED:
        complaints.append(f"{request.method} {request.url}: {request.failure}")
