"""Digests: one mail for all that was decided while somebody was away, as far as they want it.

Many processes look; a person's row decides which of them writes. Who was told of something once is
not told of it again.
"""

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models.base import now
from app.models.errors import Invalid
from app.models.payloads import NotificationPayload
from app.models.statuses import Locale, Wanted
from app.services.notifications import set_level
from app.utils.db import Database
from app.utils.digest_mail import DigestEvent, digest_mail
from app.utils.mail import Mailer
from app.utils.transaction import Publisher, UnitOfWork, unit_of_work
from app.utils.webpush import b64url, from_b64url

log = structlog.get_logger(__name__)

# Seconds between two looks.
EVERY: Final = 600.0
# People in one transaction, and events in one mail.
PEOPLE: Final = 100
EVENTS: Final = 20


class Digests:
    """Writes to who has been away for long."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        mailer: Mailer,
        key: bytes,
        public_url: str,
        hours: int,
    ) -> None:
        """`hours` are those that somebody is away, and at least between two mails; 0 is never."""
        self._database = database
        self._publisher = publisher
        self._mailer = mailer
        self._key = key
        self._public_url = public_url
        self._hours = hours
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._hours and self._public_url:
            self._task = asyncio.create_task(self._rounds(), name="digests")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _rounds(self) -> None:
        while True:
            try:
                while await self.round():
                    pass
            except Exception as error:  # noqa: BLE001 - the next round does it
                log.warning("digests_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def round(self) -> bool:
        """Write to some people; tell whether there may be more."""
        async with unit_of_work(self._database, self._publisher) as uow:
            news = await take_news(uow, self._hours)
        people = 0
        for _, events in groupby(news, key=lambda each: each.user_id):
            people += 1
            self._write(list(events))
        return people == PEOPLE

    def unsubscribe_token(self, user_id: UUID, event_id: UUID) -> str:
        """Return what stands in a link of a mail: it can end this one thing, and nothing else."""
        who = user_id.bytes + event_id.bytes
        return b64url(who + hmac.digest(self._key, who, "sha256")[:16])

    async def unsubscribe(self, uow: UnitOfWork, token: str) -> NotificationPayload:
        """End the mails of one event for one person. Raises Invalid for a link that is not ours."""
        await uow.claim()
        user_id, event_id = self._read(token)
        await set_level(uow, user_id, event_id, Wanted.NONE)
        return NotificationPayload(level=Wanted.NONE)

    def _read(self, token: str) -> tuple[UUID, UUID]:
        try:
            raw = from_b64url(token)
            user_id, event_id = UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])
        except ValueError:
            raise _not_ours() from None
        if not hmac.compare_digest(self.unsubscribe_token(user_id, event_id), token):
            raise _not_ours()
        return user_id, event_id

    def _write(self, news: Sequence["News"]) -> None:
        first = news[0]
        events = [
            DigestEvent(
                each.subject,
                f"{self._public_url}/events/{each.event_id}",
                each.decided,
                each.mentions,
                each.unread,
                finished=each.finished,
                unsubscribe=self._link(each),
            )
            for each in news[:EVENTS]
        ]
        self._mailer.send(digest_mail(first.email, first.name, Locale(first.locale), events))

    def _link(self, news: "News") -> str:
        token = self.unsubscribe_token(news.user_id, news.event_id)
        return f"{self._public_url}/api/unsubscribe?token={token}"


@dataclass(frozen=True, slots=True)
class News:
    """What happened in one event since somebody was here or was written to."""

    user_id: UUID
    email: str
    name: str
    locale: str
    event_id: UUID
    subject: str
    decided: int
    mentions: int
    unread: int
    finished: bool


async def take_news(uow: UnitOfWork, hours: int) -> list[News]:
    """Return what is to be told, person by person, and note that it was."""
    await uow.claim()
    moment = now()
    rows = await uow.session.execute(
        _TAKE, {"moment": moment, "away": moment - timedelta(hours=hours), "people": PEOPLE}
    )
    return [News(*row) for row in rows]


def _not_ours() -> Invalid:
    return Invalid("link_invalid", "This link is not whole. Choose in the event itself instead.")


# Who has been away so long and was not written to since; each is taken by who inserts the row.
_TAKE = sa.text("""
    WITH away AS (
      SELECT u.id, u.email, u.name, u.locale,
             greatest(u.last_seen_at, d.sent_at, u.created_at) AS since
      FROM users u LEFT JOIN digests d ON d.user_id = u.id
      WHERE u.email IS NOT NULL AND coalesce(u.last_seen_at, u.created_at) < :away
        AND (d.sent_at IS NULL OR d.sent_at < :away)
    ), news AS (
      SELECT a.id AS user_id, a.email, a.name, a.locale, e.id AS event_id, e.subject, p.decided,
             n.mentions,
             CASE WHEN l.level = 'all'
               THEN greatest(0, c.last_seq - coalesce(r.seq, 0)) ELSE 0 END AS unread,
             coalesce(e.finished_at > a.since, false) AS finished
      FROM away a
      JOIN memberships m ON m.user_id = a.id AND m.status = 'ACCEPTED'
      JOIN events e ON e.id = m.event_id AND e.deleted_at IS NULL
      LEFT JOIN notification_levels l ON l.user_id = a.id AND l.event_id = e.id
      LEFT JOIN conversations c ON c.id = e.id
      LEFT JOIN read_marks r ON r.conversation_id = e.id AND r.user_id = a.id
      CROSS JOIN LATERAL (
        SELECT count(*) AS decided FROM proposals
        WHERE event_id = e.id AND decided_at > a.since AND status IN ('ACCEPTED', 'REJECTED')
      ) p
      CROSS JOIN LATERAL (
        SELECT count(*) AS mentions FROM mentions
        WHERE conversation_id = e.id AND user_id = a.id AND seq > coalesce(r.seq, 0)
      ) n
      WHERE coalesce(l.level, 'decisions') <> 'none'
    ), told AS (
      SELECT * FROM news WHERE decided > 0 OR mentions > 0 OR unread > 0 OR finished
    ), chosen AS (
      SELECT DISTINCT user_id FROM told ORDER BY user_id LIMIT :people
    ), taken AS (
      INSERT INTO digests (user_id, sent_at) SELECT user_id, :moment FROM chosen
      ON CONFLICT (user_id) DO UPDATE SET sent_at = excluded.sent_at WHERE digests.sent_at < :away
      RETURNING user_id
    )
    SELECT t.* FROM told t JOIN taken USING (user_id) ORDER BY t.user_id, t.event_id
""")
