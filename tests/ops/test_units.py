"""What starts Assent elsewhere: systemd's units and the container file name what there is."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.support.server import ROOT

UNITS: Final = ("assent@.service", "assent-migrate.service")
ANALYZE: Final = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Every line counts: what systemd does not know it says, and goes on without."""
    program = tmp_path / ".venv/bin/assent"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    for name in UNITS:
        text = (ROOT / "ops/systemd" / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/assent", str(tmp_path)))
    assert ANALYZE is not None
    command = [ANALYZE, "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, _about(done.stderr, tmp_path)) == (0, [])


def _about(said: str, folder: Path) -> list[str]:
    """Leave out what it says of the units of the machine."""
    ours = (str(folder), *(name.removesuffix(".service") for name in UNITS))
    return [line for line in said.splitlines() if any(name in line for name in ours)]


def test_the_image_is_made_of_what_there_is() -> None:
    text = (ROOT / "ops/Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert "app" in sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
