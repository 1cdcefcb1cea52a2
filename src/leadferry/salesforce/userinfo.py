"""Who a token speaks for (Salesforce help, "The UserInfo Endpoint")."""

from __future__ import annotations

from leadferry.salesforce.connection import Connection, mapped


def username(connection: Connection) -> str:
    """The user's sign-in name; "" when the app's scopes do not let the token ask."""
    answer = connection.told_of_token("/services/oauth2/userinfo")
    if answer.status != 200:
        return ""
    return str(mapped(answer).get("preferred_username") or "")
