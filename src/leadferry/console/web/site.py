"""The admin site that gives the console its look: sign-in, sidebar, tables and forms by unfold."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.sites import UnfoldAdminSite


class Console(UnfoldAdminSite):  # type: ignore[misc]
    """Pages of our own stand beside it; people without any role on a model see none of its pages."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active)

    def index(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return redirect("home")

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """There is one sign-in page, which is not this one."""
        return redirect(f"{reverse('sign-in')}?{request.GET.urlencode()}")


console = Console(name="admin")
