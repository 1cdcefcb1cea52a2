"""How a site signs in to Salesforce, one form for each flow. Secrets go in and are never shown again."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from leadferry.contacts.models import Site
from leadferry.engine.credentials import SECRET_OF, Wanted
from leadferry.ledger.configuration import ConfigurationError
from leadferry.ledger.configuration.reading import FROM_ENVIRONMENT
from leadferry.ledger.settings import effective

KEEP = "Not shown. Leave it empty to keep the one that is stored."
AGAIN = "Give it anew: it was stored for another address or client ID."


class Unseen(UnfoldAdminTextareaWidget):  # type: ignore[misc]
    """A text area that never shows what it holds, not even what was just typed."""

    def format_value(self, value: Any) -> None:
        return None


class SignInForm(forms.Form):
    """What all flows ask for; the secret of the flow is the last field."""

    login_url = forms.CharField(
        label="Login address",
        max_length=255,
        widget=UnfoldAdminTextInputWidget,
        help_text="https://login.salesforce.com, https://test.salesforce.com, or your My Domain.",
    )
    client_id = forms.CharField(
        label="Client ID",
        max_length=255,
        widget=UnfoldAdminTextInputWidget,
        help_text="The consumer key of the external client app.",
    )
    api_version = forms.CharField(
        label="API version",
        max_length=10,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="59.0 to 68.0; empty: as inherited, or 66.0.",
    )
    flow = ""

    def __init__(self, site: Site, posted: Any = None) -> None:
        connection = effective(site).connection
        super().__init__(posted, initial=vars(connection) if connection else {})
        self.order_fields(["login_url", "client_id", "username", "audience", "api_version", self.secret])

    @property
    def secret(self) -> str:
        """The field that holds the secret."""
        return SECRET_OF[self.flow]

    @property
    def wanted(self) -> Wanted:
        given = {name: value for name, value in self.cleaned_data.items() if value and name != self.secret}
        return Wanted(flow=self.flow, table=given, secret=self.cleaned_data[self.secret])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, value in list(given.items()):
            # A file may name a variable of the environment; what is typed into a page may not read one.
            if str(value).startswith(FROM_ENVIRONMENT):
                self.add_error(name, f"Must not begin with {FROM_ENVIRONMENT}")
        return given

    def refuse(self, error: ConfigurationError) -> None:
        """Mark the fields that the check of the configuration finds wrong."""
        for problem in error.problems:
            name = problem.path.rpartition(".")[2].removesuffix("_file")
            self.add_error(name if name in self.fields else None, problem.message)


class SecretForm(SignInForm):
    client_secret = forms.CharField(
        label="Client secret",
        max_length=4000,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=KEEP,
    )


class BrowserForm(SecretForm):
    flow = "web_server"


class ClientCredentialsForm(SecretForm):
    flow = "client_credentials"


class JwtForm(SignInForm):
    flow = "jwt_bearer"

    username = forms.CharField(
        max_length=255,
        label="User name",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="Of the integration user, who must be pre-authorized for the app.",
    )
    audience = forms.CharField(
        max_length=255,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Empty: the login address.",
    )
    private_key = forms.CharField(
        label="Private key (PEM)",
        max_length=20_000,
        required=False,
        widget=Unseen(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=KEEP,
    )


FORMS: dict[str, type[SignInForm]] = {
    form.flow: form for form in (BrowserForm, ClientCredentialsForm, JwtForm)
}
