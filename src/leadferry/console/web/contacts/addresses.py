"""Addresses of the contacts."""

from leadferry.console.web.contacts import editing, importing, listing, merging, viewing
from leadferry.console.web.pages import page_path

PAGES = [
    page_path("contacts/", listing.index, "contacts"),
    page_path("contacts/export/<slug:form>/", listing.export, "contacts-export"),
    page_path("contacts/new/", editing.new, "contacts-new"),
    page_path("contacts/import/", importing.choose, "contacts-import"),
    page_path("contacts/import/<slug:upload>/", importing.look, "contacts-import-look"),
    page_path("contacts/import/<slug:upload>/report/", importing.report, "contacts-import-report"),
    page_path("contacts/key/<path:key>/", viewing.by_key, "contacts-detail"),
    page_path("contacts/<int:contact_id>/", viewing.fields, "contacts-fields"),
    page_path("contacts/<int:contact_id>/activities/", viewing.activities, "contacts-activities"),
    page_path("contacts/<int:contact_id>/scores/", viewing.scores, "contacts-scores"),
    page_path("contacts/<int:contact_id>/salesforce/", viewing.salesforce, "contacts-salesforce"),
    page_path("contacts/<int:contact_id>/edit/", editing.edit, "contacts-edit"),
    page_path("contacts/<int:contact_id>/remove/", editing.remove, "contacts-remove"),
    page_path("contacts/<int:contact_id>/merge/", merging.merge, "contacts-merge"),
    page_path("contacts/<int:contact_id>/split/", merging.split, "contacts-split"),
    page_path("contacts/<int:contact_id>/unblock/", editing.unblock, "contacts-unblock"),
    page_path("contacts/<int:contact_id>/send/", editing.send, "contacts-send"),
]
