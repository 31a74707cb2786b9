"""What must hold in the database after whatever happened, asked of the database itself."""

import asyncio
import contextlib
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]

PATIENCE: Final = 60.0
PAUSE: Final = 0.05

_EVENT: Final = """
    SELECT e.seq, e.capacity, e.members, e.observers, e.pending, e.ballots, e.owner_id, e.status,
           count(*) FILTER (WHERE m.accepted AND m.role <> 'OBSERVER') AS real_members,
           count(*) FILTER (WHERE m.accepted AND m.role = 'OBSERVER') AS real_observers,
           count(*) FILTER (WHERE m.status = 'PENDING') AS real_pending,
           array_agg(m.user_id) FILTER (WHERE m.accepted AND m.role = 'OWNER') AS owners,
           (SELECT count(*) FROM ballots b WHERE b.event_id = e.id) AS real_ballots
    FROM events e
    LEFT JOIN (SELECT *, status = 'ACCEPTED' AS accepted FROM memberships) m ON m.event_id = e.id
    WHERE e.id = %s GROUP BY e.id
"""
_TALLIES: Final = """
    SELECT p.id, p.status, p.agree, p.disagree, p.abstain,
           count(v.*) FILTER (WHERE v.choice = 'AGREE') AS real_agree,
           count(v.*) FILTER (WHERE v.choice = 'DISAGREE') AS real_disagree,
           count(v.*) FILTER (WHERE v.choice = 'ABSTAIN') AS real_abstain,
           (SELECT c.payload -> 'tally' FROM changes c
            WHERE c.event_id = p.event_id AND c.type IN ('tally.changed', 'proposal.changed')
              AND coalesce(c.payload ->> 'proposal_id', c.payload ->> 'id') = p.id::text
            ORDER BY c.seq DESC LIMIT 1) AS told
    FROM proposals p LEFT JOIN proposal_votes v ON v.event_id = p.event_id AND v.proposal_id = p.id
    WHERE p.event_id = %s GROUP BY p.event_id, p.id
"""


class Truth:
    """Questions to the database that the servers write to."""

    def __init__(self, connection: psycopg.AsyncConnection[Row]) -> None:
        self._connection = connection

    async def rows(self, statement: str, *values: object) -> list[Row]:
        found = await self._connection.execute(statement.encode(), values)
        return await found.fetchall()

    async def row(self, statement: str, *values: object) -> Row:
        (only,) = await self.rows(statement, *values)
        return only

    async def number(self, statement: str, *values: object) -> int:
        (value,) = (await self.row(statement, *values)).values()
        return int(value)

    async def head(self, event_id: str) -> int:
        return await self.number("SELECT seq FROM events WHERE id = %s", event_id)

    async def votes(self, proposal_id: str) -> int:
        return await self.number(
            "SELECT count(*) FROM proposal_votes WHERE proposal_id = %s", proposal_id
        )

    async def log(self, event_id: str, kind: str | None = None) -> list[Row]:
        """Return the changes of an event, oldest first."""
        return await self.rows(
            "SELECT * FROM changes WHERE event_id = %s AND (type = %s OR %s::text IS NULL) "
            "ORDER BY seq",
            *(event_id, kind, kind),
        )

    async def check(self, event_id: str) -> Row:
        """Check everything that always holds in an event, and return its row."""
        event = await self.row(_EVENT, event_id)
        assert [change["seq"] for change in await self.log(event_id)] == [
            *range(1, event["seq"] + 1)
        ]
        for count in ("members", "observers", "pending", "ballots"):
            assert event[count] == event[f"real_{count}"], count
        assert event["members"] <= event["capacity"]
        if event["members"]:
            assert event["owners"] == [event["owner_id"]]
        for tally in await self.rows(_TALLIES, event_id):
            counted = {name: tally[f"real_{name}"] for name in ("agree", "disagree", "abstain")}
            assert {name: tally[name] for name in counted} == counted
            assert tally["told"] == counted
        return event


async def ask(database_url: str) -> psycopg.AsyncConnection[Row]:
    """Connect, when the database lets us in: after a crash it recovers first."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                return await psycopg.AsyncConnection.connect(
                    database_url, autocommit=True, row_factory=dict_row
                )
            await asyncio.sleep(PAUSE)
