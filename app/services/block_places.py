"""Blocks given their places among the others, which are told where they had to make room."""

from uuid import UUID

from app.models import Block
from app.models.callers import Caller
from app.models.errors import Conflict
from app.services.changes import announce_block
from app.services.places import between, spread
from app.utils.transaction import UnitOfWork


def put_after(
    uow: UnitOfWork, others: list[Block], block: Block, after: UUID | None, actor: Caller
) -> None:
    """Put a block after one of the others, before all where `after` is None."""
    place = _place_after(others, after)
    low = others[place - 1].position if place else None
    high = others[place].position if place < len(others) else None
    position = between(low, high)
    if position is not None:
        block.position = position
        return
    for one, number in zip(
        [*others[:place], block, *others[place:]], spread(len(others) + 1), strict=True
    ):
        one.position = number
        if one is not block:
            announce_block(uow, one, actor)


def put_back(uow: UnitOfWork, others: list[Block], block: Block, actor: Caller) -> None:
    """Put a block where it stood; right behind whoever was given that very place meanwhile."""
    for other in others:
        if other.position == block.position:
            put_after(uow, others, block, other.id, actor)
            return


def _place_after(others: list[Block], after: UUID | None) -> int:
    if after is None:
        return 0
    for place, other in enumerate(others, start=1):
        if other.id == after:
            return place
    raise Conflict(
        "neighbour_gone",
        "The block that it should follow is not there any more. Choose another place.",
        current="removed",
    )
