"""Request bodies of announcements."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field

from app.models.bodies import Body, example
from app.models.statuses import Level
from app.models.text import Line, Text

_PATH: Final = re.compile(r"/(?![/\\])[^\s\\]*")


def _safe_address(address: str) -> str:
    if _PATH.fullmatch(address):
        return address
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username or "\\" in address:
        raise ValueError("must be an https address, or a path of this site")
    return address


Address = Annotated[Line, Field(max_length=500), AfterValidator(_safe_address)]
Title = Annotated[Line, Field(max_length=200)]
Words = Annotated[Text, Field(max_length=2_000)]


class NewAnnouncement(Body):
    model_config = example(
        {"title": "Upgrade on Friday", "text": "We are back at nine.", "level": "maintenance"}
    )

    title: Title
    text: Words
    level: Level = Level.INFO
    link: Address | None = None
    image: Address | None = None
    ends_at: AwareDatetime | None = None


class AnnouncementEdit(Body):
    """Any part of an announcement; `null` takes away what may be absent."""

    model_config = example({"text": "We are back at ten."})

    title: Title | None = None
    text: Words | None = None
    level: Level | None = None
    link: Address | None = None
    image: Address | None = None
    ends_at: AwareDatetime | None = None
