"""Read marks and receipts over two processes: what is read in one is known in the other."""

from uuid import uuid4

from tests.support.client import Api, Json, Person
from tests.support.personal import first_summary, open_personal, until
from tests.support.rooms import open_room
from tests.support.sse import Line


async def told(line: Line, type_: str) -> Json:
    """Read up to a notice of this type, and return what it says."""
    return dict((await until(line, "notice", type=type_)).json["data"])


async def say(author: Person, talk: str, *, at: int) -> Json:
    body = {"id": str(uuid4()), "content": "Hello"}
    return dict(await author.ok("POST", f"/conversations/{talk}/messages", body, at=at))


async def test_read_on_the_phone_is_read_on_the_laptop(api: Api, host: Person) -> None:
    room = await open_room(host)
    author, reader = await api.sign_up("Author"), await api.sign_up("Reader")
    await room.join(author)
    await room.join(reader)
    talk = (await author.ok("POST", "/conversations", {"user_id": reader.id}))["id"]
    async with (
        open_personal(reader, at=1) as laptop,
        open_personal(author, at=0) as near,
        open_personal(author, at=1) as far,
    ):
        for line in (laptop, near, far):
            assert (await first_summary(line))["conversations"] == []
        await say(author, talk, at=0)
        assert (await told(laptop, "message.changed"))["seq"] == 1
        receipt = {"conversation_id": talk, "user_id": reader.id}
        for line in (near, far):
            delivered = await told(line, "receipt.changed")
            assert delivered == receipt | {"delivered_seq": 1, "read_seq": 0}
        (waiting,) = (await summary(reader, at=1))["conversations"]
        assert (waiting["id"], waiting["unread"]) == (talk, 1)
        path = f"/conversations/{talk}/read"
        assert await reader.ok("PUT", path, {"seq": 1}, at=0) == {"seq": 1, "unread": 0}
        assert await told(laptop, "read.changed") == {"conversation_id": talk, "seq": 1}
        for line in (near, far):
            read = await told(line, "receipt.changed")
            assert read == receipt | {"delivered_seq": 1, "read_seq": 1}
        assert (await summary(reader, at=1))["conversations"] == []
    mine = await author.get(f"/conversations/{talk}", at=1)
    assert (mine["other_delivered_seq"], mine["other_read_seq"]) == (1, 1)


async def test_a_badge_of_an_event_goes_everywhere(api: Api, host: Person) -> None:
    room = await open_room(host)
    reader = await api.sign_up("Reader")
    await room.join(reader)
    said = await say(host, room.id, at=0)
    readers = f"/conversations/{room.id}/messages/{said['id']}/readers"
    async with open_personal(reader, at=1) as laptop:
        (event,) = (await first_summary(laptop))["events"]
        assert (event["message_seq"], event["unread"]) == (said["seq"], said["seq"])
        assert await host.get(readers, at=1) == {"count": 0, "of": 1}
        path = f"/conversations/{room.id}/read"
        await reader.ok("PUT", path, {"seq": said["seq"]}, at=0)
        mark = {"conversation_id": room.id, "seq": said["seq"]}
        assert await told(laptop, "read.changed") == mark
    assert await host.get(readers, at=1) == {"count": 1, "of": 1}
    (event,) = (await summary(reader, at=1))["events"]
    assert event["unread"] == 0


async def summary(person: Person, *, at: int) -> Json:
    async with open_personal(person, at=at) as line:
        return await first_summary(line)
