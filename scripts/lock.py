"""Resolves every lock again; needs `uv`, and a reason."""

import subprocess
import sys

COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links"),  # a lock holds no addresses
]
LOCKS = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev"],
    "requirements-build.lock": ["--group", "build", "-c", "requirements-dev.lock"],
    "requirements-embedded.lock": ["--group", "embedded", "-c", "requirements-dev.lock"],
    "requirements-node.lock": ["--group", "node"],
}


def main() -> int:
    for lock, sources in LOCKS.items():
        command = [*COMPILE, *sources, "--output-file", lock, *sys.argv[1:]]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            return 1
        print(f"  {lock}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
