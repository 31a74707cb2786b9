"""Drawings on images: strokes stored, cleared, and read from any number on.

They take no event's lock and stand in no event's log: a storm of them delays no vote. Each batch
moves the drawing's own number, by which a client knows what it missed.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.models import Sketch, Stroke
from app.models.base import now
from app.models.brief_bodies import NewStroke
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.payloads import SketchPayload, StrokePayload, StrokesPayload
from app.services import access, images
from app.services.access import Right
from app.utils.db import Database
from app.utils.transaction import UnitOfWork

MOST_STROKES: Final = 5_000
# A drawing of that many is a megabyte or two.
MOST_POINTS: Final = 100_000
DIGITS: Final = 4

Drawn = tuple[UUID, NewStroke]
Row = Mapping[str, Any]


async def check_may_draw(
    database: Database, caller: Caller, event_id: UUID, image_id: UUID, right: Right = Right.VOTE
) -> None:
    """Raise unless the caller may draw on the image now."""
    async with database.read() as session:
        event, _ = await access.find_event(session, event_id, caller, right)
        access.require_open(event)
        await images.require_image(session, event_id, image_id)


async def store_strokes(
    uow: UnitOfWork, event_id: UUID, image_id: UUID, drawn: Sequence[Drawn]
) -> StrokesPayload:
    """Store what people drew, in one go; a stroke that is there already is left out.

    Raises Conflict where the drawing would become too large.
    """
    await uow.claim()
    rows = {stroke.id: _row(event_id, image_id, who, stroke) for who, stroke in drawn}
    sketch = await _count(uow, event_id, image_id, list(rows.values()))
    if sketch.strokes > MOST_STROKES or sketch.points > MOST_POINTS:
        raise _full()
    stored = insert(Stroke).values([{**row, "seq": sketch.seq} for row in rows.values()])
    added = stored.on_conflict_do_nothing().returning(Stroke.id)
    fresh = set(await uow.session.scalars(added))
    known = [row for id_, row in rows.items() if id_ not in fresh]
    if known:
        await _uncount(uow, event_id, image_id, len(known), _points(known))
    strokes = [_present(row) for id_, row in rows.items() if id_ in fresh]
    return StrokesPayload(image_id=image_id, seq=sketch.seq, strokes=strokes)


async def clear_strokes(
    uow: UnitOfWork, event_id: UUID, image_id: UUID, author_id: UUID | None
) -> StrokesPayload:
    """Take away one person's strokes, or all of them where `author_id` is None."""
    whose = [] if author_id is None else [Stroke.author_id == author_id]
    seq, _ = await _take_away(uow, event_id, image_id, *whose)
    cleared = author_id if author_id is not None else "all"
    return StrokesPayload(image_id=image_id, seq=seq, strokes=[], cleared=cleared)


async def erase_strokes(
    uow: UnitOfWork, event_id: UUID, image_id: UUID, author_id: UUID, ids: Sequence[UUID]
) -> StrokesPayload:
    """Take away some of one person's strokes; those that are not there, or not theirs, stay out."""
    wanted = (Stroke.author_id == author_id, Stroke.id.in_(ids))
    seq, gone = await _take_away(uow, event_id, image_id, *wanted)
    return StrokesPayload(image_id=image_id, seq=seq, strokes=[], erased=gone)


async def read_sketch(
    database: Database, caller: Caller, event_id: UUID, image_id: UUID, after: int
) -> SketchPayload:
    """Return the strokes after a number; all of them where some were cleared since."""
    async with database.read_consistently() as session:
        await access.find_event(session, event_id, caller)
        await images.require_image(session, event_id, image_id)
        sketch = await session.get(Sketch, (event_id, image_id))
        if sketch is None:
            return SketchPayload(image_id=image_id, seq=0, whole=True, strokes=[])
        whole = after < sketch.cleared_seq or after == 0
        rows = await session.execute(
            sa.select(Stroke.id, Stroke.author_id, Stroke.points, Stroke.colour, Stroke.width)
            .where(
                Stroke.event_id == event_id,
                Stroke.image_id == image_id,
                Stroke.seq > (0 if whole else after),
            )
            .order_by(Stroke.seq, Stroke.id)
        )
        strokes = [_present(row) for row in rows.mappings()]
    return SketchPayload(image_id=image_id, seq=sketch.seq, whole=whole, strokes=strokes)


async def _take_away(
    uow: UnitOfWork, event_id: UUID, image_id: UUID, *which: sa.ColumnElement[bool]
) -> tuple[int, list[UUID]]:
    """Delete strokes; return the drawing's next number, and which they were."""
    await uow.claim()
    sketch = await _count(uow, event_id, image_id, [], cleared=True)
    gone = await uow.session.execute(
        sa.delete(Stroke)
        .where(Stroke.event_id == event_id, Stroke.image_id == image_id, *which)
        .returning(Stroke.id, sa.func.cardinality(Stroke.points).label("numbers"))
    )
    rows = gone.all()
    await _uncount(uow, event_id, image_id, len(rows), sum(row.numbers for row in rows) // 2)
    return sketch.seq, [row.id for row in rows]


async def _count(
    uow: UnitOfWork,
    event_id: UUID,
    image_id: UUID,
    rows: Sequence[Row],
    *,
    cleared: bool = False,
) -> sa.Row[int, int, int]:
    """Take the drawing's next number, and with it its row; count strokes that are to be added."""
    first = insert(Sketch).values(
        event_id=event_id,
        image_id=image_id,
        seq=1,
        cleared_seq=int(cleared),
        strokes=len(rows),
        points=_points(rows),
    )
    seq = Sketch.seq + 1
    counted = first.on_conflict_do_update(
        index_elements=[Sketch.event_id, Sketch.image_id],
        set_={
            "seq": seq,
            "cleared_seq": seq if cleared else Sketch.cleared_seq,
            "strokes": Sketch.strokes + len(rows),
            "points": Sketch.points + _points(rows),
        },
    ).returning(Sketch.seq, Sketch.strokes, Sketch.points)
    return (await uow.session.execute(counted)).one()


async def _uncount(
    uow: UnitOfWork, event_id: UUID, image_id: UUID, strokes: int, points: int
) -> None:
    await uow.session.execute(
        sa.update(Sketch)
        .where(Sketch.event_id == event_id, Sketch.image_id == image_id)
        .values(strokes=Sketch.strokes - strokes, points=Sketch.points - points)
        .execution_options(synchronize_session=False)
    )


def _row(event_id: UUID, image_id: UUID, author_id: UUID, stroke: NewStroke) -> Row:
    return {
        "event_id": event_id,
        "image_id": image_id,
        "id": stroke.id,
        "author_id": author_id,
        "points": [round(share, DIGITS) for share in chain.from_iterable(stroke.points)],
        "colour": stroke.colour,
        "width": stroke.width,
        "created_at": now(),
    }


def _points(rows: Sequence[Row]) -> int:
    return sum(len(row["points"]) for row in rows) // 2


def _present(row: Any) -> StrokePayload:
    shares = [round(share, DIGITS) for share in row["points"]]
    return StrokePayload(
        id=row["id"],
        author_id=row["author_id"],
        points=list(zip(shares[::2], shares[1::2], strict=True)),
        colour=row["colour"],
        width=round(row["width"], DIGITS),
    )


def _full() -> Conflict:
    return Conflict(
        "sketch_full",
        f"A drawing holds {MOST_STROKES} strokes and {MOST_POINTS} points. Clear some first.",
        current="full",
    )
