"""What people do to one contact: add, edit, remove, unblock, send."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.contacts.forms import ContactForm
from leadferry.console.web.contacts.subject import called, contact_of, site_of
from leadferry.console.web.pages import Visit, may, page, show
from leadferry.contacts.merging import NotMerged
from leadferry.contacts.models import Contact
from leadferry.engine.contact_edit import KeyTaken, NotTaken
from leadferry.engine.contact_edit import add as add_contact
from leadferry.engine.contact_edit import edit as edit_contact
from leadferry.engine.removal import remove as remove_contacts
from leadferry.engine.replicate import wall_clock
from leadferry.engine.send_now import NotSent, send_now
from leadferry.ledger import quarantine
from leadferry.ledger.leases import SiteBusy
from leadferry.ledger.tasks import AlreadyRunning
from leadferry.salesforce import SalesforceError


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def new(request: Visit) -> HttpResponse:
    form = ContactForm(None, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"]
            saved = add_contact(site_of(request), key, form.changes(), by=request.by, at=wall_clock())
        except KeyTaken:
            form.blame("key", "The site has a contact with this key already.")
        except NotTaken as fault:
            form.blame(fault.field, str(fault))
        else:
            messages.success(request, "The contact was added.")
            return _to(saved.contact)
    return show(request, "console/contact_edit.html", title="Add a contact", form=form)


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def edit(request: Visit, contact_id: int) -> HttpResponse:
    """Only what was altered is written: two people who edit different fields do not undo each other."""
    contact = contact_of(request, contact_id)
    form = ContactForm(contact, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            saved = edit_contact(contact, form.changes(), by=request.by, at=wall_clock())
        except NotTaken as fault:
            form.blame(fault.field, str(fault))
        else:
            done = "The contact was saved." if saved.changed else "Nothing was altered."
            messages.success(request, done)
            return _to(contact)
    title = f"Edit {called(contact)}"
    return show(request, "console/contact_edit.html", title=title, form=form, contact=contact)


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def remove(request: Visit, contact_id: int) -> HttpResponse:
    """Asks before it removes. Erasing, which deletes the lead too, takes an administrator."""
    contact = contact_of(request, contact_id)
    administrator = may(request, Role.ADMINISTRATOR, contact.site)
    if request.method == "POST":
        erase = request.POST.get("how") == "erase"
        if erase and not administrator:
            raise PermissionDenied
        return _remove(request, contact, erase=erase)
    title = f"Remove {called(contact)}"
    content = {"contact": contact, "administrator": administrator}
    return show(request, "console/contact_remove.html", title=title, **content)


def _remove(request: Visit, contact: Contact, *, erase: bool) -> HttpResponse:
    try:
        done = remove_contacts(contact.site, [contact], erase=erase, clock=wall_clock)
    except (NotMerged, SiteBusy, SalesforceError) as fault:
        messages.error(request, f"Nothing was removed: {fault}")
        return _to(contact, "contacts-remove")
    lead = "its lead was deleted in Salesforce." if done.leads else "it had no lead in Salesforce."
    text = (
        f"The person was erased; {lead}" if erase else "The contact was deleted; a lead stays in Salesforce."
    )
    messages.success(request, text)
    return redirect("contacts", code=contact.site.code)


@require_POST
@page(Role.OPERATOR, one_site=True)
def unblock(request: Visit, contact_id: int) -> HttpResponse:
    contact = contact_of(request, contact_id)
    if quarantine.release(contact.site, keys=[contact.key], by=request.by, at=wall_clock()):
        messages.success(request, "Unblocked; the next run looks at the contact.")
    else:
        messages.warning(request, "The contact is not blocked, so there is nothing to lift.")
    return _to(contact, "contacts-salesforce")


@require_POST
@page(Role.OPERATOR, one_site=True)
def send(request: Visit, contact_id: int) -> HttpResponse:
    contact = contact_of(request, contact_id)
    try:
        send_now(contact.site, contact, by=request.by, at=wall_clock())
    except NotSent as reason:
        messages.warning(request, str(reason))
    except AlreadyRunning:
        messages.warning(request, "A run is under way; the contact is the first of the next one.")
    else:
        messages.success(request, "The contact is first in line; a run begins within seconds.")
    return _to(contact, "contacts-salesforce")


def _to(contact: Contact, name: str = "contacts-fields") -> HttpResponse:
    return redirect(name, code=contact.site.code, contact_id=contact.pk)
