"""Two words for what is not typed further: a decoded JSON value, and a record as it is stored."""

from typing import Any

Json = Any
Row = dict[str, Any]
