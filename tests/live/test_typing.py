"""Who is typing is told to whoever looks, in every process, and kept nowhere."""

import asyncio

from tests.support.client import Api
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.sse import open_line


async def keep_typing(room: Room, at: int) -> None:
    """Type until it is heard: a subscription is confirmed in its own time."""
    while True:
        said = await room.owner.send("POST", f"/conversations/{room.id}/typing", at=at)
        assert said.status_code == 204, said.text
        await asyncio.sleep(0.05)


async def test_typing_is_told_to_whoever_looks(api: Api) -> None:
    room = await open_room(await api.sign_up("Owner"), policies=MANUAL)
    head = (await room.owner.get(room.path))["seq"]
    for at in (0, 1):
        async with open_line(room.owner, room.id) as line:
            assert (await line.next()).event == "snapshot"
            typing = asyncio.create_task(keep_typing(room, at))
            frame = await line.next()
            while frame.event in {"heartbeat", "presence", "presence.joined"}:
                frame = await line.next()
            typing.cancel()
            assert (frame.event, frame.id) == ("typing", None)
            assert frame.json == {
                "conversation_id": room.id,
                "user": {"id": room.owner.id, "name": "Owner"},
            }
    assert (await room.owner.get(room.path))["seq"] == head
