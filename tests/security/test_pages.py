from http.client import HTTPConnection

import httpx2
import pytest

from app.config import Settings
from app.launch.ports import LOOPBACK
from app.main import create_app
from app.routers.pages import STATIC
from app.routers.problems import SECURITY_HEADERS
from tests.support.server import ROOT, Server

SECRETS = ("root:", "[project]", "def create_app", "POSTGRES", "from pathlib")
UPWARDS = [
    "/../pyproject.toml",
    "/../../../../../../etc/passwd",
    "/assets/../../main.py",
    "/assets/../../../pyproject.toml",
    "/%2e%2e/%2e%2e/pyproject.toml",
    "/assets/%2e%2e/%2e%2e/main.py",
    "/..%2f..%2fpyproject.toml",
    "/assets/..%2f..%2fmain.py",
    "/..%5c..%5cpyproject.toml",
    "/....//....//pyproject.toml",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd",
    "/%00/../pyproject.toml",
    "/index.html%00.png",
    "/.git/config",
    "/assets/.",
    "/assets",
]


def _get(server: Server, path: str) -> tuple[int, dict[str, str], str]:
    """Ask for a path as it is written: careful clients tidy it up first."""
    connection = HTTPConnection(LOOPBACK, server.port, timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    headers = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, headers, text


@pytest.mark.parametrize("path", UPWARDS)
def test_no_path_leads_out_of_the_clients_folder(servers: tuple[Server, Server], path: str) -> None:
    status, headers, text = _get(servers[0], path)
    assert status in {200, 400, 404}
    assert not any(secret in text for secret in SECRETS)
    if status == 200:
        assert text == (STATIC / "index.html").read_text("utf-8")
    if status != 400:  # what the parser refuses has no headers of ours
        _careful(headers)


def test_files_and_pages_carry_the_headers_too(servers: tuple[Server, Server]) -> None:
    files = [f"/assets/{file.name}" for file in (STATIC / "assets").glob("*")][:3]
    for path in ("/", "/rooms/anything", "/assets/nothing.js", *files):
        _, headers, _ = _get(servers[0], path)
        _careful(headers)


@pytest.mark.usefixtures("own_logs")
async def test_an_error_of_ours_carries_the_headers_and_tells_nothing() -> None:
    app = create_app(Settings(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"))

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("the secret of the house")

    # The page that stands for every other address was there first.
    app.router.routes.insert(0, app.router.routes.pop())
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://room.test") as client:
        answer = await client.get("/api/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    _careful(dict(answer.headers))


def _careful(headers: dict[str, str]) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert headers.get(name.lower()) == value, name
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_has_no_script_or_style_of_its_own() -> None:
    source = (ROOT / "web" / "index.html").read_text("utf-8")
    assert "<style" not in source
    assert all("src=" in part.partition(">")[0] for part in source.split("<script")[1:])
