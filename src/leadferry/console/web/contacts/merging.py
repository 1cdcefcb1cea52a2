"""Two contacts made one, and parted again; what will happen is shown before it does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.contacts.subject import called, contact_of
from leadferry.console.web.pages import Visit, page, show
from leadferry.contacts import merging
from leadferry.contacts.merging import NotMerged
from leadferry.contacts.models import Activity, Contact
from leadferry.engine.merging import called as contact_called
from leadferry.engine.merging import merge as merge_contacts
from leadferry.engine.merging import split as split_contact
from leadferry.engine.replicate import wall_clock

OTHER, THIS = "other", "this"


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def merge(request: Visit, contact_id: int) -> HttpResponse:
    """Asks for the other contact and which one stays; shows what will happen; does it."""
    contact = contact_of(request, contact_id)
    given = request.POST if request.method == "POST" else request.GET
    key, stays = given.get("other", "").strip(), THIS if given.get("stays") == THIS else OTHER
    content = {"contact": contact, "other": key, "stays": stays}
    try:
        pair = _pair(contact, key, stays) if key else None
        if pair and request.method == "POST":
            return _merge(request, *pair)
    except NotMerged as reason:
        content["wrong"] = str(reason)
    else:
        content |= _shown(*pair) if pair else {}
    title = f"Merge {called(contact)}"
    return show(request, "console/contact_merge.html", title=title, **content)


def _pair(contact: Contact, key: str, stays: str) -> tuple[Contact, Contact]:
    """Parent and child. Raises NotMerged."""
    other = contact_called(contact.site, key)
    parent, child = (contact, other) if stays == THIS else (other, contact)
    merging.check(parent, child)
    return parent, child


def _shown(parent: Contact, child: Contact) -> dict[str, object]:
    done = Activity.objects.filter(contact=child).count()
    return {"parent": parent, "child": child, "done": done, "others": merging.children_of(child.pk)}


def _merge(request: Visit, parent: Contact, child: Contact) -> HttpResponse:
    merge_contacts(parent.site, child.key, into=parent.key, by=request.by, at=wall_clock())
    messages.success(request, f"{child.key} was merged into {parent.key}.")
    return redirect("contacts-fields", code=parent.site.code, contact_id=parent.pk)


@require_POST
@page(Role.OPERATOR, one_site=True)
def split(request: Visit, contact_id: int) -> HttpResponse:
    contact = contact_of(request, contact_id)
    try:
        split_contact(contact.site, contact.key, by=request.by, at=wall_clock())
    except NotMerged as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, "Split; the contact has its activities and its own lead again.")
    return redirect("contacts-fields", code=contact.site.code, contact_id=contact.pk)
