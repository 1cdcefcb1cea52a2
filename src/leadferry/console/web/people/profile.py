"""What people see and change about themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from leadferry.console.people.models import Role
from leadferry.console.web.pages import Visit, page, show
from leadferry.console.web.people.forms import ProfileForm
from leadferry.console.web.people.rows import row_of


@require_http_methods(["GET", "POST"])
@page(Role.VIEWER)
def own(request: Visit) -> HttpResponse:
    """Name, e-mail and roles of who asks."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile", code=request.site)
    row = row_of(request.user, site=None, locked=False)
    return show(request, "console/profile.html", title="Your profile", form=form, row=row)
