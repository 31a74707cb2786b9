"""PostgreSQL's array literals, for what votes pass in storms.

The driver asks every element of a list how it is to be written, which takes longer than a vote is
counted: 1 µs for a number, 50 for bytes. Statements say what they take, `CAST(:ids AS uuid[])`, and
who calls knows that nothing in it needs quotes.
"""

from collections.abc import Iterable
from typing import Final

NULL: Final = "NULL"


def bare(values: Iterable[object]) -> str:
    """Write ids, numbers, moments, and words out of our own tables; None is NULL."""
    return "{" + ",".join([NULL if value is None else str(value) for value in values]) + "}"


def blobs(values: Iterable[bytes | None]) -> str:
    """Write bytes, for a `bytea[]`; None is NULL."""
    written = [NULL if value is None else rf'"\\x{value.hex()}"' for value in values]
    return "{" + ",".join(written) + "}"


def documents(values: Iterable[bytes]) -> str:
    """Write JSON documents as one that holds them, for `json_array_elements`."""
    return "[" + b",".join(values).decode() + "]"
