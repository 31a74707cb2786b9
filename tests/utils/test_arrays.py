"""What is written as a literal comes out of PostgreSQL as it went in."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from app.models.statuses import Choice
from app.utils.arrays import bare, blobs, documents
from app.utils.db import Database
from tests.support.stage import Stage


async def _read(database: Database, kind: str, written: str) -> list[object]:
    statement = sa.text(f"SELECT each FROM unnest(CAST(:written AS {kind}[])) AS each")
    return [row.each for row in await database.ask(statement, {"written": written})]


async def test_bare_values_come_back(stage: Stage) -> None:
    ids, moments = [uuid4(), None, uuid4()], [datetime(2026, 11, 21, 9, 30, 1, 250, UTC)]
    assert await _read(stage.database, "uuid", bare(ids)) == ids
    assert await _read(stage.database, "timestamptz", bare(m.isoformat() for m in moments)) == (
        moments
    )
    assert await _read(stage.database, "integer", bare([-1, 0])) == [-1, 0]
    assert await _read(stage.database, "text", bare(Choice)) == list(Choice)
    assert await _read(stage.database, "uuid", bare([])) == []


async def test_bytes_come_back(stage: Stage) -> None:
    values = [b"", None, bytes(range(256)), b'\\x{",}NULL']
    assert await _read(stage.database, "bytea", blobs(values)) == values


async def test_documents_come_back_to_the_byte(stage: Stage) -> None:
    values = [b'{"a": "\\u00e9, [\\"]}", "b":1.50 }', '{"ko":"안녕"}'.encode()]
    statement = sa.text(
        "SELECT CAST(each AS text) AS said FROM json_array_elements(CAST(:all AS json)) AS each"
    )
    rows = await stage.database.ask(statement, {"all": documents(values)})
    assert [row.said.encode() for row in rows] == values
