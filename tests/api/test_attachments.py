"""Images and files over HTTP: what is taken, what is refused, and who may have it."""

import asyncio
import io
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx2
import psycopg
import pytest
import pytest_asyncio
from PIL import Image

from app.config import Settings
from app.services.house import House
from app.services.uploads import OF_ONE
from tests.support.client import Api, Json, Person, connect, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server

MOST = 1_000_000


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(out, kind, **options)
    return out.getvalue()


def located() -> bytes:
    """A photograph that tells where it was taken, and by which camera."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)
    return picture("JPEG", exif=exif, comment=b"SECRETCOMMENT")


def bomb() -> bytes:
    """A tiny PNG that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


def endless() -> bytes:
    """A GIF of 100,000 frames."""
    still = picture("GIF", (1, 1))
    start = still.index(b",")
    frame = still[start:-1]
    return still[:start] + frame * 40_000 + b";"


class Desk:
    """One process with its folder, a room, and people who send files."""

    def __init__(self, api: Api, server: Server, room: Room) -> None:
        self.api, self.server, self.room = api, server, room

    def path(self, rest: str = "") -> str:
        return f"/conversations/{self.room.id}{rest}"

    async def send(
        self,
        who: Person,
        body: Any,
        name: str = "a.png",
        kind: str = "application/octet-stream",
        **more: Any,
    ) -> httpx2.Response:
        headers = {"Content-Type": kind, **more.pop("headers", {})}
        path = self.path(f"/attachments?name={quote(name)}")
        return await who.send("POST", path, headers=headers, content=body, **more)

    async def attach(self, who: Person, body: bytes, name: str = "a.png") -> Json:
        answer = await self.send(who, body, name)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def say(self, who: Person, *attachments: Json, content: str | None = None) -> Json:
        ids = [one["id"] for one in attachments]
        body = {"id": str(uuid4()), "attachment_ids": ids}
        body |= {"content": content} if content else {}
        return dict(await who.ok("POST", self.path("/messages"), body))

    async def get(self, who: Person, url: str, **more: Any) -> httpx2.Response:
        return await who.send("GET", url.removeprefix("/api"), **more)

    @property
    def kept(self) -> list[Path]:
        """Everything on the disk of this process that is a file of somebody's."""
        data = self.server.folder / "data"
        return [path for path in data.rglob("*") if path.is_file() and "mail" not in path.parts]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Server]:
    """A process with a folder of its own, that takes files up to a megabyte."""
    own = {"DATABASE_URL": database_url, "REDIS_URL": "", "ASSENT_MAX_ATTACHMENT": str(MOST)}
    server = Server(tmp_path_factory.mktemp("server"), own)
    server.start()
    server.ready()
    yield server
    server.stop()
    assert server.complaints() == []


@pytest_asyncio.fixture(scope="module")
async def alone(server: Server) -> AsyncIterator[Api]:
    async with connect(server.url) as api:
        yield api


@pytest_asyncio.fixture
async def desk(alone: Api, server: Server) -> Desk:
    room = await open_room(await alone.sign_up("Owner"), policies=MANUAL)
    return Desk(alone, server, room)


@pytest_asyncio.fixture
async def member(desk: Desk) -> Person:
    person = await desk.api.sign_up("Member")
    await desk.room.join(person)
    return person


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_an_image_is_drawn_anew(desk: Desk, member: Person, kind: str) -> None:
    sent = await desk.attach(member, picture(kind, (3_000, 1_000)), "holiday.bin")
    assert (sent["kind"], sent["media_type"]) == ("image", f"image/{kind.lower()}")
    assert (sent["width"], sent["height"], sent["status"]) == (2_560, 853, "APPROVED")
    message = await desk.say(member, sent)
    assert (message["content"], message["attachments"]) == ("", [sent])
    shown = await desk.get(desk.room.owner, sent["url"])
    assert Image.open(io.BytesIO(shown.content)).format == kind
    assert len(shown.content) == sent["size"]
    assert shown.headers["content-disposition"] == "inline; filename*=UTF-8''holiday.bin"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    small = await desk.get(desk.room.owner, sent["thumbnail_url"])
    assert small.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(small.content)).size == (480, 160)
    again = await desk.get(
        desk.room.owner, sent["url"], headers={"If-None-Match": shown.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_where_it_was_taken_is_told_to_nobody(desk: Desk, member: Person) -> None:
    assert b"SECRETCAM" in located()
    sent = await desk.attach(member, located(), "a.jpg")
    assert (sent["width"], sent["height"]) == (48, 64), "it stands upright"
    for url in (sent["url"], sent["thumbnail_url"]):
        shown = (await desk.get(member, url)).content
        assert b"SECRET" not in shown
        assert not dict(Image.open(io.BytesIO(shown)).getexif())


async def test_a_moving_image_moves_on(desk: Desk, member: Person) -> None:
    frames = [Image.new("RGB", (20, 20), (n * 40, 0, 90)) for n in range(5)]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=80, comment=b"SECRET"
    )
    sent = await desk.attach(member, out.getvalue(), "a.gif")
    shown = (await desk.get(member, sent["url"])).content
    assert getattr(Image.open(io.BytesIO(shown)), "n_frames", 1) == 5
    assert b"SECRET" not in shown


@pytest.mark.parametrize(
    ("body", "name", "status", "code"),
    [
        (bomb(), "a.png", 413, "image_too_large"),
        (endless(), "a.gif", 413, "image_too_long"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", 415, "image_unreadable"),
        (b"<html><script>alert(1)</script>", "a.jpg", 415, "image_unreadable"),
        (picture()[:60], "a.png", 415, "image_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "a.png", 415, "image_unreadable"),
        (b"", "a.txt", 422, "invalid_fields"),
        (b"x" * (MOST + 1), "a.txt", 413, "file_too_large"),
        (b"x", "../../etc/passwd", 422, "invalid_fields"),
        (b"x", "a\\b", 422, "invalid_fields"),
        (b"x", "a\x00b", 422, "invalid_fields"),
        (b"x", "a\u202egpj.exe", 422, "invalid_fields"),
        (b"x", "x" * 1_000, 422, "invalid_fields"),
        (b"x", "..", 422, "invalid_fields"),
        (b"x", "", 422, "invalid_fields"),
    ],
    ids=[
        *("bomb", "endless", "svg", "html", "cut", "garbage", "empty", "large"),
        *("folders", "backslash", "nul", "turned", "long", "dots", "nameless"),
    ],
)
async def test_what_is_refused_leaves_nothing(
    desk: Desk, member: Person, body: bytes, name: str, status: int, code: str
) -> None:
    before = desk.kept
    problem(await desk.send(member, body, name), status, code)
    assert desk.kept == before


async def test_who_may_not_send_reads_why_however_large_it_was(desk: Desk) -> None:
    outsider = await desk.api.sign_up("Outsider")
    for _ in range(5):
        problem(await desk.send(outsider, b"x" * 4 * MOST, "a.txt"), 403)


async def test_an_image_that_is_called_one_must_be_one(desk: Desk, member: Person) -> None:
    answer = await desk.send(member, b"<svg/>", "drawing", "image/png")
    problem(answer, 415, "image_unreadable")


async def test_a_file_is_only_ever_downloaded(desk: Desk, member: Person) -> None:
    page = b"<html><script>alert(1)</script>"
    answer = await desk.send(member, page, "\ub85c\uace0 (1).html", "text/html; charset=utf-8")
    sent = answer.json()
    assert (sent["kind"], sent["media_type"], sent["thumbnail_url"]) == ("file", "text/html", None)
    got = await desk.get(member, sent["url"])
    assert got.content == page
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%EB")
    problem(await desk.get(member, f"{sent['url']}/thumbnail"), 404)


async def _begin(
    desk: Desk, who: Person, head: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Say that a file comes."""
    place = urlsplit(desk.server.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    path = f"/api{desk.path('/attachments?name=a.txt')}"
    who_asks = f"Host: x\r\nAuthorization: Bearer {who.token}"
    writer.write(f"POST {path} HTTP/1.1\r\n{who_asks}\r\n{head}\r\n\r\n".encode())
    return reader, writer


async def _pour(desk: Desk, who: Person, head: str, chunked: bool, most: int) -> tuple[bytes, int]:
    """Send and send until there is an answer; return it, and how many bytes went out."""
    reader, writer = await _begin(desk, who, head)
    answer = asyncio.create_task(reader.read(4_096))
    sent, piece = 0, b"x" * 65_536
    try:
        while sent < most and not answer.done():
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            await writer.drain()
            sent += len(piece)
        async with asyncio.timeout(30):
            return await answer, sent
    except ConnectionError:
        return b"" if answer.cancel() else await answer, sent
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("head", "chunked"),
    [("Content-Length: 1000000000", False), ("Transfer-Encoding: chunked", True)],
)
async def test_a_gigabyte_is_refused_while_it_comes(
    desk: Desk, member: Person, head: str, chunked: bool
) -> None:
    before = desk.kept
    answer, sent = await _pour(desk, member, head, chunked, 1_000_000_000)
    assert sent < 50 * MOST
    assert not answer or b" 413 " in answer.split(b"\r\n")[0] + b" "
    assert desk.kept == before


async def test_what_breaks_off_leaves_nothing(desk: Desk, member: Person) -> None:
    before = desk.kept
    _, writer = await _begin(desk, member, "Content-Length: 500000")
    writer.write(b"x" * 100_000)
    await writer.drain()
    writer.transport.abort()
    sent = await desk.attach(member, b"fine", "b.txt")
    assert [path for path in desk.kept if path not in before] == [
        path for path in desk.kept if path.name == sent["id"]
    ]
    assert desk.server.complaints() == []


async def test_who_may_not_talk_sends_nothing(desk: Desk, member: Person) -> None:
    stranger = await desk.api.sign_up("Stranger")
    sent = await desk.attach(member, b"mine", "a.txt")
    problem(await desk.send(stranger, picture()), 403, "not_a_member")
    problem(await desk.send(desk.api.nobody(), picture()), 401)
    problem(await desk.get(stranger, sent["url"]), 403)
    # Until it is sent it is the uploader's own.
    problem(await desk.get(desk.room.owner, sent["url"]), 404, "attachment_not_found")
    await desk.say(member, sent)
    assert (await desk.get(desk.room.owner, sent["url"])).content == b"mine"
    other = await open_room(stranger)
    elsewhere = sent["url"].replace(desk.room.id, other.id)
    problem(await desk.get(stranger, elsewhere), 404)
    await desk.room.move("FINISHED")
    problem(await desk.send(member, picture()), 409, "event_closed")
    assert (await desk.get(member, sent["url"])).content == b"mine"


async def test_who_was_sent_out_has_nothing_any_more(desk: Desk, member: Person) -> None:
    sent = await desk.attach(member, b"mine", "a.txt")
    await desk.say(member, sent)
    seats = (await desk.room.owner.get(f"{desk.room.path}/memberships"))["items"]
    seat = next(one["id"] for one in seats if one["user"]["id"] == member.id)
    await desk.room.manage(seat, "ban")
    problem(await desk.get(member, sent["url"]), 403, "membership_banned")


async def test_an_attachment_is_sent_once_and_by_its_own(desk: Desk, member: Person) -> None:
    sent = await desk.attach(member, b"mine", "a.txt")
    body = {"id": str(uuid4()), "attachment_ids": [sent["id"]]}
    owner, path = desk.room.owner, desk.path("/messages")
    problem(await owner.send("POST", path, body), 422)
    first = await member.ok("POST", path, body)
    assert (await member.send("POST", path, body)).status_code == 200
    problem(await member.send("POST", path, body | {"id": str(uuid4())}), 422)
    assert first["attachments"] == [sent]
    ten = [await desk.attach(member, b"%d" % n, f"{n}.txt") for n in range(10)]
    full = await desk.say(member, *reversed(ten), content="All of them")
    assert [one["name"] for one in full["attachments"]] == [f"{n}.txt" for n in range(9, -1, -1)]


async def test_an_upload_sent_again_is_one(desk: Desk, member: Person) -> None:
    key = str(uuid4())
    answers = [await desk.send(member, b"once", "a.txt", key=key) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert [a.headers.get("idempotency-replayed") for a in answers] == [None, "true", "true"]
    assert len([path for path in desk.kept if path.read_bytes() == b"once"]) == 1
    problem(await desk.send(member, b"other", "a.txt", key=key), 422)
    assert [path for path in desk.kept if path.read_bytes() == b"other"] == []


async def test_an_image_may_have_to_wait(desk: Desk, member: Person) -> None:
    owner = desk.room.owner
    await owner.ok("PATCH", desk.room.path, {"policies": {"images_need_approval": True}})
    other = await desk.api.sign_up("Other")
    await desk.room.join(other)
    shown, hidden = [await desk.attach(member, picture(), f"{n}.png") for n in range(2)]
    plain = await desk.attach(member, b"text", "a.txt")
    message = await desk.say(member, shown, hidden, plain)
    assert [a["status"] for a in message["attachments"]] == ["PENDING", "PENDING", "APPROVED"]
    for url in (shown["url"], shown["thumbnail_url"]):
        problem(await desk.get(other, url), 404, "attachment_not_found")
        for who in (member, owner):
            assert (await desk.get(who, url)).status_code == 200
    path = shown["url"].removeprefix("/api")
    problem(await member.send("PATCH", path, {"status": "APPROVED"}), 403, "admins_only")
    decided = await owner.ok("PATCH", path, {"status": "APPROVED"})
    assert decided["status"] == "APPROVED"
    assert (await desk.get(other, shown["url"])).status_code == 200
    again = await owner.send("PATCH", path, {"status": "REJECTED"})
    assert problem(again, 409, "illegal_transition")["current"] == "APPROVED"
    await owner.ok("PATCH", hidden["url"].removeprefix("/api"), {"status": "REJECTED"})
    problem(await desk.get(other, hidden["url"]), 404)
    (last,) = (await other.get(desk.path("/messages?limit=1")))["items"]
    assert [a["status"] for a in last["attachments"]] == ["APPROVED", "REJECTED", "APPROVED"]
    # Admins do not wait for themselves.
    mine = await desk.attach(owner, picture())
    assert (await desk.say(owner, mine))["attachments"][0]["status"] == "APPROVED"


async def test_what_is_taken_away_is_gone_at_once(desk: Desk, member: Person) -> None:
    sent = await desk.attach(member, picture())
    message = await desk.say(member, sent)
    gone = await member.ok("DELETE", desk.path(f"/messages/{message['id']}"))
    assert (gone["deleted"], gone["attachments"]) == ("author", [])
    for who in (member, desk.room.owner):
        problem(await desk.get(who, sent["url"]), 404, "attachment_not_found")


async def test_many_images_at_once_do_not_stop_the_room(desk: Desk, member: Person) -> None:
    """They are drawn beside the process that serves: it answers all the while."""
    image = picture("PNG", (2_000, 2_000))
    sending = [asyncio.create_task(desk.send(member, image)) for _ in range(6)]
    slowest = 0.0
    while not all(task.done() for task in sending):
        began = asyncio.get_running_loop().time()
        await member.get("/healthz")
        slowest = max(slowest, asyncio.get_running_loop().time() - began)
    assert {task.result().status_code for task in sending} <= {201, 503}
    print(f"slowest answer beside six images: {slowest * 1_000:.0f} ms")  # noqa: T201


async def test_who_never_ends_a_file_keeps_no_others_out(desk: Desk, member: Person) -> None:
    begun = [await _begin(desk, member, "Content-Length: 2") for _ in range(OF_ONE + 1)]
    answers = {asyncio.create_task(reader.readline()): writer for reader, writer in begun}
    (refused,), waiting = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
    assert b" 503 " in refused.result()
    await desk.attach(desk.room.owner, b"x", "a.txt")
    for task in waiting:
        answers[task].write(b"ok")
    assert all([b" 201 " in await task for task in waiting])
    for writer in answers.values():
        writer.close()


async def test_the_sweep_takes_what_nobody_sent(
    desk: Desk, member: Person, database_url: str
) -> None:
    old, young, used = [await desk.attach(member, b"x", f"{n}.txt") for n in range(3)]
    taken = await desk.attach(member, picture())
    await desk.say(member, used)
    message = await desk.say(member, taken)
    await member.ok("DELETE", desk.path(f"/messages/{message['id']}"))
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(
            "UPDATE attachments SET created_at = now() - interval '25 hours' WHERE id = ANY(%s)",
            ([old["id"], used["id"]],),
        )
    folder = desk.server.folder / "data" / "attachments"
    house = House(Settings(DATABASE_URL=database_url, REDIS_URL="", ASSENT_ATTACHMENTS_DIR=folder))
    await house.housekeeping.round()
    await house.close()
    left = {path.name.partition(".")[0] for path in desk.kept}
    assert {young["id"], used["id"]} <= left
    assert not {old["id"], taken["id"]} & left
