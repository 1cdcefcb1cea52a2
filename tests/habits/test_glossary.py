"""Every word of the product has one meaning on the glossary page, and one home in the code."""

import re

import pytest

from .tree import DOCS, ROOT

WORDS = (
    "site contact activity score rule qualify mapping lead external-ID link fingerprint "
    "due batch run outcome blocked quarantine event budget org"
).split()
ENTRY = re.compile(r"^\*\*(.+?)\*\*.*?`(src/leadferry/[\w/]+\.py)`(?: \(`(\w+)`\))?", re.MULTILINE)


def entries() -> dict[str, tuple[str, str]]:
    return {word: (path, name) for word, path, name in ENTRY.findall((DOCS / "glossary.md").read_text())}


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_an_entry_in_the_glossary(word):
    assert word.replace("-", " ") in entries()


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_glossary_has_a_home_in_the_code(word):
    path, name = entries()[word.replace("-", " ")]
    code = (ROOT / path).read_text()
    assert re.search(rf"^(class|def) {name}\b|^{name}\b.*=", code, re.MULTILINE) if name else code
