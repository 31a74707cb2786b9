"""Draws an image anew, in a process of its own with little memory and time.

Whoever sends an image chooses the bytes that a decoder reads: so it is decoded apart from all else,
and what leaves here are pixels, with nothing that came along with them. It reads the image from its
standard input, which is a file, and writes a line of JSON to its standard output, then the image
and its thumbnail. It imports nothing of Assent: it starts in the time of one library.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

# WebP is read here: Pillow, asked for it by name, would read each of its forty formats first.
from PIL import Image, ImageOps, ImageSequence, WebPImagePlugin  # noqa: F401

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Pixels that are decoded at most: of a picture, and of all frames of a moving one together.
MOST_PIXELS = 50_000_000
MOST_FRAMES = 200
# The longer side, in pixels.
LARGEST = 2_560
THUMBNAIL = 480
MEMORY = 1_000_000_000
SECONDS = 15


class RefusedError(Exception):
    """The image is not drawn; the argument is the code of the reason."""


def main() -> None:
    _limit()
    try:
        about, image, thumbnail = redraw()
    except RefusedError as refusal:
        about, image, thumbnail = {"refused": str(refusal)}, b"", b""
    except (OSError, ValueError, SyntaxError, EOFError):
        about, image, thumbnail = {"refused": "image_unreadable"}, b"", b""
    except (MemoryError, Image.DecompressionBombError):
        about, image, thumbnail = {"refused": "image_too_large"}, b"", b""
    about |= {"size": len(image)}
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + image + thumbnail)


def redraw() -> tuple[dict[str, Any], bytes, bytes]:
    """Return what the image is, its bytes drawn anew, and those of its thumbnail."""
    opened = Image.open(sys.stdin.buffer, formats=FORMATS)
    kind = opened.format or ""
    _check(opened)
    if getattr(opened, "is_animated", False):
        frames = list(_frames(opened))
        image = _encode_moving(frames, kind, opened)
        first = frames[0]
    else:
        first = _drawn(opened, LARGEST)
        image = _encode(first, kind)
    thumbnail = _drawn(first, THUMBNAIL)
    about = {"format": kind, "width": first.width, "height": first.height}
    return about, image, _encode(thumbnail, "WEBP")


def _check(image: Image.Image) -> None:
    """Look at the size that the header tells, before anything is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise RefusedError("image_too_large")


def _drawn(image: Image.Image, largest: int) -> Image.Image:
    """Return the pixels, upright and no larger than that, in a picture that knows nothing else."""
    image.draft("RGB", (largest, largest))  # a large photograph is decoded smaller at once
    picture = ImageOps.exif_transpose(image)
    transparent = picture.has_transparency_data
    picture = picture.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((largest, largest))
    picture.info = {}
    return picture


def _frames(moving: Image.Image) -> Iterator[Image.Image]:
    pixels = 0
    for number, frame in enumerate(ImageSequence.Iterator(moving), start=1):
        pixels += frame.width * frame.height
        if number > MOST_FRAMES or pixels > MOST_PIXELS:
            raise RefusedError("image_too_long")
        yield _drawn(frame, LARGEST)


def _encode(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    flat = picture.convert("RGB") if kind == "JPEG" else picture
    flat.save(out, kind, **({"quality": 85} if kind in {"JPEG", "WEBP"} else {}))
    return out.getvalue()


def _encode_moving(frames: list[Image.Image], kind: str, moving: Image.Image) -> bytes:
    out = BytesIO()
    duration = moving.info.get("duration", 100)
    frames[0].save(
        out, kind, save_all=True, append_images=frames[1:], loop=0, duration=duration or 100
    )
    return out.getvalue()


def _limit() -> None:
    """Bound what this process may take; where a system cannot, whoever waits for it does."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS


if __name__ == "__main__":
    main()
