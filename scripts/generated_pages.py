"""Writes the pages that are made from tables of the code: `make docs`."""

from pathlib import Path

from leadferry.core.verdicts import ENTRIES, NOBODY, UNKNOWN, Entry, Kind
from scripts.faults import faults

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"

MEANING = {
    Kind.REFUSED: ("Refused", "The contact is blocked until something changes. Nobody else is held up."),
    Kind.CONVERTED: ("Converted", "The lead has left our hands and is not touched again."),
    Kind.DELETED: ("Deleted", "`on_deleted` decides: a new lead, or never again one."),
    Kind.HALTED: ("Needs a person", "The run stops with one message; no contact is blamed."),
    Kind.POSTPONED: ("Postponed", "The contact is sent again by itself, in this run or the next."),
    Kind.POSTPONED_SMALLER: ("Postponed, smaller batch", "As postponed; fewer contacts in a call may help."),
    Kind.POSTPONED_ONCE: ("Postponed once", "Tried once more; the same answer again is a refusal."),
    Kind.NOT_TRIED: ("Not tried", "Salesforce did not look at this contact; it is sent again."),
}
"""In the order of the page."""

HEAD = """# Error codes

What Leadferry does about each code of Salesforce (and about its own), what it tells people, and who can
change it. A code that is not here is treated as refused, and Salesforce's own text is shown. Made from
`src/leadferry/core/verdicts.py` by `make docs`.
"""


def error_codes() -> str:
    """The page about codes."""
    sections = [HEAD]
    for kind, (title, meaning) in MEANING.items():
        entries = {code: entry for code, entry in sorted(ENTRIES.items()) if entry.kind is kind}
        if entries:
            sections.append(f"## {title}\n\n{meaning}\n\n{_table(entries)}")
    sections.append(f"## Every other code\n\n{_table({'(unknown)': UNKNOWN})}")
    return "\n".join(sections)


def _table(entries: dict[str, Entry]) -> str:
    rows = [_row(code, entry) for code, entry in entries.items()]
    return "\n".join(["| code | what it means | who | what to do |", "|---|---|---|---|", *rows, ""])


def _row(code: str, entry: Entry) -> str:
    shown = code if code.startswith("(") else f"`{code}`"
    whole = (
        f" As the answer to a whole call: {MEANING[entry.whole_call][0].lower()}." if entry.whole_call else ""
    )
    who = "nobody" if entry.who == NOBODY else entry.who
    return f"| {shown} | {entry.sentence}{whole} | {who} | {entry.fix} |"


PAGES = {"error-codes.md": error_codes, "faults.md": faults}


def main() -> None:
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page())


if __name__ == "__main__":
    main()
