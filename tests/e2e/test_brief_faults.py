"""Writing together while something breaks: no word is lost, and nobody's is overwritten."""

import asyncio
import re

from playwright.async_api import Page, expect

from app.launch.valkey import Valkey
from tests.e2e.conftest import OpenPage
from tests.e2e.screens import LIVE, badge, be_live
from tests.e2e.writing import (
    MINE,
    add,
    be_reading,
    begin,
    block,
    button,
    field,
    save,
    take,
    texts,
)
from tests.support.client import Person
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers
from tests.support.truth import Truth

WRITTEN = """
    SELECT b.text, array_agg(v.text ORDER BY v.version) AS versions FROM blocks b
    JOIN block_versions v ON v.event_id = b.event_id AND v.block_id = b.id
    WHERE b.event_id = %s AND b.removed_at IS NULL
    GROUP BY b.event_id, b.id ORDER BY b.position
"""


async def test_no_word_is_lost_while_servers_die_under_two_who_type(
    host: Person, open_page: OpenPage, start_servers: StartServers, truth: Truth
) -> None:
    """Both type all the time, and each one's server is killed in mid-word and started again."""
    servers = start_servers(2)
    room = await open_room(host)
    (guest,) = await room.guests(1)
    began, typed = ["One.", "Two."], [" Ada says: so!!!!!!!!!!!!", " Ben says: no!!!!!!!!!!!!"]
    for text in began:
        await add(host, room, text)
    pages = [
        await open_page(room.path, person=person, url=server.url, shaky=True)
        for server, person in zip(servers, (host, guest), strict=True)
    ]
    for page in pages:
        await be_reading(page)
    await asyncio.gather(
        *(_type(page, n, typed[n - 1]) for n, page in enumerate(pages, start=1)),
        *(_replace(servers[n - 1], page, n) for n, page in enumerate(pages, start=1)),
    )
    for page in pages:
        await be_live(page)
        await save(page)
    whole = [text + more for text, more in zip(began, typed, strict=True)]
    for page in pages:
        for n in (1, 2):
            await expect(block(page, n).locator(".brief-body")).to_have_text(whole[n - 1])
    rows = await truth.rows(WRITTEN, room.id)
    assert [row["versions"] for row in rows] == [[*both] for both in zip(began, whole, strict=True)]
    assert [row["text"] for row in rows] == await texts(host, room)


async def test_what_is_saved_while_the_server_is_away_is_saved_when_it_is_back(
    host: Person, open_page: OpenPage, start_servers: StartServers, truth: Truth
) -> None:
    (server,) = start_servers()
    room = await open_room(host)
    (guest,) = await room.guests(1)
    for text in ("One.", "Two."):
        await add(host, room, text)
    pages = [
        await open_page(room.path, person=person, url=server.url, shaky=True)
        for person in (host, guest)
    ]
    for number, page in enumerate(pages, start=1):
        await be_reading(page)
        await (await begin(page, number)).press_sequentially(" Before.")
    server.kill()
    for number, page in enumerate(pages, start=1):
        await expect(badge(page)).not_to_have_text(LIVE)
        await field(page, number).press_sequentially(" While away.")
        await save(page)
    server.start()
    server.ready()
    for page in pages:
        await be_live(page)
        await expect(block(page, 1).locator(".brief-body")).to_have_text("One. Before. While away.")
        await expect(block(page, 2).locator(".brief-body")).to_have_text("Two. Before. While away.")
    rows = await truth.rows(WRITTEN, room.id)
    assert [row["text"] for row in rows] == ["One. Before. While away.", "Two. Before. While away."]


async def test_a_lease_that_ran_out_under_its_holder_costs_no_word(
    host: Person, open_page: OpenPage, start_servers: StartServers, truth: Truth
) -> None:
    ada, ben, room = await _two_on_one_block(host, open_page, start_servers, ASSENT_LEASE="3")
    words = await take(ada, 1)
    await words.fill("We meet on Tuesday at noon.")
    await ada.context.set_offline(True)
    await expect(badge(ada)).to_have_text("offline")
    await words.press_sequentially(" All of us.")
    # Nobody renews it: it ends by itself, and ben is given the block.
    await expect(block(ben, 1)).not_to_contain_text("is writing here")
    await (await begin(ben, 1)).fill("We meet on Monday at one.")
    await expect(ben.get_by_text(MINE)).to_be_visible()
    await save(ben)
    await expect(block(ben, 1).locator(".brief-body")).to_have_text("We meet on Monday at one.")
    await words.press_sequentially(" Surely.")
    await ada.context.set_offline(False)
    await expect(ada.get_by_text("This changed while you were writing")).to_be_visible()
    await expect(words).to_have_value("We meet on Tuesday at noon. All of us. Surely.")
    await button(ada, "Put both together").click()
    await expect(words).to_be_focused()
    await expect(ada.get_by_text("Both texts are together now.")).to_be_visible()
    both = "We meet on Tuesday at one. All of us. Surely."
    await expect(words).to_have_value(both)
    await expect(ada.get_by_text(MINE)).to_be_visible()
    await save(ada)
    await expect(block(ben, 1).locator(".brief-body")).to_have_text(both)
    (row,) = await truth.rows(WRITTEN, room.id)
    assert row["versions"] == ["We meet on Monday at noon.", "We meet on Monday at one.", both]


async def test_a_lease_that_ran_out_and_nobody_wanted_is_taken_again(
    host: Person, open_page: OpenPage, start_servers: StartServers
) -> None:
    ada, ben, room = await _two_on_one_block(host, open_page, start_servers, ASSENT_LEASE="3")
    words = await take(ada, 1)
    await ada.context.set_offline(True)
    await words.fill("We meet on Tuesday.")
    await expect(block(ben, 1)).not_to_contain_text("is writing here")
    await ada.context.set_offline(False)
    await be_live(ada)
    await save(ada)
    await expect(block(ben, 1).locator(".brief-body")).to_have_text("We meet on Tuesday.")
    assert await texts(host, room) == ["We meet on Tuesday."]


async def test_writing_goes_on_while_nobody_knows_who_writes(
    host: Person, open_page: OpenPage, start_servers: StartServers, valkey: Valkey, truth: Truth
) -> None:
    own = {"REDIS_URL": valkey.url, "ASSENT_LEASE": "3"}
    ada, ben, room = await _two_on_one_block(host, open_page, start_servers, **own)
    await add(host, room, "Who pays?")
    words = await begin(ada, 1)
    await expect(block(ben, 1)).to_contain_text("is writing here")
    await words.fill("We meet on Tuesday.")
    valkey.stop()
    await expect(ada.get_by_text("Nobody can tell right now who else writes")).to_be_visible()
    await (await begin(ben, 2)).fill("Ben pays.")
    for page in (ada, ben):
        await save(page)
    for page in (ada, ben):
        await expect(block(page, 1).locator(".brief-body")).to_have_text("We meet on Tuesday.")
        await expect(block(page, 2).locator(".brief-body")).to_have_text("Ben pays.")
    await begin(ada, 1)
    await expect(ada.get_by_text("Nobody can tell right now who else writes")).to_be_visible()
    valkey.restart()
    # Whoever writes asks on, until somebody can tell.
    await expect(ada.get_by_text(MINE)).to_be_visible()
    await expect(block(ben, 1)).to_contain_text("is writing here")
    rows = await truth.rows(WRITTEN, room.id)
    assert [row["text"] for row in rows] == ["We meet on Tuesday.", "Ben pays."]


async def test_a_draft_outlives_the_page(host: Person, open_page: OpenPage) -> None:
    room = await open_room(host)
    await add(host, room, "One.")
    page = await open_page(room.path, person=host)
    await be_reading(page)
    await (await begin(page, 1)).fill("One, half writ")
    await page.reload()
    await expect(block(page, 1).locator(".brief-draft")).to_contain_text("One, half writ")
    await button(page, "Go on writing").click()
    await expect(field(page, 1)).to_have_value("One, half writ")


async def test_a_lock_goes_with_its_holder(
    host: Person, open_page: OpenPage, start_servers: StartServers
) -> None:
    (server,) = start_servers(ASSENT_LEASE="3")
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await add(host, room, "One.")
    ada = await open_page(room.path, person=host, url=server.url)
    ben = await open_page(room.path, person=guest, url=server.url)
    for page in (ada, ben):
        await be_reading(page)
    await begin(ada, 1)
    await expect(block(ben, 1)).to_contain_text("is writing here")
    await ada.close()
    await expect(block(ben, 1)).not_to_contain_text("is writing here")
    await take(ben, 1)


async def _two_on_one_block(
    host: Person, open_page: OpenPage, start_servers: StartServers, **settings: str
) -> tuple[Page, Page, Room]:
    (server,) = start_servers(**settings)
    room = await open_room(host)
    (guest,) = await room.guests(1)
    await add(host, room, "We meet on Monday at noon.")
    ada, ben = [
        await open_page(room.path, person=person, url=server.url, shaky=True)
        for person in (host, guest)
    ]
    for page in (ada, ben):
        await be_reading(page)
    return ada, ben, room


async def _type(page: Page, number: int, words: str) -> None:
    """Type letter by letter, as a person does, whatever happens meanwhile."""
    area = await begin(page, number)
    await area.press_sequentially(words, delay=30)


async def _replace(server: Server, page: Page, number: int) -> None:
    """Kill a server in the middle of what somebody types there, and start it again."""
    await expect(field(page, number)).to_have_value(re.compile(r"says: ..!"))
    await asyncio.to_thread(server.kill)
    server.start()
    await asyncio.to_thread(server.ready)
