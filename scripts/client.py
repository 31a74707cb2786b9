"""The browser client: its packages and its build, when its sources changed."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import packages
from tools import ROOT, VENV, PreparationError, fingerprint, remembered, run, say

WEB = ROOT / "web"
BUILT = ROOT / "app" / "static" / "index.html"
NODE_LOCK = "requirements-node.lock"
GENERATED = {"node_modules", "dist", "coverage"}
NODES = ((20, 19, 21), (22, 12, 10_000))  # from major.minor to below a major


def prepare() -> None:
    """Build `web/` into `app/static` unless that was done from these very sources."""
    if not (WEB / "package.json").exists():
        return
    stamp = WEB / "node_modules" / ".assent-built"
    wanted = fingerprint(_sources())
    if remembered(stamp) == wanted and BUILT.exists():
        return
    _install()
    say("building the client")
    npm("The client's build", "run", "build")
    stamp.write_text(wanted)


def check(script: str) -> bool:
    """Run one of the client's own checks in the open."""
    command = [str(_npm()), "run", "--silent", script]
    return not subprocess.run(
        command, cwd=WEB, env={**os.environ, **environment()}, check=False
    ).returncode


def npm(what: str, *words: str) -> None:
    run(what, [str(_npm()), *words], environment(), WEB)


def environment() -> dict[str, str]:
    """What npm and its scripts need to find the Node that we chose."""
    home = Path(os.environ.get("HOME") or "/")
    cache = {} if os.access(home, os.W_OK) else {"npm_config_cache": str(VENV / "npm-cache")}
    path = os.pathsep.join((str(_npm().parent), os.environ.get("PATH", os.defpath)))
    return {"PATH": path, "NODE_USE_SYSTEM_CA": "1", **cache}


def _install() -> None:
    stamp = WEB / "node_modules" / ".assent-installed"
    wanted = fingerprint([WEB / "package-lock.json"])
    if remembered(stamp) != wanted:
        say("installing the client's packages")
        npm("Installing the client's packages", "ci", "--no-audit", "--no-fund")
        stamp.write_text(wanted)


def _sources() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in GENERATED]
        found += [Path(folder) / name for name in names]
    return sorted(found)


@cache
def _npm() -> Path:
    system = shutil.which("npm")
    if system and _node_will_do(shutil.which("node")):
        return Path(system)
    packages.install(NODE_LOCK)
    npm_program = packages.program("npm")
    if not npm_program.exists():
        raise PreparationError(
            "There is no Node for this machine: install Node 22.12 or newer and run again."
        )
    return npm_program


def _node_will_do(node: str | None) -> bool:
    if not node:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    return any((low, least) <= (major, minor) < (below, 0) for low, least, below in NODES)
