"""HTTP/1.1's own framing of a body whose length nobody knows yet."""

from functools import lru_cache
from typing import Final

LAST_CHUNK: Final = b"0\r\n\r\n"


@lru_cache(maxsize=8)
def as_chunk(body: bytes) -> bytes:
    """Return a piece of a body as it is sent; put together once for all that are sent it."""
    return b"%x\r\n%b\r\n" % (len(body), body)
