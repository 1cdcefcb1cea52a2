from django.apps import AppConfig


class Console(AppConfig):
    """The pages."""

    name = "leadferry.console.web"
    label = "console"
