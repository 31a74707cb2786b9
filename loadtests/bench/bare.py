"""The reference for fan-out in Python: a task for each stream, and nothing before its `send`."""

import asyncio
from typing import Any

queues: set[asyncio.Queue[bytes]] = set()
numbers = iter(range(1, 1 << 62))


async def app(scope: Any, receive: Any, send: Any) -> None:
    """`POST /` tells everybody its body; `GET /` listens."""
    if scope["type"] != "http":
        return
    posting = scope["method"] == "POST"
    kind = b"application/json" if posting else b"text/event-stream"
    headers = [(b"content-type", kind)] + [(b"content-length", b"2")] * posting
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if posting:
        frame = b"id: %d\ndata: %s\n\n" % (next(numbers), (await receive())["body"])
        for queue in queues:
            queue.put_nowait(frame)
        await send({"type": "http.response.body", "body": b"{}"})
    else:
        await _listen(send)


async def _listen(send: Any) -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    queues.add(queue)
    try:
        await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
    finally:
        queues.discard(queue)
