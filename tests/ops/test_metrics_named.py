"""Dashboards and alerts ask for metrics that the server has."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from app.utils import metrics
from tests.support.server import ROOT

GUIDE = ROOT / "docs/operations.md"
FILES = (ROOT / "ops/grafana/assent.json", ROOT / "ops/prometheus/alerts.yml")


def names() -> set[str]:
    """Return what a scrape can hold, by the names of its samples."""
    assert metrics.OPEN_STREAMS is not None
    found = set()
    for family in REGISTRY.collect():
        kinds = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
        found |= {family.name + end for end in kinds.get(family.type, ("",))}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_metric_that_is_asked_for_exists(file: Path) -> None:
    asked = set(re.findall(r"\bassent_[a-z_]+", file.read_text()))
    assert asked
    assert asked - names() == set()


def test_every_metric_is_on_the_dashboard_and_in_the_guide() -> None:
    shown, told = FILES[0].read_text(), GUIDE.read_text()
    ours = [name for name in names() if name.startswith("assent_")]
    bare = {re.sub("_(bucket|sum|count)$", "", name) for name in ours}
    assert {name for name in bare if name not in shown or name not in told} == set()


def test_the_files_can_be_read() -> None:
    assert json.loads(FILES[0].read_text())["panels"]
    rules = [
        rule for group in yaml.safe_load(FILES[1].read_text())["groups"] for rule in group["rules"]
    ]
    assert all(rule["alert"] and rule["expr"] for rule in rules)
