from .caller import Caller, error_of, row


def test_counted_answers_tell_the_usage(sf: Caller) -> None:
    usage = [sf.call("GET", "limits").headers["Sforce-Limit-Info"] for _ in range(2)]
    assert usage == ["api-usage=1/15000", "api-usage=2/15000"]


def test_limits_tell_what_remains(sf: Caller) -> None:
    assert sf.call("GET", "limits").json()["DailyApiRequests"] == {"Max": 15_000, "Remaining": 14_999}


def test_a_refused_request_counts_too(sf: Caller) -> None:
    answer = sf.upsert()
    assert (answer.status_code, answer.headers["Sforce-Limit-Info"]) == (400, "api-usage=1/15000")


def test_beyond_the_daily_limit_every_call_is_refused_and_free(sf: Caller) -> None:
    sf.control("PATCH", "settings", daily_limit=1)
    assert sf.codes(row("a")) == ["created"]
    answer = sf.upsert(row("b"))
    assert error_of(answer) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert answer.json()[0]["message"] == "TotalRequests Limit exceeded."
    assert sf.org.calls() == 1


def test_the_allowance_comes_back_after_a_day(sf: Caller) -> None:
    sf.control("PATCH", "settings", daily_limit=1)
    sf.upsert(row("a"))
    sf.control("POST", "clock", advance=24 * 3600 + 60)
    sf.sign_in()
    assert sf.codes(row("b")) == ["created"]


def test_others_spend_from_the_same_allowance(sf: Caller) -> None:
    sf.control("POST", "usage", calls=100)
    assert sf.call("GET", "limits").headers["Sforce-Limit-Info"] == "api-usage=101/15000"
    assert sf.org.calls() == 1


def test_the_gauge_may_be_off(sf: Caller) -> None:
    sf.control("POST", "usage", calls=100)
    sf.control("PATCH", "settings", usage_jitter=5)
    shown = [int(sf.call("GET", "limits").headers["Sforce-Limit-Info"][10:].split("/")[0]) for _ in range(10)]
    assert shown != sorted(shown)
    assert all(abs(value - (101 + number)) <= 5 for number, value in enumerate(shown))


def test_an_organization_may_have_no_api(sf: Caller) -> None:
    sf.control("PATCH", "settings", api_enabled=False)
    assert error_of(sf.call("GET", "limits")) == (403, "API_DISABLED_FOR_ORG")


def test_a_full_organization_takes_updates_only(sf: Caller) -> None:
    sf.upsert(row("a"))
    sf.control("PATCH", "settings", storage_leads=1)
    assert sf.codes(row("b"), row("a")) == ["STORAGE_LIMIT_EXCEEDED", "updated"]
