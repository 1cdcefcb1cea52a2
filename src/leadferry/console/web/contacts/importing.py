"""Contacts from a file: handed over, looked at, imported, reported."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods
from unfold.widgets import UnfoldAdminFileFieldWidget

from leadferry.console.people.models import Role
from leadferry.console.web.contacts import uploads
from leadferry.console.web.contacts.subject import site_of
from leadferry.console.web.pages import Visit, page, show
from leadferry.contacts.importing import BadFile, Report
from leadferry.contacts.models import Site
from leadferry.contacts.preview import preview
from leadferry.contacts.sources import FORMATS
from leadferry.engine.contact_edit import import_file
from leadferry.engine.replicate import wall_clock


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="File",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(FORMATS)}),
    )


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def choose(request: Visit) -> HttpResponse:
    """Which file; the next page shows what would come of it."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        site = site_of(request)
        try:
            name = uploads.keep(site, form.cleaned_data["file"])
        except BadFile as fault:
            form.add_error("file", str(fault))
        else:
            return redirect("contacts-import-look", code=site.code, upload=name)
    return show(request, "console/contacts_import.html", title="Import contacts", form=form)


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def look(request: Visit, upload: str) -> HttpResponse:
    """What would come of the file; once confirmed, the import itself."""
    site = site_of(request)
    try:
        path = uploads.path_of(site, upload)
    except uploads.NoUpload:
        messages.warning(request, "That file is not kept any more: hand it over again.")
        return redirect("contacts-import", code=site.code)
    if request.method == "POST":
        return _import(request, site, upload, path)
    try:
        looked = preview(site, path)
    except BadFile as fault:
        messages.error(request, _reason(fault, path))
        return redirect("contacts-import", code=site.code)
    return show(request, "console/contacts_import_look.html", title="Import contacts", looked=looked)


def _import(request: Visit, site: Site, upload: str, path: Path) -> HttpResponse:
    broken, report = "", Report()
    try:
        report = import_file(site, path, by=request.by, at=wall_clock())
    except BadFile as fault:
        broken = _reason(fault, path)
    uploads.close(site, upload, report, broken=broken)
    return redirect("contacts-import-report", code=site.code, upload=upload)


@require_GET
@page(Role.OPERATOR, one_site=True)
def report(request: Visit, upload: str) -> HttpResponse:
    """What came of the import, and why lines were rejected."""
    try:
        told = uploads.report_of(site_of(request), upload)
    except uploads.NoUpload:
        raise Http404("That report is not kept any more.") from None
    return show(request, "console/contacts_import_report.html", title="Import finished", told=told)


def _reason(fault: BadFile, path: Path) -> str:
    """The message without the place where we keep the file."""
    return str(fault).removeprefix(f"{path}: ")
