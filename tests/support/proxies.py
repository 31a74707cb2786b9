"""The proxies' files as they stand, run before a real server: nginx and Caddy."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.server import ROOT

PLACES: Final = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/opt/homebrew/bin"
AROUND_NGINX: Final = """
daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/assent.conf;
}}
"""
AROUND_CADDY: Final = """{{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system {folder}/storage
}}
"""


def find(program: str) -> str | None:
    return shutil.which(program, path=PLACES)


@asynccontextmanager
async def nginx(folder: Path, upstream: int) -> AsyncIterator[int]:
    """Run ops/nginx/assent.conf before that port; yield the port that it serves HTTPS at."""
    plain, secure = free_port(), free_port()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/etc/ssl/assent": str(folder),
    }
    text = _adapted("nginx/assent.conf", upstream, changes)
    (folder / "assent.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND_NGINX.format(folder=folder))
    await _run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-subj", "/CN=localhost", "-days", "2"),
        *("-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"),
    )
    # Root starts workers as somebody who cannot enter the folder: one process is enough here.
    single = ("-e", f"{folder}/errors", "-g", "master_process off;")
    async with running(folder, secure, "nginx", "-c", f"{folder}/nginx.conf", *single):
        yield secure


@asynccontextmanager
async def caddy(folder: Path, upstream: int) -> AsyncIterator[int]:
    """Run ops/Caddyfile before that port; yield the port that it serves HTTPS at."""
    secure = free_port()
    here = f"https://127.0.0.1:{secure} {{\n\ttls internal\n"
    text = _adapted("Caddyfile", upstream, {"room.example.org {\n": here})
    (folder / "Caddyfile").write_text(AROUND_CADDY.format(folder=folder) + text)
    words = ("run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile")
    async with running(folder, secure, "caddy", *words):
        yield secure


Proxy = Callable[[Path, int], AbstractAsyncContextManager[int]]
# Each with the programs that it takes.
PROXIES: Final[Mapping[str, tuple[Proxy, tuple[str, ...]]]] = {
    "nginx": (nginx, ("nginx", "openssl")),
    "caddy": (caddy, ("caddy",)),
}


@asynccontextmanager
async def running(folder: Path, port: int, program: str, *words: str) -> AsyncIterator[None]:
    """Run a program until the block ends, which begins when somebody answers at its port."""
    found = find(program)
    assert found is not None
    with (folder / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(found, *words, stdout=said, stderr=said)
    try:
        assert await _is_open(port, process), (folder / "said").read_bytes()
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def trusting() -> ssl.SSLContext:
    """Return a context for certificates that nobody signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _adapted(name: str, upstream: int, changes: Mapping[str, str]) -> str:
    """Return a file with the test's addresses; the first of its two upstreams is always away."""
    text = (ROOT / "ops" / name).read_text()
    away = {"127.0.0.1:8001": f"127.0.0.1:{free_port()}", "127.0.0.1:8002": f"127.0.0.1:{upstream}"}
    for was, now in {**away, **changes}.items():
        assert was in text
        text = text.replace(was, now)
    return text


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said


async def _is_open(port: int, process: asyncio.subprocess.Process) -> bool:
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return True
    return False
