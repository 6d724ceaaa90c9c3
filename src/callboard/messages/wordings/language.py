"""The language of templates, read and rendered by Jinja2. Pure: no SQL, no clock.

`{{ name }}` is a value; `{% if name %}...{% else %}...{% endif %}` is what is said where a value is not empty, or is.
Nothing else of Jinja2's language passes: no attributes, filters, calls, loops, and so nothing that could run on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

NAME = re.compile(r"(?!(?:self|true|false|none|True|False|None)\Z)[A-Za-z][A-Za-z0-9_]{0,49}", re.ASCII)
MOST_NESTED = 10
_TAGS = ("if", "else", "endif")
_IN_BRACES = "only the name of a variable may stand in {{ }}: letters, digits and _"

# No text may hold a NUL, so there are no comments: what looks like one is text.
_JINJA = ImmutableSandboxedEnvironment(
    comment_start_string="\0{#",
    comment_end_string="#}\0",
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_JINJA.globals.clear()

# What could end the text around a value and begin something of its own. Some signs do so at the edges of words alone,
# some at the beginning of a line.
_IN_MARKDOWN = re.compile(
    r"[\\`*\[\]<]|&(?=#?\w*(?:;|\Z))|(?<![^\W_])[_'\"]|[_'\"](?![^\W_])|[!#]\Z|\A[:#=~>(.)]|\A[-+](?![0-9])|"
    r"(?<=[0-9])[.)](?=\s|\Z)"
)


class Fault(Exception):
    """What is wrong with a template, and in which of its lines."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


class Pattern(Struct, frozen=True):
    """A template that has been read."""

    names: tuple[str, ...]
    """Of its variables, in the order in which they come."""
    length: int
    """How long the text is at the most that stands around its variables."""
    template: Template

    def fill(self, values: Mapping[str, str]) -> str:
        """The text, with these values as they are. Every name needs one."""
        return self.template.render(values)


@lru_cache(maxsize=128)
def read(source: str) -> Pattern:
    """Raises Fault for what is not in the language."""
    try:
        _check_tags(_JINJA.lex(source))
        tree = _JINJA.parse(source)
    except TemplateSyntaxError as error:
        raise Fault(error.lineno, error.message or "it cannot be read") from error
    names = dict.fromkeys(_names(tree.body))
    return Pattern(tuple(names), _longest(tree.body), _JINJA.from_string(tree))


def in_markdown(value: str) -> str:
    """A value as Markdown that shows it to the letter: one run of text, in which nothing begins or ends."""
    return _IN_MARKDOWN.sub(r"\\\g<0>", " ".join(value.split()))


def _check_tags(tokens: Iterable[tuple[int, str, str]]) -> None:
    """Before anything is parsed: that no tag is long, closed or not, or of another kind, and none are nested deeply."""
    opened, inside, is_block = list[int](), list[str](), False
    for line, kind, text in tokens:
        if kind.startswith("raw"):
            raise Fault(line, "raw is not allowed, only if, else and endif are")
        if kind in ("variable_begin", "block_begin"):
            is_block, inside = kind == "block_begin", []
        elif kind == "variable_end":
            if len(inside) != 1:
                raise Fault(line, _IN_BRACES)
        elif kind == "block_end":
            _count(line, inside, opened)
        elif kind not in ("whitespace", "data"):
            inside.append(text)
            if len(inside) > len(("if", "name")):
                raise Fault(line, _wrong_tag(inside) if is_block else _IN_BRACES)
    if opened:
        raise Fault(opened[-1], "the if that begins here does not end: {% endif %} is missing")


def _count(line: int, inside: list[str], opened: list[int]) -> None:
    """Another tag: `opened` are the lines of the ifs that have begun and not ended."""
    tag = inside[0] if inside else ""
    if tag not in _TAGS or len(inside) != (2 if tag == "if" else 1):
        raise Fault(line, _wrong_tag(inside))
    if tag == "if":
        opened.append(line)
        if len(opened) > MOST_NESTED:
            raise Fault(line, f"at most {MOST_NESTED} ifs may stand in each other")
    elif not opened:
        raise Fault(line, f"{tag} stands where no if has begun")
    elif tag == "endif":
        opened.pop()


def _wrong_tag(inside: list[str]) -> str:
    if inside and inside[0] in _TAGS:
        return "an if asks for one variable alone: {% if name %}, {% else %}, {% endif %}"
    return f"{inside[0][:50] if inside else 'an empty tag'} is not allowed, only if, else and endif are"


def _names(body: Sequence[nodes.Node]) -> Iterator[str]:
    """Of the variables. Raises Fault for any node that is not in the language."""
    for node in body:
        if isinstance(node, nodes.Output):
            yield from (_name(each) for each in node.nodes if not isinstance(each, nodes.TemplateData))
        elif isinstance(node, nodes.If) and not node.elif_:
            yield _name(node.test)
            yield from _names(node.body)
            yield from _names(node.else_)
        else:
            raise Fault(node.lineno, "only names, and if on names, are allowed")


def _name(node: nodes.Node) -> str:
    if not isinstance(node, nodes.Name) or NAME.fullmatch(node.name) is None:
        raise Fault(node.lineno, _IN_BRACES)
    return str(node.name)


def _longest(body: Sequence[nodes.Node]) -> int:
    length = 0
    for node in body:
        if isinstance(node, nodes.Output):
            length += sum(len(each.data) for each in node.nodes if isinstance(each, nodes.TemplateData))
        elif isinstance(node, nodes.If):
            length += max(_longest(node.body), _longest(node.else_))
    return length
