"""What may be in the repository at all."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from .tree import ROOT, name_of, tracked

# Put together here, so that this file does not hold what it looks for.
INDEXES = re.compile(
    "|".join([r"pypi" + r"\.org", r"python" + r"hosted", r"registry\." + r"npmjs", r"deb\." + "debian"])
)
MACHINE = re.compile(r"(?<![\w.:])/" + r"(work|farm|root|home|Users)/[a-z.]")
SET_ASIDE = re.compile(r"pytest\.(mark\.)?" + r"(skip|skipif|xfail)\b|unittest" + r"\.mock|importor" + "skip")


def texts() -> list[tuple[str, str]]:
    return [(name_of(path), text) for path in tracked() if (text := _text(path)) is not None]


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("pattern", [INDEXES, MACHINE], ids=["package index", "path of one machine"])
def test_no_file_names_a_place_that_others_do_not_have(pattern):
    assert [name for name, text in texts() if pattern.search(text)] == []


def test_no_test_is_set_aside_and_none_fakes_our_own_code():
    tests = [(name, text) for name, text in texts() if name.startswith("tests/")]
    assert [name for name, text in tests if SET_ASIDE.search(text)] == []


def test_every_folder_of_tests_is_a_package():
    folders = {
        path.parent for path in tracked() if path.match("tests/**/*.py") or path.parent.name == "tests"
    }
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


def test_the_licence_is_the_one_declared():
    assert (ROOT / "LICENSE").read_text().lstrip().startswith("Apache License")
