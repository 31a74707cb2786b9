"""Images drawn anew in processes of their own, few at a time, each with an end."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.models.errors import TooLarge, Unavailable, Unsupported

DRAWER: Final = Path(__file__).with_name("redraw.py")
# How many are drawn at once, how many may wait for it, and how long one may take, in seconds.
AT_ONCE: Final = 2
WAITING: Final = 16
PATIENCE: Final = 20.0

SIGNATURES: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
EXTENSIONS: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif")
MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
_TOO_LARGE: Final = {
    "image_too_large": "This image has too many pixels. Send it with 50 megapixels or fewer.",
    "image_too_long": "This image moves for too long. Send it with 200 frames or fewer.",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """An image drawn anew, and its thumbnail, which is WebP. Sides are in pixels."""

    media_type: str
    width: int
    height: int
    image: bytes
    thumbnail: bytes


def image_type(start: bytes) -> str | None:
    """Return what image a file is by how it begins; its name says nothing."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    for media_type, signatures in SIGNATURES.items():
        if start.startswith(signatures):
            return media_type
    return None


def claims_image(name: str, declared: str) -> bool:
    """Whether a file is called an image of a kind that is shown."""
    return name.lower().endswith(EXTENSIONS) or declared in MEDIA_TYPES.values()


def unreadable() -> Unsupported:
    return Unsupported(
        "image_unreadable",
        "This is no PNG, JPEG, WebP or GIF image, or a broken one. Send another file.",
    )


class Studio:
    """Where images are drawn."""

    def __init__(self) -> None:
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._inside = 0

    async def draw(self, raw: BinaryIO) -> Drawing:
        """Draw what is in a file. Raises TooLarge, Unsupported, or Unavailable where many wait."""
        if self._inside >= AT_ONCE + WAITING:
            raise Unavailable(
                "images_busy", "Too many images come in right now. Send it again.", retry_after=5
            )
        self._inside += 1
        try:
            async with self._seats:
                return _read(await _run(raw))
        finally:
            self._inside -= 1


async def _run(raw: BinaryIO) -> bytes:
    raw.seek(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(DRAWER)), stdin=raw, stdout=PIPE, stderr=DEVNULL, env={}
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate()
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said


def _read(said: bytes) -> Drawing:
    """Read what the drawer said: nothing at all where it was stopped."""
    head, _, body = said.partition(b"\n")
    about: dict[str, Any] = json.loads(head) if head else {"refused": "image_too_large"}
    refused = about.get("refused")
    if refused in _TOO_LARGE:
        raise TooLarge(refused, _TOO_LARGE[refused])
    if refused is not None:
        raise unreadable()
    size = about["size"]
    kind = MEDIA_TYPES[about["format"]]
    return Drawing(kind, about["width"], about["height"], body[:size], body[size:])
