"""The mapping editor's form with everything that is said about it."""

from dataclasses import dataclass, field
from typing import Any

from leadferry.console.web.mapping.key_choices import key_choices
from leadferry.console.web.mapping.rows import (
    NOTHING,
    Beside,
    Parts,
    addable,
    as_table,
    elsewhere,
    posted_parts,
    rows,
    stored_parts,
)
from leadferry.console.web.mapping.sources import custom_names
from leadferry.contacts.models import Site
from leadferry.core.mapping import BadMapping
from leadferry.core.preflight import Finding, Level
from leadferry.engine import remap
from leadferry.engine.foresight import Foresight, foresee
from leadferry.engine.lead_preview import LeadPreview, preview
from leadferry.ledger import configuration, organizations
from leadferry.ledger.configuration import ConfigurationError
from leadferry.ledger.models import Settings
from leadferry.ledger.settings import SiteSettings, effective


@dataclass(kw_only=True)
class Editor:
    """The form of one site: as stored, or as posted."""

    site: Site
    settings: SiteSettings
    parts: dict[str, Parts]
    key_field: str
    base: str
    contact: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    person: LeadPreview | None = None
    foresight: Foresight | None = None

    @classmethod
    def stored(cls, site: Site) -> "Editor":
        settings = effective(site)
        key_field = settings.replication.external_id_field
        parts = stored_parts(settings.mapping, organizations.last_described(site), key_field)
        base = configuration.seen(site.code)
        return cls(site=site, settings=settings, parts=parts, key_field=key_field, base=base)

    @classmethod
    def posted(cls, site: Site, form: Any) -> "Editor":
        settings = effective(site)
        return cls(
            site=site,
            settings=settings,
            parts=posted_parts(form),
            key_field=form.get("external_id_field") or settings.replication.external_id_field,
            base=form.get("base", ""),
            contact=form.get("contact", "").strip(),
        )

    @property
    def table(self) -> dict[str, Any]:
        return as_table(self.parts, self.settings.mapping)

    def add(self, name: str) -> None:
        """Give a lead field a row; one that the organization does not have gets none."""
        describe = organizations.last_described(self.site)
        found = describe.field(name) if describe else None
        if found:
            self.parts.setdefault(found.name, NOTHING)

    def look(self, *, effects: bool) -> None:
        """Find out what is wrong, what the lead would hold and, with `effects`, what saving does."""
        tables = remap.edited(self.site, mapping=self.table, key_field=self.key_field)
        try:
            if effects:
                self.foresight = foresee(self.site.code, tables)
            else:
                configuration.propose(self.site.code, tables)
        except ConfigurationError as refused:
            self.refuse(refused)
        usable = {name: raw for name, raw in self.table.items() if name.lower() not in self.problems}
        if usable:
            self._look_at(remap.proposed(self.site, usable, self.key_field))

    def _look_at(self, settings: SiteSettings) -> None:
        try:
            self.findings = [
                found
                for found in remap.findings(self.site, settings)
                if found.field.lower() not in self.problems
            ]
            self.person = preview(self.site, settings, key=self.contact)
        except BadMapping as wrong:
            self.general += [str(problem) for problem in wrong.problems]

    def refuse(self, refused: ConfigurationError) -> None:
        """Put what was found wrong beside its row."""
        start = f"site.{self.site.code}.mapping."
        names = {name.lower() for name in self.parts}
        for problem in refused.problems:
            target = problem.path.removeprefix(start).partition(".")[0].lower()
            if problem.path.startswith(start) and target in names:
                self.problems.setdefault(target, []).append(problem.message)
            else:
                self.general.append(str(problem))

    def content(self) -> dict[str, Any]:
        """What the templates show."""
        describe = organizations.last_described(self.site)
        shown = self.person.fields if self.person else {}
        beside = Beside(problems=self.problems, findings=self.findings, shown=shown)
        own = Settings.objects.filter(site=self.site).exclude(mapping={}).exists()
        return {
            "editor": self,
            "rows": rows(self.parts, describe, custom_names(self.site), beside),
            "addable": addable(describe, self.parts, self.key_field),
            "elsewhere": list(elsewhere(beside, self.parts)),
            "blocked": bool(self.problems or self.general) or any(map(_blocks, self.findings)),
            "key": key_choices(describe, self.key_field) if describe else None,
            "described_at": organizations.of(self.site).described_at,
            "connected": self.settings.connection is not None,
            "own": own,
        }


def _blocks(found: Finding) -> bool:
    return found.level is Level.ERROR
