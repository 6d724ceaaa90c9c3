"""The language of templates: what passes, what is refused and where, and that no value can say more than itself."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from callboard.messages.wordings.language import Fault, in_markdown, read
from tests.property.profiles import examples

DEEP = 100_000


@pytest.mark.parametrize(
    ("source", "values", "text"),
    [
        ("plain", {}, "plain"),
        ("{{ a }} and {{b}}", {"a": "1", "b": "2"}, "1 and 2"),
        ("{% if a %}yes{% else %}no{% endif %}", {"a": "x"}, "yes"),
        ("{% if a %}yes{% else %}no{% endif %}", {"a": ""}, "no"),
        ("{% if a %}{% if b %}both{% endif %}{% endif %}", {"a": "1", "b": "1"}, "both"),
        ("one\n{% if a %}\ntwo\n{% endif %}\nthree\n", {"a": "1"}, "one\ntwo\nthree\n"),
        ("{{ a }}", {"a": "{{ b }} {% if c %}"}, "{{ b }} {% if c %}"),
        ("{# no comment: {{ a }} #}", {"a": "x"}, "{# no comment: x #}"),
        ("{{ range }} {{ if }} {{ loop }} {{ dict }}", dict.fromkeys(("range", "if", "loop", "dict"), "x"), "x x x x"),
        ("<b>{{ a }}</b> 100% }} #", {"a": "<i>&"}, "<b><i>&</b> 100% }} #"),
        ("{{ a }}{{ a }}", {"a": "数据库"}, "数据库数据库"),
    ],
)  # fmt: skip
def test_values_stand_where_their_names_are(source: str, values: dict[str, str], text: str) -> None:
    pattern = read(source)

    assert (pattern.fill(values), set(pattern.names)) == (text, set(values))


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        *((source, 1, "only the name of a variable") for source in (
            "{{ ''.__class__ }}", "{{ a.__class__ }}", "{{ a['b'] }}", "{{ a() }}", "{{ a|upper }}", "{{ a + b }}",
            "{{ range(10**9) }}", "{{ 7 }}", "{{ 'x' }}", "{{ none }}", "{{ true }}", "{{ self }}", "{{ _a }}", "{{ }}",
            "{{ ü }}", "{{ a b }}", "{{ [] }}", "{{ {} }}", "{{ -a }}", "{{ " + "x" * 51 + " }}", "{{" + "(" * DEEP,
            "{{ a }}" * 9 + "{{ b.c }}", "{{ " * DEEP, "{% if 5 %}{% endif %}", "{% if none %}{% endif %}",
        )),
        *((f"{{% {tag} %}}", 1, "only if, else and endif are") for tag in (
            "for x in y", "for x in range(10**12)", "endfor", "include a", "include 'a'", "extends 'a'", "import 'a'",
            "set a = 1", "set a", "macro a()", "block a", "filter upper", "call a()", "with", "do a", "raw", "elif a",
            "", "autoescape true", "print a", "x" * DEEP,
        )),
        *((f"{{% {tag} %}}{{% endif %}}", 1, "asks for one variable alone") for tag in (
            "if", "if not a", "if a and b", "if a == b", "if a.b", "if a()", "if " + "(" * DEEP, "if a|length",
        )),
        ("one\n{% if a %}two", 2, "does not end"),
        ("{% if a %}" * 10, 1, "does not end"),
        ("one\ntwo\n{% endif %}", 3, "endif stands where no if has begun"),
        ("{% else %}", 1, "else stands where no if has begun"),
        ("{% if a %}" * DEEP + "{% endif %}" * DEEP, 1, "at most 10 ifs"),
        ("{% if a %}x{% else %}y{% else %}z{% endif %}", 1, "else"),
        ("one\n{{ a", 2, "unexpected end"),
        ("one\n\n{{ a }", 3, "unexpected '}'"),
        ("{% if a", 1, "unexpected end"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        read(source)

    assert refused.value.line == line
    assert reason in refused.value.reason
    assert len(refused.value.reason) < 300


@given(st.text(alphabet="{}%#ab|.()[]'\"\n if endfor else", max_size=60))
@examples(200)
def test_whatever_is_written_is_read_or_refused(source: str) -> None:
    try:
        pattern = read(source)
    except Fault:
        return
    assert isinstance(pattern.fill(dict.fromkeys(pattern.names, "x")), str)


PLACES = (
    "{{ v }}", "a {{ v }} b", "# {{ v }}", "- {{ v }}\n- next", "> {{ v }}", "[x]{{ v }}", "1{{ v }} b", "&{{ v }};",
    "{{ v }} {{ v }}", "| {{ v }} |", "a\n{{ v }}", "[x] {{ v }}\n\n{{ v }}", "!{{ v }}", "Value:{{ v }}.",
    "{{ v }}[x]",
)  # fmt: skip
SIGNS = "\\`*_{}[]()#+-.!<>&\"'~|=:;/?@ \n\tab1й中"


def shown(source: str) -> tuple[list[str], str]:
    """The structure of Markdown, and its text."""
    found, text = [], ""
    for token in MarkdownIt("commonmark", {"html": False}).disable("image").parse(source):
        found.append(f"{token.type} {token.tag}")
        for child in token.children or []:
            if child.type in ("text", "text_special"):
                text += child.content
            elif child.type == "softbreak":
                text += " "
            else:
                found.append(f"{child.type} {child.tag}")
    return found, text


@given(st.sampled_from(PLACES), st.text(alphabet=SIGNS, min_size=1, max_size=30).filter(lambda text: text.strip()))
@example("{{ v }}", "[click](https://evil.example/)")
@example("[x]{{ v }}", "(https://evil.example/)")
@example("{{ v }}", "<https://evil.example/>")
@example("a {{ v }} b", "<b>bold</b> &amp; ![x](https://evil.example/pixel)")
@example("{{ v }}", "one\n\n# two\n\n    code")
@example("# {{ v }}", "1 #")
@example("[x] {{ v }}\n\n{{ v }}", "[x]: https://evil.example/")
@examples(500)
def test_no_value_becomes_markdown(place: str, value: str) -> None:
    """The structure is that of the text with a word in that place, and the text shows the value to the letter."""
    plain = shown(read(place).fill({"v": "word"}))

    structure, text = shown(read(place).fill({"v": in_markdown(value)}))

    assert structure == plain[0]
    assert text == plain[1].replace("word", " ".join(value.split()))


@pytest.mark.parametrize(
    "value", ["db-1.example.com", "10.0.0.1", "a_b_c", "doesn't", "5 min.", "-5 °C", "Q&A team", "50%"]
)
def test_usual_values_stay_as_they_are(value: str) -> None:
    assert in_markdown(value) == value
