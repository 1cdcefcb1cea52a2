"""A plain HTTP caller of the simulated organization; it shares no code with Leadferry's own client."""

from collections.abc import Iterable
from typing import Any

import httpx2

from leadferry.simulator import Org, create_app

HOST = "http://org.example"
DATA = "/services/data/v67.0"
UPSERT = f"{DATA}/composite/sobjects/Lead/LeadferryId__c"


def row(key: str | None, **fields: Any) -> dict[str, Any]:
    """A good row with that key; fields replace or add to it."""
    good = {"attributes": {"type": "Lead"}, "LastName": "Lovelace", "Company": "Analytical Engines"}
    return good | ({"LeadferryId__c": key} if key else {}) | fields


class Caller:
    """Speaks to one organization in process, signed in by client credentials."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.http = httpx2.Client(transport=httpx2.WSGITransport(app=create_app(org)), base_url=HOST)
        self.sign_in()

    def token(self, **form: str) -> httpx2.Response:
        return self.http.post("/services/oauth2/token", data=form)

    def sign_in(self) -> None:
        answer = self.token(grant_type="client_credentials", client_id="app", client_secret="s3cret")
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any
    ) -> httpx2.Response:
        target = path if path.startswith("/") else f"{DATA}/{path}"
        return self.http.request(method, target, headers={**self.headers, **(headers or {})}, **rest)

    def upsert(self, *rows: dict[str, Any], whole: bool = False, **rest: Any) -> httpx2.Response:
        return self.call("PATCH", UPSERT, json={"allOrNone": whole, "records": list(rows)}, **rest)

    def results(self, *rows: dict[str, Any], **rest: Any) -> list[dict[str, Any]]:
        answer = self.upsert(*rows, **rest)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def codes(self, *rows: dict[str, Any], **rest: Any) -> list[str]:
        """For each row `created`, `updated`, or the code of its first error."""
        return [_word(each) for each in self.results(*rows, **rest)]

    def error(self, **fields: Any) -> dict[str, Any]:
        """The only error of the only row, which has these fields."""
        [result] = self.results(row("a-17", **fields))
        [error] = result["errors"]
        return error

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        answer = self.http.request(method, f"/control/{path}", json=body or None)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def leads(self) -> list[dict[str, Any]]:
        return self.control("GET", "leads")

    def query(self, text: str, *, everything: bool = False) -> dict[str, Any]:
        answer = self.call("GET", "queryAll" if everything else "query", params={"q": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def column(self, field: str, rest: str = "") -> list[Any]:
        return [each[field] for each in self.query(f"SELECT {field} FROM Lead {rest}")["records"]]


def _word(result: dict[str, Any]) -> str:
    if result["errors"]:
        return result["errors"][0]["statusCode"]
    return "created" if result["created"] else "updated"


def error_of(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a request that was refused as a whole."""
    [error] = answer.json()
    return answer.status_code, error["errorCode"]


def keys(results: Iterable[dict[str, Any]]) -> list[set[str]]:
    return [set(each) for each in results]
