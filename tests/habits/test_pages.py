"""The pages: links that lead somewhere, decisions that are numbered, a changelog in its form."""

import re
from pathlib import Path

import pytest

from .tree import DOCS, ROOT, name_of, pages

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
DECISIONS = DOCS / "adr"
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrading"}


def anchors(page: Path) -> set[str]:
    """What can be linked to in a page, as code hosts name its headings."""
    headings = HEADING.findall(FENCE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            found.append(link)
    return found


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_of_docs_lead_somewhere(page):
    assert broken(page) == []


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_pages_have_one_title(page):
    assert len(re.findall(r"^# ", FENCE.sub("", page.read_text()), re.MULTILINE)) == 1


def test_every_page_of_docs_can_be_reached():
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in pages()
        for link in LINK.findall(page.read_text())
    }
    assert [name_of(page) for page in DOCS.rglob("*.md") if page.resolve() not in linked] == []


def test_adr_numbers_have_no_gap():
    assert [int(page.name[:4]) for page in decisions()] == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("page", decisions(), ids=name_of)
def test_an_adr_is_titled_with_its_number_and_says_three_things(page):
    text = page.read_text()
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert HEADING.findall(text)[1:4] == ["Context", "Decision", "Consequences"]


def test_the_changelog_keeps_its_form():
    text = (ROOT / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert releases[0] == "[Unreleased]"
    assert [
        name for name in releases[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", name)
    ] == []
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= CHANGES
