import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.models.fields import Code
from app.models.text import (
    FORBIDDEN,
    CommentText,
    Content,
    Description,
    Email,
    Name,
    Subject,
    clean,
)

LONGEST = {Name: 100, Subject: 500, Description: 5_000, Content: 2_000, CommentText: 5_000}


def read(kind: Any, text: object) -> str:
    return str(TypeAdapter(kind).validate_python(text))


@given(text=st.text())
def test_cleaned_text_is_clean_and_stays_so(text: str) -> None:
    try:
        cleaned = clean(text)
    except ValueError:
        assert FORBIDDEN.search(text.replace("\r\n", "\n").replace("\r", "\n"))
        return
    assert clean(cleaned) == cleaned
    assert "\r" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  a  ", "a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        ("a\tb", "a\tb"),
    ],
)
def test_text_is_kept_in_one_shape(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@pytest.mark.parametrize("bad", ["\x00", "\x1b[31m", "\x7f", "\x85", "\u202e", "\u2066", "\ud800"])
def test_what_no_text_may_hold(bad: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        clean(f"a{bad}b")


@pytest.mark.parametrize(("kind", "longest"), LONGEST.items())
def test_text_has_a_longest_length(kind: Any, longest: int) -> None:
    assert len(read(kind, "x" * longest)) == longest
    with pytest.raises(ValidationError):
        read(kind, "x" * (longest + 1))


@pytest.mark.parametrize("kind", [Name, Subject, Content, CommentText])
@pytest.mark.parametrize("empty", ["", "   ", "\n\n", 7, None])
def test_text_says_something(kind: Any, empty: object) -> None:
    with pytest.raises(ValidationError):
        read(kind, empty)


@pytest.mark.parametrize("kind", [Name, Subject])
def test_a_line_is_one_line(kind: Any) -> None:
    for text in ("a\nb", "a\tb"):
        with pytest.raises(ValidationError):
            read(kind, text)


def test_a_description_may_be_empty() -> None:
    assert read(Description, "  ") == ""


def test_codes_are_read_as_people_type_them() -> None:
    assert read(Code, " ab12cd ") == "AB12CD"
    for bad in ("AB12C", "AB12CDE", "AB-12C", "ÄB12CD", 123456):
        with pytest.raises(ValidationError):
            read(Code, bad)


def test_an_email_is_plausible() -> None:
    assert read(Email, " Anna@Example.org ") == "Anna@Example.org"
    for bad in ("anna", "@example.org", "anna@example", "an na@example.org", "a@.org."):
        with pytest.raises(ValidationError):
            read(Email, bad)


def test_an_email_may_be_longer_than_a_name() -> None:
    long = "a" * 150 + "@example.org"
    assert read(Email, long) == long
    with pytest.raises(ValidationError):
        read(Email, "a" * 250 + "@example.org")
