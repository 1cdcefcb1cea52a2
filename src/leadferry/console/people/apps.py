"""The app of people, roles and audit."""

from django.apps import AppConfig


class People(AppConfig):
    """Who may do what, and the audit of who did it."""

    name = "leadferry.console.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog  # noqa: PLC0415 - models are loaded only now

        from leadferry.console.people.audit import AUDITED  # noqa: PLC0415

        for model, columns in AUDITED.items():
            auditlog.register(model, include_fields=list(columns))
