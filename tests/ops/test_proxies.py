"""The proxies' files, before a real server: streams as they come, true addresses, no lost vote."""

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from random import randbytes
from uuid import uuid4

import httpx2
import pytest
from PIL import Image

from tests.support.client import Api, Person, connect
from tests.support.measures import until
from tests.support.proxies import PROXIES, find, trusting
from tests.support.rooms import open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Frame, Parser


@pytest.fixture
async def behind(start_servers: StartServers) -> Server:
    """A server whose streams say nothing by themselves."""
    (server,) = start_servers(ASSENT_RATE_LIMITS="1", ASSENT_HEARTBEAT="600")
    return server


@pytest.fixture(params=PROXIES)
async def proxy(
    request: pytest.FixtureRequest, behind: Server, tmp_path: Path
) -> AsyncIterator[str]:
    """The address of a proxy that runs our file; another server that it knows of is away."""
    serve, programs = PROXIES[request.param]
    missing = [program for program in (*programs, "curl") if find(program) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    async with serve(tmp_path, behind.port) as port:
        yield f"https://127.0.0.1:{port}"


@pytest.fixture
async def through(proxy: str) -> AsyncIterator[Api]:
    async with httpx2.AsyncClient(base_url=proxy, verify=trusting(), trust_env=False) as client:
        yield Api([client])


async def _frames(process: asyncio.subprocess.Process) -> AsyncIterator[Frame]:
    """Yield what a stream tells; who is here comes whenever it comes, and is left out."""
    assert process.stdout is not None
    parser = Parser()
    while chunk := await process.stdout.read(65_536):
        for frame in parser.feed(chunk):
            if not frame.event.startswith("presence"):
                yield frame


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
async def test_frames_arrive_as_they_are_sent(
    behind: Server, through: Api, proxy: str, version: str
) -> None:
    """A proxy that kept a frame back, or an unread stream open, lets this wait for ever."""
    host = await through.sign_up("Host")
    room = await open_room(host)
    proposal = await room.propose(host)
    process = await asyncio.create_subprocess_exec(
        *("curl", version, "-skN", "--compressed", "--noproxy", "*", "-D", "/dev/stderr"),
        *("-H", f"Authorization: Bearer {host.token}"),
        f"{proxy}/api{room.path}/stream",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    frames = _frames(process)
    assert (await anext(frames)).event == "snapshot"
    for choice in ("AGREE", "DISAGREE"):
        answer = await host.send("PUT", room.votes_on(proposal), {"choice": choice})
        assert (await anext(frames)).id == answer.headers["x-event-seq"]
    process.terminate()
    assert process.stderr is not None
    head = (await process.stderr.read()).decode()
    await process.wait()
    assert head.startswith("HTTP/2 200" if version == "--http2" else "HTTP/1.1 200")
    assert "x-request-id" in head.lower()
    async with connect(behind.url) as inside:
        await until(inside.nobody(), lambda found: found["assent_open_streams"] == 0)


async def test_writes_go_to_the_server_that_is_there(through: Api) -> None:
    """Nothing was sent to the one that is away, so what is no safe method goes on as well."""
    host = await through.sign_up("Host")
    room = await open_room(host)
    proposal = await room.propose(host)
    await asyncio.gather(*(_comment(host, room.path) for _ in range(20)))
    answer = await host.send("PUT", room.votes_on(proposal), {"choice": "AGREE"})
    assert answer.status_code == 200
    assert len((await host.ok("GET", f"{room.path}/comments"))["items"]) == 20


async def _comment(who: Person, path: str) -> None:
    await who.ok("POST", f"{path}/comments", {"content": "Through the proxy."})


async def test_an_image_gets_through_and_assent_says_what_is_too_large(through: Api) -> None:
    """A proxy with a bound of its own below ours would answer with a page of its own."""
    host = await through.sign_up("Host")
    room = await open_room(host)
    out = BytesIO()
    Image.frombytes("RGB", (800, 600), randbytes(800 * 600 * 3)).save(out, "PNG")
    where = f"/conversations/{room.id}/attachments"
    sent = await host.send("POST", f"{where}?name=a.png", content=out.getvalue())
    assert (sent.status_code, sent.json()["size"]) == (201, out.tell())
    refused = await host.send("POST", f"{room.path}/comments", {"content": "x" * 300_000})
    assert refused.json()["code"] == "too_large"


async def test_the_true_address_reaches_the_limits(proxy: str) -> None:
    """Guesses are counted for the one who guesses, whatever address they claim to have."""
    context = trusting()

    async def guess(own: str) -> int:
        transport = httpx2.AsyncHTTPTransport(verify=context, local_address=own)
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            answer = await client.post(
                f"{proxy}/api/auth/guest",
                json={"name": "Guesser", "entrance_code": "AAAAAA"},
                headers={"X-Forwarded-For": f"10.1.2.{uuid4().int % 250}"},
            )
        return answer.status_code

    for _ in range(130):
        last = await guess("127.0.0.2")
        if last == 429:
            break
    assert last == 429
    assert await guess("127.0.0.3") == 404


async def test_what_is_not_for_the_world_is_not_shown(proxy: str) -> None:
    async with httpx2.AsyncClient(verify=trusting(), trust_env=False) as client:
        hidden = ("/metrics", "/api/metrics", "/readyz", "/api/readyz")
        assert [(await client.get(proxy + path)).status_code for path in hidden] == [404] * 4
        assert (await client.get(f"{proxy}/healthz")).json() == {"status": "ok"}


async def test_the_client_is_packed_and_answers_are_not(through: Api) -> None:
    """Packing what holds secrets beside what others wrote would tell its length."""
    client = through.client()
    page = await client.get("/")
    (script,) = re.findall(r'src="(/assets/[^"]+\.js)"', page.text)
    assert (await client.get(script)).headers["content-encoding"] in {"gzip", "zstd"}
    room = await open_room(await through.sign_up("Host"))
    answer = await client.get(f"/api{room.path}")
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"].startswith("application/")
