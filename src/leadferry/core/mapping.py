"""A site's mapping at work: contact columns in, the fields of a lead out, or what is wrong with them.

The one door to mappings: how they are written (`rule`), read and stored (`mapping_file`), made ready (here).
"""

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from functools import partial

from leadferry.core.compiled import CompiledMapping, Lead
from leadferry.core.describe import LeadDescribe
from leadferry.core.mapping_file import BadMapping, Problem, mapping_to_dict, parse_mapping
from leadferry.core.rule import (
    DEFAULT_MAPPING,
    Constant,
    FromField,
    FromSpecial,
    FromTemplate,
    Mapping,
    Overflow,
    Rule,
    Source,
    TemplateFault,
    needs,
)
from leadferry.core.shortcut import shortcut
from leadferry.core.sight import seer
from leadferry.core.slot import Render, Slot, Sources, guessed_field, slot, template_text

__all__ = [
    "DEFAULT_MAPPING",
    "BadMapping",
    "CompiledMapping",
    "Constant",
    "FromField",
    "FromSpecial",
    "FromTemplate",
    "Lead",
    "Mapping",
    "Overflow",
    "Problem",
    "Rule",
    "Source",
    "TemplateFault",
    "compile_mapping",
    "mapping_to_dict",
    "needs",
    "parse_mapping",
]


def compile_mapping(
    mapping: Mapping,
    *,
    describe: LeadDescribe | None,
    render: Render,
    default_company: str,
    lead_description: str,
    site: AbstractMapping[str, str],
    external_id_field: str,
) -> CompiledMapping:
    """The mapping made ready for the contacts of one site.

    `render` compiles a template into a function of its context and, like that function, raises
    `TemplateFault`; `site` has display_name and code. Without a describe only LastName and Company
    are checked. A rule for the external ID field is left out: it is the key of the upsert, never a value.
    """
    wanted = [rule for rule in mapping.rules if rule.target.lower() != external_id_field.lower()]
    filled = [((describe and describe.field(rule.target)) or guessed_field(rule), rule) for rule in wanted]
    filled.sort(key=lambda pair: pair[0].name)
    sources = Sources(render=render, default_company=default_company, lead_description=lead_description)
    slots = [slot(rule, field, sources) for field, rule in filled]
    rules = {slot.field.name: rule for slot, (_, rule) in zip(slots, filled, strict=True)}

    def reads(some: Sequence[Slot]) -> tuple[str, ...]:
        read = Mapping(rules=tuple(rules[each.field.name] for each in some))
        return needs(read, lead_description=lead_description)

    texts = [template_text(rule.source, lead_description) for rule in wanted]
    see = partial(seer, templates=[text for text in texts if text is not None], site=site)
    columns = needs(mapping, lead_description=lead_description)
    return CompiledMapping(
        slots, columns=columns, see=see(columns), shortcut=shortcut(slots, reads=reads, see=see)
    )
