"""Where attachments are kept: the folder, and a bucket of a real S3-API server, over HTTP."""

import errno
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from app.models.errors import DomainError
from app.utils.buckets import BucketStore
from app.utils.stores import DiskStore, Store, trouble_is_told

START_SECONDS = 60.0
BUCKET = "assent-attachments"
KEY = "7f/018f0000-0000-7000-8000-00000000007f.thumbnail"


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that speaks S3 on a port of its own, with one bucket in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            _make_bucket(url)
            yield url
        finally:
            server.terminate()


def _make_bucket(url: str) -> None:
    opener = build_opener(ProxyHandler({}))
    request = Request(f"{url}/{BUCKET}", method="PUT")
    deadline = monotonic() + START_SECONDS
    while True:
        try:
            opener.open(request, timeout=10).close()
        except HTTPError:
            raise
        except OSError:
            assert monotonic() < deadline, "the S3 server did not start"
            sleep(0.1)
        else:
            return


@pytest.fixture(params=["disk", "bucket"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "disk":
        yield DiskStore(tmp_path / "not" / "there" / "yet")
    else:
        url = request.getfixturevalue("s3_url")
        yield BucketStore(BUCKET, endpoint=url, region="eu-west-1", key_id="a", secret="b")


async def read(store: Store, key: str) -> bytes:
    return b"".join([piece async for piece in await store.open(key)])


@pytest.mark.parametrize("size", [1, 300_000, 9_000_000])
async def test_what_is_put_is_had_back(store: Store, size: int) -> None:
    source = BytesIO(os.urandom(size))
    source.read()
    await store.put(KEY, source)
    assert await read(store, KEY) == source.getvalue()
    await store.remove([KEY, "no/such"])
    await store.remove([KEY])
    with pytest.raises(DomainError, match="attachment_not_found"):
        await store.open(KEY)


async def test_a_bucket_that_is_away_says_so() -> None:
    away = BucketStore(BUCKET, endpoint="http://127.0.0.1:1", region="x", key_id="a", secret="b")
    for work in (away.put(KEY, BytesIO(b"x")), away.open(KEY), away.remove([KEY])):
        with pytest.raises(DomainError, match="storage_unavailable"):
            await work


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_full_disk_refuses_and_keeps_nothing(full_disk: Path) -> None:
    store = DiskStore(full_disk)
    with pytest.raises(DomainError, match="storage_unavailable"):
        await store.put(KEY, BytesIO(b"x" * 1_000_000))
    assert files(full_disk) == []
    await store.put(KEY, BytesIO(b"x" * 1_000))
    assert await read(store, KEY) == b"x" * 1_000


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO, errno.ENOTDIR])
def test_other_troubles_of_a_disk_are_told_and_not_called_that(number: int) -> None:
    with pytest.raises(DomainError, match="storage_unavailable") as told, trouble_is_told():
        raise OSError(number, "no", "/srv/ours")
    assert "room" not in told.value.detail
    assert "/srv" not in told.value.detail


async def test_a_folder_that_is_none_takes_and_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    away = DiskStore(tmp_path / "file")
    for work in (away.put(KEY, BytesIO(b"x")), away.open(KEY), away.remove([KEY])):
        with pytest.raises(DomainError, match="storage_unavailable"):
            await work
