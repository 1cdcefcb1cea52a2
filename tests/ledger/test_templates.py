"""Templates do what people ask of them, and nothing that a hostile one asks."""

import gc
import time

import minijinja
import pytest

from leadferry.core.rule import TemplateFault
from leadferry.ledger import templates
from leadferry.ledger.templates import FILTERS, TemplateError, check_template, compile_template

CONTEXT = {
    "contact": {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "job_title": "",
        "notes": "n" * 32_000,
        "anonymous": False,
        "bounces": 3,
        "custom": {"temperature": "hot", "values": "kept"},
    },
    "site": {"code": "acme", "display_name": "Acme"},
    "score": 60,
}
KNOWN = [
    "contact.last_name",
    "contact.first_name",
    "contact.custom.*",
    "site.code",
    "site.display_name",
    "score",
]


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("{{ contact.last_name }} from {{ site.display_name }}", "Lovelace from Acme"),
        ("{{ contact.first_name | upper }}", "ADA"),
        ("{{ contact['first_name'] }}", "Ada"),
        ("{{ contact.job_title | default('none', true) }}", "none"),
        ("{{ contact.nickname | default('none') }}", "none"),
        ("{% if score > 50 %}hot{% else %}cold{% endif %}", "hot"),
        ("{% if contact.first_name is startingwith('A') %}A{% endif %}", "A"),
        ("{% if not (contact.anonymous or (score < 5)) %}known{% endif %}", "known"),
        ("{% set who = contact.first_name ~ '!' %}{{ who }}", "Ada!"),
        ("{{ score + 1 }} {{ score // 7 }} {{ (score / 8) | round(1) }}", "61 8 7.5"),
        ("{{ contact.custom.temperature }} {{ contact.custom.values }}", "hot kept"),
        ("{{ contact.notes | length }} {{ contact.last_name[:4] }}", "32000 Love"),
        ("* {{ site.code }} * {{ '*' }} {# a * b #}", "* acme * * "),
        ("{% for part in 'a-b' | split('-') %}{{ part | upper }}{% endfor %}", "AB"),
        ("<b>{{ '<' }}</b>", "<b><</b>"),
        ("{{ contact.notes }}", "n" * 32_000),
    ],
)
def test_a_template_is_worked_out(text, output):
    assert compile_template(text)(CONTEXT) == output


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ contact|attr('__class__') }}",
        "{{ contact|map(attribute='__init__')|list }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ cycler('a', 'b') }}",
        "{{ lipsum() }}",
        "{{ self.__init__ }}",
        "{{ debug() }}",
        "{{ range(10) }}",
        "{{ [range][0](10) }}",
        "{{ (range)(10) }}",
        "{{ dict(a=1) }}",
        "{% set n = namespace() %}",
        "{{ contact.update(first_name='Eve') }}",
        "{{ contact['update']({}) }}",
        "{% do contact.clear() %}",
        "{{ contact.items() }}",
        "{{ '%1000000000s'|format('x') }}",
        "{{ '{:>1000000000}'.format('x') }}",
        "{{ 'a' * 10000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 2 ** 1000000 }}",
        "{%raw%}{{ ' {% endraw %}{{ [1] * 1000000000 ~ ' ' }}",
        "{{ {'a': {'b': 1}} }}{{ [1] * 1000000000 }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ 'a'|indent(1000000000) }}",
        "{{ 'a'|tojson }}",
        "{{ 'a'|safe }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% call m() %}{% endcall %}",
        "{% include '/etc/passwd' %}",
        "{%- import 'x' as y -%}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% for x in contact recursive %}{{ loop(contact) }}{% endfor %}",
        "{% filter upper %}a{% endfilter %}",
        "{% autoescape true %}{% endautoescape %}",
    ],
)
def test_what_is_not_on_the_short_list_never_reaches_the_engine(text):
    with pytest.raises(TemplateError, match=r"line 1: .*(not available|missing)"):
        compile_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in contact.notes %}{% for b in contact.notes %}x{% endfor %}{% endfor %}",
        "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 300 + "{{ a }}",
        "{{ contact.notes|replace('n', contact.notes) }}",
        "{{ contact.notes|replace('', contact.notes) }}",
        "{{ contact.notes|split('')|join(contact.notes) }}",
        "{{ contact.notes ~ contact.notes }}",
        "{{ score / 0 }}",
        "{{ score + contact.last_name }}",
        "{{ cycler.nothing }}",
    ],
)
def test_a_greedy_template_is_stopped_at_once(text):
    render = compile_template(text)
    began = time.perf_counter()
    with pytest.raises(TemplateError):
        render(CONTEXT)
    assert time.perf_counter() - began < 1


def test_an_output_has_a_limit_of_characters():
    render = compile_template("{{ contact.notes }}!")
    with pytest.raises(TemplateError, match="32,000"):
        render(CONTEXT)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ contact.lastname }}", "contact.lastname"),
        ("x\n{{ nothing }}", "line 2: nothing"),
        ("{{ contact.custom.missing }}", "contact.custom.missing"),
        ("{{ contact['nothing'] }}", "not defined"),
    ],
)
def test_an_undefined_field_is_named(text, name):
    with pytest.raises(TemplateError, match=name):
        compile_template(text)(CONTEXT)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\nb {{ contact. }}", 2), ("{% if score %}", 1), ("\n\n{{ score", 3), ("{{ 'a }}", 1)],
)
def test_a_mistake_in_writing_is_told_with_its_line(text, line):
    with pytest.raises(TemplateError) as refusal:
        compile_template(text)
    assert refusal.value.line == line
    assert isinstance(refusal.value, TemplateFault)


def test_a_template_leaves_its_context_as_it_was():
    before = repr(CONTEXT)
    compile_template("{% set contact = 1 %}{% set site = 2 %}{{ contact }}")(CONTEXT)
    assert repr(CONTEXT) == before


def test_unknown_names_are_told_when_a_template_is_saved():
    text = "{{ contact.lastname }} {{ contact.custom.any }} {{ site.name }} {{ contact.items }}"
    told = check_template(text, KNOWN)
    assert len(told) == 3
    assert "contact.lastname is not known; did you mean contact.last_name?" in told
    assert any(each.startswith("site.name") for each in told)


@pytest.mark.parametrize(
    "text", ["plain", "{{ contact.last_name }} {{ score }}", "{% for x in contact %}{{ x }}{% endfor %}"]
)
def test_a_template_of_known_names_has_nothing_wrong(text):
    assert check_template(text, KNOWN) == []


def test_a_template_that_cannot_be_compiled_is_told_when_it_is_saved():
    assert "line 1" in check_template("{{ range(3) }}", KNOWN)[0]


def test_every_filter_on_the_short_list_is_known_to_the_engine():
    for name in FILTERS:
        with pytest.raises(minijinja.TemplateError, match=r"^(?!unknown filter)"):
            minijinja.Environment().render_str("{{ x|" + name + "(1, 2, 3, 4, 5, 6) }}", x=None)


def test_templates_no_longer_used_leave_the_engine():
    render = compile_template("{{ score }}")
    name = render.__closure__ and next(
        cell.cell_contents for cell in render.__closure__ if str(cell.cell_contents).startswith("template ")
    )
    assert templates._environment.render_template(name, score=1) == "1"
    del render
    gc.collect()
    with pytest.raises(minijinja.TemplateError, match="not found"):
        templates._environment.render_template(name, score=1)
