"""What a run needs to know of its site, worked out once: mapping, threshold, sizes."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass

from leadferry.contacts.lengths import longest
from leadferry.contacts.models import Site
from leadferry.core.describe import LeadDescribe
from leadferry.core.mapping import (
    CompiledMapping,
    FromField,
    FromSpecial,
    Mapping,
    compile_mapping,
    parse_mapping,
)
from leadferry.core.preflight import Finding, Level, check_mapping
from leadferry.core.qualify import Threshold
from leadferry.ledger import shapes
from leadferry.ledger.settings import SiteSettings
from leadferry.salesforce import NeedsPerson

ReadDescribe = Callable[[bool], LeadDescribe]
"""The describe: the kept one, or (True) read from the organization now."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be sent of a site, and how; `before` are the mappings before it that leads were made by."""

    site: Site
    mapping: CompiledMapping
    before: tuple[CompiledMapping, ...] = ()
    threshold: Threshold
    keep_updated: bool
    external_id_field: str
    batch_size: int


def prepared(site: Site, settings: SiteSettings, describe: ReadDescribe) -> Order:
    """The order of a run. Raises NeedsPerson when the organization cannot take the mapping.

    A kept describe that would stop the run may be out of date, so it is read once more before giving up.
    """
    mapping = parse_mapping(settings.mapping)
    key_field = settings.replication.external_id_field
    current = describe(False)
    if _obstacles(mapping, current, key_field):
        current = describe(True)
    if obstacles := _obstacles(mapping, current, key_field):
        first = obstacles[0]
        raise NeedsPerson(
            f"{first.field}: {first.message}",
            fields=[first.field],
            fix=first.fix,
            who="Salesforce administrator",
        )
    return order(site, settings, mapping, current)


def _obstacles(mapping: Mapping, describe: LeadDescribe, key_field: str) -> list[Finding]:
    return [found for found in check_mapping(mapping, describe, key_field) if found.level is Level.ERROR]


def mapping_findings(site: Site, settings: SiteSettings, describe: LeadDescribe) -> list[Finding]:
    """What the organization says against the site's mapping, given the values its contacts hold."""
    mapping = parse_mapping(settings.mapping)
    sources = [rule.source for rule in mapping.rules]
    fields = [source.name for source in sources if isinstance(source, FromField | FromSpecial)]
    return check_mapping(
        mapping, describe, settings.replication.external_id_field, longest=longest(site, fields)
    )


def order(
    site: Site,
    settings: SiteSettings,
    mapping: Mapping,
    describe: LeadDescribe | None,
    *,
    before: Sequence[SiteSettings] | None = None,
) -> Order:
    """The order, without asking whether the organization can take it.

    `before`: the settings that leads were made by before; those that are known, if it is left out.
    """
    earlier = shapes.before(site, settings) if before is None else before
    replication = settings.replication
    return Order(
        site=site,
        mapping=_compiled(settings, mapping, describe),
        before=tuple(_compiled(each, parse_mapping(each.mapping), describe) for each in earlier),
        threshold=threshold(settings),
        keep_updated=replication.keep_updated,
        external_id_field=replication.external_id_field,
        batch_size=replication.batch_size,
    )


def _compiled(settings: SiteSettings, mapping: Mapping, describe: LeadDescribe | None) -> CompiledMapping:
    return compile_mapping(
        mapping,
        describe=describe,
        render=_rendering,
        default_company=settings.replication.default_company,
        lead_description=settings.replication.lead_description,
        site={"code": settings.code, "display_name": settings.display_name},
        external_id_field=settings.replication.external_id_field,
    )


def _rendering(template: str) -> Callable[[AnyMapping[str, object]], str]:
    # A mapping without templates does without their engine.
    from leadferry.ledger.templates import compile_template  # noqa: PLC0415

    return compile_template(template)


def threshold(settings: SiteSettings) -> Threshold:
    """Which contacts are worth a lead."""
    replication = settings.replication
    return Threshold(
        score_name=replication.score,
        minimum=replication.minimum_score,
        include_anonymous=replication.include_anonymous,
    )
