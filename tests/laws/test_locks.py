"""Locks pin what is installed, and name no machine and no registry."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.scanning import ROOT

MACHINE = re.compile(r"https?://|file:|(?<![\w.])/(home|root|Users|tmp|work)/")
RESOLVED = re.compile(r'"resolved"\s*:')
LOCKS = [*ROOT.glob("*.lock"), *ROOT.glob("web/package-lock.json")]


def machine_bound(name: str, text: str) -> Iterator[str]:
    """The lines of a lock that are true on one machine or network only."""
    for number, line in enumerate(text.splitlines(), start=1):
        npm = name.endswith(".json")
        if RESOLVED.search(line) if npm else MACHINE.search(line):
            yield f"{name}:{number}: {line.strip()[:80]}"


def test_there_are_locks() -> None:
    assert LOCKS


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_is_the_same_everywhere(lock: Path) -> None:
    assert list(machine_bound(lock.name, lock.read_text("utf-8"))) == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda p: p.name)
def test_a_lock_holds_versions_and_hashes(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", text, re.MULTILINE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_scan_sees_what_is_wrong() -> None:
    assert list(machine_bound("a.lock", "--index-url https://mirror.example/simple\nfastapi==1"))
    assert list(machine_bound("a.lock", "fastapi @ file:///x"))
    assert list(machine_bound("package-lock.json", '  "resolved": "https://npm.example/x.tgz"'))
    assert not list(machine_bound("a.lock", "fastapi==0.165.1 --hash=sha256:12"))
