"""The editors of a score's rules (interface description, section 2)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from leadferry.core.contact import CONTACT_FIELDS, FieldKind
from leadferry.scoring import values
from leadferry.scoring.parsing import MAX_NAME, field_kind, parse_rule
from leadferry.scoring.rules import Operator

CUSTOM = "custom."
Table = dict[str, Any]
BOOLEANS = {"true": True, "false": False}
MOST_TEXT = 40_000


def _text(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        strip=False,
        max_length=values.MAX_TEXT,
        widget=UnfoldAdminTextInputWidget,
    )


class RuleForm(forms.Form):
    """What both kinds of rules have; `table` is the rule as in the configuration file, once it is valid."""

    name = forms.CharField(max_length=MAX_NAME, widget=UnfoldAdminTextInputWidget)
    points = forms.IntegerField(
        min_value=-values.MAX_POINTS,
        max_value=values.MAX_POINTS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="May be negative.",
    )

    table: Table
    was: Mapping[str, Any]

    def __init__(self, posted: Any = None, *, was: Mapping[str, Any] | None = None) -> None:
        self.was = was or {}
        super().__init__(posted, initial=self.shown(self.was))

    def shown(self, table: Mapping[str, Any]) -> Table:
        """The values of the fields for a stored rule."""
        return dict(table)

    def keys(self, given: Mapping[str, Any]) -> Table:
        """The keys of the rule beside name and points."""
        return {}

    def clean(self) -> Table:
        """Checks the rule as the file's would be; what is wrong is told at its field."""
        given = super().clean() or {}
        if self.errors:
            return given
        table = {"name": given["name"], "points": given["points"], **self.keys(given)}
        _, problems = parse_rule(table)
        for problem in problems:
            field = problem.path if problem.path in self.fields else None
            self.add_error(field, f"{problem.wrong.capitalize()}; allowed is {problem.allowed}.")
        self.table = table
        return given


class AttributeRuleForm(RuleForm):
    """Points, once, for what a field of the contact holds."""

    attribute = forms.ChoiceField(label="Field", widget=UnfoldAdminSelectWidget)
    custom = _text("Custom field", "Its name; used with the field “custom field”.")
    operator = forms.ChoiceField(
        choices=[(operator.value, operator.value.replace("_", " ")) for operator in Operator],
        widget=UnfoldAdminSelectWidget,
    )
    value = forms.CharField(
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Left empty with “is empty” and “not empty”; with “in” one value a line. "
        "Dates as 2026-12-31; true or false for yes/no fields.",
    )

    def __init__(self, posted: Any = None, *, was: Mapping[str, Any] | None = None) -> None:
        super().__init__(posted, was=was)
        names = [(name, name.replace("_", " ")) for name in CONTACT_FIELDS]
        self.fields["attribute"].choices = [*names, (CUSTOM, "custom field")]  # type: ignore[attr-defined]

    def shown(self, table: Mapping[str, Any]) -> Table:
        attribute = str(table.get("attribute", ""))
        stored = table.get("value", "")
        lines = stored if isinstance(stored, list) else [stored]
        found = {"attribute": attribute, "value": "\n".join(_written(value) for value in lines)}
        if attribute.startswith(CUSTOM):
            found |= {"attribute": CUSTOM, "custom": attribute.removeprefix(CUSTOM)}
        return {**table, **found}

    def keys(self, given: Mapping[str, Any]) -> Table:
        attribute = given["attribute"]
        if attribute == CUSTOM:
            attribute = CUSTOM + given["custom"].strip()
        table: Table = {"attribute": attribute, "operator": given["operator"]}
        lines = given["value"].replace("\r\n", "\n")
        if given["operator"] == Operator.IN:
            typed = [line.strip() for line in lines.split("\n") if line.strip()]
            table["value"] = [self._operand(line, attribute) for line in typed]
        elif lines:
            table["value"] = self._operand(lines, attribute)
        return table

    def _operand(self, typed: str, attribute: str) -> Any:
        """The value of the type that the field has; a number of a text field stays the number it was."""
        kind = field_kind(attribute)
        if kind is FieldKind.BOOLEAN:
            return BOOLEANS.get(typed.strip().lower(), typed)
        if kind is FieldKind.INTEGER:
            return _number(typed.strip())
        stored = self.was.get("value")
        before = stored if isinstance(stored, list) else [stored]
        return next((value for value in before if value is not None and _written(value) == typed), typed)


class ActivityRuleForm(RuleForm):
    """Points for what a contact did."""

    activity = _text("Activity", "Its type, for example page_visit.", required=True)
    url_contains = _text("Address contains")
    title_contains = _text("Title contains")
    value_equals = _text("Value equals")
    recurring = forms.BooleanField(
        label="Counts every time",
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Otherwise once, however often it happened.",
    )
    max_points = forms.IntegerField(
        label="At most (points)",
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="The cap of a rule that counts every time; not below the points of one hit.",
    )
    valid_for = _text("Valid for", "Older activities do not count: 90d, 4w, 6m or 1y. Empty: for ever.")
    until = forms.DateField(
        label="Until",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="The last day (UTC) on which the rule gives points.",
    )

    def shown(self, table: Mapping[str, Any]) -> Table:
        return {"recurring": True, **table}

    def keys(self, given: Mapping[str, Any]) -> Table:
        table: Table = {"activity": given["activity"]}
        for name in ("url_contains", "title_contains", "value_equals", "valid_for"):
            if given[name]:
                table[name] = given[name]
        if not given["recurring"]:
            table["recurring"] = False
        if given["max_points"] is not None:
            table["max_points"] = given["max_points"]
        if given["until"]:
            table["until"] = given["until"].isoformat()
        return table


class ScoreForm(forms.Form):
    """A new score."""

    name = forms.CharField(
        max_length=MAX_NAME,
        widget=UnfoldAdminTextInputWidget,
        help_text="Settings and files call it by this name; it cannot be changed later.",
    )


FORMS: Mapping[str, type[RuleForm]] = {"attribute": AttributeRuleForm, "activity": ActivityRuleForm}


def kind_of(table: Mapping[str, Any]) -> str:
    """Which of FORMS edits the rule."""
    return "attribute" if "attribute" in table else "activity"


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(typed: str) -> Any:
    """The number that was typed, or, for the check to refuse, the text."""
    found = values.numeric(typed)
    if found is None:
        return typed
    return int(found) if found.is_integer() else found
