"""What the browser tests look for in a conversation."""

from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from tests.support.client import Json, Person


def talk(page: Page) -> Locator:
    return page.get_by_role("region", name="Talk")


def box(page: Page) -> Locator:
    return talk(page).get_by_label("Write a message")


def messages(page: Page) -> Locator:
    return talk(page).get_by_role("region", name="What was said").get_by_role("listitem")


def said(page: Page, words: str) -> Locator:
    """The row of a message with these words."""
    return messages(page).filter(has_text=words).first


async def say(page: Page, words: str) -> None:
    await box(page).fill(words)
    await box(page).press("Enter")


async def choose(page: Page, words: str, deed: str) -> None:
    """Do something with a message by its menu."""
    row = said(page, words)
    await row.hover()
    await row.locator("summary").click()
    await row.get_by_role("button", name=deed, exact=True).click()


async def be_talking(page: Page) -> None:
    """Wait until one may write."""
    await expect(box(page)).to_be_visible()


async def tell(person: Person, conversation: str, words: str, **more: object) -> Json:
    """Say something by the API."""
    body = {"id": str(uuid4()), "content": words, **more}
    return dict(await person.ok("POST", f"/conversations/{conversation}/messages", body))
