"""Makes the installation equal to a configuration file, wholly or not at all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from django.db import transaction

from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.ledger.configuration import checking, effects, saving
from leadferry.ledger.configuration.changes import Change, Changes, between
from leadferry.ledger.configuration.problems import ConfigurationError
from leadferry.ledger.configuration.reading import Document, read
from leadferry.ledger.configuration.scopes import DEFAULT, Scope, stored
from leadferry.ledger.configuration.wanted import Reading, wanted
from leadferry.ledger.settings import SiteSettings

Scopes = Mapping[str, Scope]


def apply(
    source: Path | str, *, now: datetime, environ: Mapping[str, str], plan: bool = False, user: str = ""
) -> Changes:
    """Make the installation equal to the file (a Path, or its text) for everything the file names.

    A table that the file gives is made equal to it: a key left out there is inherited again. Tables,
    scores and sites that it does not name stay as they are. With `plan`, nothing is changed. Applied
    twice, the second time changes nothing. Raises ConfigurationError before anything is changed, and
    ``vault.VaultError`` when credentials cannot be encrypted.
    Source: interface description, section 2.
    """
    document = read(source, environ=environ)
    if plan:
        return Step.planned(document).outcome(document, plan=True)
    with transaction.atomic():
        hold_sites(document)
        step = Step.planned(document)
        step.make(at=now, user=user)
    return step.outcome(document, plan=False)


def _codes(document: Document) -> Collection[str] | None:
    """The sites that the file can alter; None: all of them, because it names what they inherit."""
    return None if "default" in document.tables else list(document.tables.get("site", ()))


def hold_sites(document: Document) -> None:
    """Hold the sites until the transaction ends, in the one order that cannot end in a deadlock."""
    codes = _codes(document)
    sites = Site.objects.all() if codes is None else Site.objects.filter(code__in=codes)
    for site_id in sites.order_by("pk").values_list("pk", flat=True):
        hold(site_id)


@dataclass(frozen=True)
class Step:
    """From the scopes as stored to those that the document names, as they are to be."""

    before: Scopes
    after: Scopes

    @classmethod
    def planned(cls, document: Document) -> "Step":
        reading = Reading(document=document, problems=[])
        before = stored(_codes(document))
        step = cls(before, wanted(reading, before))
        for scope in step.after.values():
            checking.check_scope(scope, reading.wrong)
        if not reading.problems:
            for view in step.touched:
                checking.check_site(view, reading.wrong)
        if reading.problems:
            raise ConfigurationError(document.name, reading.problems)
        return step

    @cached_property
    def touched(self) -> list[checking.View]:
        """The sites whose settings the file can alter, as they are to be."""
        return list(checking.views({**self.before, **self.after}))

    @cached_property
    def changes(self) -> dict[str, tuple[Change, ...]]:
        return {code: between(self.before.get(code), scope) for code, scope in self.after.items()}

    def before_and_after(self) -> Iterator[tuple[str, SiteSettings, SiteSettings]]:
        """Each site that the file can alter: its code, its settings as they are, and as they are to be."""
        for view in self.touched:
            was = self.before.get(view.site.code) or Scope(code=view.site.code)
            old = checking.View(site=was, default=self.before[DEFAULT]).settings
            yield view.site.code, old, view.settings

    def outcome(self, document: Document, *, plan: bool) -> Changes:
        return Changes(
            file=document.name,
            sites=tuple(code for code in self.after if code != DEFAULT),
            changes=tuple(change for part in self.changes.values() for change in part),
            warnings=tuple(warning for view in self.touched for warning in checking.warnings_of(view)),
            plan=plan,
        )

    def make(self, *, at: datetime, user: str, calculate: bool = True) -> None:
        """Write it all down; `calculate`: points of changed scores included."""
        for code, scope in self.after.items():
            saving.write_credentials(self.before.get(code), scope)
            if self.changes[code]:
                saving.write(self.before.get(code), scope, at=at, calculate=calculate)
                effects.tell(code, self.changes[code], at=at, user=user)
        sites = {
            site.code: site for site in Site.objects.filter(code__in=self.before.keys() | self.after.keys())
        }
        for code, old, new in self.before_and_after():
            effects.follow(sites[code], old, new, at=at)
