"""The worker that `leadferry serve` starts: ``python -m leadferry.console.serving``."""

from leadferry.project.boot import prepare


def main() -> int:
    prepare(web=True)
    from leadferry.console.serving import worker  # noqa: PLC0415 - models need a prepared installation

    return worker.main()


if __name__ == "__main__":
    raise SystemExit(main())
