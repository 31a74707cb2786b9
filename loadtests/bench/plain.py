"""The reference that everybody writes first: the same stack, one transaction for each vote.

FastAPI, SQLAlchemy and psycopg, a session and a transaction a request, with the same steps and the
same promises as `reference.VOTE`: lock, key, read, write, log, answer, commit.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

# A pool as large as our own server's.
POOL: Final = 8
engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=POOL, max_overflow=0)
app = FastAPI()


class Choice(BaseModel):
    """What somebody votes."""

    choice: str


async def session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as opened, opened.begin():
        yield opened


@app.put("/proposals/{proposal}/votes")
async def vote(
    proposal: int,
    body: Choice,
    database: Annotated[AsyncSession, Depends(session, scope="function")],
    authorization: Annotated[str, Header()],
    idempotency_key: Annotated[str, Header()],
) -> dict[str, object]:
    """Count one vote in a transaction of its own, which ends before the answer goes out."""
    person = await database.scalar(PERSON, {"token": authorization.removeprefix("Bearer ")})
    if person is None:
        raise HTTPException(401)
    key = hashlib.sha256(idempotency_key.encode()).digest()
    await database.execute(LOCK)
    known = await database.scalar(KNOWN, {"key": key})
    if known is not None:
        return {"replayed": True}
    if await database.scalar(MEMBER, {"person": person}) != "ACCEPTED":
        raise HTTPException(403)
    vote_ = {"proposal": proposal, "person": person, "choice": body.choice}
    await database.execute(VOTE, vote_)
    agree = await database.scalar(TALLY, {"proposal": proposal})
    seq = await database.scalar(NEXT)
    await database.execute(LOG, {"seq": seq, "payload": f'{{"tally": {{"agree": {agree}}}}}'})
    await database.execute(KEEP, {"key": key, "body": b"{}"})
    return {**vote_, "seq": seq}


PERSON = text("SELECT user_id FROM bench.sessions WHERE token = :token")
LOCK = text("SELECT seq FROM bench.events WHERE id = 1 FOR NO KEY UPDATE")
KNOWN = text("SELECT body FROM bench.keys WHERE key_hash = :key")
MEMBER = text("SELECT status FROM bench.memberships WHERE user_id = :person")
VOTE = text(
    "INSERT INTO bench.votes VALUES (:proposal, :person, :choice) "
    "ON CONFLICT (proposal_id, user_id) DO UPDATE SET choice = excluded.choice"
)
TALLY = text("UPDATE bench.proposals SET agree = agree + 1 WHERE id = :proposal RETURNING agree")
NEXT = text("UPDATE bench.events SET seq = seq + 1 WHERE id = 1 RETURNING seq")
LOG = text("INSERT INTO bench.changes VALUES (1, :seq, CAST(:payload AS json))")
KEEP = text("INSERT INTO bench.keys (key_hash, body) VALUES (:key, :body)")
