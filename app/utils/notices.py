"""Notices: what one person is told on every line of theirs, wherever they are.

They are numbered by person and not kept. Whoever finds a number missing asks for the summary, which
is the truth; a notice is the doorbell.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.models.payloads import rfc3339
from app.models.statuses import NoticeType
from app.utils.arrays import bare
from app.utils.db import Ask
from app.utils.frames import named_frame


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A notice that is not committed yet. `payload` is JSON."""

    user_id: UUID
    type: NoticeType
    at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as a stream sends it: number `seq` of all that the person was ever sent."""

    user_id: UUID
    seq: int
    frame: bytes


async def number(ask: Ask, notices: Sequence[Unnumbered]) -> list[Notice]:
    """Take the next numbers of everybody who is told something.

    It locks their counters in one order, and is the last thing that a transaction locks.
    """
    if not notices:
        return []
    wanted = Counter(notice.user_id for notice in notices)
    taken = await ask(_TAKE, {"users": bare(wanted), "counts": bare(wanted.values())})
    last = {row.user_id: row.seq - wanted[row.user_id] for row in taken}
    numbered = []
    for notice in notices:
        last[notice.user_id] += 1
        numbered.append(_encode(notice, last[notice.user_id]))
    return numbered


def _encode(notice: Unnumbered, seq: int) -> Notice:
    head = orjson.dumps({"seq": seq, "type": notice.type, "at": rfc3339(notice.at)})
    data = head[:-1] + b',"data":' + notice.payload + b"}"
    return Notice(notice.user_id, seq, named_frame("notice", data))


def pack_notice(notice: Notice) -> bytes:
    """Put a notice into a message of the bus; whose it is says the channel."""
    return b"%d\n%b" % (notice.seq, notice.frame)


def unpack_notice(user_id: UUID, message: bytes) -> Notice:
    """Take a notice out of a message again; the inverse of `pack_notice`."""
    seq, _, frame = message.partition(b"\n")
    return Notice(user_id, int(seq), frame)


_TAKE = sa.text("""
    INSERT INTO inboxes (user_id, seq)
    SELECT person, n
    FROM unnest(CAST(:users AS uuid[]), CAST(:counts AS bigint[])) AS w(person, n)
    ORDER BY person
    ON CONFLICT (user_id) DO UPDATE SET seq = inboxes.seq + excluded.seq
    RETURNING user_id, seq
""").execution_options(timed="notices")
