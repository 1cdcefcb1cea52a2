"""What a change of settings would set in motion, before it is saved: leads altered, contacts due, calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadferry.contacts.models import Site
from leadferry.core.mapping import parse_mapping
from leadferry.core.outcome import Invalid
from leadferry.engine.orders import order
from leadferry.engine.reshaped import still_held
from leadferry.engine.wire_rows import serializer
from leadferry.ledger import configuration, organizations, shapes
from leadferry.ledger.configuration import Change
from leadferry.ledger.configuration.effects import requalifies, shapes_leads
from leadferry.ledger.settings import Replication, SiteSettings
from leadferry.ledger.storage import census, due, outlook

SAMPLE = 400
"""Contacts with a lead that are mapped in both ways; beyond it their share is taken for that of all."""

MOST_SITES = 25

Prints = Mapping[int, bytes | None]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Contacts concerned, by what becomes of them; `calls` are the API calls of the next run for them.

    `altered`: their lead would get other values. `refused`: of these, those that no lead can be made of any
    more. `wanted`: they become worth a lead; `unwanted`: not any more. `released`: let go from quarantine.
    `waiting`: on the list already, and sent once the replication is enabled.
    """

    altered: int = 0
    refused: int = 0
    wanted: int = 0
    unwanted: int = 0
    released: int = 0
    waiting: int = 0
    calls: int = 0
    estimated: bool = False


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """The keys that would change, what to be warned of, and the effect on all sites together."""

    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    effect: Effect
    sites: int
    not_looked_at: int


def foresee(code: str, tables: Mapping[str, Mapping[str, Any]]) -> Foresight:
    """What saving these tables of a scope (empty: the global default) would do. Raises ConfigurationError.

    Leads are compared by fingerprint; beyond SAMPLE of them in a site the answer is estimated.
    Source: product description, Settings, "Before saving".
    """
    proposal = configuration.propose(code, tables)
    concerned = [(site, old, new) for site, old, new in proposal.sites if old != new]
    looked_at = concerned[:MOST_SITES]
    sites = {site.code: site for site in Site.objects.filter(code__in=[each[0] for each in looked_at])}
    effects = [_effect(sites[name], old, new) for name, old, new in looked_at]
    strangers = [text for name, old, new in looked_at for text in _other_key(sites[name], old, new)]
    return Foresight(
        changes=proposal.changes.changes,
        warnings=(*proposal.changes.warnings, *strangers),
        effect=_sum(effects),
        sites=len(concerned),
        not_looked_at=len(concerned) - len(looked_at),
    )


def _sum(effects: Iterable[Effect]) -> Effect:
    total = Effect()
    for effect in effects:
        counts = {name: number + getattr(total, name) for name, number in vars(effect).items()}
        total = Effect(**(counts | {"estimated": total.estimated or effect.estimated}))
    return total


def _effect(site: Site, old: SiteSettings, new: SiteSettings) -> Effect:
    reshaped, requalified = shapes_leads(old, new), requalifies(old, new)
    after = new.replication
    altered, refused, estimated = _altered(site, old, new) if reshaped or requalified else (0, 0, False)
    wanted = outlook.without_lead(site.pk, _bar(after), but_not=_bar(old.replication)) if requalified else 0
    unwanted = outlook.without_lead(site.pk, _bar(old.replication), but_not=_bar(after)) if requalified else 0
    released = outlook.held(site.pk) if reshaped else 0
    waiting = _waiting(site, new) if after.enabled and not old.replication.enabled else 0
    sent = altered - refused + wanted + released + waiting
    return Effect(
        altered=altered,
        refused=refused,
        wanted=wanted,
        unwanted=unwanted,
        released=released,
        waiting=waiting,
        calls=-(-sent // after.batch_size),
        estimated=estimated,
    )


def _bar(replication: Replication) -> outlook.Bar:
    return outlook.Bar(
        score=replication.score or "",
        minimum=replication.minimum_score if replication.score else None,
        anonymous_too=replication.include_anonymous,
    )


def _waiting(site: Site, settings: SiteSettings) -> int:
    bar = _bar(settings.replication)
    return due.to_send(
        site.pk,
        minimum=bar.minimum,
        anonymous_too=bar.anonymous_too,
        updates_too=settings.replication.keep_updated,
    )


def _altered(site: Site, old: SiteSettings, new: SiteSettings) -> tuple[int, int, bool]:
    """Leads that the next run would alter only because of the change; those refused; whether estimated."""
    if not new.replication.keep_updated:
        return 0, 0, False
    total, known = outlook.leads(site.pk, at_most=SAMPLE)
    before = _prints(site, old, list(known)) if old.replication.keep_updated else known
    after = _prints(site, new, list(known))
    # What differs from what was delivered under the old settings too is sent without the change.
    mine = [pk for pk, print_ in after.items() if print_ != known[pk] and before.get(pk) == known[pk]]
    edited = order(
        site,
        new,
        parse_mapping(new.mapping),
        organizations.last_described(site),
        before=shapes.before_edit(site, old, new),
    )
    held = still_held(edited, {pk: known[pk] for pk in mine})
    mine = [pk for pk in mine if pk not in held]
    refused = sum(after[pk] is None for pk in mine)
    if total <= len(known):
        return len(mine), refused, False
    return round(total * len(mine) / len(known)), round(total * refused / len(known)), True


def _prints(site: Site, settings: SiteSettings, contact_ids: list[int]) -> Prints:
    """By contact the fingerprint of its lead under these settings; None where none can be made."""
    described = organizations.last_described(site)
    wanted = order(site, settings, parse_mapping(settings.mapping), described)
    serialize, columns = serializer(wanted), wanted.mapping.columns
    rows = census.rows(contact_ids, columns, settings.replication.score)
    leads = {pk: wanted.mapping.apply(row, points) for pk, points, *row in rows}
    return {
        pk: None if isinstance(lead, Invalid) else serialize("", lead, True)[1] for pk, lead in leads.items()
    }


def _other_key(site: Site, old: SiteSettings, new: SiteSettings) -> Iterable[str]:
    was, is_ = old.replication.external_id_field, new.replication.external_id_field
    if was.lower() != is_.lower() and outlook.leads(site.pk, at_most=1)[0]:
        yield (
            f"Leads of {site.code} hold their key in {was}. Where {is_} does not hold the same keys, "
            "an update would create the lead a second time."
        )
