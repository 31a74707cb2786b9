"""Idempotency keys: one effect and one answer, however often a request arrives.

A key row is written with the finished answer, in the transaction of the work itself. A duplicate
waits for the first: in an event for the event's row, elsewhere for a lock on the key; then it finds
the answer. So a key is either absent or answered, and no state of it can outlive a crash.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import IdempotencyKey
from app.models.errors import Invalid, Malformed
from app.utils.arrays import blobs
from app.utils.db import Ask
from app.utils.security import new_token, token_hash

LIMIT: Final = 255
HOURS_KEPT: Final = 24


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One request that carries a key. Hashes are keyed with the server's secret.

    `witness` names the row by which a session that this very request ends can ask for its answer.
    """

    key_hash: bytes
    fingerprint: bytes
    user_id: UUID | None
    token_seed: bytes
    witness: bytes | None = None

    @property
    def lock_number(self) -> int:
        """Return the 64-bit number under which PostgreSQL locks this key."""
        return int.from_bytes(self.key_hash[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is told. `seq` is `<epoch>.<seq>` of the last change it made."""

    status: int
    body: bytes
    seq: str | None = None
    replayed: bool = False


def request_key(
    secret: bytes,
    header: str,
    user_id: UUID | None,
    method: str,
    target: str,
    body: bytes,
    token: str | None = None,
) -> RequestKey:
    """Read an `Idempotency-Key` header; `target` is the request's path and query.

    `token` is that of a session which the request may end: who has it, and sends all the rest
    again, is told the same once more.

    Raises Malformed unless the header is 1-255 printable ASCII characters.
    """
    if not 1 <= len(header) <= LIMIT or not all("\x21" <= c <= "\x7e" or c == " " for c in header):
        raise Malformed(
            "idempotency_key_malformed",
            "Idempotency-Key must be 1-255 printable ASCII characters. Send a fresh UUID.",
        )
    sent = b"\n".join((method.encode(), target.encode(), body))
    request = str(user_id).encode() + b"\n" + sent
    named = header.encode() + b"\n"
    return RequestKey(
        key_hash=_keyed(secret, b"key", header.encode()),
        fingerprint=_keyed(secret, b"request", request),
        user_id=user_id,
        token_seed=_keyed(secret, b"token", named + request),
        witness=_keyed(secret, b"witness", token_hash(token) + named + sent) if token else None,
    )


def _keyed(secret: bytes, purpose: bytes, message: bytes) -> bytes:
    return hmac.digest(secret, purpose + b":" + message, hashlib.sha256)


@dataclass(slots=True)
class Ledger:
    """The answers that one transaction knows: those it found stored, and those it will store."""

    known: dict[bytes, tuple[bytes, Answer]] = field(default_factory=dict)
    new: list[tuple[RequestKey, Answer]] = field(default_factory=list)

    async def load(self, ask: Ask, keys: Sequence[RequestKey]) -> None:
        """Read the stored answers of the keys, when the event's row or the key is locked."""
        for row in await ask(_ANSWERS, {"keys": blobs(key.key_hash for key in keys)}):
            self.learn(row)

    def learn(self, row: sa.Row[tuple[Any, ...]]) -> None:
        """Take in a row with the columns of a stored answer."""
        answer = Answer(row.response_status, row.response_body, row.response_seq)
        self.known[row.key_hash] = (row.fingerprint, answer)

    def find(self, key: RequestKey | None) -> Answer | None:
        """Return the answer that this very request got before, if any.

        Raises Invalid where the key belongs to another request, of which nothing is told.
        """
        if key is None or key.key_hash not in self.known:
            return None
        fingerprint, answer = self.known[key.key_hash]
        if not hmac.compare_digest(fingerprint, key.fingerprint):
            raise reused()
        return replace(answer, body=unseal(answer.body, key), replayed=True)

    def keep(self, key: RequestKey | None, answer: Answer) -> None:
        """Store an answer under its key when the transaction ends."""
        if key is None:
            return
        sealed = replace(answer, body=seal(answer.body, key))
        self.known[key.key_hash] = (key.fingerprint, sealed)
        self.new.append((key, sealed))
        if key.witness is not None:
            attested = replace(key, key_hash=key.witness, witness=None)
            self.new.append((attested, Answer(204, b"")))


_ANSWERS = sa.text("""
    SELECT key_hash, fingerprint, response_status, response_body, response_seq
    FROM idempotency_keys WHERE key_hash = ANY(CAST(:keys AS bytea[]))
""")


def reused() -> Invalid:
    """Return the refusal of a key that belongs to another request."""
    return Invalid(
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request. Send this one with a fresh key.",
    )


def seal(body: bytes, key: RequestKey) -> bytes:
    """Take the secret token that this request was given, if any, out of its stored answer."""
    token = new_token(key.token_seed)
    return body.replace(token.encode(), token_hash(token).hex().encode())


def unseal(body: bytes, key: RequestKey) -> bytes:
    """Put the secret token back into a stored answer: only the same request can."""
    token = new_token(key.token_seed)
    return body.replace(token_hash(token).hex().encode(), token.encode())


async def who_asked(session: AsyncSession, key: RequestKey) -> UUID | None:
    """Return who was answered this very request in a session that has ended since, if anybody."""
    if key.witness is None:
        return None
    table = IdempotencyKey
    return await session.scalar(sa.select(table.user_id).where(table.key_hash == key.witness))


async def lock_key(session: AsyncSession, key: RequestKey) -> None:
    """Hold the key itself until the transaction ends, where no event's row can stand for it."""
    await session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("n", type_=sa.BigInteger))),
        {"n": key.lock_number},
    )
