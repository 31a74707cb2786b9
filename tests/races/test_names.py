import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.support.client import Api, Person
from tests.support.rooms import open_room
from tests.support.truth import Truth, ask

HOLD = "SELECT 1 FROM events WHERE id = %s FOR UPDATE"
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
      AND wait_event_type = 'Lock' AND query ~ 'events|users'
"""
TOLD = "SELECT payload::text AS told FROM changes WHERE event_id = %s ORDER BY seq"

Request = Callable[[], Awaitable[httpx2.Response]]


async def _until_stuck(truth: Truth, many: int, *tasks: asyncio.Task[Any]) -> None:
    """Come back when so many wait for a lock, or one of the tasks could not wait."""
    async with asyncio.timeout(30):
        while await truth.number(WAITING) < many and not any(task.done() for task in tasks):
            await asyncio.wait(tasks, timeout=0.01)


@pytest.mark.parametrize("comes", ["in", "with an event of their own"])
async def test_who_is_renamed_while_they_come_is_never_left_with_the_old_name(
    api: Api, host: Person, truth: Truth, database_url: str, comes: str
) -> None:
    elsewhere, room = await open_room(host), await open_room(host)
    person = await api.sign_up("Old name")
    await elsewhere.join(person)
    requests: dict[str, Request] = {
        "in": lambda: person.send("POST", "/events/entry", {"entrance_code": room.code}),
        "with an event of their own": lambda: person.send(
            "POST", "/events", {"subject": "Mine", "options": ["Yes"]}
        ),
    }
    async with await ask(database_url) as holding, holding.transaction():
        await holding.execute(HOLD, (elsewhere.id,))
        renaming = asyncio.create_task(person.ok("PATCH", "/auth/me", {"name": "New name"}))
        await _until_stuck(truth, 1, renaming)
        coming = asyncio.create_task(requests[comes]())  # type: ignore[arg-type] # a coroutine
        await _until_stuck(truth, 2, coming)
    came, _ = await asyncio.gather(coming, renaming)

    assert came.status_code == 201
    event = came.json().get("event_id") or came.json()["id"]
    told = [row["told"] for row in await truth.rows(TOLD, event)]
    assert "New name" in [text for text in told if person.id in text][-1]
    assert "Old name" not in str(await person.get(f"/events/{event}"))
    await truth.check(event)
