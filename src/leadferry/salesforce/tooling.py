"""Changes of what an org is made of (Tooling API guide, "CustomField")."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from leadferry.salesforce.connection import Connection
from leadferry.salesforce.names import checked_name


def create_field(connection: Connection, sobject: str, name: str, metadata: Mapping[str, object]) -> None:
    """Add the custom field `name` (ending in __c); `metadata` as in the Metadata API: label, type, length …

    Raises Rejected with code DUPLICATE_DEVELOPER_NAME when the object has it already.
    """
    body = {"FullName": f"{checked_name(sobject)}.{checked_name(name)}", "Metadata": dict(metadata)}
    connection.write("POST", "/tooling/sobjects/CustomField", orjson.dumps(body))
