import json
from pathlib import Path

import pytest

from tests.support.fold import Json, fold, fold_all

CASES = sorted((Path(__file__).parents[1] / "fixtures" / "fold").glob("*.json"))


def load(path: Path) -> Json:
    return dict(json.loads(path.read_text("utf-8")))


def test_there_are_cases() -> None:
    assert len(CASES) > 20


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_case_holds_here_as_in_the_browser(path: Path) -> None:
    case = load(path)
    assert fold_all(case["before"], case["changes"]) == case["after"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_change_twice_is_every_change_once(path: Path) -> None:
    case = load(path)
    twice = [change for change in case["changes"] for _ in range(2)]
    assert fold_all(case["before"], twice) == case["after"]


def test_what_was_folded_is_left_as_it_was() -> None:
    case = load(CASES[0])
    before = json.dumps(case["before"])
    assert fold(case["before"], case["changes"][0]) is not case["before"]
    assert json.dumps(case["before"]) == before
