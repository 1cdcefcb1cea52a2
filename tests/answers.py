"""Answers of Salesforce that a test makes up, as the network would bring them."""

from io import BytesIO

import orjson
import urllib3


def answer(status: int, content: object) -> urllib3.HTTPResponse:
    """An answer whose body is `content` as JSON."""
    headers = {"Content-Type": "application/json"}
    body = BytesIO(orjson.dumps(content))
    return urllib3.HTTPResponse(body, headers=headers, status=status, preload_content=False)
