"""What is wrong in a record of a CSV file that the reader of CSV gave up, in words of ours."""

import csv
import re

_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"(?!")')


def fault(text: str, delimiter: str, *, begins: int) -> str:
    """The fault in the record `text`, which begins in the line `begins` and ends where it was noticed.

    Told is the line in which the cell at fault begins: a quotation mark that is missing, or one too many,
    is often noticed much later.
    """
    ends = rf"{re.escape(delimiter)}\r\n"
    cell = re.compile(rf'(?:{_QUOTED.pattern}(?=[{ends}]|\Z)|(?!")[^{ends}]*)')
    most, at = csv.field_size_limit(), 0
    while (found := cell.match(text, at)) and found.end() - at <= most and found.end() < len(text):
        at = found.end() + 1

    def line(position: int) -> int:
        return begins + len(_END.findall(text, 0, position))

    opens = f"line {line(at)}: a quotation mark opens a cell"
    if found is None and (closed := _QUOTED.match(text, at)):
        where = f" (in line {line(closed.end())})" if line(closed.end()) > line(at) else ""
        twice = "inside a cell, a quotation mark is written twice"
        return f"{opens}, and more text follows the one that closes it{where}; {twice}"
    if found is None and len(text) - at <= most:
        return f"{opens} and none closes it"
    if found is None:
        return f"{opens} that is longer than {most} characters; perhaps none closes it"
    return f"line {line(at)}: a cell is longer than {most} characters"
