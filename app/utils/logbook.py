"""The last statement of a write: its changes, the event's new number and the stored answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.utils.arrays import bare, blobs, documents
from app.utils.db import Execute
from app.utils.frames import LoggedChange
from app.utils.idempotency import Answer, RequestKey, reused

KeptAnswers = Sequence[tuple[RequestKey, Answer]]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is written in the statement of the log: its CTEs, SQL of ours, and their values."""

    ctes: str
    values: Mapping[str, object]


NONE: Final = Rows("", {})


async def write_log(
    execute: Execute,
    event_id: UUID | None,
    log: Sequence[LoggedChange],
    answers: KeptAnswers,
    rows: Rows = NONE,
) -> None:
    """Write all of it in one statement; nothing where there is nothing.

    Raises Invalid where a key was taken meanwhile by a request to another event.
    """
    keys = _key_columns(answers, event_id)
    if log:
        values = {"event_id": event_id, **_log_columns(log), **keys, **rows.values}
        result = await execute(_log_and_keys(rows.ctes), values)
    elif rows is not NONE:
        raise RuntimeError("rows are written of which no change tells")
    elif answers:
        result = await execute(_KEYS, keys)
    else:
        return
    if result.scalar_one() != len(answers):
        raise reused()


def _log_columns(log: Sequence[LoggedChange]) -> dict[str, object]:
    return {
        "head": log[-1].seq,
        "seqs": bare(c.seq for c in log),
        "types": bare(c.type for c in log),
        "actors": bare(c.actor_id for c in log),
        "onlys": bare(c.for_user_id for c in log),
        "payloads": documents(c.payload for c in log),
        "moments": bare(c.at.isoformat() for c in log),
    }


def _key_columns(answers: KeptAnswers, event_id: UUID | None) -> dict[str, object]:
    # In the order of the keys: two transactions that claim the same keys cannot wait in a circle.
    ordered = sorted(answers, key=lambda pair: pair[0].key_hash)
    return {
        "key_event": event_id,
        "keys": blobs(key.key_hash for key, _ in ordered),
        "prints": blobs(key.fingerprint for key, _ in ordered),
        "users": bare(key.user_id for key, _ in ordered),
        "statuses": bare(answer.status for _, answer in ordered),
        "bodies": blobs(answer.body for _, answer in ordered),
        "answer_seqs": bare(answer.seq for _, answer in ordered),
    }


_INSERT_KEYS = """
  INSERT INTO idempotency_keys (key_hash, fingerprint, user_id, event_id, response_status,
                                response_body, response_seq, created_at)
  SELECT key, print, person, CAST(:key_event AS uuid), status, body, seq, now()
  FROM unnest(CAST(:keys AS bytea[]), CAST(:prints AS bytea[]), CAST(:users AS uuid[]),
              CAST(:statuses AS smallint[]), CAST(:bodies AS bytea[]),
              CAST(:answer_seqs AS text[])) AS k(key, print, person, status, body, seq)
  ON CONFLICT (key_hash) DO NOTHING
  RETURNING 1
"""
_INSERT_LOG = """
  INSERT INTO changes (event_id, seq, type, actor_id, for_user_id, payload, created_at)
  SELECT CAST(:event_id AS uuid), seq, type, actor, person, payload, moment
  FROM ROWS FROM (
    unnest(CAST(:seqs AS bigint[]), CAST(:types AS text[]), CAST(:actors AS uuid[]),
           CAST(:onlys AS uuid[]), CAST(:moments AS timestamptz[])),
    json_array_elements(CAST(:payloads AS json))
  ) AS c(seq, type, actor, person, moment, payload)
"""


@cache
def _log_and_keys(ctes: str) -> sa.TextClause:
    own = f"log AS ({_INSERT_LOG}), kept AS ({_INSERT_KEYS})"
    return sa.text(
        f"WITH {ctes}, {own} {_NUMBER}" if ctes else f"WITH {own} {_NUMBER}"
    ).execution_options(timed="write_log")


_NUMBER = "UPDATE events SET seq = :head WHERE id = :event_id RETURNING (SELECT count(*) FROM kept)"
_KEYS = sa.text(f"WITH kept AS ({_INSERT_KEYS}) SELECT count(*) FROM kept")  # noqa: S608
