"""Pins what pyproject.toml asks for, with hashes and without naming a host: `make requirements`."""

import subprocess
import sys
from pathlib import Path

FILES = {
    "dev": ["pyproject.toml", "--all-extras", "--group", "dev"],
    "runtime": ["pyproject.toml", "--all-extras"],
    "build": ["--group", "build"],
}
COMPILE = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url"


def main() -> int:
    for name, sources in FILES.items():
        target = Path("requirements", f"{name}.txt")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *COMPILE.split()]
        if name != "dev":
            command += ["--constraint", "requirements/dev.txt"]
        done = subprocess.run([*command, *sources, "--output-file", str(target), *sys.argv[1:]], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
