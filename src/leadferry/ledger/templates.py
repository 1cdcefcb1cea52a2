"""Templates of a mapping: text with fields of the contact, worked out in a closed room.

What may stand in a template is a short list, checked when it is compiled: no calls, no multiplication, no
other templates, few filters. What is left runs with fuel, and its output has a limit.
"""

import re
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import count

import minijinja

from leadferry.core.rule import TemplateFault

FUEL = 20_000
MAX_OUTPUT = 32_000
FILTERS = frozenset(
    [
        *("abs", "capitalize", "d", "default", "first", "float", "int", "join", "last", "length", "lower"),
        *("replace", "round", "split", "string", "title", "trim", "truncate", "upper"),
    ]
)
TAGS = frozenset({"if", "elif", "else", "endif", "for", "endfor", "set", "endset"})
_WORDS_BEFORE_GROUP = frozenset({"and", "or", "not", "in", "is", "if", "elif", "else", "for", "set"})

_OPENERS = re.compile(r"\{\{|\{%|\{#")
_CLOSERS = {"{{": "}}", "{%": "%}"}
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<close>[-+]?(?:\}\}|%\}))"""
    r"""|(?P<word>\w+)|(?P<sign>\*\*|//|==|!=|<=|>=|.)""",
    re.DOTALL,
)

Context = Mapping[str, object]


class TemplateError(TemplateFault):
    """A template that cannot be used, or not be worked out; `line` counts from 1 where it is known."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line


_environment = minijinja.Environment(undefined_behavior="strict", fuel=FUEL, debug=False, pycompat=False)
_numbers = count()
_adding = threading.Lock()


def compile_template(text: str) -> Callable[[Context], str]:
    """A function that renders the template with a context of scalars and dicts of scalars.

    Both raise `TemplateError`: the one for what may not stand in a template, the other for an undefined
    field, for more than `FUEL` steps, and for more than `MAX_OUTPUT` characters.
    """
    _scan(text)
    name = f"template {next(_numbers)}"
    try:
        with _adding:
            _environment.add_template(name, text)
    except minijinja.TemplateError as error:
        raise _worded(error) from None

    def render(context: Context) -> str:
        try:
            output = _environment.render_template(name, **context)
        except minijinja.TemplateError as error:
            raise _missing(text, context, error) from None
        if len(output) > MAX_OUTPUT:
            raise TemplateError(f"the output is longer than {MAX_OUTPUT:,} characters")
        return output

    # Templates of mappings long since edited must not pile up in a worker that runs for weeks.
    weakref.finalize(render, _environment.remove_template, name).atexit = False
    return render


def check_template(text: str, known: Collection[str]) -> list[str]:
    """What is wrong with a template, one sentence each; empty when nothing is.

    `known` are the names it may use, such as contact.last_name and site.code; a name ending in ".*" stands
    for whatever follows, such as contact.custom.*.
    """
    try:
        compile_template(text)
    except TemplateError as error:
        return [str(error)]
    used = _environment.undeclared_variables_in_str(text, nested=True)
    wholes = {part for name in known for part in _ancestors(name)}
    return [_unknown(name, known) for name in sorted(used) if not _is_known(name, known, wholes)]


def _ancestors(name: str) -> Iterator[str]:
    parts = name.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])


def _is_known(name: str, known: Collection[str], wholes: Collection[str]) -> bool:
    return name in known or name in wholes or any(f"{part}.*" in known for part in _ancestors(name))


def _unknown(name: str, known: Collection[str]) -> str:
    last = name.rpartition(".")[2]
    near = get_close_matches(name, known, n=1, cutoff=0.75) or [
        other for other in known if other.rpartition(".")[2].replace("_", "") == last.replace("_", "").lower()
    ]
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(sorted(known))
    return f"{name} is not known; {hint}"


def _worded(error: minijinja.TemplateError) -> TemplateError:
    words = f"it takes more than {FUEL:,} steps" if error.kind == "OutOfFuel" else error.detail or error.kind
    return TemplateError(words, line=error.line)


def _missing(text: str, context: Context, error: minijinja.TemplateError) -> TemplateError:
    """The engine does not say which name was undefined; we do, for that is what one has to correct."""
    if error.kind != "UndefinedError":
        return _worded(error)
    used = _environment.undeclared_variables_in_str(text, nested=True)
    absent = sorted(name for name in used if not _defined(name, context))
    if not absent:
        return TemplateError("a value is not defined", line=error.line)
    return TemplateError(f"{', '.join(absent)}: not defined", line=error.line)


def _defined(name: str, context: Context) -> bool:
    found: object = context
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True


def _scan(text: str) -> None:
    """Refuses whatever is not on the short list; the engine alone would let some of it run for seconds."""
    position = 0
    while opener := _OPENERS.search(text, position):
        if opener[0] == "{#":
            end = text.find("#}", opener.end())
            position = len(text) if end < 0 else end + 2
            continue
        tokens = list(_tokens(text, opener.end(), _CLOSERS[opener[0]]))
        position = tokens[-1].end()
        _judge(
            [token for token in tokens if token.lastgroup not in ("space", "close")], text, opener[0] == "{%"
        )


def _tokens(text: str, position: int, closer: str) -> Iterator[re.Match[str]]:
    while match := _TOKEN.match(text, position):
        yield match
        if match.lastgroup == "close" and match[0].endswith(closer):
            return
        position = match.end()
    raise TemplateError(f"{closer} is missing", line=text.count("\n", 0, position) + 1)


def _judge(tokens: list[re.Match[str]], text: str, is_tag: bool) -> None:
    if is_tag and tokens and tokens[0][0] in "+-":
        tokens = tokens[1:]
    if is_tag and tokens and tokens[0][0] not in TAGS:
        _refuse(tokens[0], text, f"{tokens[0][0]} is not available; tags are {', '.join(sorted(TAGS))}")
    before = ["", ""]
    for token in tokens:
        _judge_token(token, before, text)
        before = [before[1], token[0]]


def _judge_token(token: re.Match[str], before: list[str], text: str) -> None:
    word = token[0]
    if token.lastgroup == "sign" and word in ("*", "**"):
        _refuse(token, text, "multiplication is not available")
    if word in ("{", "}"):
        # The engine pairs braces inside a tag, this scan does not; without them both see the same tags.
        _refuse(token, text, "braces inside a tag are not available")
    if token.lastgroup == "word" and before[1] == "|" and word not in FILTERS:
        _refuse(token, text, f"{word} is not available; filters are {', '.join(sorted(FILTERS))}")
    if token.lastgroup == "word" and word.startswith("_"):
        _refuse(token, text, "names that start with _ are not available")
    if word == "(" and token.lastgroup == "sign" and _is_call(before):
        _refuse(token, text, f"{before[1]}( calls something, and calls are not available")


def _is_call(before: list[str]) -> bool:
    """Whether the two tokens before a bracket make it a call rather than a group, a filter or a test."""
    if before[0] in ("|", "is") or before[1] in _WORDS_BEFORE_GROUP:
        return False
    return bool(re.match(r"""[\w"')\]}]""", before[1][-1:]))


def _refuse(token: re.Match[str], text: str, message: str) -> None:
    raise TemplateError(message, line=text.count("\n", 0, token.start()) + 1)
