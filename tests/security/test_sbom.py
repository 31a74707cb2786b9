import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.support.server import ROOT


@pytest.fixture(scope="module")
def bill() -> Any:
    command = [sys.executable, str(ROOT / "scripts" / "sbom.py")]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def test_it_is_a_bill_of_materials(bill: Any) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "assent"
    refs = [component["bom-ref"] for component in bill["components"]]
    assert len(refs) == len(set(refs))
    assert bill["dependencies"][0]["dependsOn"] == refs


def test_everything_that_is_pinned_is_on_it(bill: Any) -> None:
    listed = {component["purl"] for component in bill["components"]}
    for lock in ("requirements.lock", "requirements-embedded.lock"):
        text = (ROOT / lock).read_text("utf-8")
        pinned = re.findall(r"^([a-z0-9][\w.-]*)(?:\[.*\])?==([^\s;\\]+)", text, re.MULTILINE)
        assert {f"pkg:pypi/{name}@{version}" for name, version in pinned} <= listed
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))["packages"]
    assert sum(url.startswith("pkg:npm/") for url in listed) > 0.9 * (len(packages) - 1)


def test_every_part_can_be_checked_by_its_digest(bill: Any) -> None:
    lengths = {"SHA-256": 64, "SHA-512": 128}
    for component in bill["components"]:
        assert component["hashes"], component["name"]
        for digest in component["hashes"]:
            assert re.fullmatch(f"[0-9a-f]{{{lengths[digest['alg']]}}}", digest["content"])
