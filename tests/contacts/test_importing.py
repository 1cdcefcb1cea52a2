from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from leadferry.contacts.importing import BadFile, Report, Rows, import_contacts, open_source
from leadferry.contacts.models import Contact, Due
from leadferry.contacts.record import MAX_CUSTOM
from leadferry.core.state import Cause
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)


def take(site, *records, now=NOW, after=lambda ids: None) -> Report:
    return import_contacts(site, Rows(records), now=now, after_chunk=after)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def ada() -> Contact:
    return Contact.objects.get(key="ada")


def test_a_contact_comes_with_its_fields(acme) -> None:
    report = take(
        acme,
        {
            "key": " ada ",
            "first_name": " Ada ",
            "birthday": "1815-12-10",
            "bounces": "3",
            "monitored": "yes",
            "created": "2026-01-01T10:00:00+02:00",
            "temperature": "hot",
            "custom.size": "10",
        },
    )
    assert counts(report) == (1, 0, 0, 0)
    contact = ada()
    assert (contact.first_name, contact.birthday, contact.bounces) == ("Ada", date(1815, 12, 10), 3)
    assert (contact.monitored, contact.anonymous) == (True, False)
    assert contact.created == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert contact.modified == NOW
    assert contact.custom == '{"size":"10","temperature":"hot"}'


def test_the_same_records_again_change_nothing(acme) -> None:
    record = {"key": "ada", "email": "ada@example.com", "birthday": "1815-12-10", "x": 1.5, "bounces": 2}
    take(acme, record)
    Due.objects.all().delete()
    assert counts(take(acme, record, now=LATER)) == (0, 0, 1, 0)
    assert ada().modified == NOW
    assert not Due.objects.exists()


def test_a_change_is_stored_and_makes_the_contact_due(acme) -> None:
    take(acme, {"key": "ada", "city": "Praha"}, {"key": "bob", "city": "Brno"})
    Due.objects.all().delete()
    report = take(acme, {"key": "ada", "city": "Plzeň"}, {"key": "bob", "city": "Brno"}, now=LATER)
    assert counts(report) == (0, 1, 1, 0)
    assert (ada().city, ada().modified, ada().created) == ("Plzeň", LATER, NOW)
    assert [(due.contact.key, due.causes) for due in Due.objects.all()] == [("ada", Cause.CONTACT)]


def test_an_empty_cell_clears_and_a_missing_column_leaves_alone(acme) -> None:
    take(
        acme,
        {"key": "ada", "city": "Praha", "company": "Acme", "birthday": "1815-12-10", "mood": "ok", "x": "1"},
    )
    take(acme, {"key": "ada", "city": "", "birthday": None, "mood": ""})
    contact = ada()
    assert (contact.city, contact.company, contact.birthday) == ("", "Acme", None)
    assert contact.custom == '{"x":"1"}'
    take(acme, {"key": "ada", "x": None})
    assert ada().custom == ""


def test_created_is_never_taken_away(acme) -> None:
    take(acme, {"key": "ada"})
    assert counts(take(acme, {"key": "ada", "created": ""}, now=LATER)) == (0, 0, 1, 0)
    assert ada().created == NOW


def test_modified_is_our_own_knowledge(acme) -> None:
    take(acme, {"key": "ada", "modified": "2001-01-01"})
    assert ada().modified == NOW


@pytest.mark.parametrize(
    ("record", "anonymous"),
    [
        ({}, True),
        ({"company": "Acme"}, True),
        ({"email": "ada@example.com"}, False),
        ({"last_name": "Lovelace"}, False),
        ({"first_name": "Ada"}, False),
        ({"anonymous": "true", "email": "ada@example.com"}, True),
        ({"anonymous": "0"}, False),
        ({"anonymous": ""}, True),
    ],
)
def test_who_has_neither_name_nor_email_is_anonymous_unless_told(acme, record, anonymous) -> None:
    take(acme, {"key": "ada", **record})
    assert ada().anonymous is anonymous


def test_a_name_that_comes_later_ends_anonymity(acme) -> None:
    take(acme, {"key": "ada", "company": "Acme"})
    take(acme, {"key": "ada", "last_name": "Lovelace"})
    assert ada().anonymous is False


def test_the_later_of_two_lines_with_one_key_wins(acme) -> None:
    report = take(acme, {"key": "ada", "city": "Praha", "company": "Acme"}, {"key": "ada", "city": "Brno"})
    assert counts(report) == (1, 1, 0, 0)
    assert (ada().city, ada().company) == ("Brno", "Acme")
    assert Due.objects.get().version == 1


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"key": ""}, "key: allowed is from 1 to 200 characters"),
        ({}, "key: allowed is"),
        ({"key": "k" * 201}, "key: allowed is"),
        ({"key": "ada", "birthday": "10.12.1815"}, "birthday: allowed is an ISO 8601 date"),
        ({"key": "ada", "bounces": "many"}, "bounces: allowed is a whole number"),
        ({"key": "ada", "city": "x" * 1_001}, "city: allowed is text of at most 1000"),
        ({"key": "ada", "city": "a\x00b"}, "city: allowed is Unicode text without NUL"),
        ({"key": "ada", "city": ["Praha"]}, "city: allowed is text"),
        ({"key": "ada", "custom": "x"}, "custom: allowed is an object"),
        ({"key": "ada", "x": 1, "custom.x": 2}, "custom.x: allowed is one value"),
        ({"key": "ada", "custom": {"a;b": 1}}, "custom.a;b: allowed is a name"),
        ({"key": "ada", "x": {"deep": 1}}, "custom.x: allowed is text"),
        (
            {"key": "ada", "custom": {f"c{number}": 1 for number in range(201)}},
            "custom: allowed is at most 200",
        ),
    ],
)
def test_a_bad_value_rejects_its_line_and_no_other(acme, record, reason) -> None:
    report = take(acme, {"key": "bob"}, record, {"key": "cy"})
    assert counts(report) == (2, 0, 0, 1)
    [rejection] = report.rejections
    assert rejection.line == 2
    assert rejection.reason.startswith(reason)
    assert set(Contact.objects.values_list("key", flat=True)) == {"bob", "cy"}


def test_a_rejection_does_not_repeat_the_value(acme) -> None:
    [rejection] = take(acme, {"key": "ada", "birthday": "ada@example.com"}).rejections
    assert "example" not in rejection.reason


def test_of_many_rejections_the_first_are_kept(acme) -> None:
    report = take(acme, *({"key": ""} for _ in range(1_500)))
    assert (report.rejected, len(report.rejections)) == (1_500, 1_000)


def test_custom_values_keep_their_json_types(acme) -> None:
    take(acme, {"key": "ada", "b": True, "custom": {"i": 5, "f": 0.5, "t": "x", "none": None}})
    assert orjson.loads(ada().custom) == {"b": True, "i": 5, "f": 0.5, "t": "x"}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("key,x,custom.x", "two columns are for custom.x"),
        ("key,a;b", "column custom.a;b: allowed is a name"),
    ],
)
def test_a_file_with_an_ambiguous_or_wrong_header_is_refused(acme, tmp_path, header, reason) -> None:
    (tmp_path / "c.csv").write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(BadFile, match=reason):
        import_contacts(acme, open_source(tmp_path / "c.csv"), now=NOW, after_chunk=lambda ids: None)


def test_each_chunk_is_announced_inside_its_transaction(acme) -> None:
    take(acme, *({"key": f"k{number}"} for number in range(1_500)))
    announced: list[list[int]] = []
    records = [{"key": f"k{number}", "city": "x" if number % 2 else ""} for number in range(1_600)]
    report = take(acme, *records, after=lambda ids: announced.append(list(ids)))
    assert counts(report) == (100, 750, 750, 0)
    assert [len(ids) for ids in announced] == [500, 350]
    assert announced[1] == sorted(announced[1])


def test_a_chunk_that_fails_leaves_nothing_and_can_be_repeated(acme) -> None:
    class Killed(Exception):
        pass

    def killed(ids) -> None:
        if Contact.objects.count() > 1_000:
            raise Killed

    records = [{"key": f"k{number}"} for number in range(1_500)]
    with pytest.raises(Killed):
        take(acme, *records, after=killed)
    assert Contact.objects.count() == Due.objects.count() == 1_000
    assert counts(take(acme, *records)) == (500, 0, 1_000, 0)
    assert Due.objects.count() == 1_500


def test_progress_counts_what_is_done(acme) -> None:
    done: list[int] = []
    rows = Rows([{"key": f"k{number}"} for number in range(1_500)])
    import_contacts(acme, rows, now=NOW, after_chunk=lambda ids: None, on_progress=done.append)
    assert done == [1_000, 1_500]


def test_sites_do_not_share_keys(acme, globex) -> None:
    take(acme, {"key": "ada", "city": "Praha"})
    assert counts(take(globex, {"key": "ada", "city": "Brno"})) == (1, 0, 0, 0)
    assert set(Contact.objects.values_list("site__code", "city")) == {("acme", "Praha"), ("globex", "Brno")}


def test_what_was_not_taken_is_told_by_line_whenever_it_was_noticed(acme) -> None:
    take(acme, {"key": "ada", "custom": {f"c{number}": 1 for number in range(MAX_CUSTOM)}})
    too_many, without_key = {"key": "ada", "custom": {"one": "more"}}, {"key": ""}
    report = take(acme, too_many, without_key, too_many, without_key)
    lines = [rejection.line for rejection in report.rejections]
    assert len(lines) == 4 and lines == sorted(lines)
