"""One contact: its fields, what it did, its scores, and how it stands with Salesforce."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.web.addressing import number
from leadferry.console.web.contacts.listing import LOOK
from leadferry.console.web.contacts.subject import called, contact_of, site_of
from leadferry.console.web.pages import Visit, may, page, show
from leadferry.contacts.models import Activity, Contact
from leadferry.core.contact import CONTACT_FIELDS, FieldKind
from leadferry.core.outcome import Invalid
from leadferry.engine.replicate import wall_clock
from leadferry.engine.standing import mapped_now
from leadferry.engine.why import explained
from leadferry.ledger import attempts
from leadferry.ledger.access import of as access_of
from leadferry.scoring.models import Score, Total
from leadferry.scoring.scores import points_per_rule

SHOWN = 50
TABS = (
    ("Fields", "contacts-fields"),
    ("Activities", "contacts-activities"),
    ("Scores", "contacts-scores"),
    ("Salesforce", "contacts-salesforce"),
)


@require_GET
@page(Role.VIEWER, one_site=True)
def by_key(request: Visit, key: str) -> HttpResponse:
    """The address for who knows the contact's key alone."""
    contact = get_object_or_404(Contact, site=site_of(request), key=key)
    return redirect("contacts-salesforce", code=contact.site.code, contact_id=contact.pk)


@require_GET
@page(Role.VIEWER, one_site=True)
def fields(request: Visit, contact_id: int) -> TemplateResponse:
    contact = contact_of(request, contact_id)
    custom = orjson.loads(contact.custom) if contact.custom else {}
    named = [(name.replace("_", " ").capitalize(), _shown(contact, name)) for name in CONTACT_FIELDS]
    return _tab(
        request,
        contact,
        "console/contact_fields.html",
        filled=[pair for pair in named if pair[1] not in ("", None)],
        empty=[title for title, value in named if value in ("", None)],
        custom=sorted(custom.items()),
    )


def _shown(contact: Contact, name: str) -> Any:
    value = getattr(contact, name)
    if name == "anonymous" and contact.anonymous_stated is not None:
        return "yes, as stated" if value else "no, as stated"
    if CONTACT_FIELDS[name] is FieldKind.BOOLEAN:
        return "yes" if value else "no"
    return value


@require_GET
@page(Role.VIEWER, one_site=True)
def activities(request: Visit, contact_id: int) -> TemplateResponse:
    """The newest first."""
    contact = contact_of(request, contact_id)
    done = Activity.objects.filter(contact=contact)
    if before := number(request.GET.get("before", "")):
        last = done.filter(pk=before).first()
        if last is None:
            raise Http404("There is no such activity.")
        done = done.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(done.order_by("-at", "-pk")[: SHOWN + 1])
    older = found[SHOWN - 1].pk if len(found) > SHOWN else None
    template = "console/contact_activities.html"
    return _tab(request, contact, template, activities=found[:SHOWN], older=older, newest=not before)


@require_GET
@page(Role.VIEWER, one_site=True)
def scores(request: Visit, contact_id: int) -> TemplateResponse:
    contact = contact_of(request, contact_id)
    return _tab(request, contact, "console/contact_scores.html", scores=list(_scores(contact)))


def _scores(contact: Contact) -> Iterator[tuple[Score, int, list[tuple[str, int, int]]]]:
    """Each score, the contact's points in it, and what each rule gives."""
    totals = dict(Total.objects.filter(contact=contact).values_list("score_id", "points"))
    now = wall_clock()
    for score in Score.objects.filter(site=contact.site):
        rules = points_per_rule(contact.site, contact.pk, score.name, now=now)
        yield score, totals.get(score.pk, 0), rules


@require_GET
@page(Role.VIEWER, one_site=True)
def salesforce(request: Visit, contact_id: int) -> TemplateResponse:
    contact = contact_of(request, contact_id)
    answer = explained(contact.site, contact.key, at=wall_clock())
    mapped = mapped_now(contact.site, contact.pk)
    if answer is None or mapped is None:
        raise Http404("The contact is gone.")
    standing = answer.standing
    return _tab(
        request,
        contact,
        "console/contact_salesforce.html",
        answer=answer,
        standing=standing,
        look=LOOK.get(standing.status, ""),
        address=_address(contact, standing.lead_id),
        refused=mapped.reason if isinstance(mapped, Invalid) else None,
        mapped={} if isinstance(mapped, Invalid) else mapped,
        attempts=attempts.of(contact.site, contact.pk),
        held=standing.status in ("blocked", "invalid"),
    )


def _address(contact: Contact, lead_id: str) -> str:
    """Where the lead is seen in Salesforce; empty while nobody knows."""
    instance = access_of(contact.site).instance_url
    return f"{instance.rstrip('/')}/{lead_id}" if lead_id and instance.startswith("http") else ""


def _tab(request: Visit, contact: Contact, template: str, **content: Any) -> TemplateResponse:
    return show(
        request,
        template,
        title=called(contact),
        contact=contact,
        tabs=TABS,
        here=request.resolver_match.view_name if request.resolver_match else "",
        operator=may(request, Role.OPERATOR, contact.site),
        **content,
    )
