"""What clients may send: parameters of any text, and every way to write them into a query."""

from urllib.parse import quote

from hypothesis import strategies as st

from callboard.api.wire import HttpRequest

Pair = tuple[str, str]
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
"""Any text that UTF-8 can hold: control characters, every script, emoji."""
RESERVED = {"Signature", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"}
NAME = (st.from_regex(r"[A-Za-z][A-Za-z0-9.]{0,12}", fullmatch=True) | TEXT.filter(bool)).filter(
    lambda name: name not in RESERVED
)
PARAMETERS = st.dictionaries(NAME, TEXT, max_size=8)
HEADER = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@st.composite
def written(draw: st.DrawFn, text: str) -> str:
    """The text as a part of a query: each client escapes as it likes."""
    choices = draw(st.binary(min_size=len(text), max_size=len(text)))
    return "".join([_ways(char)[choice % 4] for char, choice in zip(text, choices, strict=True)])


def _ways(char: str) -> tuple[str, str, str, str]:
    every_byte = "".join(f"%{byte:02X}" for byte in char.encode())
    is_plain = char not in "&=+%#" and char > " " and char.isprintable()
    return (
        quote(char, safe=""),
        every_byte,
        every_byte.lower(),
        "+" if char == " " else char if is_plain else every_byte,
    )


@st.composite
def queries(draw: st.DrawFn, pairs: list[Pair]) -> str:
    """The pairs as a query, in any order and with any escapes."""
    shuffled = draw(st.permutations(pairs))
    return "&".join(f"{draw(written(name))}={draw(written(value))}" for name, value in shuffled)


def request(
    query: str, *, method: str = "POST", headers: dict[str, str] | None = None, body: bytes = b""
) -> HttpRequest:
    named = {name.lower(): value for name, value in (headers or {}).items()}
    return HttpRequest(method=method, path="/", query=query.encode(), headers=named, body=body)
