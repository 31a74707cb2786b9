import pytest
from playwright.async_api import Page

from tests.e2e.conftest import OpenPage
from tests.e2e.gallery import Gallery, settle

# The width at which a screen is opened, and those at which it is looked at from there.
WIDTHS = {390: (320, 390), 1440: (768, 1440)}
NARROWEST = 320
MOST_SHIFT = 0.05
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
# A subject in the bar and a name in a chip may end in dots: both are written out elsewhere.
FAULTS = """
() => {
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const faults = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) faults.push(`page is ${wide} px too wide`);
  const words = 'button, a, label, legend, summary, dt, dd, .tag, h1, h2';
  for (const one of document.querySelectorAll(words)) {
    if (!shown(one) || one.closest('.clip, .visually-hidden, .skip')) continue;
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) faults.push(`outside: ${one.textContent}`);
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'
        && !one.querySelector('.clip')) faults.push(`clipped: ${one.textContent}`);
  }
  return faults;
}
"""
SMALL = """
() => [...document.querySelectorAll('button, summary, .button, nav a, input, select, textarea')]
  .filter((one) => one.checkVisibility() && !one.matches('.link-button, .skip, [type=radio]'))
  .map((one) => one.closest('.switch-row, .pick') ?? one)
  .filter((one) => { const { width, height } = one.getBoundingClientRect();
    return height < 43.5 || width < 43.5; })
  .map((one) => `small: ${one.outerHTML.slice(0, 90)}`)
"""


async def _look(page: Page, where: str, widths: tuple[int, ...]) -> list[str]:
    """Return what is wrong with a screen at these widths."""
    shift = await page.evaluate("window.shift")
    faults = [f"{where} moves by {shift:.3f}"] if shift >= MOST_SHIFT else []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 844})
        faults += [f"{where} {width}: {fault}" for fault in await page.evaluate(FAULTS)]
        if width == NARROWEST:
            faults += [f"{where} {width}: {fault}" for fault in await page.evaluate(SMALL)]
    return faults


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", ["en-GB", "ko-KR"])
async def test_every_screen_fits_and_stands_still(
    gallery: Gallery, open_page: OpenPage, locale: str, width: int
) -> None:
    theme = "dark" if (locale, width) in {("ko-KR", 390), ("en-GB", 1440)} else "light"
    size = {"width": width, "height": 844}
    look = {"locale": locale, "color_scheme": theme, "init": WATCH_SHIFTS}
    pages: dict[str | None, Page] = {}
    faults: list[str] = []
    for name, path, person in gallery.screens():
        key = person.token if person else None
        if key not in pages:
            pages[key] = await open_page("/", person=person, **look)
        await pages[key].set_viewport_size(size)
        await pages[key].goto(path)
        await settle(pages[key])
        faults += await _look(pages[key], name, WIDTHS[width])
    assert not faults, "\n".join(faults)
