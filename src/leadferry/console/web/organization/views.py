"""The page of a site's organization: who the site is in Salesforce, and what an administrator may change."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.organization.callback import callback_address, sentence
from leadferry.console.web.organization.forms import AGAIN, FORMS
from leadferry.console.web.organization.shown import FLOWS, shown
from leadferry.console.web.pages import Visit, may, page, show
from leadferry.contacts.models import Site
from leadferry.engine import access, credentials
from leadferry.engine.credentials import SecretNeeded
from leadferry.engine.doctor import Finding
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import organizations
from leadferry.ledger.configuration import ConfigurationError
from leadferry.ledger.keys import VaultError
from leadferry.salesforce import SalesforceError, TryLater

Findings = Sequence[Finding]


@require_GET
@page(Role.VIEWER, one_site=True)
def index(request: Visit) -> TemplateResponse:
    return _page(request)


@require_POST
@page(Role.ADMINISTRATOR)
def test(request: Visit) -> TemplateResponse:
    """The page again, with what the doctor finds; it may have learnt as whom the site is let in."""
    return _page(request, findings=access.test(_site(request), clock=wall_clock))


@require_POST
@page(Role.ADMINISTRATOR)
def connect(request: Visit) -> HttpResponse:
    """Send the browser to the consent page of the address that the site is set to, and nowhere else."""
    site = _site(request)
    try:
        address = access.begin(
            site,
            callback=callback_address(request),
            session=request.session.session_key or "",
            at=wall_clock(),
        )
    except (SalesforceError, VaultError) as fault:
        messages.error(request, sentence(fault))
        return redirect("organization", code=site.code)
    return redirect(address)


@require_POST
@page(Role.ADMINISTRATOR)
def disconnect(request: Visit) -> HttpResponse:
    """Revoke and forget; where Salesforce cannot be reached, offer to forget only."""
    site, only_forget = _site(request), request.POST.get("only") == "forget"
    try:
        access.disconnect(site, by=request.by, at=wall_clock(), revoked=not only_forget)
    except TryLater as fault:
        messages.error(request, f"Still connected: {sentence(fault)}")
        return _page(request, unrevoked=True)
    except (SalesforceError, VaultError) as fault:
        messages.error(request, sentence(fault))
    else:
        messages.success(request, "Disconnected: the credentials were forgotten here.")
    return redirect("organization", code=site.code)


@require_POST
@page(Role.ADMINISTRATOR)
def confirm(request: Visit) -> HttpResponse:
    """Accept this installation and whatever organization is met next; never by one stray click."""
    site = _site(request)
    if request.POST.get("sure") != "yes":
        messages.warning(request, "Nothing was confirmed: tick the box first.")
    else:
        organizations.confirm(site, by=request.by, at=wall_clock())
        messages.success(request, "Confirmed: the next contact with Salesforce pins its organization.")
    return redirect("organization", code=site.code)


@sensitive_post_parameters("client_secret", "private_key")
@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR)
def sign_in(request: Visit, flow: str) -> HttpResponse:
    """The form of one flow."""
    site = _site(request)
    if flow not in FORMS:
        raise Http404("There is no such way to sign in.")
    form = FORMS[flow](site, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            credentials.replace(site, form.wanted, by=request.by, at=wall_clock())
        except ConfigurationError as error:
            form.refuse(error)
        except SecretNeeded:
            form.add_error(form.secret, AGAIN)
        except VaultError as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, "Saved. Now connect in the browser." if flow == "web_server" else SAVED)
            return redirect("organization", code=site.code)
    context = {"form": form, "callback": callback_address(request) if flow == "web_server" else ""}
    return show(request, "console/organization_sign_in.html", title=f"Sign in: {FLOWS[flow]}", **context)


SAVED = "Saved. Test the connection now."


def _site(request: Visit) -> Site:
    site: Site | None = request.site
    if site is None:
        raise Http404("Choose a site first.")
    return site


def _page(
    request: Visit,
    *,
    findings: Findings | None = None,
    unrevoked: bool = False,
) -> TemplateResponse:
    site = _site(request)
    return show(
        request,
        "console/organization.html",
        title="Organization",
        shown=shown(site),
        site=site,
        flows=FLOWS,
        administrator=may(request, Role.ADMINISTRATOR, site),
        callback=callback_address(request),
        findings=findings,
        unrevoked=unrevoked,
    )
