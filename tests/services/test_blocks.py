import asyncio
from uuid import UUID

import orjson
import pytest
from pydantic import ValidationError

from app.models.base import new_id
from app.models.bodies import ProfileEdit
from app.models.brief_bodies import BlockEdit, BlockMove, NewBlock
from app.models.errors import Conflict, DomainError, Locked
from app.models.statuses import EventStatus
from app.services import accounts, blocks, places
from app.services.briefs import list_versions
from app.services.guards import Guard
from app.utils.idempotency import request_key
from tests.support.stage import Cast
from tests.support.writing import Brief


def block_of(error: DomainError) -> dict[str, object]:
    assert isinstance(error.current, dict)
    return error.current


async def test_blocks_stand_where_they_were_put(brief: Brief, cast: Cast) -> None:
    first = await brief.add(cast.member, "First")
    last = await brief.add(cast.second, "Last")
    await brief.add(cast.third, "Between", after=first["id"])
    await brief.add(cast.member, "Before all", after=None, kind="heading")
    assert await brief.texts() == ["Before all", "First", "Between", "Last"]
    await brief.move(cast.second, first, last)
    await brief.move(cast.second, last, None)
    assert await brief.texts() == ["Last", "Before all", "Between", "First"]
    assert (await brief.read())["blocks"][3]["version"] == 1


async def test_there_is_always_room_between_two(brief: Brief, cast: Cast) -> None:
    low, high = await brief.add(cast.member, "Low"), await brief.add(cast.member, "High")
    for n in range(34):
        await brief.move(cast.member, *((high, low) if n % 2 else (low, None)))
        await brief.add(cast.member, f"{n}", after=low["id"])
    wanted = ["Low", "High", *(str(n) for n in range(33, -1, -1))]
    assert sorted(await brief.texts()) == sorted(wanted)


def test_places_run_out_and_are_spread_anew() -> None:
    assert places.between(None, None) == places.STEP
    assert places.between(7, 8) is None
    assert places.between(None, 1) is None
    assert places.between(places.HIGHEST, None) is None
    assert places.between(3, 9) == 6
    assert list(places.spread(2)) == [places.STEP, 2 * places.STEP]


async def test_every_version_is_kept_with_its_difference(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "We are eight.")
    block = await brief.commit(cast.second, block, "We are nine, with Joon.")
    gone = await brief.remove(cast.third, block)
    versions = await brief.versions(block)
    assert [v["version"] for v in versions] == [1, 2, 3] == [*range(1, gone["version"] + 1)]
    assert [v["author"]["name"] for v in versions] == ["member", "second", "third"]
    assert versions[1]["difference"] == [
        ["=", "We are "],
        ["-", "eight"],
        ["+", "nine, with Joon"],
        ["=", "."],
    ]
    assert versions[2]["removed"]
    assert versions[2]["difference"] == [["-", "We are nine, with Joon."]]
    assert await brief.texts() == []


async def test_versions_come_in_pages(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "0")
    for n in range(1, 6):
        block = await brief.commit(cast.member, block, f"{n}")
    seen, before = [], None
    while True:
        page = await list_versions(
            brief.database, cast.observer, brief.id, UUID(block["id"]), before, 2
        )
        seen += [(item.version, item.difference) for item in page.items]
        before = page.next_before
        if before is None:
            break
    assert [version for version, _ in seen] == [6, 5, 4, 3, 2, 1]
    assert seen[1][1] == [("-", "3"), ("+", "4")]


async def test_a_commit_from_an_old_version_gets_the_present_text(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    await brief.commit(cast.second, block, "Two")
    refused = await brief.meeting.refused(
        "block_changed", blocks.commit_block, cast.member, *brief.edit(block, "Mine")
    )
    assert isinstance(refused, Conflict)
    found = block_of(refused)
    author = {"id": str(cast.second.id), "name": "second"}
    assert (found["text"], found["version"], found["author"]) == ("Two", 2, author)


async def test_the_same_text_is_no_new_version(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    head = await brief.meeting.head()
    again = await brief.commit(cast.second, block, "One")
    assert (again["version"], await brief.meeting.head()) == (1, head)


async def test_a_retry_is_one_version(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    key = request_key(b"s", str(new_id()), cast.member.id, "PUT", "/", b"")
    stage, edit = brief.meeting.stage, brief.edit(block, "Two")
    first, *others = [
        await stage.write(brief.id, blocks.commit_block, cast.member, brief.id, *edit, key=key)
        for _ in range(3)
    ]
    assert {other.body for other in others} == {first.body}
    assert all(other.replayed for other in others)
    assert len(await brief.versions(block)) == 2


async def test_many_commits_at_once_leave_one_winner(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    stage = brief.meeting.stage
    writes = (
        stage.write(
            brief.id, blocks.commit_block, who, brief.id, *brief.edit(block, f"{who.name} {n}")
        )
        for who in cast.voters
        for n in range(4)
    )
    answers = await asyncio.gather(*writes, return_exceptions=True)
    won = [orjson.loads(a.body) for a in answers if not isinstance(a, BaseException)]
    lost = [a for a in answers if isinstance(a, Conflict)]
    assert (len(won), len(lost)) == (1, 19)
    assert {block_of(error)["text"] for error in lost} == {won[0]["text"]}
    assert [v["version"] for v in await brief.versions(block)] == [1, 2]


async def test_who_may_write(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    new = NewBlock(kind="text", text="Mine")
    refuse = brief.meeting.refused
    await refuse("observers_do_not_vote", blocks.add_block, cast.observer, new)
    await refuse("not_a_member", blocks.add_block, cast.outsider, new)
    await refuse(
        "observers_do_not_vote", blocks.commit_block, cast.observer, *brief.edit(block, "Mine")
    )
    assert (await brief.read(cast.observer))["blocks"] == [block]
    with pytest.raises(DomainError, match="not_a_member"):
        await brief.read(cast.outsider)


async def test_it_is_open_until_the_event_is_finished(brief: Brief, cast: Cast) -> None:
    for status in (EventStatus.IN_PROGRESS, EventStatus.PAUSED):
        await brief.meeting.move(status)
        block = await brief.add(cast.member, f"While {status}")
    await brief.meeting.move(EventStatus.IN_PROGRESS)
    await brief.meeting.move(EventStatus.FINISHED)
    new = NewBlock(kind="text", text="Late")
    refuse, id_ = brief.meeting.refused, UUID(block["id"])
    move = BlockMove(after=None, version=1)
    await refuse("event_closed", blocks.add_block, cast.member, new)
    await refuse("event_closed", blocks.commit_block, cast.member, *brief.edit(block, "Late"))
    await refuse("event_closed", blocks.move_block, cast.member, id_, move)
    await refuse("event_closed", blocks.remove_block, cast.member, id_, 1, None)
    assert len(await brief.texts()) == 2


async def test_blocks_have_bounds(brief: Brief, cast: Cast) -> None:
    heading = await brief.add(cast.member, "H", kind="heading")
    for wrong in ("h" * 201, "one\ntwo"):
        await brief.meeting.refused(
            "invalid_fields", blocks.commit_block, cast.member, *brief.edit(heading, wrong)
        )
        with pytest.raises(ValidationError, match="one line"):
            NewBlock(kind="heading", text=wrong)
    with pytest.raises(ValidationError):
        BlockEdit(text="x" * 5_001, version=1)
    with pytest.raises(ValidationError, match="attachment_id"):
        NewBlock(kind="image", text="A map")
    with pytest.raises(ValidationError, match="attachment_id"):
        NewBlock(kind="quote", text="A map", attachment_id=new_id())
    await brief.add_image(cast.member)


async def test_a_brief_is_full_some_time(
    brief: Brief, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_BLOCKS", 2)
    for text in ("One", "Two"):
        block = await brief.add(cast.member, text)
    new = NewBlock(kind="text", text="Three")
    await brief.meeting.refused("brief_full", blocks.add_block, cast.member, new)
    await brief.remove(cast.member, block)
    await brief.add(cast.member, "Three")
    assert await brief.texts() == ["One", "Three"]


async def test_a_neighbour_may_be_gone(brief: Brief, cast: Cast) -> None:
    one, two = await brief.add(cast.member, "One"), await brief.add(cast.member, "Two")
    await brief.remove(cast.member, one)
    move = BlockMove(after=UUID(one["id"]), version=1)
    await brief.meeting.refused(
        "neighbour_gone", blocks.move_block, cast.member, UUID(two["id"]), move
    )
    await brief.meeting.refused(
        "block_not_found", blocks.commit_block, cast.member, *brief.edit(one, "Back")
    )


async def test_a_lock_that_was_granted_after_the_look_still_counts(
    brief: Brief, cast: Cast
) -> None:
    block = await brief.add(cast.member, "One")
    guard = await brief.locks.guard(cast.member, brief.id, UUID(block["id"]))
    await brief.take(cast.second, block)
    assert guard == Guard(0, brief.leases.ttl)
    refused = await brief.meeting.refused(
        "block_locked", blocks.commit_block, cast.member, *brief.edit(block, "Mine", None, guard)
    )
    assert isinstance(refused, Locked)


async def test_a_new_name_stands_in_the_brief(brief: Brief, cast: Cast) -> None:
    await brief.add(cast.member, "One")
    before = await brief.read()
    edit = ProfileEdit(name="Renamed")
    await brief.meeting.stage.write(None, accounts.edit_profile, cast.member, edit, None)
    await brief.check(before)
    assert (await brief.read())["blocks"][0]["author"]["name"] == "Renamed"
