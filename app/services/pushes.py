"""Web Push: who is away hears of what concerns them, as far as they want to.

It is told by the process that wrote it, once and not again: a push is a courtesy, and the summary
of whoever comes back is the truth.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models import Event, Membership, NotificationLevel, PushSubscription, User
from app.models.statuses import MembershipStatus, Wanted
from app.services.hub import Hub
from app.services.notifications import forget_endpoints
from app.services.push_words import PUSHED, Push, push_of_change, push_of_notice
from app.utils import metrics
from app.utils.db import Database
from app.utils.notices import Notice
from app.utils.outbound import NotTaken, Outbound
from app.utils.transaction import Published, unit_of_work
from app.utils.webpush import PushKeys, encrypt

log = structlog.get_logger(__name__)

# Pushes that wait; with more the oldest are forgotten.
WAITING: Final = 1_000
# Browsers that one change reaches at the most.
BROWSERS: Final = 10_000
AT_ONCE: Final = 16
# Seconds that a push service keeps what it cannot deliver.
TTL: Final = 86_400
GONE: Final = (404, 410)


class Pushes:
    """A publisher that tells the hub, and then whoever is away."""

    def __init__(
        self, database: Database, hub: Hub, outbound: Outbound, keys: PushKeys | None
    ) -> None:
        """Without `keys` nobody is told."""
        self.keys = keys
        self._database = database
        self._hub = hub
        self._outbound = outbound
        self._waiting: deque[Push] = deque(maxlen=WAITING)
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.keys is not None:
            self._task = asyncio.create_task(self._rounds(self.keys), name="pushes")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def publish(self, published: Published) -> None:
        self._hub.publish(published)
        if self.keys is not None:
            worth = [f for f in published.frames if f.type in PUSHED and f.for_user_id is None]
            self._add(push_of_change(published.event_id, frame.data) for frame in worth)

    def notify(self, notices: Sequence[Notice]) -> None:
        self._hub.notify(notices)
        if self.keys is not None:
            self._add(push_of_notice(n.user_id, n.frame.partition(b"\ndata: ")[2]) for n in notices)

    def end_sessions(self, session_ids: Sequence[UUID]) -> None:
        self._hub.end_sessions(session_ids)

    def _add(self, pushes: Any) -> None:
        self._waiting.extend(push for push in pushes if push is not None)
        if self._waiting:
            self._something.set()

    async def _rounds(self, keys: PushKeys) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                try:
                    await self._tell(self._waiting.popleft(), keys)
                except Exception as error:  # noqa: BLE001 - a courtesy is not asked for twice
                    log.warning("push_failed", error=type(error).__name__)

    async def _tell(self, push: Push, keys: PushKeys) -> None:
        async with self._database.read() as session:
            rows = list(await session.execute(_recipients(push)))
        gate = asyncio.Semaphore(AT_ONCE)
        told = await asyncio.gather(*(self._send(gate, push, keys, *row) for row in rows))
        gone = [endpoint for endpoint in told if endpoint]
        if gone:
            async with unit_of_work(self._database, self._hub) as uow:
                await forget_endpoints(uow, gone)

    async def _send(
        self,
        gate: asyncio.Semaphore,
        push: Push,
        keys: PushKeys,
        browser: PushSubscription,
        user: User,
        subject: str | None,
    ) -> str:
        """Send to one browser; return its endpoint where it is gone for good."""
        sealed = encrypt(push.encode(user.locale, subject or ""), browser.p256dh, browser.auth)
        headers = keys.headers(browser.endpoint) | {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
        }
        try:
            async with gate, self._outbound.connect(browser.endpoint) as wire:
                status = await wire.post(sealed, headers)
        except NotTaken:
            status = 0
        metrics.PUSHES["sent" if 200 <= status < 300 else "failed"].inc()  # noqa: PLR2004
        return browser.endpoint if status in GONE else ""


def _recipients(push: Push) -> sa.Select[PushSubscription, User, str | None]:
    """Return the browsers of those who want to be told, with their person and the event's name."""
    level = sa.func.coalesce(NotificationLevel.level, Wanted.DECISIONS.value)
    enough = [Wanted.ALL] if push.level is Wanted.ALL else [Wanted.ALL, Wanted.DECISIONS]
    wanted = (
        sa.select(PushSubscription, User, Event.subject)
        .join(User, User.id == PushSubscription.user_id)
        .outerjoin(Event, Event.id == push.event_id)
        .outerjoin(
            NotificationLevel,
            (NotificationLevel.event_id == push.event_id) & (NotificationLevel.user_id == User.id),
        )
        .limit(BROWSERS)
    )
    if push.event_id is not None:
        wanted = wanted.where(level.in_([each.value for each in enough]))
    if push.user_id is not None:
        return wanted.where(User.id == push.user_id)
    members = sa.select(Membership.user_id).where(
        Membership.event_id == push.event_id, Membership.status == MembershipStatus.ACCEPTED
    )
    return wanted.where(User.id.in_(members), User.id.is_distinct_from(push.but))
