import pytest

from tests.support.client import Person
from tests.support.rooms import open_room


@pytest.mark.parametrize("path", ["/healthz", "/auth/me", "/events", "/events/nothing"])
async def test_head_is_get_without_a_body(host: Person, path: str) -> None:
    got = await host.send("GET", path)
    head = await host.send("HEAD", path)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["content-length"] == str(len(got.content))
    assert head.content == b""


async def test_head_of_a_stream_ends_at_once(host: Person) -> None:
    room = await open_room(host)
    head = await host.send("HEAD", f"{room.path}/stream")
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
