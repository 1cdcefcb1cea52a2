"""Files handed over for an import, kept between the preview and the import itself."""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import asdict
from pathlib import Path

import orjson
from django.conf import settings
from django.core.files import File

from leadferry.contacts.importing import BadFile, Report
from leadferry.contacts.models import Site
from leadferry.contacts.sources import FORMATS

LARGEST = 100 * 1024 * 1024
"""Bytes of a file."""
KEPT = 86_400.0
"""Seconds that a file, or the report of its import, is kept."""
_NAME = re.compile(r"[0-9a-f]{32}")


class NoUpload(Exception):
    """The file is not kept any more, or was never there."""


def keep(site: Site, file: File[bytes]) -> str:
    """Store the file; gives the name to ask for it by. Raises BadFile."""
    suffix = Path(file.name or "").suffix.lower()
    if suffix not in FORMATS:
        raise BadFile(f"unknown extension; allowed are {', '.join(FORMATS)}")
    if not file.size or file.size > LARGEST:
        raise BadFile(f"the file must have 1 to {LARGEST // 1024 // 1024} MB; use leadferry import for more")
    folder = _folder(site)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(folder)
    name = secrets.token_hex(16)
    with os.fdopen(
        os.open(folder / f"{name}{suffix}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return name


def path_of(site: Site, name: str) -> Path:
    """The file. Raises NoUpload."""
    for suffix in FORMATS:
        if _NAME.fullmatch(name) and (path := _folder(site) / f"{name}{suffix}").exists():
            return path
    raise NoUpload(name)


def close(site: Site, name: str, report: Report, *, broken: str) -> None:
    """Keep the report instead of the file; `broken`: why the file could not be read to its end."""
    path = path_of(site, name)
    told = asdict(report) | {"broken": broken}
    path.with_suffix(".report").write_bytes(orjson.dumps(told))
    path.unlink()


def report_of(site: Site, name: str) -> dict[str, object]:
    """What `close` kept. Raises NoUpload."""
    path = _folder(site) / f"{name}.report"
    if not _NAME.fullmatch(name) or not path.exists():
        raise NoUpload(name)
    told: dict[str, object] = orjson.loads(path.read_bytes())
    return told


def _folder(site: Site) -> Path:
    return Path(settings.HOME) / "uploads" / str(site.pk)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)
