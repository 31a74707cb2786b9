import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_python_that_is_too_old_is_told_so_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.9.2\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "scripts/prepare.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Assent needs Python 3.11 or newer; found 3.9.2")
    assert done.stderr.count("\n") == 1


def test_locks_hold_no_addresses() -> None:
    locks = [*ROOT.glob("requirements*.lock"), *ROOT.glob("web/package-lock.json")]
    assert len(locks) >= 5
    for lock in locks:
        written = lock.read_text()
        assert "--index-url" not in written
        assert "--find-links" not in written
        assert '"resolved": "http' not in written
        assert " @ " not in written
    assert not (ROOT / "uv.lock").exists()
