"""Guides and files for operators name settings that there are."""

import re
from pathlib import Path

import pytest

from tests.support.server import ROOT

NAMED = [
    *(ROOT / "docs").glob("*.md"),
    *(file for file in (ROOT / "ops").rglob("*") if file.is_file()),
    ROOT / "README.md",
    ROOT / "Makefile",
]
SETTING = re.compile(r"\bASSENT_[A-Z_]+[A-Z]\b")


def known() -> set[str]:
    """Everything that the server, its launcher or the tests read from the environment."""
    files = [file for folder in ("app", "tests") for file in (ROOT / folder).rglob("*.py")]
    return {name for file in files for name in SETTING.findall(file.read_text("utf-8"))}


def test_there_are_settings_to_look_for() -> None:
    assert "ASSENT_MAX_STREAMS" in known()


@pytest.mark.parametrize("file", NAMED, ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    assert set(SETTING.findall(file.read_text("utf-8"))) - known() == set()
