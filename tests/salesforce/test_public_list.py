"""The one door of the package."""

from __future__ import annotations

import subprocess
import sys

import leadferry.salesforce
from leadferry.salesforce import errors


def test_the_public_list_holds_only_what_is_there() -> None:
    listed = leadferry.salesforce.__all__
    assert len(set(listed)) == len(listed)
    assert all(hasattr(leadferry.salesforce, name) for name in listed)


def test_every_error_passes_through_the_door() -> None:
    family = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert family <= set(leadferry.salesforce.__all__)


def test_every_name_at_the_door_is_listed() -> None:
    public = {
        name
        for name, value in vars(leadferry.salesforce).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("leadferry.salesforce")
    }
    assert public <= set(leadferry.salesforce.__all__)


def test_the_error_tree_is_drawn_in_full() -> None:
    drawn = errors.__doc__ or ""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.SalesforceError):
            assert f" {name}" in drawn


def test_importing_the_client_loads_neither_django_nor_cryptography() -> None:
    script = (
        "import sys, leadferry.salesforce; "
        "sys.exit(','.join({'django', 'jwt', 'cryptography', 'leadferry.core'} & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
