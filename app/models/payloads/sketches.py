"""Drawings on images as JSON: what a stroke is, the drawing so far, and what is new in it."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.models.payloads.shapes import Payload

Point = tuple[float, float]


class StrokePayload(Payload):
    id: UUID
    author_id: UUID
    points: list[Point] = Field(description="shares of the image's width and height")
    colour: str
    width: float = Field(description="a share of the image's width")


class SketchPayload(Payload):
    """A drawing as of its number `seq`: all of it where `whole`, else what came after `after`."""

    image_id: UUID
    seq: int
    whole: bool
    strokes: list[StrokePayload]


class SketchMark(Payload):
    """The number that a drawing has after what was done to it."""

    image_id: UUID
    seq: int


class StrokesPayload(Payload):
    """What number `seq` did to a drawing: strokes that are new, and which went.

    `cleared` is null, the id of the person whose strokes went, or `all`; `erased` names others.
    """

    image_id: UUID
    seq: int
    strokes: list[StrokePayload]
    cleared: UUID | Literal["all"] | None = None
    erased: Sequence[UUID] = ()
