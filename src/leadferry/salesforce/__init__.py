"""A small, fast, synchronous Salesforce client; usable without the rest of Leadferry.

    from leadferry.salesforce import Client, ClientCredentials

Errors are sorted by what to do next: see `leadferry.salesforce.errors`.
A name is loaded when it is first asked for, so that who only handles errors does not load an HTTP library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadferry.salesforce.auth import Authorization, ClientCredentials, JwtBearer, RefreshToken
    from leadferry.salesforce.browser import BrowserLogin, Granted, LoginStarted, revoke
    from leadferry.salesforce.client import Client
    from leadferry.salesforce.collections import MOST_ROWS, RowError, RowResult
    from leadferry.salesforce.composite import SubAnswer, SubRequest
    from leadferry.salesforce.describe import Description
    from leadferry.salesforce.errors import (
        AuthorizationRefused,
        InDoubt,
        LimitReached,
        NeedsPerson,
        NotFound,
        Rejected,
        SalesforceError,
        SeveralMatches,
        TryLater,
        Unreachable,
    )
    from leadferry.salesforce.limits import Usage
    from leadferry.salesforce.oauth import Identity
    from leadferry.salesforce.records import Upserted
    from leadferry.salesforce.transport import Timeouts, Transport

__all__ = [
    "MOST_ROWS",
    "Authorization",
    "AuthorizationRefused",
    "BrowserLogin",
    "Client",
    "ClientCredentials",
    "Description",
    "Granted",
    "Identity",
    "InDoubt",
    "JwtBearer",
    "LimitReached",
    "LoginStarted",
    "NeedsPerson",
    "NotFound",
    "RefreshToken",
    "Rejected",
    "RowError",
    "RowResult",
    "SalesforceError",
    "SeveralMatches",
    "SubAnswer",
    "SubRequest",
    "Timeouts",
    "Transport",
    "TryLater",
    "Unreachable",
    "Upserted",
    "Usage",
    "revoke",
]

_HOMES = {
    "auth": "Authorization ClientCredentials JwtBearer RefreshToken",
    "browser": "BrowserLogin Granted LoginStarted revoke",
    "client": "Client",
    "collections": "MOST_ROWS RowError RowResult",
    "composite": "SubAnswer SubRequest",
    "describe": "Description",
    "errors": "AuthorizationRefused InDoubt LimitReached NeedsPerson NotFound Rejected SalesforceError "
    "SeveralMatches TryLater Unreachable",
    "limits": "Usage",
    "oauth": "Identity",
    "records": "Upserted",
    "transport": "Timeouts Transport",
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names.split():
            found: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
