"""What the guides say is shown is shown: every test that they name is there."""

import re

import pytest

from tests.laws.scanning import ROOT

GUIDE = (ROOT / "docs" / "security.md").read_text("utf-8")
PROMISES = (ROOT / "docs" / "promises.md").read_text("utf-8")
ROOMS = (ROOT / "docs" / "rooms.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", GUIDE + PROMISES + ROOMS)))


def test_the_table_names_tests() -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| V")]
    assert len(rows) > 30
    assert all(re.search(r"\.py::test_", row) for row in rows)


def test_every_promise_has_a_test() -> None:
    rows = [line for line in PROMISES.splitlines() if re.match(r"\| (\d+|\+) \|", line)]
    marks = [row.split()[1] for row in rows]
    assert [mark for mark in marks if mark != "+"] == [*map(str, range(1, 15))]
    assert all(re.search(r"\.py::test_", row) for row in rows)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there(path: str, name: str) -> None:
    text = (ROOT / "tests" / path).read_text("utf-8")
    assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE)
