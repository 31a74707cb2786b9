import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from pydantic import ValidationError

from app.models.brief_bodies import NewStroke
from app.models.callers import Caller
from app.models.errors import Conflict, DomainError
from app.models.statuses import EventStatus
from app.services import sketches
from app.services.access import Right
from app.services.pens import Pens
from tests.support.fold import Json
from tests.support.stage import Cast
from tests.support.writing import Brief


class Board:
    """An image in a brief, and what everybody is told of the drawing on it."""

    def __init__(self, brief: Brief, image_id: UUID) -> None:
        self.brief = brief
        self.image = image_id
        self.pens = Pens(brief.database, brief.hub)
        self.told: list[Json] = []

    async def draw(self, who: Caller, *strokes: NewStroke) -> int:
        return await self.pens.draw(self.brief.id, self.image, who.id, strokes)

    async def read(self, who: Caller, after: int = 0) -> Json:
        found = await sketches.read_sketch(
            self.brief.database, who, self.brief.id, self.image, after
        )
        return dict(orjson.loads(found.encode()))

    async def counted(self) -> tuple[int, int, int, int]:
        row = await self.brief.meeting.row(
            "SELECT array[s.strokes, s.points, (SELECT count(*) FROM strokes t WHERE "
            "t.event_id = s.event_id AND t.image_id = s.image_id), (SELECT "
            "coalesce(sum(cardinality(points)), 0) / 2 FROM strokes t WHERE "
            "t.event_id = s.event_id AND t.image_id = s.image_id)] "
            f"FROM sketches s WHERE s.event_id = :e AND s.image_id = '{self.image}'"
        )
        return tuple(row)  # type: ignore[return-value]


def stroke(*points: tuple[float, float], id_: UUID | None = None, **fields: Any) -> NewStroke:
    shape = {"colour": "#1a73e8", "width": 0.01, "points": list(points) or [(0.1, 0.2)]} | fields
    return NewStroke.model_validate({"id": id_ or uuid4(), **shape})


@pytest.fixture
async def board(brief: Brief, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Board]:
    block = await brief.add_image(cast.member)
    board = Board(brief, UUID(block["attachment_id"]))

    def keep(_event_id: UUID, frame: bytes) -> None:
        name, data = frame.decode().rstrip("\n").split("\n")
        assert name == "event: strokes"
        board.told.append(orjson.loads(data.removeprefix("data: ")))

    monkeypatch.setattr(brief.hub, "signal", keep)
    yield board
    await board.pens.drain()


def fold(told: list[Json], start: Json) -> dict[str, Json]:
    """A drawing as a client keeps it: by stroke, after what it read."""
    shown = {one["id"]: one for one in start["strokes"]}
    for news in (news for news in told if news["seq"] > start["seq"]):
        shown = {
            id_: one
            for id_, one in shown.items()
            if news["cleared"] not in {"all", one["author_id"]} and id_ not in news["erased"]
        }
        shown |= {one["id"]: one for one in news["strokes"]}
    return shown


async def test_what_is_drawn_is_told_and_kept(board: Board, cast: Cast) -> None:
    first = stroke((0.1, 0.2), (0.33333333, 1))
    assert await board.draw(cast.member, first) == 1
    assert await board.draw(cast.second, stroke(), stroke()) == 2
    seen = await board.read(cast.observer)
    assert (seen["seq"], seen["whole"], len(seen["strokes"])) == (2, True, 3)
    assert seen["strokes"][0] == {
        "id": str(first.id),
        "author_id": str(cast.member.id),
        "points": [[0.1, 0.2], [0.3333, 1.0]],
        "colour": "#1a73e8",
        "width": 0.01,
    }
    assert [news["seq"] for news in board.told] == [1, 2]
    assert board.told[0]["strokes"] == seen["strokes"][:1]
    newer = await board.read(cast.observer, 1)
    assert (newer["whole"], len(newer["strokes"])) == (False, 2)
    assert await board.counted() == (3, 4, 3, 4)


async def test_a_storm_is_stored_in_few_batches_and_late_joiners_have_it_all(
    board: Board, cast: Cast
) -> None:
    storm = [
        asyncio.create_task(board.draw(cast.voters[n % 5], *(stroke() for _ in range(3))))
        for n in range(100)
    ]
    looks = [await board.read(cast.member) for _ in range(5)]
    await asyncio.gather(*storm)
    whole = {one["id"]: one for one in (await board.read(cast.member))["strokes"]}
    assert len(whole) == 300
    assert [news["seq"] for news in board.told] == [*range(1, len(board.told) + 1)]
    assert len(board.told) < 50
    assert all(fold(board.told, look) == whole for look in looks)
    assert await board.counted() == (300, 300, 300, 300)


async def test_a_stroke_that_is_sent_again_is_one(board: Board, cast: Cast) -> None:
    one = stroke((0, 0), (1, 1))
    for _ in range(3):
        await board.draw(cast.member, one, one)
    assert len((await board.read(cast.member))["strokes"]) == 1
    assert [len(news["strokes"]) for news in board.told] == [1, 0, 0]
    assert await board.counted() == (1, 2, 1, 2)


async def test_one_clears_ones_own_and_admins_clear_all(board: Board, cast: Cast) -> None:
    brief = board.brief
    await board.draw(cast.member, stroke(), stroke())
    await board.draw(cast.second, stroke())
    start = await board.read(cast.third)
    await board.pens.clear(brief.id, board.image, cast.member.id)
    left = await board.read(cast.third, start["seq"])
    assert (left["whole"], len(left["strokes"])) == (True, 1)
    assert fold(board.told, start) == {one["id"]: one for one in left["strokes"]}
    await board.pens.clear(brief.id, board.image, None)
    assert (await board.read(cast.third))["strokes"] == []
    assert fold(board.told, start) == {}
    assert await board.counted() == (0, 0, 0, 0)
    with pytest.raises(DomainError, match="admins_only"):
        await sketches.check_may_draw(
            brief.database, cast.member, brief.id, board.image, Right.ADMIN
        )


async def test_one_takes_back_ones_own_strokes_and_nobody_elses(board: Board, cast: Cast) -> None:
    mine, kept, theirs = stroke((0, 0), (1, 1)), stroke(), stroke()
    await board.draw(cast.member, mine, kept)
    await board.draw(cast.second, theirs)
    start = await board.read(cast.third)
    asked = [mine.id, theirs.id, uuid4()]
    await board.pens.erase(board.brief.id, board.image, cast.member.id, asked)
    assert board.told[-1]["erased"] == [str(mine.id)]
    left = await board.read(cast.third, start["seq"])
    assert {one["id"] for one in left["strokes"]} == {str(kept.id), str(theirs.id)}
    assert left["whole"]
    assert fold(board.told, start) == {one["id"]: one for one in left["strokes"]}
    assert await board.counted() == (2, 2, 2, 2)


async def test_a_drawing_is_full_some_time(
    board: Board, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "MOST_STROKES", 4)
    many = [stroke() for _ in range(3)]
    answers = await asyncio.gather(
        board.draw(cast.member, *many),
        board.draw(cast.second, stroke(), stroke()),
        board.draw(cast.third, stroke()),
        return_exceptions=True,
    )
    full = [answer for answer in answers if isinstance(answer, Conflict)]
    assert [error.code for error in full] == ["sketch_full"]
    assert await board.counted() == (4, 4, 4, 4)


async def test_who_may_draw(board: Board, cast: Cast) -> None:
    brief, check = board.brief, sketches.check_may_draw
    await check(brief.database, cast.member, brief.id, board.image)
    for who, code in ((cast.observer, "observers_do_not_vote"), (cast.outsider, "not_a_member")):
        with pytest.raises(DomainError, match=code):
            await check(brief.database, who, brief.id, board.image)
    with pytest.raises(DomainError, match="image_not_found"):
        await check(brief.database, cast.member, brief.id, uuid4())
    await brief.meeting.start()
    await brief.meeting.move(EventStatus.FINISHED)
    with pytest.raises(DomainError, match="event_closed"):
        await check(brief.database, cast.member, brief.id, board.image)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": []},
        {"points": [(0, 0)] * 201},
        {"points": [(0, 1.01)]},
        {"points": [(float("nan"), 0)]},
        {"colour": "red"},
        {"colour": "#1A73E8"},
        {"width": 0.0004},
        {"width": 0.21},
    ],
)
def test_strokes_have_bounds(wrong: Json) -> None:
    good = {"id": uuid4(), "points": [(0, 0)], "colour": "#1a73e8", "width": 0.01}
    NewStroke.model_validate(good)
    with pytest.raises(ValidationError):
        NewStroke.model_validate(good | wrong)
