"""The simulated organization's other users: what they set up, what they undo, what they see."""

from collections.abc import Mapping
from typing import Any

import urllib3

RIVAL = "Rivalry Ltd"
RULE = {
    "name": "No_Rivals",
    "field": "Company",
    "pattern": f"^{RIVAL}$",
    "message": f"{RIVAL} is a competitor: no leads, please.",
}


class Organization:
    """An organization at `url` as the simulator's control API shows it."""

    def __init__(self, url: str) -> None:
        self._control = f"{url}/control"
        self._http = urllib3.PoolManager(timeout=30, retries=False)

    def close(self) -> None:
        self._http.clear()

    def refuse_rivals(self) -> str:
        """An administrator sets up a validation rule; gives its message."""
        self._said("POST", "/rules", RULE)
        return RULE["message"]

    def accept_rivals(self) -> None:
        self._said("DELETE", f"/rules/{RULE['name']}")

    def lock(self, email: str, *, times: int) -> None:
        """Somebody works on the record of `email`, for as long as it takes to try it so many times."""
        where = {"field": "Email", "equals": email}
        self._said("POST", "/faults", {"kind": "lock_row", "times": times, "where": where})

    def leads(self) -> int:
        return int(self._said("GET", "/state")["leads"])

    def calls(self) -> int:
        """API calls that the organization charged for."""
        return int(self._said("GET", "/state")["calls"])

    def _said(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        answer = self._http.request(method, self._control + path, json=body)
        if answer.status >= 400:
            raise RuntimeError(f"The simulator refuses {method} {path}: {answer.data.decode()}")
        return answer.json()
