from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadferry.contacts.sources import BadFile, Unreadable, open_source
from leadferry.contacts.sources.base import MAX_COLUMNS, MAX_LINE


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_tells_its_delimiter_by_its_header(write, delimiter) -> None:
    text = 'key,city\r\nada,"Praha, 1; x\ty"\r\n\r\nbob,\r\n'
    path = write(
        "c.csv",
        text.replace("key,city", f"key{delimiter}city")
        .replace('ada,"', f'ada{delimiter}"')
        .replace("bob,", f"bob{delimiter}"),
    )
    assert list(open_source(path)) == [
        (2, {"key": "ada", "city": "Praha, 1; x\ty"}),
        (4, {"key": "bob", "city": ""}),
    ]


def test_a_csv_file_may_begin_with_a_byte_order_mark_and_have_blanks_in_its_header(write) -> None:
    assert list(open_source(write("c.csv", "\ufeff key , city\na,b"))) == [(2, {"key": "a", "city": "b"})]


def test_a_csv_line_with_another_number_of_cells_is_no_record(write) -> None:
    source = open_source(write("c.csv", "key,city\na\nb,c,d\ne,f\n"))
    rows = list(source)
    assert [isinstance(row, Unreadable) for _, row in rows] == [True, True, False]
    assert rows[1] == (3, Unreadable(reason="3 cells, but the header has 2"))


def test_a_quoted_line_break_belongs_to_its_cell(write) -> None:
    source = open_source(write("c.csv", 'key,notes\na,"one\ntwo"\nb,c\n'))
    assert [row["notes"] for _, row in source] == ["one\ntwo", "c"]


def test_a_doubled_quotation_mark_is_one_of_the_cell(write) -> None:
    source = open_source(write("c.csv", 'key,notes\na,"say ""hi"", ""ho"""\nb,5" pipe\n'))
    assert [row["notes"] for _, row in source] == ['say "hi", "ho"', '5" pipe']


@pytest.mark.parametrize("ends", [("\r",) * 3, ("\r", "\n", "\r\n"), ("\r\n", "\r", "")])
def test_a_carriage_return_ends_a_line_of_csv(write, ends) -> None:
    lines = ("key,notes", 'a,"one\rtwo"', "b,c")
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    source = open_source(write("c.csv", text))
    assert list(source) == [(3, {"key": "a", "notes": "one\rtwo"}), (4, {"key": "b", "notes": "c"})]
    assert source.done == len(text)


def test_a_csv_file_with_carriage_returns_alone_may_be_longer_than_a_line(write) -> None:
    path = write("c.csv", "key,notes\r" + "".join(f"k{number},{'x' * 90}\r" for number in range(30_000)))
    assert list(open_source(path))[-1] == (30_001, {"key": "k29999", "notes": "x" * 90})


def test_a_source_can_be_read_twice_and_counts_its_bytes(write) -> None:
    source = open_source(write("c.csv", "key,city\na,b\nc,d\n"))
    first = list(source)
    assert source.done == source.total == 17
    assert list(source) == first


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("name,city\na,b\n", "no column is named key"),
        ("key,city,city\n", "two columns are named city"),
        ("key,,city\n", "column 2 has no name"),
        ("key," + ",".join(f"c{number}" for number in range(MAX_COLUMNS)), "columns; allowed are at most"),
        (b"\xff\xfek\x00e\x00y\x00", "this looks like UTF-16 text; .* iconv -f UTF-16 "),
        (b"key,city\na,b\n" + b"c,\xe9\n", "line 3 is not UTF-8"),
        ("key,city\na," + "x" * (MAX_LINE + 1), "line 2 is longer than"),
        ("key,city\na," + "x" * 200_000, "line 2: a cell is longer than 131072 characters"),
        ('key,city\na,"' + "x\n" * 100_000, "line 2: a quotation mark opens a cell that is longer than"),
        ('key,city\na,b\nc,"Praha\nd,e\n', "line 3: a quotation mark opens a cell"),
        ('key,"city\na,b\n', "line 1: a quotation mark opens a cell"),
        ('key,city\n1,"A,x\n2,B\n3,"C"\n', r"line 2: a quotation mark opens .* closes it \(in line 4\);"),
        (
            'key,city\na,b\nc,"d"e\n',
            "line 3: a quotation mark opens .* the one that closes it; inside a cell",
        ),
        ('key,a,b\n1,"x\ny","z\n2,c,d\n', "line 3: a quotation mark opens a cell and none closes it"),
        ('key,"ci"ty\n', "line 1: a quotation mark opens a cell, and more text"),
        ("key,city\na,b\n".encode("utf-16-le"), "this looks like UTF-16 text; .* iconv -f UTF-16LE "),
        ("key,city\na,b\n".encode("utf-16-be"), "this looks like UTF-16 text; .* iconv -f UTF-16BE "),
    ],
)
def test_a_csv_file_that_cannot_be_read_says_why(write, content, reason) -> None:
    path = write("c.csv", content)
    with pytest.raises(BadFile, match=reason):
        open_source(path)  # before anything of it is imported


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_closed_quotation_at_the_end_of_a_csv_file_is_read(write, end) -> None:
    source = open_source(write("c.csv", f'key,city\na,"Praha"{end}'))
    assert list(source) == [(2, {"key": "a", "city": "Praha"})]


def test_a_file_that_is_not_there_says_so(tmp_path) -> None:
    with pytest.raises(BadFile, match=r"nowhere\.csv: No such file"):
        open_source(tmp_path / "nowhere.csv")


def test_a_folder_is_no_file(tmp_path) -> None:
    (tmp_path / "c.csv").mkdir()
    with pytest.raises(BadFile, match="directory"):
        open_source(tmp_path / "c.csv")


def test_an_unknown_extension_names_those_that_are_known(write) -> None:
    with pytest.raises(BadFile, match=r"allowed are \.csv, \.ndjson, \.jsonl, \.parquet"):
        open_source(write("c.xlsx", "PK"))


def test_ndjson_that_is_no_text_is_refused_before_anything_of_it_is_read(write) -> None:
    path = write("c.ndjson", b'{"key": "a"}\n{"key": "\xe9"}\n')
    with pytest.raises(BadFile, match=r"c\.ndjson: line 2 is not UTF-8"):
        open_source(path)


@pytest.mark.parametrize("name", ["c.ndjson", "c.jsonl", "C.NDJSON"])
def test_ndjson_lines_that_are_no_objects_are_no_records(write, name) -> None:
    source = open_source(write(name, '{" key ": "a", "n": 1}\n\n[1]\n{"key": \n'))
    assert list(source) == [
        (1, {"key": "a", "n": 1}),
        (3, Unreadable(reason="not a JSON object")),
        (4, Unreadable(reason="not valid JSON")),
    ]


def test_parquet_rows_keep_their_types(tmp_path) -> None:
    table = pa.table(
        {
            "key": ["a", "b"],
            "birthday": [date(1815, 12, 10), None],
            "created": [datetime(2026, 1, 1, tzinfo=UTC), None],
            "bounces": [3, 0],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    source = open_source(tmp_path / "c.parquet")
    [(number, first), (_, second)] = list(source)
    assert (number, source.total, source.done) == (1, 2, 2)
    assert first == {
        "key": "a",
        "birthday": date(1815, 12, 10),
        "created": datetime(2026, 1, 1, tzinfo=UTC),
        "bounces": 3,
    }
    assert second["birthday"] is None


def test_what_is_not_parquet_says_so(write) -> None:
    with pytest.raises(BadFile, match="not a Parquet file"):
        open_source(write("c.parquet", "key,city\n"))


def test_a_damaged_parquet_file_says_so(tmp_path) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"key": [f"{number:040}" for number in range(5_000)]}), path, compression="gzip")
    content = bytearray(path.read_bytes())
    content[100:600] = bytes(500)
    path.write_bytes(content)
    with pytest.raises(BadFile, match="damaged"):
        list(open_source(path))
