"""The dispatcher: what committed in an event goes to its webhooks, in order and at least once.

Any process may deliver. A target that takes nothing is asked again, later and later, and after a
day no more, until an admin revives it; nothing is passed over.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.models.base import now
from app.models.statuses import WebhookStatus
from app.services.changes import changes_after
from app.services.envelopes import envelope, sign
from app.services.leases import Lease, give_back, take_leases
from app.services.webhooks import secret_of
from app.utils import metrics
from app.utils.db import Database
from app.utils.frames import LoggedChange
from app.utils.outbound import NotTaken, Outbound, Wire
from app.utils.transaction import Publisher, unit_of_work

log = structlog.get_logger(__name__)

# Targets that one process delivers to at the same time.
AT_ONCE: Final = 8
# Changes that one lease delivers at the most.
TOGETHER: Final = 100


@dataclass(frozen=True, slots=True)
class Retries:
    """Seconds: between looks, of a lease, of the first and longest wait, and until it is dead."""

    every: float = 0.5
    lease: float = 60.0
    first: float = 1.0
    longest: float = 300.0
    dead_after: float = 86_400.0

    def wait(self, attempts: int) -> float:
        """Return the wait after so many failures: longer and longer, and never the same twice."""
        longest: float = min(self.longest, self.first * 2.0 ** min(attempts - 1, 30))
        return longest * random.uniform(0.5, 1.0)


class Dispatcher:
    """Delivers what is due, in this process."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        outbound: Outbound,
        key: bytes,
        source: str,
        retries: Retries,
    ) -> None:
        """`key` derives the secrets; `source` is the address of the house in the envelopes."""
        self._database = database
        self._publisher = publisher
        self._outbound = outbound
        self._key = key
        self._source = source
        self._retries = retries
        self._running: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="webhooks")

    async def close(self) -> None:
        """Stop. What is under way is delivered again by whoever comes next."""
        tasks = [task for task in (self._task, *self._running) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(self._retries.every)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the next look does it
                log.warning("webhooks_unread", error=type(error).__name__)

    async def look(self) -> None:
        """Begin to deliver to whoever something waits for."""
        free = AT_ONCE - len(self._running)
        if not free:
            return
        async with unit_of_work(self._database, self._publisher) as uow:
            leases = await take_leases(uow, free, self._retries.lease)
        for lease in leases:
            task = asyncio.create_task(self._deliver(lease), name=f"webhook {lease.id}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _deliver(self, lease: Lease) -> None:
        try:
            async with self._database.read() as session:
                changes = await changes_after(session, lease.event_id, lease.cursor, TOGETHER)
            cursor, trouble = await self._send(lease, changes)
            if not changes:
                # The log of an old event is not kept.
                cursor = lease.head
            async with unit_of_work(self._database, self._publisher) as uow:
                await give_back(uow, lease, cursor=cursor, **self._became(lease, cursor, trouble))
        except Exception as error:  # noqa: BLE001 - the lease runs out, and it is done again
            log.warning("webhook_unreported", webhook=str(lease.id), error=type(error).__name__)

    async def _send(self, lease: Lease, changes: Sequence[LoggedChange]) -> tuple[int, str]:
        """Send changes in order; return the last number that is done with, and what went wrong."""
        cursor, secret = lease.cursor, secret_of(self._key, lease.id)
        until = asyncio.get_running_loop().time() + self._retries.lease / 2
        due = [change for change in changes if _is_for(lease, change)]
        try:
            while due and asyncio.get_running_loop().time() < until:
                async with self._outbound.connect(lease.url) as wire:
                    while due and wire.is_open and asyncio.get_running_loop().time() < until:
                        await self._send_one(wire, lease, secret, due[0])
                        cursor = due.pop(0).seq
        except NotTaken as trouble:
            metrics.WEBHOOKS["failed"].inc()
            return cursor, str(trouble)
        return (changes[-1].seq if changes and not due else cursor), ""

    async def _send_one(self, wire: Wire, lease: Lease, secret: str, change: LoggedChange) -> None:
        body = envelope(self._source, lease.event_id, lease.epoch, change)
        headers = sign(secret, f"{lease.epoch}.{change.seq}", now(), body)
        status = await wire.post(body, headers)
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own class of success
            raise NotTaken(f"The answer was {status}.", status)
        metrics.WEBHOOKS["delivered"].inc()
        metrics.WEBHOOK_LAG.observe(max(0.0, (now() - change.at).total_seconds()))

    def _became(self, lease: Lease, cursor: int, trouble: str) -> dict[str, Any]:
        """Return what becomes of the webhook's state after a delivery."""
        moment = now()
        if not trouble:
            return {"attempts": 0, "failing_since": None, "last_error": None}
        moved = cursor > lease.cursor
        attempts = 1 if moved else lease.attempts + 1
        since = moment if moved or lease.failing_since is None else lease.failing_since
        state = {
            "attempts": attempts,
            "failing_since": since,
            "last_error": trouble,
            "next_attempt_at": moment + timedelta(seconds=self._retries.wait(attempts)),
        }
        return state | self._if_dead(since, moment)

    def _if_dead(self, since: datetime, moment: datetime) -> dict[str, Any]:
        if (moment - since).total_seconds() < self._retries.dead_after:
            return {}
        return {"status": WebhookStatus.DEAD}


def _is_for(lease: Lease, change: LoggedChange) -> bool:
    """Tell whether a target gets a change: never what only admins see of who waits at the door."""
    return change.for_user_id is None and (lease.types is None or change.type in lease.types)
