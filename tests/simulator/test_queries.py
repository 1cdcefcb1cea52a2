import pytest

from .caller import Caller, error_of, row


@pytest.fixture
def cast(sf: Caller) -> Caller:
    """Ada of London with 3 people, Bob of Brno with 20, Cy of nowhere."""
    sf.upsert(
        row("a", LastName="Ada", City="London", NumberOfEmployees=3, Email="ada@engines.example"),
        row("b", LastName="Bob", City="Brno", NumberOfEmployees=20),
        row("c", LastName="Cy O'Neil_1"),
    )
    return sf


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("City = 'london'", ["Ada"]),
        ("City != 'London'", ["Bob", "Cy O'Neil_1"]),
        ("City = null", ["Cy O'Neil_1"]),
        ("City != null AND NumberOfEmployees > 5", ["Bob"]),
        ("NumberOfEmployees <= 3 OR City IN ('Brno', 'Wien')", ["Ada", "Bob"]),
        ("(City = 'London' OR City = 'Brno') AND NumberOfEmployees < 10", ["Ada"]),
        ("City = 'London' OR (City = 'Brno' AND NumberOfEmployees < 0)", ["Ada"]),
        ("City != null AND NumberOfEmployees > 0 AND NumberOfEmployees < 5", ["Ada"]),
        ("LeadferryId__c IN ('a', 'C')", ["Ada"]),
        ("LeadferryId__c NOT IN ('a', 'b')", ["Cy O'Neil_1"]),
        ("NOT City = 'London'", ["Bob", "Cy O'Neil_1"]),
        ("LastName LIKE 'a%'", ["Ada"]),
        ("LastName LIKE '%\\_1'", ["Cy O'Neil_1"]),
        ("LastName = 'Cy O\\'Neil_1'", ["Cy O'Neil_1"]),
        ("IsConverted = false AND City = 'Brno'", ["Bob"]),
        ("CreatedDate >= 2020-01-01T00:00:00Z AND City = 'Brno'", ["Bob"]),
        ("CreatedDate < TODAY", []),
        ("CreatedDate >= TODAY AND City = 'Brno'", ["Bob"]),
        ("CreatedDate >= LAST_N_DAYS:2 AND City = 'Brno'", ["Bob"]),
    ],
)
def test_a_condition_finds_its_leads(cast: Caller, where: str, names: list[str]) -> None:
    assert cast.column("LastName", f"WHERE {where}") == names


def test_leads_come_in_the_order_asked_for(cast: Caller) -> None:
    assert cast.column("LastName", "ORDER BY NumberOfEmployees DESC NULLS LAST LIMIT 2") == ["Bob", "Ada"]
    assert cast.column("LastName", "ORDER BY City ASC")[0] == "Cy O'Neil_1"
    assert cast.column("LastName", "ORDER BY LastName OFFSET 2") == ["Cy O'Neil_1"]


def test_leads_are_counted(cast: Caller) -> None:
    assert cast.query("SELECT count() FROM Lead WHERE City != null") == {
        "totalSize": 2,
        "done": True,
        "records": [],
    }


def test_names_of_fields_come_back_in_their_own_spelling(cast: Caller) -> None:
    [record] = cast.query("select lastname, id from lead where city = 'Brno'")["records"]
    assert list(record) == ["attributes", "LastName", "Id"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT Id FROM Laed", "INVALID_TYPE"),
        ("SELECT Foo__c FROM Lead", "INVALID_FIELD"),
        ("SELECT Id FROM Lead WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id Lead", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE City = 'x", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE City = 'x' AND City = 'y' OR City = 'z'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE (City = 'x' OR City = 'y' AND City = 'z')", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead LIMIT many", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead LIMIT 99999999999999999999", "MALFORMED_QUERY"),
        ("SELECT Id, FROM Lead", "MALFORMED_QUERY"),
        ("SELECT FROM Lead", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHER City = 'x'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE City = London", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE City IN ('x'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE CreatedDate > LAST_N_DAYS", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE CreatedDate > THIS_DAY", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE CreatedDate > LAST_N_DAYS:999999999", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead ORDER BY City NULLS NEVER", "MALFORMED_QUERY"),
    ],
)
def test_a_wrong_query_is_refused_in_the_platforms_words(sf: Caller, text: str, code: str) -> None:
    assert error_of(sf.call("GET", "query", params={"q": text})) == (400, code)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("SELECT City FROM Lead GROUP BY City", "GROUP BY"),
        ("SELECT Owner.Name FROM Lead", "Owner.Name"),
        ("SELECT max(City) FROM Lead", "max"),
        ("SELECT count(Id) FROM Lead", "count"),
        ("SELECT Company, COUNT(Id) n FROM Lead GROUP BY Company HAVING COUNT(Id) > 1 ORDER BY n", "COUNT"),
        ("SELECT City FROM Lead GROUP BY ROLLUP(City, State) LIMIT 5", "GROUP BY"),
        ("SELECT FIELDS(ALL) FROM Lead LIMIT 200", "FIELDS"),
        ("SELECT Id, (SELECT Subject FROM Tasks) FROM Lead", "subquery"),
        ("SELECT TYPEOF Owner WHEN User THEN Email ELSE Name END FROM Lead", "TYPEOF"),
        ("SELECT l.Id FROM Lead l WHERE l.City = 'Brno'", "alias"),
        ("SELECT o.Name FROM Lead AS l, l.Owner o", "alias"),
        ("SELECT Id FROM Lead USING SCOPE Mine", "USING SCOPE"),
        ("SELECT Id FROM Lead WHERE Id IN (SELECT LeadId FROM CampaignMember) AND City = 'Brno'", "subquery"),
        ("SELECT Id FROM Lead WHERE Id NOT IN (SELECT LeadId FROM CampaignMember)", "subquery"),
        ("SELECT Id FROM Lead WHERE CreatedDate = THIS_MONTH", "THIS_MONTH"),
        ("SELECT Id FROM Lead WHERE CreatedDate = NEXT_N_WEEKS:2 OR City = null", "NEXT_N_WEEKS:2"),
        ("SELECT Id FROM Lead WHERE CreatedDate > N_DAYS_AGO:3", "N_DAYS_AGO:3"),
        ("SELECT Id FROM Lead WHERE CreatedDate = TODAY", "= TODAY"),
        ("SELECT Id FROM Lead WHERE CreatedDate IN (TODAY, YESTERDAY)", "IN TODAY"),
        ("SELECT Id FROM Lead WHERE AnnualRevenue > USD5000", "USD5000"),
        ("SELECT Id FROM Lead WHERE CALENDAR_YEAR(CreatedDate) = 2026", "CALENDAR_YEAR"),
        ("SELECT Id FROM Lead WHERE DISTANCE(Address, GEOLOCATION(37.7,-122.4), 'mi') < 20", "DISTANCE"),
        ("SELECT Id FROM Lead WHERE Status INCLUDES ('a;b', 'c')", "INCLUDES"),
        ("SELECT Id FROM Lead WITH SECURITY_ENFORCED LIMIT 5", "WITH"),
        ("SELECT Id FROM Lead LIMIT 5 FOR VIEW", "FOR"),
    ],
)
def test_soql_beyond_the_subset_says_so(sf: Caller, text: str, thing: str) -> None:
    answer = sf.call("GET", "query", params={"q": text})
    assert error_of(answer) == (501, "NOT_SIMULATED")
    assert thing in answer.json()[0]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(Id FROM Lead",
        "SELECT count(Id) FROM Lead WHERE",
        "SELECT nonsense(Id) FROM Lead",
        "SELECT max() FROM Lead",
        "SELECT (Subject FROM Tasks) FROM Lead",
        "SELECT TYPEOF Owner WHEN User THEN Email FROM Lead",
        "SELECT Id FROM Lead AS WHERE City = 'Brno'",
        "SELECT Id FROM Lead WHERE Id IN (SELECT LeadId FROM CampaignMember",
        "SELECT Id FROM Lead WHERE Id IN (SELECT LeadId)",
        "SELECT Id FROM Lead WHERE CreatedDate = THIS_MONTH OR",
        "SELECT City FROM Lead GROUP City",
        "SELECT City FROM Lead GROUP BY City,",
        "SELECT Id FROM Lead FOR LUNCH",
    ],
)
def test_a_query_beyond_the_subset_that_is_wrong_as_well_is_malformed(sf: Caller, text: str) -> None:
    assert error_of(sf.call("GET", "query", params={"q": text})) == (400, "MALFORMED_QUERY")


def test_a_number_of_many_digits_can_be_compared_with(cast: Caller) -> None:
    assert cast.column("LastName", f"WHERE NumberOfEmployees < {10**30} AND City = 'Brno'") == ["Bob"]


def test_a_long_answer_comes_in_pages(sf: Caller) -> None:
    for start in (0, 200):
        sf.upsert(*(row(f"k{start + number:03d}") for number in range(200)))
    headers = {"Sforce-Query-Options": "batchSize=250"}
    first = sf.call("GET", "query", params={"q": "SELECT Id FROM Lead"}, headers=headers).json()
    assert (first["totalSize"], first["done"], len(first["records"])) == (400, False, 250)
    second = sf.call("GET", first["nextRecordsUrl"], headers=headers).json()
    assert (second["done"], len(second["records"]), "nextRecordsUrl" in second) == (True, 150, False)


def test_a_page_is_kept_for_two_days(sf: Caller) -> None:
    sf.upsert(*(row(f"a{number}") for number in range(200)))
    sf.upsert(row("b"))
    headers = {"Sforce-Query-Options": "batchSize=200"}
    first = sf.call("GET", "query", params={"q": "SELECT Id FROM Lead"}, headers=headers).json()
    sf.control("POST", "clock", advance=2 * 24 * 3600 + 1)
    sf.sign_in()
    assert error_of(sf.call("GET", first["nextRecordsUrl"])) == (400, "INVALID_QUERY_LOCATOR")


def test_deleted_leads_are_seen_by_query_all_alone(cast: Caller) -> None:
    [ada] = cast.column("Id", "WHERE LastName = 'Ada'")
    cast.control("POST", f"leads/{ada}/delete")
    text = "SELECT LastName FROM Lead WHERE LeadferryId__c = 'a'"
    assert cast.query(text)["totalSize"] == 0
    assert cast.query(text, everything=True)["totalSize"] == 1


def test_the_organization_and_its_user_can_be_asked(sf: Caller) -> None:
    assert sf.query("SELECT Id, IsSandbox FROM Organization")["records"][0]["Id"] == sf.org.id
    assert sf.query("SELECT Id FROM User WHERE IsActive = true")["records"][0]["Id"] == sf.org.user_id


def test_ids_that_differ_in_case_are_two_ids(sf: Caller) -> None:
    ids = [each["id"] for each in sf.results(*(row(f"k{number}") for number in range(60)))]
    folded = [id_[:15].casefold() for id_ in ids]
    twins = [id_ for id_, low in zip(ids, folded, strict=True) if folded.count(low) == 2]
    assert len(twins) > 2
    assert sf.column("Id", f"WHERE Id = '{twins[0][:15]}'") == twins[:1]
