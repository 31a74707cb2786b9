"""Who is named in a text, in both languages."""

import asyncio

import pytest

from app.services import messages
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

PEOPLE = ("Dana", "Dana Kim", "민수", "민수진", "O'Neil", "Zoë")


@pytest.fixture
async def hall(meeting: Meeting) -> Meeting:
    people = await meeting.stage.people(*PEOPLE)
    for who in people:
        await meeting.enter(who)
    return meeting


def names(message: Json) -> list[str]:
    return sorted(person["name"] for person in message["mentions"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Dana come", ["Dana"]),
        ("@dana, @DANA KIM!", ["Dana", "Dana Kim"]),
        ("Is @Dana Kim here", ["Dana Kim"]),
        ("@Danae", []),
        ("dana@Dana.org", []),
        ("@민수님 오세요", ["민수"]),
        ("@민수진아", ["민수진"]),
        ("(@O'Neil) @Zoë?", ["O'Neil", "Zoë"]),
        ("@Nobody @@ @", []),
        ("@Dana\n@Dana", ["Dana"]),
        ("@Dana\nKim", ["Dana"]),
    ],
)
async def test_the_longest_name_counts(
    hall: Meeting, cast: Cast, text: str, named: list[str]
) -> None:
    assert names(await hall.say(cast.member, text)) == named


async def test_who_is_named_is_told_and_the_author_is_not(meeting: Meeting, cast: Cast) -> None:
    told = meeting.stage.told.notices
    before = len(told)
    message = await meeting.say(cast.member, "@second and @member and @outsider")
    assert [notice.user_id for notice in told[before:]] == [cast.second.id]
    assert b'"type":"mention.made"' in told[-1].frame
    assert message["id"].encode() in told[-1].frame


async def test_an_edit_tells_only_who_is_newly_named(meeting: Meeting, cast: Cast) -> None:
    message = await meeting.say(cast.member, "@second")
    told = meeting.stage.told.notices
    before = len(told)
    mended = await meeting.do(messages.edit, cast.member, message["id"], "@second @third")
    assert names(mended) == ["second", "third"]
    assert [notice.user_id for notice in told[before:]] == [cast.third.id]
    mended = await meeting.do(messages.edit, cast.member, message["id"], "Nobody")
    assert names(mended) == []


async def test_a_text_of_nothing_but_names_is_bounded(meeting: Meeting, cast: Cast) -> None:
    async with asyncio.timeout(20):
        assert names(await meeting.say(cast.member, "@" * 5_000)) == []
        assert len(names(await meeting.say(cast.member, "@second " * 600))) == 1
