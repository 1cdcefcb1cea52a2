"""Several requests in one: composite (one API call, references between them) and batch (each one counts)."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from leadferry.simulator import errors, gate
from leadferry.simulator.errors import ApiError, bad_request
from leadferry.simulator.shapes import Json
from leadferry.simulator.wire import Answer, Call

_DATA = "/services/data/"
_MOST = 25
_MOST_HEAVY = 5
_HEAVY = re.compile(r"/services/data/v\d+\.0/(?:query|queryAll|composite/sobjects)(?:[/?]|$)")
_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])*)\}")
_NESTED = re.compile(r"/services/data/v\d+\.0/composite(?!/sobjects)")
_HALTED = {
    "errorCode": "PROCESSING_HALTED",
    "message": "The transaction was rolled back since another operation in the same transaction failed.",
}


class _UndoneError(Exception):
    """Leaves a transaction that is to be undone."""


def composite(call: Call) -> Answer:
    """POST composite: up to 25 subrequests, of them at most 5 queries and collections; costs one call."""
    body = call.record()
    whole = call.flag(body, "allOrNone")
    parts = _parts(body, "compositeRequest", "url")
    heavy = sum(bool(_HEAVY.match(part["url"])) for part in parts)
    if heavy > _MOST_HEAVY:
        raise bad_request(
            "LIMIT_EXCEEDED", f"No more than {_MOST_HEAVY} query or sObject collection operations"
        )
    _check_references(parts)
    answers: list[dict[str, Any]] = []
    try:
        with call.org.store.atomic():
            answers = _all(call, parts)
            if whole and any(each["httpStatusCode"] >= 400 for each in answers):
                raise _UndoneError
    except _UndoneError:
        answers = [each if each["httpStatusCode"] >= 400 else _halted(each) for each in answers]
    rows = sum(len(each["body"]) for each in answers if isinstance(each["body"], list))
    return Answer(body={"compositeResponse": answers}, rows=rows)


def _parts(body: Mapping[str, Any], name: str, url: str) -> list[dict[str, Any]]:
    parts = body.get(name)
    if not isinstance(parts, list) or not parts:
        raise bad_request("JSON_PARSER_ERROR", f"{name} has to be an array of requests")
    if len(parts) > _MOST:
        raise bad_request("LIMIT_EXCEEDED", f"The maximum number of subrequests is {_MOST}")
    for part in parts:
        if (
            not isinstance(part, dict)
            or not isinstance(part.get(url), str)
            or not isinstance(part.get("method"), str)
        ):
            raise bad_request("JSON_PARSER_ERROR", f"Each request has a method and a {url}")
    return parts


def _check_references(parts: list[dict[str, Any]]) -> None:
    names = [part.get("referenceId") for part in parts]
    if not all(isinstance(name, str) and re.fullmatch(r"\w+", name) for name in names):
        raise bad_request(
            "INVALID_INPUT", "Each subrequest needs a referenceId of letters, digits and underscores"
        )
    if len(set(names)) < len(names):
        raise bad_request("INVALID_INPUT", "Each referenceId has to be unique")


def _all(call: Call, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    known: dict[str, Any] = {}
    for part in parts:
        answer = _one(call, part, known)
        known[part["referenceId"]] = answer.body
        answers.append(
            {
                "body": answer.body,
                "httpHeaders": {},
                "httpStatusCode": int(answer.status),
                "referenceId": part["referenceId"],
            }
        )
    return answers


def _one(call: Call, part: Mapping[str, Any], known: Mapping[str, Any]) -> Answer:
    """The answer to one subrequest, errors included; what it wrote before an error is undone."""
    try:
        url = _filled(part["url"], known)
        content = json.loads(_filled(json.dumps(part["body"]), known)) if "body" in part else None
        with call.org.store.atomic():
            return _inner(call, part["method"], url, content, _headers(part))
    except ApiError as error:
        return Answer(status=error.status, body=error.body())


def _headers(part: Mapping[str, Any]) -> dict[str, str]:
    headers = part.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise bad_request("JSON_PARSER_ERROR", "httpHeaders is an object of names and values")
    return {name.lower(): str(value) for name, value in headers.items()}


def _inner(call: Call, method: str, url: str, content: Json, own: Mapping[str, str]) -> Answer:
    split = urlsplit(url)
    if not split.path.startswith(_DATA) or _NESTED.match(split.path):
        raise bad_request("INVALID_INPUT", f"A subrequest cannot ask for {split.path}")
    if "authorization" in own:
        raise bad_request("INVALID_INPUT", "A subrequest cannot carry its own authorization")
    path = unquote(split.path)
    inside = path.removeprefix(_DATA).strip("/")
    if not inside:
        return gate.versions(call)
    return call.within(
        method=method.upper(),
        path=path,
        version=gate.check_version(inside.partition("/")[0]),
        query=dict(parse_qsl(split.query)),
        headers={"authorization": call.headers.get("authorization", ""), **own},
        content=content,
    )


def _filled(text: str, known: Mapping[str, Any]) -> str:
    """References such as `@{made.id}` replaced by what the earlier answers hold."""

    def value(found: re.Match[str]) -> str:
        try:
            held = known[found[1]]
            for step in re.findall(r"\w+", found[2]):
                held = held[int(step)] if isinstance(held, list) else held[step]
        except (KeyError, IndexError, TypeError, ValueError):
            raise bad_request(
                "PROCESSING_HALTED", f"Invalid reference specified. No value for {found[0]}"
            ) from None
        return str(held)

    return _REFERENCE.sub(value, text)


def _halted(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"body": [_HALTED], "httpStatusCode": 400}


def batch(call: Call) -> Answer:
    """POST composite/batch: up to 25 independent subrequests, each of which counts."""
    body = call.record()
    halts = call.flag(body, "haltOnError")
    parts = _parts(body, "batchRequests", "url")
    results: list[dict[str, Any]] = []
    failed = False
    for number, part in enumerate(parts):
        if failed and halts:
            halted = errors.bad_request(
                "BATCH_PROCESSING_HALTED", "Batch processing halted per request"
            ).body()
            results.append({"statusCode": 412, "result": halted})
            continue
        if number:
            call.org.spend()
        url = _DATA + part["url"].removeprefix(_DATA).lstrip("/")
        answer = _one(call, {**part, "url": url, **_rich(part)}, {})
        failed = failed or answer.status >= 400
        results.append({"statusCode": int(answer.status), "result": answer.body})
    return Answer(body={"hasErrors": failed, "results": results})


def _rich(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"body": part["richInput"]} if "richInput" in part else {}
