"""Receipts: messages that reached a line of somebody's, noted together once in a while.

Lines deliver thousands of messages a second; what they note here waits in memory until the next
tick. What is lost with the process is told anew by the next message that arrives, or is read.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models.payloads import ReceiptNotice
from app.models.statuses import NoticeType
from app.utils.db import Database
from app.utils.transaction import Publisher, UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

EVERY: Final = 0.25
# Marks of one transaction; more wait for the next.
AT_ONCE: Final = 1_000

Reached = dict[tuple[UUID, UUID], int]


class Receipts:
    """What reached whom through this process."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._reached: Reached = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, user_id: UUID, conversation_id: UUID, seq: int) -> None:
        """Note that a message of a direct conversation reached a line of its recipient."""
        place = (conversation_id, user_id)
        self._reached[place] = max(seq, self._reached.get(place, 0))

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="receipts")

    async def close(self) -> None:
        """Write down what is left, and stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._try_flush()

    async def flush(self) -> None:
        """Write down what has been noted so far."""
        while self._reached:
            places = sorted(self._reached)[:AT_ONCE]
            taken = {place: self._reached[place] for place in places}
            async with unit_of_work(self._database, self._publisher) as uow:
                await note_delivered(uow, taken)
            for place, seq in taken.items():
                if self._reached[place] == seq:
                    del self._reached[place]

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._try_flush()

    async def _try_flush(self) -> None:
        try:
            await self.flush()
        except Exception as error:  # noqa: BLE001 - the next round does it
            log.warning("receipts_failed", error=str(error))


async def note_delivered(uow: UnitOfWork, reached: Mapping[tuple[UUID, UUID], int]) -> None:
    """Move marks of delivery up, and tell whoever talks with the person.

    What somebody is not in, or what belongs to an event, has no receipts and is passed over.
    """
    await uow.claim()
    rows = await uow.session.execute(
        _DELIVERED,
        {
            "conversations": [place[0] for place in reached],
            "users": [place[1] for place in reached],
            "seqs": list(reached.values()),
        },
    )
    for row in rows:
        receipt = ReceiptNotice(
            conversation_id=row.conversation_id,
            user_id=row.user_id,
            delivered_seq=row.delivered_seq,
            read_seq=row.seq,
        )
        uow.notify(row.other_id, NoticeType.RECEIPT, receipt)


# In the order of the keys: two processes that note the same marks do not wait in a circle.
_DELIVERED = sa.text("""
    WITH reached AS (
      SELECT c.id, w.user_id, least(w.seq, c.last_seq) AS seq,
             CASE WHEN c.low_user_id = w.user_id THEN c.high_user_id
                  ELSE c.low_user_id END AS other_id
      FROM unnest(CAST(:conversations AS uuid[]), CAST(:users AS uuid[]), CAST(:seqs AS bigint[]))
           AS w(id, user_id, seq)
      JOIN conversations c ON c.id = w.id AND w.user_id IN (c.low_user_id, c.high_user_id)
      WHERE c.event_id IS NULL
    ), moved AS (
      INSERT INTO read_marks AS r (conversation_id, user_id, seq, delivered_seq)
      SELECT id, user_id, 0, seq FROM reached ORDER BY id, user_id
      ON CONFLICT (conversation_id, user_id) DO UPDATE SET delivered_seq = excluded.delivered_seq
      WHERE r.delivered_seq < excluded.delivered_seq
      RETURNING conversation_id, user_id, seq, delivered_seq
    )
    SELECT moved.*, reached.other_id
    FROM moved JOIN reached ON reached.id = conversation_id AND reached.user_id = moved.user_id
""").execution_options(timed="deliver")
