"""The proxy's file as it stands, before a real server: streams as they come, true addresses."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx2
import pytest

from tests.support.client import Api, connect
from tests.support.rooms import open_room
from tests.support.server import ROOT, Server, StartServers
from tests.support.sse import Frame, Parser

NGINX: Final = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin")
TOOLS: Final = (NGINX, shutil.which("curl"), shutil.which("openssl"))
AROUND: Final = """
daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/assent.conf;
}}
"""

pytestmark = pytest.mark.skipif(not all(TOOLS), reason="needs nginx, curl and openssl")


@pytest.fixture
async def behind(start_servers: StartServers) -> Server:
    (server,) = start_servers(ASSENT_RATE_LIMITS="1")
    return server


@pytest.fixture
async def proxy(behind: Server, tmp_path: Path) -> AsyncIterator[int]:
    """The address of an nginx that runs our file, with ports and a certificate of the test's."""
    plain, secure = _free_port(), _free_port()
    text = (ROOT / "ops/nginx/assent.conf").read_text()
    for was, now in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("/etc/ssl/assent", str(tmp_path)),
        ("server 127.0.0.1:8001 max_fails=1 fail_timeout=2s;", f"server 127.0.0.1:{behind.port};"),
        ("    server 127.0.0.1:8002 max_fails=1 fail_timeout=2s;\n", ""),
    ):
        assert text.count(was) >= 1
        text = text.replace(was, now)
    (tmp_path / "assent.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, user=""))
    await _run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-subj", "/CN=localhost", "-days", "2"),
        *("-keyout", f"{tmp_path}/privkey.pem", "-out", f"{tmp_path}/fullchain.pem"),
    )
    assert NGINX is not None
    # Root starts workers as somebody who cannot enter the folder: one process is enough here.
    process = await asyncio.create_subprocess_exec(
        *(NGINX, "-c", f"{tmp_path}/nginx.conf", "-e", f"{tmp_path}/errors"),
        *("-g", "master_process off;"),
    )
    await _until_open(secure, process)
    yield secure
    process.terminate()
    await process.wait()


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def _until_open(port: int, process: asyncio.subprocess.Process) -> None:
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
    raise AssertionError("nginx ended")


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _frames(process: asyncio.subprocess.Process) -> AsyncIterator[Frame]:
    assert process.stdout is not None
    parser = Parser()
    while chunk := await process.stdout.read(65_536):
        for frame in parser.feed(chunk):
            yield frame


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
async def test_frames_arrive_as_they_are_sent(behind: Server, proxy: int, version: str) -> None:
    """A proxy that kept frames back would let this wait for ever: nothing follows them."""
    async with connect(behind.url) as api:
        host = await api.sign_up("Host")
        room = await open_room(host)
        proposal = await room.propose(host)
        process = await asyncio.create_subprocess_exec(
            *("curl", version, "-skN", "--noproxy", "*", "-D", "/dev/stderr"),
            *("-H", f"Authorization: Bearer {host.token}"),
            f"https://127.0.0.1:{proxy}/api{room.path}/stream",
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


async def test_the_true_address_reaches_the_limits(behind: Server, proxy: int) -> None:
    """Guesses are counted for the one who guesses, whatever address they claim to have."""

    async def guess(own: str) -> int:
        transport = httpx2.AsyncHTTPTransport(verify=_trusting(), local_address=own)
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            answer = await client.post(
                f"https://127.0.0.1:{proxy}/api/auth/guest",
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
    assert behind.port


async def test_what_is_not_for_the_world_is_not_shown(api: Api, proxy: int) -> None:
    async with httpx2.AsyncClient(verify=_trusting(), trust_env=False) as client:
        base = f"https://127.0.0.1:{proxy}"
        hidden = ("/metrics", "/api/metrics", "/readyz", "/api/readyz")
        assert [(await client.get(base + path)).status_code for path in hidden] == [404] * 4
        assert (await client.get(f"{base}/healthz")).json() == {"status": "ok"}
    assert api.clients
