"""Colours by which people are told apart: the same person has the same one everywhere."""

from typing import Final
from uuid import UUID

# Dark enough to be read as text on white, and far enough apart to be told from one another.
PALETTE: Final = (
    *("#b3261e", "#8f4a00", "#6b5e00", "#3d6a00", "#006c4c", "#006874"),
    *("#00629d", "#3f51b5", "#6750a4", "#8e3c9e", "#a8326f", "#5d5f5f"),
)


def colour_of(user_id: UUID) -> str:
    return PALETTE[user_id.int % len(PALETTE)]
