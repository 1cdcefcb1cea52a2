"""Where Salesforce sends the browser back to: one address, one use, one browser session, ten minutes."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from leadferry.console.people.entering import must_change_password
from leadferry.console.people.models import Role
from leadferry.console.web.pages import may, show
from leadferry.console.web.signing_in import BY_LINK
from leadferry.engine import access
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import consents
from leadferry.ledger.consents import Begun
from leadferry.ledger.keys import VaultError
from leadferry.salesforce import NeedsPerson, SalesforceError

NAME = "organization-callback"
STRANGE = "This sign-in was not begun in this browser within the last ten minutes, or was used already."
DENIED = "Salesforce was told to deny the access; nothing was changed."


def callback_address(request: HttpRequest) -> str:
    """The address to register with the app: below LEADFERRY_PUBLIC_URL, else where the browser is now."""
    public = settings.PUBLIC_URL
    if public.netloc:
        return f"{public.scheme}://{public.netloc}{reverse(NAME)}"
    return request.build_absolute_uri(reverse(NAME))


def sentence(fault: Exception) -> str:
    """What went wrong and what to do about it; no credential is in either."""
    text = str(fault).rstrip(".")
    return f"{text}. {fault.fix}" if isinstance(fault, NeedsPerson) and fault.fix else f"{text}."


@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Finish the sign-in that was begun here; leads only to the page of its site.

    Whoever is not signed in goes to the sign-in page without the code, which no other address may carry.
    """
    if not request.user.is_authenticated:
        return redirect("sign-in")
    begun = _spent(request)
    if begun is None:
        answer = show(request, "console/organization_strange.html", title="Not connected", why=STRANGE)
        answer.status_code = HTTPStatus.BAD_REQUEST
        return answer
    if not may(request, Role.ADMINISTRATOR, begun.site) or _to_change_password(request):
        raise PermissionDenied
    _finish(request, begun)
    return redirect("organization", code=begun.site.code)


def _spent(request: HttpRequest) -> Begun | None:
    state, session = request.GET.get("state", ""), request.session.session_key
    if not (session and state):
        return None
    return consents.spend(state, session=session, at=wall_clock())


def _to_change_password(request: HttpRequest) -> bool:
    return BY_LINK not in request.session and must_change_password(request.user)  # type: ignore[arg-type]


def _finish(request: HttpRequest, begun: Begun) -> None:
    code = request.GET.get("code", "")
    if not code:
        denied = request.GET.get("error") == "access_denied"
        messages.warning(request, DENIED if denied else "Salesforce gave no access; nothing was changed.")
        return
    try:
        done = access.finish(
            begun,
            code,
            callback=callback_address(request),
            by=request.user.get_username(),
            clock=wall_clock,
        )
    except (SalesforceError, VaultError) as fault:
        messages.error(request, f"Not connected: {sentence(fault)}")
        return
    messages.success(request, f"Connected to organization {done.identity.org_id}.")
    for warning in done.warnings:
        messages.warning(request, warning)
