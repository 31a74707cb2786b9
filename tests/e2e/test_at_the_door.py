"""Who is kept out reads why, in their own words, before they have typed anything they need not."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenPage
from tests.support.client import Person
from tests.support.rooms import Room, open_room


class Door(NamedTuple):
    """An event, and somebody (or nobody yet) before it."""

    room: Room
    person: Person | None
    query: str = ""


async def _full(host: Person) -> Door:
    return Door(await open_room(host, capacity=1), None)


async def _finished(host: Person) -> Door:
    room = await open_room(host)
    await room.move("FINISHED")
    return Door(room, None)


async def _no_guests(host: Person) -> Door:
    return Door(await open_room(host, policies={"guests_allowed": False}), None)


async def _no_observers(host: Person) -> Door:
    room = await open_room(host, policies={"observers_allowed": False})
    return Door(room, None, "?observe")


async def _banned(host: Person) -> Door:
    room = await open_room(host)
    guest = await host.api.guest(room.code)
    await room.manage(guest.membership["id"], "ban")
    return Door(room, guest)


async def _declined(host: Person) -> Door:
    room = await open_room(host, policies={"membership_auto_approved": False})
    guest = await host.api.guest(room.code)
    await room.manage(guest.membership["id"], "reject")
    return Door(room, guest)


CASES: list[tuple[Callable[[Person], Awaitable[Door]], str, str]] = [
    (_full, "Every place is taken.", "정원이 찼습니다."),
    (_finished, "This event is over.", "끝난 이벤트입니다."),
    (_no_guests, "This event takes people with an account.", "계정이 있어야 참여할 수 있는"),
    (_no_observers, "This event takes no observers now.", "지금은 참관인을 받지 않습니다."),
    (_banned, "You can no longer enter this event", "이 이벤트에 들어갈 수 없습니다"),
    (_declined, "Your request was declined", "입장 요청이 거절되었습니다"),
]


@pytest.mark.parametrize(("make", "english", "korean"), CASES)
async def test_who_is_kept_out_reads_why(
    host: Person,
    open_page: OpenPage,
    make: Callable[[Person], Awaitable[Door]],
    english: str,
    korean: str,
) -> None:
    room, person, query = await make(host)
    for locale, words in (("en-GB", english), ("ko-KR", korean)):
        page = await open_page(f"/join/{room.code}{query}", person=person, locale=locale)
        await expect(page.get_by_role("main")).to_contain_text(words)


@pytest.mark.parametrize(
    ("locale", "name", "password", "enter", "wrong"),
    [
        (
            "en-GB",
            "Your name",
            "Password of the event",
            "Enter the room",
            "This is not the",
        ),
        ("ko-KR", "이름", "이벤트 비밀번호", "결정방 들어가기", "이벤트 비밀번호가 아닙니다."),
    ],
)
async def test_a_wrong_password_is_said(
    host: Person, open_page: OpenPage, locale: str, name: str, password: str, enter: str, wrong: str
) -> None:
    room = await open_room(host, password="by the river")
    page = await open_page(f"/join/{room.code}", locale=locale)
    await page.get_by_label(name, exact=True).fill("Ada")
    await page.get_by_label(password).fill("by the sea")
    await page.get_by_role("button", name=enter).click()
    await expect(page.get_by_role("alert")).to_contain_text(wrong)
    await page.get_by_label(password).fill("by the river")
    await page.get_by_role("button", name=enter).click()
    await expect(page.get_by_role("heading", name=room.event["subject"])).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "No event has the code NOBODY."),
        ("ko-KR", "NOBODY 코드를 쓰는 이벤트가 없습니다."),
    ],
)
async def test_a_code_of_no_event_is_said(open_page: OpenPage, locale: str, words: str) -> None:
    page = await open_page("/join/NOBODY", locale=locale)
    await expect(page.get_by_role("heading", name=words)).to_be_visible()
