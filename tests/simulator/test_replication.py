from datetime import timedelta

import pytest

from .caller import Caller, error_of, row


def around(sf: Caller, *, back: timedelta = timedelta(hours=1)) -> dict[str, str]:
    now = sf.org.now()
    return {"start": (now - back).isoformat(), "end": (now + timedelta(minutes=2)).isoformat()}


def test_changed_leads_are_listed_by_time(sf: Caller) -> None:
    [made] = sf.results(row("a"))
    body = sf.call("GET", "sobjects/Lead/updated/", params=around(sf)).json()
    assert body["ids"] == [made["id"]]
    assert body["latestDateCovered"].endswith(":00.000+0000")


def test_deleted_leads_are_listed_with_their_time(sf: Caller) -> None:
    [made] = sf.results(row("a"))
    sf.control("POST", f"leads/{made['id']}/delete")
    body = sf.call("GET", "sobjects/Lead/deleted/", params=around(sf)).json()
    assert [each["id"] for each in body["deletedRecords"]] == [made["id"]]
    assert sf.call("GET", "sobjects/Lead/updated/", params=around(sf)).json()["ids"] == []


@pytest.mark.parametrize(("resource", "days"), [("updated", 30), ("deleted", 15)])
def test_the_past_is_covered_only_so_far_back(sf: Caller, resource: str, days: int) -> None:
    path = f"sobjects/Lead/{resource}"
    assert sf.call("GET", path, params=around(sf, back=timedelta(days=days))).status_code == 200
    answer = sf.call("GET", path, params=around(sf, back=timedelta(days=days + 1)))
    assert error_of(answer) == (400, "INVALID_REPLICATION_DATE")
