"""Writes what Assent is made of, as CycloneDX 1.6, from the locks: it says what they pin."""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHON_LOCKS = ("requirements.lock", "requirements-embedded.lock")
NPM_LOCK = "web/package-lock.json"
PINNED = re.compile(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

Component = dict[str, Any]


def python_components(text: str) -> Iterator[Component]:
    """The pinned packages of a lock of pip's, with the digests of their files."""
    starts = [*PINNED.finditer(text)]
    for place, found in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        digests = HASH.findall(text, found.end(), end)
        yield _component(
            found[1], found[2], f"pkg:pypi/{found[1]}@{found[2]}", "required", "SHA-256", digests
        )


def npm_components(text: str) -> Iterator[Component]:
    """The packages of npm's lock. Those for development are built with, and are not in the page."""
    for path, package in json.loads(text)["packages"].items():
        name = path.rpartition("node_modules/")[2]
        if not name or package.get("link"):
            continue
        integrity = package.get("integrity", "").partition("-")[2]
        digests = [base64.b64decode(integrity).hex()] if integrity else []
        scope = "excluded" if package.get("dev") else "required"
        url = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        yield _component(name, package["version"], url, scope, "SHA-512", digests)


def _component(
    name: str, version: str, url: str, scope: str, algorithm: str, digests: list[str]
) -> Component:
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": url,
        "hashes": [{"alg": algorithm, "content": digest} for digest in digests],
    }


def bill() -> dict[str, Any]:
    """The whole document. Nothing in it depends on when or where it is written."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, Component] = {}
    for lock in PYTHON_LOCKS:
        for component in python_components((ROOT / lock).read_text("utf-8")):
            found.setdefault(component["bom-ref"], component)
    for component in npm_components((ROOT / NPM_LOCK).read_text("utf-8")):
        found.setdefault(component["bom-ref"], component)
    subject = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": subject},
        "components": [found[name] for name in sorted(found)],
        "dependencies": [{"ref": project["name"], "dependsOn": sorted(found)}],
    }


def main() -> int:
    text = json.dumps(bill(), indent=2) + "\n"
    if len(sys.argv) > 1:
        target = Path(sys.argv[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        print(target)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
