"""The command line as a module: ``python -m leadferry``."""

from leadferry.console.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
