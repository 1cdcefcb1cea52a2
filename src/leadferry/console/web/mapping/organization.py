"""What the mapping editor asks of the organization: its describe anew, and the external ID field."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.pages import Visit, page
from leadferry.engine import describes
from leadferry.engine.key_field import NotCustom, create_key_field
from leadferry.engine.line import Line
from leadferry.engine.replicate import wall_clock
from leadferry.ledger.keys import VaultError
from leadferry.ledger.settings import effective
from leadferry.salesforce import NeedsPerson, SalesforceError


@require_POST
@page(Role.ADMINISTRATOR, one_site=True)
def read_again(request: Visit) -> HttpResponse:
    """Read the describe of Lead; one API call."""

    def read(line: Line) -> str:
        fields = len(describes.current(line, anew=True).fields)
        return f"The organization was read again: the user sees {fields} fields of Lead."

    return _asked(request, read)


@require_POST
@page(Role.ADMINISTRATOR, one_site=True)
def create_key(request: Visit) -> HttpResponse:
    """Create the external ID field and let the connected user edit it."""
    name = request.POST.get("name", "")

    def create(line: Line) -> str:
        describe = create_key_field(line, name, by=request.by)
        if describe.field(name) is None:
            return f"{name} was created; the organization does not show it yet. Read it again in a minute."
        return f"{name} was created in the organization."

    return _asked(request, create)


def _asked(request: Visit, work: Callable[[Line], str]) -> HttpResponse:
    if request.site is None:
        raise PermissionDenied
    line = Line(site=request.site, settings=effective(request.site), clock=wall_clock)
    try:
        messages.success(request, work(line))
    except (SalesforceError, VaultError, NotCustom, ValueError) as fault:
        fix = fault.fix if isinstance(fault, NeedsPerson) else ""
        messages.error(request, f"{fault} {fix}".strip())
    finally:
        line.close()
    return redirect("mapping", code=request.site.code)
