"""Pictures of every screen: opens a demo room of its own and looks at it with a browser."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
ALL = ROOT / "build" / "screenshots"
IMAGES = ROOT / "docs" / "images"
README = {"room.png": "room-desk.png", "stage.png": "stage-desk.png", "phone.png": "room-phone.png"}
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def demo_room() -> Iterator[tuple[str, str]]:
    """Open a room in a folder that goes away; give its address and the demo's password."""
    with tempfile.TemporaryDirectory(prefix="assent-screenshots-") as folder:
        Path(folder).chmod(0o755)
        environment = os.environ | {"ASSENT_DATA_DIR": f"{folder}/data", "PORT": "0"}
        room = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield _read_banner(room)
        finally:
            room.terminate()
            room.wait()


def _read_banner(room: "subprocess.Popen[str]") -> tuple[str, str]:
    address = ""
    assert room.stdout is not None
    for line in room.stdout:
        if found := re.search(r"Open\s+(http\S+)", line):
            address = found[1]
        if found := re.search(r"Sign in\s+dana@example.org\s+(\S+)", line):
            return address, found[1]
    raise SystemExit("The room did not open.")


@dataclass(frozen=True)
class Screen:
    """One screen of the client, who of the demo looks at it, and a selector of what it is about."""

    name: str
    path: str
    who: str | None = None
    shows: str = "h1"


# {event} is the demo event, {pair} what two say alone. The last ones show it when it is over.
OPEN = (
    Screen("home", "/"),
    Screen("join", "/join/ASSENT"),
    Screen("sign-in", "/sign-in"),
    Screen("my-events", "/", "aiko"),
    Screen("waiting", "/join/ASSENT", "lena", ".waiting-place"),
    Screen("create", "/new", "dana"),
    Screen("room", "/events/{event}", "dana"),
    Screen("ballot", "/events/{event}/ballot", "aiko", "#main input"),
    Screen("talk", "/events/{event}/talk", "priya", ".said-body"),
    Screen("brief", "/events/{event}/brief", "aiko", ".brief-block"),
    Screen("people", "/events/{event}/people", "dana", "#main li"),
    Screen("messages", "/messages", "dana", ".event-list li"),
    Screen("direct", "/messages/{pair}", "priya", ".said-body"),
    Screen("news", "/news", "aiko", "#main .empty"),
    Screen("manage", "/events/{event}/manage", "dana", "#main .button"),
    Screen("audit", "/events/{event}/audit", "dana", ".deeds li"),
    Screen("webhooks", "/events/{event}/webhooks", "dana", "#main .button"),
    Screen("stage", "/events/{event}/stage", "dana"),
    Screen("account", "/account", "aiko", "#main input"),
)
OVER = (
    Screen("result", "/events/{event}/result", "aiko", ".outcome"),
    Screen("stage-over", "/events/{event}/stage", "dana"),
)


class Photographer:
    """Looks at screens in one size, theme and language."""

    def __init__(self, browser: Browser, address: str, password: str, **look: Any) -> None:
        self._browser = browser
        self._password = password
        self._look = {"base_url": address, "device_scale_factor": 1, **look}
        self._contexts: dict[str | None, BrowserContext] = {}

    def take(self, screen: Screen, file: Path, *, stir: bool = False) -> None:
        """Open a screen, wait until it has settled, and keep its picture."""
        page = self._context(screen.who).new_page()
        page.goto(screen.path.format(event=self.event_id(), pair=self.pair_id()))
        page.wait_for_load_state("load")
        page.locator(screen.shows).first.wait_for()
        if page.locator(".freshness").count():
            page.locator(".freshness:not(.is-connecting)").wait_for()
        if stir:
            page.set_viewport_size({"width": 1280, "height": 1300})
            self._stir(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file)
        page.close()

    def _stir(self, page: Page) -> None:
        """Have somebody speak and propose."""
        aiko, event = self._context("aiko").request, f"/api/events/{self.event_id()}"
        words = {"content": "Busan has the shorter train for most of us."}
        wish = {"category": "CREATION", "content": "Nobody has to share a room."}
        said = aiko.post(f"{event}/comments?subject=event", data=words)
        proposed = aiko.post(f"{event}/assumption-proposals", data=wish)
        assert said.ok, said.text()
        assert proposed.ok, proposed.text()
        page.get_by_text(wish["content"]).first.wait_for()

    def event_id(self) -> str:
        events: list[dict[str, str]] = self.owner.get("/api/events").json()["items"]
        return events[0]["id"]

    def pair_id(self) -> str:
        talks: list[dict[str, str]] = self.owner.get("/api/conversations").json()["items"]
        return next(talk["id"] for talk in talks if talk["kind"] == "direct")

    @property
    def owner(self) -> APIRequestContext:
        return self._context("dana").request

    def _context(self, who: str | None) -> BrowserContext:
        if who not in self._contexts:
            context = self._contexts[who] = self._browser.new_context(**self._look)
            if who is not None:
                person = {"email": f"{who}@example.org", "password": self._password}
                answer = context.request.post("/api/auth/login", data=person)
                assert answer.ok, answer.text()
        return self._contexts[who]


def take_all(browser: Browser, address: str, password: str) -> None:
    desk = Photographer(browser, address, password, viewport=DESK, locale="en-US")
    phone = Photographer(
        browser, address, password, viewport=PHONE, locale="ko-KR", color_scheme="dark"
    )
    for screens in (OPEN, OVER):
        for screen in screens:
            desk.take(screen, ALL / f"{screen.name}-desk.png", stir=screen.name == "room")
            phone.take(screen, ALL / f"{screen.name}-phone.png")
        desk.owner.patch(f"/api/events/{desk.event_id()}/status", data={"status": "FINISHED"})
    for shown, taken in README.items():
        shutil.copy(ALL / taken, IMAGES / shown)


def main() -> None:
    chromium = next((path for path in BROWSERS if Path(path).exists()), None)
    if chromium is None:
        raise SystemExit("No Chromium was found. Install one (apt-get install chromium).")
    with demo_room() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        IMAGES.mkdir(parents=True, exist_ok=True)
        take_all(browser, address, password)
        browser.close()
    print(
        f"Every screen is in {ALL.relative_to(ROOT)}/, the README's in {IMAGES.relative_to(ROOT)}/."
    )


if __name__ == "__main__":
    main()
