"""A bucket of an S3-compatible service, for attachments that several machines share."""

from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO, Final

import structlog
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as MissingError
from obstore.store import S3Store

from app.utils.stores import CHUNK, gone, unavailable

log = structlog.get_logger(__name__)

PATIENCE: Final = "10 seconds"


class BucketStore:
    """Attachments as objects. The bucket itself is closed: who may read is asked here."""

    def __init__(
        self, bucket: str, *, endpoint: str, region: str, key_id: str, secret: str
    ) -> None:
        """`endpoint` is empty for the service of the region."""
        self._store = S3Store(
            bucket,
            config={
                "region": region,
                "access_key_id": key_id,
                "secret_access_key": secret,
                **({"endpoint": endpoint} if endpoint else {}),
            },
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": PATIENCE,
                "timeout": "60 seconds",
            },
            retry_config={"max_retries": 2},
        )

    async def put(self, key: str, source: BinaryIO) -> None:
        source.seek(0)
        try:
            await self._store.put_async(key, source)
        except BaseError as error:
            raise _told(error) from error

    async def open(self, key: str) -> AsyncIterator[bytes]:
        try:
            found = await self._store.get_async(key)
        except (MissingError, FileNotFoundError):
            raise gone() from None
        except BaseError as error:
            raise _told(error) from error
        return _pieces(found.stream(min_chunk_size=CHUNK))

    async def remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                await self._store.delete_async(key)
            except (MissingError, FileNotFoundError):
                continue
            except BaseError as error:
                raise _told(error) from error


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in stream:
        yield bytes(piece)


def _told(error: BaseError) -> Exception:
    log.warning("storage_unavailable", error=str(error))
    return unavailable("Files cannot be kept or read right now. Try again in a moment.")
