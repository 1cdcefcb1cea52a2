"""What is asked about a person."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from leadferry.console.people.models import Role
from leadferry.contacts.models import Site

NO_ROLE = [("", "no role")]
EVERYWHERE = ""
"""Stands for all sites."""


class RoleForm(forms.Form):
    """A role, and where."""

    place = forms.ChoiceField(label="On", required=False, widget=UnfoldAdminSelectWidget)
    role = forms.TypedChoiceField(
        label="Role",
        coerce=lambda chosen: Role(int(chosen)),
        empty_value=None,
        required=False,
        choices=[*NO_ROLE, *Role.choices],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, sites: list[Site], *, everywhere: bool, posted: Any = None) -> None:
        super().__init__(posted)
        self.sites = {site.code: site for site in sites}
        choices = [(code, site.display_name or code) for code, site in self.sites.items()]
        shown = [(EVERYWHERE, "all sites"), *choices] if everywhere else choices
        self.fields["place"].choices = shown  # type: ignore[attr-defined]
        self.fields["place"].required = not everywhere

    @property
    def site(self) -> Site | None:
        """Where; None: on all sites."""
        return self.sites.get(self.cleaned_data["place"])


class InviteForm(RoleForm):
    """Somebody new."""

    username = forms.SlugField(
        max_length=150,
        label="Name to sign in with",
        widget=UnfoldAdminTextInputWidget,
        help_text="Letters, digits, - and _.",
    )
    email = forms.EmailField(required=False, label="E-mail", widget=UnfoldAdminEmailInputWidget)

    field_order = ["username", "email", "place", "role"]

    def __init__(self, sites: list[Site], *, everywhere: bool, posted: Any = None) -> None:
        super().__init__(sites, everywhere=everywhere, posted=posted)
        # Without a role, only administrators of all sites would ever see the person again.
        self.fields["role"].required = not everywhere

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("Somebody has this name already.")
        return name


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]
        labels = {"email": "E-mail"}
        widgets = {
            "first_name": UnfoldAdminTextInputWidget,
            "last_name": UnfoldAdminTextInputWidget,
            "email": UnfoldAdminEmailInputWidget,
        }
