"""What comes in as JSON about the shared brief and the drawings in it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictInt, model_validator

from app.models.blocks import LONGEST_HEADING
from app.models.bodies import ID, Body, example
from app.models.statuses import BlockKind, Category, ProposalKind
from app.models.text import BlockText, Content, Name

Version = Annotated[StrictInt, Field(ge=1, le=2**31 - 1)]
Token = Annotated[StrictInt, Field(ge=1, le=2**62)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

MOST_POINTS = 200
MOST_STROKES = 100


class NewBlock(Body):
    """A block after another one; first where `after` is null, last where it is absent."""

    model_config = example({"kind": "text", "text": "We meet on the first Monday."})

    kind: BlockKind
    text: BlockText
    after: UUID | None = None
    attachment_id: UUID | None = None

    @property
    def comes_last(self) -> bool:
        return "after" not in self.model_fields_set

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if not fits(self.kind, self.text):
            raise ValueError(f"a heading has one line of at most {LONGEST_HEADING} characters")
        if (self.kind is BlockKind.IMAGE) != (self.attachment_id is not None):
            raise ValueError("an image has an attachment_id, and nothing else has one")
        return self


def fits(kind: BlockKind, text: str) -> bool:
    """Tell whether a text can stand in a block of this kind."""
    return kind is not BlockKind.HEADING or (len(text) <= LONGEST_HEADING and "\n" not in text)


class BlockEdit(Body):
    """A commit: the text, the version it started from, and the lock's token if there is one."""

    model_config = example({"text": "We meet on Mondays.", "version": 1, "token": 1})

    text: BlockText
    version: Version
    token: Token | None = None


class BlockMove(Body):
    """To a place after another block, or to the first where `after` is null."""

    model_config = example({"after": ID, "version": 1})

    after: UUID | None
    version: Version


class BlockReturn(Body):
    """The version that says that the block was removed."""

    model_config = example({"version": 2})

    version: Version


class Heartbeat(Body):
    model_config = example({"token": 1})

    token: Token


class NewSnapshot(Body):
    model_config = example({"name": "Before the vote"})

    name: Name


class BlockWish(Body):
    """A proposal made of a block: its text as it stands in `version`, or `content` instead."""

    model_config = example({"kind": "assumption", "reason": "It says so in our brief."})

    kind: ProposalKind
    category: Category = Category.CREATION
    target_id: UUID | None = None
    content: Content | None = None
    reason: Content | None = None
    version: Version | None = None


class NewStroke(Body):
    id: UUID
    points: Annotated[list[tuple[Share, Share]], Field(min_length=1, max_length=MOST_POINTS)]
    colour: Annotated[str, Field(strict=True, pattern=r"^#[0-9a-f]{6}$")]
    width: Annotated[float, Field(ge=0.0005, le=0.2, allow_inf_nan=False)]


class NewStrokes(Body):
    model_config = example(
        {"strokes": [{"id": ID, "points": [[0.1, 0.1]], "colour": "#1a73e8", "width": 0.01}]}
    )

    strokes: Annotated[list[NewStroke], Field(min_length=1, max_length=MOST_STROKES)]
