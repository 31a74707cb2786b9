import json
from functools import reduce
from pathlib import Path

import pytest

from tests.support.fold import Json, fold, fold_all, fold_brief

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = sorted((FIXTURES / "fold").glob("*.json"))
BRIEFS = sorted((FIXTURES / "brief").glob("*.json"))


def load(path: Path) -> Json:
    return dict(json.loads(path.read_text("utf-8")))


def test_there_are_cases() -> None:
    assert len(CASES) > 20
    assert len(BRIEFS) > 8


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_case_holds_here_as_in_the_browser(path: Path) -> None:
    case = load(path)
    assert fold_all(case["before"], case["changes"]) == case["after"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_change_twice_is_every_change_once(path: Path) -> None:
    case = load(path)
    twice = [change for change in case["changes"] for _ in range(2)]
    assert fold_all(case["before"], twice) == case["after"]


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_a_brief_folds_here_as_in_the_browser(path: Path) -> None:
    case = load(path)
    changes = case["changes"]
    for order in (changes, [change for change in changes for _ in range(2)]):
        assert reduce(fold_brief, order, case["before"]) == case["after"]


def test_what_was_folded_is_left_as_it_was() -> None:
    case = load(CASES[0])
    before = json.dumps(case["before"])
    assert fold(case["before"], case["changes"][0]) is not case["before"]
    assert json.dumps(case["before"]) == before
