from uuid import UUID

import pytest

from app.services import blocks
from tests.support.fold import Json
from tests.support.stage import Cast
from tests.support.writing import Brief


def of(gone: Json) -> tuple[UUID, int]:
    return UUID(gone["id"]), gone["version"]


async def test_its_history_goes_on_where_it_stood(brief: Brief, cast: Cast) -> None:
    first = await brief.add(cast.member, "First")
    await brief.add(cast.member, "Last")
    first = await brief.commit(cast.second, first, "First of all")
    gone = await brief.remove(cast.third, first)
    back = await brief.bring_back(cast.second, gone)
    assert (back["id"], back["version"], back["removed"]) == (first["id"], 4, False)
    assert back["author"]["id"] == str(cast.second.id)
    assert await brief.texts() == ["First of all", "Last"]
    versions = await brief.versions(back)
    assert [(one["text"], one["removed"]) for one in versions] == [
        ("First", False),
        ("First of all", False),
        ("First of all", True),
        ("First of all", False),
    ]
    assert versions[-1]["difference"] == [["+", "First of all"]]


async def test_its_place_may_be_taken(brief: Brief, cast: Cast) -> None:
    for text in ("Low", "Between", "High"):
        await brief.add(cast.member, text)
    low, between, high = (await brief.read())["blocks"]
    gone = await brief.remove(cast.member, between)
    # Halfway between the same two is where the one that is gone stood.
    await brief.add(cast.second, "New", after=low["id"])
    await brief.bring_back(cast.member, gone)
    assert await brief.texts() == ["Low", "New", "Between", "High"]
    await brief.bring_back(cast.third, await brief.remove(cast.third, high))
    assert await brief.texts() == ["Low", "New", "Between", "High"]


async def test_an_image_comes_back_with_what_is_drawn_on_it(brief: Brief, cast: Cast) -> None:
    image = await brief.add_image(cast.member)
    assert (image["width"], image["height"]) == (8, 6)
    gone = await brief.remove(cast.member, image)
    back = await brief.bring_back(cast.member, gone)
    assert {**back, "version": 1, "updated_at": ""} == {**image, "updated_at": ""}


async def test_one_that_stands_stays_as_it_is(brief: Brief, cast: Cast) -> None:
    block = await brief.add(cast.member, "One")
    assert await brief.bring_back(cast.second, block) == block
    gone = await brief.remove(cast.member, block)
    back = await brief.bring_back(cast.member, gone)
    refused = await brief.meeting.refused(
        "block_changed", blocks.restore_block, cast.second, *of(gone)
    )
    assert isinstance(refused.current, dict)
    assert refused.current["version"] == back["version"] == 3


async def test_a_full_brief_takes_none_back(
    brief: Brief, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_BLOCKS", 1)
    gone = await brief.remove(cast.member, await brief.add(cast.member, "One"))
    await brief.add(cast.member, "Two")
    await brief.meeting.refused("brief_full", blocks.restore_block, cast.member, *of(gone))
    await brief.meeting.refused(
        "observers_do_not_vote", blocks.restore_block, cast.observer, *of(gone)
    )


async def test_nothing_is_brought_back_that_never_was(brief: Brief, cast: Cast) -> None:
    await brief.meeting.refused(
        "block_not_found", blocks.restore_block, cast.member, cast.member.id, 1
    )
