"""Text as people type it: what is let in, and in which shape it is kept."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

# Everything Unicode calls a control, but for the tab and the line feed, and lone surrogates;
# with them the marks that turn the direction of all that follows.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return the text with one kind of line end, composed, and without outer white space.

    Raises ValueError where it holds control characters.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if FORBIDDEN.search(unified):
        raise ValueError("must not hold control characters")
    return unicodedata.normalize("NFC", unified).strip()


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("must be a single line")
    return text


def _plain_file_name(text: str) -> str:
    if "/" in text or "\\" in text or not text.strip("."):
        raise ValueError("must be the name of a file, without its folders")
    return text


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _plausible_email(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    if not local or "." not in domain.strip(".") or any(c.isspace() for c in text.strip()):
        raise ValueError("must be an email address")
    return text.strip()


Text = Annotated[
    str, Field(strict=True, min_length=1), AfterValidator(clean), AfterValidator(_not_empty)
]
Line = Annotated[Text, AfterValidator(_one_line)]

Name = Annotated[Line, Field(max_length=100)]
Subject = Annotated[Line, Field(max_length=500)]
Description = Annotated[str, Field(strict=True), AfterValidator(clean), Field(max_length=5_000)]
Content = Annotated[Text, Field(max_length=2_000)]
BlockText = Annotated[Text, Field(max_length=5_000)]
CommentText = Annotated[Text, Field(max_length=5_000)]
FileName = Annotated[Line, AfterValidator(_plain_file_name), Field(max_length=200)]
Email = Annotated[Line, Field(max_length=254), AfterValidator(_plausible_email)]
# What somebody types who says they have an account: cleaned as the email was when they signed up.
EmailTyped = Annotated[str, Field(strict=True), AfterValidator(clean), Field(max_length=254)]
