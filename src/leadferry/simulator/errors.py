"""The vendor's errors: codes and texts as Salesforce words them, in its two shapes.

A whole request is refused by an exception, one row of it by a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

REFERENCE = "docs/reference/simulator.md"
_LAST_MISSPELT = 54


class ApiError(Exception):
    """A request that is refused as a whole; answered as an array with `errorCode`."""

    def __init__(self, status: int, code: str, message: str, *, fields: Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields

    def body(self) -> list[dict[str, Any]]:
        entry: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            entry["fields"] = list(self.fields)
        return [entry]


class DuplicatesError(ApiError):
    """A single-row save that a duplicate rule holds back; its body carries what matched."""

    def __init__(self, message: str, result: dict[str, Any], *, key: str) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, "DUPLICATES_DETECTED", message)
        self._detail = {key: result}

    def body(self) -> list[dict[str, Any]]:
        return [self._detail | {"errorCode": self.code, "message": self.message}]


class RefusedRowError(ApiError):
    """A single-row save that met several errors; its body tells them all, the first gives the status."""

    def __init__(self, found: Sequence[ApiError]) -> None:
        first = found[0]
        super().__init__(first.status, first.code, first.message, fields=first.fields)
        self._found = found

    def body(self) -> list[dict[str, Any]]:
        return [entry for each in self._found for entry in each.body()]


class OAuthError(Exception):
    """A refusal of an OAuth endpoint; answered as `error` and `error_description` with status 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def body(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}


class ControlError(Exception):
    """A call of the control API that says something impossible; the text names what is allowed."""


class CannotServe(Exception):
    """An organization whose file or address cannot be had; the text says which, why, and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class RowError:
    """Why one row was not saved: `statusCode`, text, and the fields to blame."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    detail: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}

    def as_request_error(self, *, version: int) -> ApiError:
        """The same refusal for a call about this row alone; older versions misspell a key."""
        if self.detail is not None:
            key = "duplicateResult" if version > _LAST_MISSPELT else "duplicateResut"
            return DuplicatesError(self.message, self.detail, key=key)
        status = HTTPStatus.NOT_FOUND if self.code == "ENTITY_IS_DELETED" else HTTPStatus.BAD_REQUEST
        return ApiError(status, self.code, self.message, fields=self.fields)


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", message)


def not_simulated(what: str) -> ApiError:
    """Something the platform has and this organization does not pretend to."""
    text = f"{what} is not simulated; see {REFERENCE}"
    return ApiError(HTTPStatus.NOT_IMPLEMENTED, "NOT_SIMULATED", text)


def bad_request(code: str, message: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, code, message)


def invalid_session() -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, "INVALID_SESSION_ID", "Session expired or invalid")


def daily_limit() -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def concurrent_limit() -> ApiError:
    text = "ConcurrentPerOrgLongTxn Limit exceeded."
    return ApiError(HTTPStatus.FORBIDDEN, "REQUEST_LIMIT_EXCEEDED", text)


def required(names: Sequence[str]) -> RowError:
    text = f"Required fields are missing: [{', '.join(names)}]"
    return RowError(code="REQUIRED_FIELD_MISSING", message=text, fields=tuple(names))


def no_such_column(name: str, sobject: str) -> RowError:
    text = f"No such column '{name}' on sobject of type {sobject}"
    return RowError(code="INVALID_FIELD", message=text, fields=(name,))


def not_writable(names: Sequence[str]) -> RowError:
    listed = ", ".join(names)
    text = (
        f"Unable to create/update fields: {listed}. Please check the security settings of this field and "
        "verify that it is read/write for your profile or permission set."
    )
    return RowError(code="INVALID_FIELD_FOR_INSERT_UPDATE", message=text, fields=tuple(names))


def duplicate_value(field: str, holder: str) -> RowError:
    text = f"duplicate value found: {field} duplicates value on record with id: {holder}"
    return RowError(code="DUPLICATE_VALUE", message=text, fields=(field,))


ROLLED_BACK = RowError(
    code="ALL_OR_NONE_OPERATION_ROLLED_BACK",
    message="Record rolled back because not all records were valid "
    "and the request was using AllOrNone header",
)
DELETED = RowError(code="ENTITY_IS_DELETED", message="entity is deleted")
CONVERTED = RowError(code="CANNOT_UPDATE_CONVERTED_LEAD", message="cannot reference converted lead")
