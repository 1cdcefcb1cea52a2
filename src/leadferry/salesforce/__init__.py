"""A small, fast, synchronous Salesforce client; usable without the rest of Leadferry.

    from leadferry.salesforce import Client, ClientCredentials

Errors are sorted by what to do next: see `leadferry.salesforce.errors`.
"""

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
from leadferry.salesforce.wire import Timeouts

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
    "TryLater",
    "Unreachable",
    "Upserted",
    "Usage",
    "revoke",
]
