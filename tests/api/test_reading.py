"""Reading an event again: what stands is named, and not sent twice."""

import httpx2
import pytest

from tests.support.client import Person
from tests.support.rooms import Room, open_room


async def read(person: Person, room: Room, tag: str | None = None) -> httpx2.Response:
    return await person.send("GET", room.path, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize("known", ["{}", "W/{}", '"another", {}'])
async def test_what_a_reader_has_is_not_sent_again(host: Person, known: str) -> None:
    room = await open_room(host)
    first = await read(host, room)
    again = await read(host, room, known.format(first.headers["etag"]))
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    for name in ("etag", "cache-control", "x-event-seq"):
        assert again.headers[name] == first.headers[name]


async def test_a_change_is_a_new_body(host: Person) -> None:
    room = await open_room(host)
    first = await read(host, room)
    await host.ok("POST", f"{room.path}/comments", {"content": "Hm"})
    again = await read(host, room, first.headers["etag"])
    assert (again.status_code, again.json()["comment_count"]) == (200, 1)
    assert again.headers["etag"] != first.headers["etag"]


async def test_a_tag_is_its_readers_own(host: Person) -> None:
    room = await open_room(host)
    guest = await host.api.guest(room.code)
    tags = [(await read(person, room)).headers["etag"] for person in (host, guest)]
    assert tags[0] != tags[1]
    assert (await read(guest, room, tags[0])).status_code == 200


async def test_who_may_not_read_is_told_so_whatever_they_have(host: Person) -> None:
    room = await open_room(host)
    tag = (await read(host, room)).headers["etag"]
    stranger = await host.api.sign_up("Stranger")
    assert (await read(stranger, room, tag)).status_code == 403


async def test_who_was_sent_out_is_told_so_whatever_they_have(host: Person) -> None:
    room = await open_room(host)
    guest = await host.api.guest(room.code)
    tag = (await read(guest, room)).headers["etag"]
    members = (await host.get(f"{room.path}/memberships"))["items"]
    (seat,) = [one["id"] for one in members if one["user"]["id"] == guest.id]
    assert (await read(guest, room, tag)).status_code == 304
    await host.ok("PATCH", f"{room.path}/memberships/{seat}/ban")
    assert (await read(guest, room, tag)).status_code == 403
