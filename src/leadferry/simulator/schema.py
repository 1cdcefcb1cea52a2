"""The fields of an object: what kind of value each takes, who may write it, and how describe tells it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_TEXTUAL = frozenset({"string", "textarea", "phone", "url", "email", "picklist", "multipicklist"})


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field; `length` in characters, `precision` counts all digits, `digits` those of an int."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    default: str | bool | None = None
    id_lookup: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    restricted: bool = False
    values: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def textual(self) -> bool:
        return self.type in _TEXTUAL

    @property
    def minds_case(self) -> bool:
        """Whether values that differ only in case are two; ids always do."""
        return self.case_sensitive or self.type in ("id", "reference")

    @property
    def is_key(self) -> bool:
        """Whether rows may be found by this field in an upsert."""
        return self.external_id or self.id_lookup

    @property
    def indexed(self) -> bool:
        return self.is_key or self.unique

    @property
    def required_on_insert(self) -> bool:
        return self.createable and not self.nillable and not self.defaulted


class Schema:
    """An object's fields by name, whatever the case of the name."""

    def __init__(self, sobject: str, fields: Iterable[Field]) -> None:
        self.sobject = sobject
        self._fields = {each.name.lower(): each for each in fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def find(self, name: str) -> Field | None:
        """The field of that name, hidden or not."""
        return self._fields.get(name.lower())

    def seen(self, name: str) -> Field | None:
        """The field of that name, unless field-level security hides it."""
        found = self.find(name)
        return None if found is None or found.hidden else found

    def visible(self) -> list[Field]:
        return [each for each in self if not each.hidden]

    def put(self, changed: Field) -> None:
        self._fields[changed.name.lower()] = changed

    def remove(self, name: str) -> None:
        self._fields.pop(name.lower(), None)


def standard(
    name: str,
    label: str,
    type_: str,
    flags: str = "NCU",
    *,
    length: int = 0,
    values: tuple[str, ...] = (),
    refers_to: tuple[str, ...] = (),
) -> Field:
    """A field from its flags: N nillable, C createable, U updateable, D defaulted, L id lookup,
    R restricted picklist, H hidden in a fresh organization (letters of the field reference)."""
    return Field(
        name=name,
        label=label,
        type=type_,
        length=length,
        values=values,
        refers_to=refers_to,
        nillable="N" in flags,
        createable="C" in flags,
        updateable="U" in flags,
        defaulted="D" in flags,
        id_lookup="L" in flags,
        restricted="R" in flags,
        hidden="H" in flags,
    )


def key_field(name: str) -> Field:
    """A custom external id as Text(32): unique, and upper case is not lower case."""
    label = name.removesuffix("__c").replace("_", " ")
    return Field(
        name=name, label=label, type="string", length=32, unique=True, external_id=True, case_sensitive=True
    )


def numeric(found: Field, *, precision: int = 0, scale: int = 0, digits: int = 0) -> Field:
    return replace(found, precision=precision, scale=scale, digits=digits)


SYSTEM = (
    standard("Id", "Record ID", "id", "DL", length=18),
    standard("IsDeleted", "Deleted", "boolean", "D"),
    standard("CreatedDate", "Created Date", "datetime", "D"),
    standard("CreatedById", "Created By ID", "reference", "D", length=18, refers_to=("User",)),
    standard("LastModifiedDate", "Last Modified Date", "datetime", "D"),
    standard("LastModifiedById", "Last Modified By ID", "reference", "D", length=18, refers_to=("User",)),
    standard("SystemModstamp", "System Modstamp", "datetime", "D"),
)


def schema_of(sobject: str, fields: Iterable[Field]) -> Schema:
    """A schema with the system fields every object has."""
    return Schema(sobject, (*SYSTEM, *fields))
