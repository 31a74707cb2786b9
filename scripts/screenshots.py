"""Takes the pictures of the README: opens a demo room of its own and looks at it with a browser."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
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


def sign_in(
    browser: Browser, address: str, password: str, name: str, **look: Any
) -> BrowserContext:
    context = browser.new_context(base_url=address, device_scale_factor=1, **look)
    answer = context.request.post(
        "/api/auth/login", data={"email": f"{name}@example.org", "password": password}
    )
    assert answer.ok, answer.text()
    return context


def room_page(context: BrowserContext, tail: str = "") -> Page:
    """Open the demo event and wait until it is live."""
    event = context.request.get("/api/events").json()["items"][0]["id"]
    page = context.new_page()
    page.goto(f"/events/{event}{tail}")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("load")
    return page


def take(browser: Browser, address: str, password: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    desk = sign_in(browser, address, password, "dana", viewport=DESK, locale="en-US")
    room_page(desk).screenshot(path=IMAGES / "room.png")
    room_page(desk, "/stage").screenshot(path=IMAGES / "stage.png")
    phone = sign_in(
        browser,
        address,
        password,
        "aiko",
        viewport=PHONE,
        locale="ko-KR",
        color_scheme="dark",
    )
    room_page(phone).screenshot(path=IMAGES / "phone.png")


def main() -> None:
    chromium = next((path for path in BROWSERS if Path(path).exists()), None)
    if chromium is None:
        raise SystemExit("No Chromium was found. Install one (apt-get install chromium).")
    with demo_room() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, address, password)
        browser.close()
    print(f"Pictures are in {IMAGES.relative_to(ROOT)}/.")


if __name__ == "__main__":
    main()
