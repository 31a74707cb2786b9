"""The brief of the demo event: what thirty people should know before they choose."""

from typing import Final

from app.models.brief_bodies import NewBlock
from app.models.statuses import BlockKind

# Who writes it, and what.
BRIEF: Final = (
    ("Dana", BlockKind.HEADING, "What we want from these days"),
    (
        "Dana",
        BlockKind.TEXT,
        (
            "We have not been in one room since autumn. The retreat is for the year's roadmap, "
            "and for those who joined since to meet everybody."
        ),
    ),
    (
        "Minjun",
        BlockKind.LIST,
        (
            "Two working days, two half days to travel\nA room for thirty, and three small ones\n"
            "Vegetarian food that is more than a side dish"
        ),
    ),
    ("Aiko", BlockKind.HEADING, "What we learned last time"),
    (
        "Jonas",
        BlockKind.QUOTE,
        "Four hours on the bus each way cost us the best hours of both days.",
    ),
    ("Priya", BlockKind.TEXT, "Trains to Busan are free on 14 April; flights are not booked yet."),
)


def demo_blocks() -> list[tuple[str, NewBlock]]:
    """Return each block with the name of who writes it."""
    return [(name, NewBlock(kind=kind, text=text)) for name, kind, text in BRIEF]
