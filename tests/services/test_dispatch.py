"""The dispatcher by itself: who delivers, when a target is dead, and how it comes back."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models import Webhook
from app.models.reaching import NewWebhook, WebhookEdit
from app.models.statuses import EventStatus, WebhookStatus
from app.services import webhooks
from app.services.dispatch import Dispatcher, Retries
from app.utils.outbound import Outbound
from tests.support.receivers import Receiver, eventually
from tests.support.stage import Cast, Meeting, Stage

QUICK = Retries(every=0.01, lease=5, first=0.01, longest=0.05)
KEY = b"k" * 32


def dispatcher(stage: Stage, retries: Retries = QUICK) -> Dispatcher:
    outbound = Outbound(private=True, patience=2)
    return Dispatcher(stage.database, stage.told, outbound, KEY, "https://a.example", retries)


async def hook(meeting: Meeting, cast: Cast, receiver: Receiver) -> UUID:
    body = NewWebhook(url=receiver.url)
    made = await meeting.do(webhooks.add_webhook, cast.owner, body, KEY)
    return UUID(made["id"])


async def state(stage: Stage, webhook_id: UUID) -> Any:
    async with stage.database.read() as session:
        return (await session.execute(sa.select(Webhook).where(Webhook.id == webhook_id))).scalar()


async def test_a_target_that_fails_too_long_is_dead_until_it_is_revived(
    stage: Stage, meeting: Meeting, cast: Cast, receiver: Receiver
) -> None:
    webhook_id = await hook(meeting, cast, receiver)
    receiver.status = 503
    work = dispatcher(stage, replace(QUICK, dead_after=0.3))
    work.start()
    start = await meeting.head()
    await meeting.move(EventStatus.PAUSED)

    async def is_dead() -> bool:
        return (await state(stage, webhook_id)).status is WebhookStatus.DEAD

    await eventually(is_dead)
    assert (await state(stage, webhook_id)).last_error == "The answer was 503."
    tries, receiver.status = len(receiver.refused), 200
    assert tries > 1
    await meeting.move(EventStatus.IN_PROGRESS)
    for _ in range(5):
        await work.look()
    assert receiver.taken == []
    revive = WebhookEdit(status=WebhookStatus.ACTIVE)
    await meeting.do(webhooks.edit_webhook, cast.owner, webhook_id, revive)
    head = await meeting.head()
    await receiver.until(lambda: receiver.seqs[-1:] == [head])
    await work.close()
    assert receiver.seqs == list(range(start + 1, head + 1))


async def test_of_many_processes_one_delivers(
    stage: Stage, meeting: Meeting, cast: Cast, receiver: Receiver
) -> None:
    await hook(meeting, cast, receiver)
    start = await meeting.head()
    works = [dispatcher(stage) for _ in range(4)]
    for work in works:
        work.start()
    for n in range(10):
        await meeting.move(EventStatus.PAUSED if n % 2 == 0 else EventStatus.IN_PROGRESS)
    head = await meeting.head()
    await receiver.until(lambda: receiver.seqs[-1:] == [head])
    await asyncio.gather(*(work.close() for work in works))
    assert receiver.seqs == list(range(start + 1, head + 1))


async def test_who_lost_the_lease_reports_nothing(
    stage: Stage, meeting: Meeting, cast: Cast, receiver: Receiver
) -> None:
    """A replay that is asked for while a delivery is under way is not undone by its end."""
    webhook_id = await hook(meeting, cast, receiver)
    receiver.open.clear()
    work = dispatcher(stage)
    await meeting.move(EventStatus.PAUSED)
    await work.look()
    await receiver.until(lambda: len(receiver.taken) == 1)
    again = webhooks.Replay(after=0)
    await meeting.do(webhooks.replay, cast.owner, webhook_id, again)
    receiver.open.set()
    await asyncio.gather(*work._running)
    assert (await state(stage, webhook_id)).cursor == 0
    await work.close()


async def test_only_admins_and_only_so_many(meeting: Meeting, cast: Cast) -> None:
    body = NewWebhook(url="https://example.org/")
    await meeting.refused("admins_only", webhooks.add_webhook, cast.member, body, KEY)
    for _ in range(webhooks.AT_MOST):
        await meeting.do(webhooks.add_webhook, cast.owner, body, KEY)
    await meeting.refused("too_many_webhooks", webhooks.add_webhook, cast.owner, body, KEY)


def test_waits_grow_and_end() -> None:
    retries = Retries()
    waits = [retries.wait(attempts) for attempts in range(1, 50)]
    assert all(0.5 <= wait <= 300 for wait in waits)
    assert waits[0] <= 1
    assert min(waits[10:]) >= 150
