from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.differences import Part, difference

TEXTS = st.text("ab .,가\n", max_size=60)


def side(parts: list[Part], without: str) -> str:
    return "".join(text for sign, text in parts if sign != without)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it(before: str, after: str) -> None:
    parts = difference(before, after)
    assert side(parts, "+") == before
    assert side(parts, "-") == after
    assert all(text for _, text in parts)
    assert all(one[0] != two[0] for one, two in pairwise(parts))


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", []),
        ("", "New", [("+", "New")]),
        ("Same", "Same", [("=", "Same")]),
        (
            "one two three",
            "one 2 three",
            [("=", "one "), ("-", "two"), ("+", "2"), ("=", " three")],
        ),
        ("one two", "eins zwei", [("-", "one two"), ("+", "eins zwei")]),
        ("가 나", "가 다", [("=", "가 "), ("-", "나"), ("+", "다")]),
    ],
)
def test_words_are_compared(before: str, after: str, parts: list[Part]) -> None:
    assert difference(before, after) == parts


def test_what_has_little_in_common_differs_as_a_whole() -> None:
    before = " ".join(f"a{n}" for n in range(700))
    after = " ".join(f"b{n % 50}" for n in range(700))
    assert difference(before, after) == [("-", before), ("+", after)]


def test_a_word_in_a_long_text_is_found() -> None:
    words = [f"w{n}" for n in range(900)]
    changed = [*words[:400], "new", *words[400:]]
    signs = [sign for sign, _ in difference(" ".join(words), " ".join(changed))]
    assert signs == ["=", "+", "="]
