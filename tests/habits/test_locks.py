"""The pinned requirements: complete, hashed, and in step with what the project asks for."""

import re
import tomllib

import pytest

from .tree import ROOT

LOCKS = ("runtime", "build", "dev")


def pins(name: str) -> dict[str, str]:
    """Version by package; a package pinned per platform counts with its last line."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def asked(requirements: list[str]) -> set[str]:
    names = [re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0] for each in requirements]
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hashes_and_names_no_host(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_everything_asked_for_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgres"]
    groups = project["dependency-groups"]
    assert asked(needed) <= pins("runtime").keys()
    assert asked(groups["build"] + project["build-system"]["requires"]) <= pins("build").keys()
    assert asked(needed + groups["dev"]) <= pins("dev").keys()


@pytest.mark.parametrize("name", ["runtime", "build"])
def test_developers_have_what_users_have(name):
    assert pins(name).items() <= pins("dev").items()
