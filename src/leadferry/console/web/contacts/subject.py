"""The contact that a page is about."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from leadferry.console.web.pages import Visit
from leadferry.contacts.models import Contact, Site

LARGEST_ID = 2**63


def site_of(request: Visit) -> Site:
    """The site of the page, which is about one."""
    if request.site is None:
        raise PermissionDenied
    return request.site


def contact_of(request: Visit, contact_id: int) -> Contact:
    """The contact of the site; one of another site does not exist."""
    if contact_id >= LARGEST_ID:
        raise Http404("There is no such contact.")
    return get_object_or_404(Contact.objects.select_related("site"), pk=contact_id, site=site_of(request))


def called(contact: Contact) -> str:
    """What people call the contact."""
    return " ".join(filter(None, (contact.first_name, contact.last_name))) or contact.email or contact.key
