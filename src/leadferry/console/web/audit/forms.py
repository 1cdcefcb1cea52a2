"""The filters of the audit."""

from typing import Any

from auditlog.models import LogEntry
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from leadferry.console.people.trail import NAMES
from leadferry.ledger.models import Event

ANYTHING = [("", "anything")]


class ActionFilter(forms.Form):
    """By whom, and from when on. Dates are UTC."""

    person = forms.CharField(required=False, max_length=150)
    since = forms.DateField(
        required=False, label="From (UTC)", widget=forms.DateInput(attrs={"type": "date"})
    )

    def applied(self, found: QuerySet[Event]) -> QuerySet[Event]:
        """What the filter lets through."""
        wanted = self.cleaned_data
        if wanted["person"]:
            found = found.filter(user=wanted["person"])
        return found.filter(time__date__gte=wanted["since"]) if wanted["since"] else found


class ChangeFilter(forms.Form):
    """By whom, of what, and from when on. Dates are UTC."""

    person = forms.CharField(required=False, max_length=150)
    what = forms.ChoiceField(required=False, choices=[*ANYTHING, *((name, name) for name in NAMES.values())])
    since = forms.DateField(
        required=False, label="From (UTC)", widget=forms.DateInput(attrs={"type": "date"})
    )

    def applied(self, found: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        """What the filter lets through."""
        wanted: dict[str, Any] = self.cleaned_data
        if wanted["person"]:
            found = found.filter(actor__username=wanted["person"])
        if wanted["what"]:
            (model,) = (model for model, name in NAMES.items() if name == wanted["what"])
            found = found.filter(content_type=ContentType.objects.get_for_model(model))
        return found.filter(timestamp__date__gte=wanted["since"]) if wanted["since"] else found
