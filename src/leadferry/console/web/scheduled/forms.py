"""The editor of a task's schedule."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from leadferry.core.schedule import DAYS
from leadferry.core.schedule_file import BadSchedule, parse_schedule
from leadferry.ledger.cron import cron_fault
from leadferry.ledger.models import Task

UNITS = {
    "s": "seconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    "mo": "months",
    "once": "once, at the start",
    "cron": "by cron expression",
}
WEEK = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"} | {
    "sat": "Saturday",
    "sun": "Sunday",
}
CLOCK = {"type": "time"}
KEPT_DAYS = 3650
OPTIONS = ("keep_days", "repair")
"""Fields that only some kinds of task have."""


class ScheduleForm(forms.Form):
    """Product description, section 6: period, start, every, between, days, time zone, or cron."""

    period = forms.ChoiceField(choices=list(UNITS.items()), widget=UnfoldAdminSelectWidget)
    every = forms.IntegerField(min_value=1, required=False, widget=UnfoldAdminIntegerFieldWidget)
    cron = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget,
        label="Cron expression",
        help_text="Minute, hour, day, month, weekday; used with the period “by cron expression”.",
    )
    start = forms.DateTimeField(
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
        help_text="In the time zone below. Periods are counted from here; empty: from now.",
    )
    opens = forms.TimeField(
        required=False, widget=UnfoldAdminTextInputWidget(attrs=CLOCK), label="Not before (time of day)"
    )
    closes = forms.TimeField(
        required=False, widget=UnfoldAdminTextInputWidget(attrs=CLOCK), label="Not after (time of day)"
    )
    days = forms.MultipleChoiceField(
        choices=list(WEEK.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget, label="On these days"
    )
    timezone = forms.ChoiceField(label="Time zone", widget=UnfoldAdminSelectWidget)
    keep_days = forms.IntegerField(
        min_value=1,
        max_value=KEPT_DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
        label="Keep for (days)",
        help_text="Events, runs and attempts older than this are removed.",
    )
    repair = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        label="Put right what differs",
        help_text="Gone leads are created again, changed ones overwritten, converted ones left alone. "
        "Off: differences are only told.",
    )

    table: dict[str, Any]

    def __init__(self, task: Task, posted: Any = None) -> None:
        super().__init__(posted, initial=_initial(task))
        self.fields["timezone"].choices = [(name, name) for name in sorted(available_timezones())]  # type: ignore[attr-defined]
        for name in OPTIONS:
            if name not in task.options:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        self.table = _table(given)
        for name in ("opens", "closes"):
            if bool(given[name]) < bool(given["opens"] or given["closes"]):
                self.add_error(name, "Give both times of day, or neither.")
        if given["period"] == "once" and not given["start"]:
            self.add_error("start", "Say when.")
        if not self.errors:
            self._check()
        return given

    def _check(self) -> None:
        try:
            parse_schedule(self.table, cron_fault=cron_fault)
        except BadSchedule as error:
            key = error.path.rpartition(".")[2]
            self.add_error({"between": "closes"}.get(key, key), f"Allowed is {error.allowed}.")

    @property
    def start_at(self) -> datetime | None:
        """The start as an instant."""
        start = self.cleaned_data["start"]
        return start.replace(tzinfo=ZoneInfo(self.cleaned_data["timezone"])) if start else None

    @property
    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OPTIONS if name in self.cleaned_data}


def _initial(task: Task) -> dict[str, Any]:
    table = task.schedule
    every = str(table.get("every", "1h"))
    unit = next(each for each in ("once", "mo", *"smhdw") if every.endswith(each))
    zone = table.get("timezone", "UTC")
    opens, closes = table.get("between", ("", ""))
    start = task.start.astimezone(ZoneInfo(zone)) if task.start else None
    return {
        "period": "cron" if "cron" in table else unit,
        "every": every.removesuffix(unit) or None,
        "cron": table.get("cron", ""),
        "start": f"{start:%Y-%m-%dT%H:%M}" if start else None,
        "opens": opens,
        "closes": closes,
        "days": table.get("days", list(DAYS)),
        "timezone": zone,
        **task.options,
    }


def _table(given: dict[str, Any]) -> dict[str, Any]:
    """The schedule as in the configuration file, without what is as by default."""
    period = given["period"]
    table: dict[str, Any] = {"cron": given["cron"].strip()} if period == "cron" else {}
    if period != "cron":
        table["every"] = period if period == "once" else f"{given['every'] or ''}{period}"
    if given["opens"] and given["closes"]:
        table["between"] = [f"{given[name]:%H:%M}" for name in ("opens", "closes")]
    if len(given["days"]) < len(DAYS):
        table["days"] = given["days"]
    return table | {"timezone": given["timezone"]}
