"""Parameters in, answers out: the text on the wire, without a server."""

import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from msgspec import UNSET, Struct, UnsetType, field

from callboard.api import errors, signature, wire
from callboard.api.model import Reply, Shape
from tests.signing import canonical
from tests.unit.requests import request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Part(Shape):
    message_types: list[str]
    is_first: bool = True


class Whole(Reply):
    text: str = ""
    number: int = 0
    parts: list[Part] = field(default_factory=list)
    missing: str | UnsetType = UNSET


def written(reply: Struct, *, is_xml: bool = True) -> bytes:
    return wire.write(reply, root="WholeResponse", request_id="R", is_xml=is_xml).body


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("&&", {}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("=b", {"": "b"}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=x+y", {"a": "x y"}),
        ("a=x%2By", {"a": "x+y"}),
        ("a=x%20y", {"a": "x y"}),
        ("a=%E5%BC%A0", {"a": "张"}),
        ("a=%e5%bc%a0", {"a": "张"}),
        ("a=张", {"a": "张"}),
        ("a=%", {"a": "%"}),
        ("a=%zz", {"a": "%zz"}),
        ("a=%4", {"a": "%4"}),
        ("a+b=c", {"a b": "c"}),
        ("%61=b", {"a": "b"}),
        ("a;b=c", {"a;b": "c"}),
        ("a=%00", {"a": "\0"}),
    ],
)
def test_a_query_is_decoded_as_a_form(query: str, values: dict[str, str]) -> None:
    arrival = wire.read(request(query))

    assert arrival.values == values


@pytest.mark.parametrize("query", ["a=1&a=1", "a=1&%61=2", "a&a="])
def test_a_name_that_comes_twice_is_refused(query: str) -> None:
    with pytest.raises(errors.ParameterInvalid, match="parameter a is not valid"):
        wire.read(request(query))


@pytest.mark.parametrize(("content_type", "body"), [(FORM, b"a=2"), (JSON, b'{"a":"2"}')])
def test_a_name_in_query_and_body_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(errors.ParameterInvalid):
        wire.read(request("a=1", body=body, content_type=content_type))


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", FORM.upper()])
def test_a_form_body_is_read_like_a_query(content_type: str) -> None:
    arrival = wire.read(request("a=1", body=b"b=x+y", content_type=content_type))

    assert arrival.values == {"a": "1", "b": "x y"}


@pytest.mark.parametrize("content_type", ["", "application/octet-stream", "text/plain", "multipart/form-data"])
def test_a_body_of_another_type_holds_no_parameters(content_type: str) -> None:
    arrival = wire.read(request("a=1", body=b"b=2", content_type=content_type))

    assert arrival.values == {"a": "1"}


def test_a_json_body_keeps_the_types_of_its_values() -> None:
    body = '{"a": "张", "b": [1, true], "c": null}'.encode()

    arrival = wire.read(request(body=body, content_type="application/json; charset=utf-8"))

    assert arrival.values == {"a": "张", "b": [1, True], "c": None}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"1", b"null", b"{", b'{"a":}', b"\xff", b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"a":' + b"[" * 9999],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(errors.ParameterInvalid, match="parameter body is not valid"):
        wire.read(request(body=body, content_type=JSON))


@pytest.mark.parametrize("query", [b"a=%FF", b"%FF=a", b"a=\xff", b"a=%C3", b"a=%ED%A0%80"])
def test_bytes_that_are_not_utf8_are_refused(query: bytes) -> None:
    each = wire.HttpRequest(method="GET", path="/", query=query, headers={}, body=b"")

    with pytest.raises(errors.ParameterInvalid):
        wire.read(each)


def test_a_query_over_the_limit_is_too_large() -> None:
    with pytest.raises(errors.RequestTooLarge):
        wire.read(request("a=" + "b" * wire.QUERY_BYTES))


def test_more_parameters_than_the_limit_are_too_many() -> None:
    names = "&".join(f"a{number}=" for number in range(wire.PARAMETERS + 1))

    with pytest.raises(errors.RequestTooLarge):
        wire.read(request(names))


@pytest.mark.parametrize(
    ("value", "is_xml"), [("JSON", False), ("json", False), ("", False), ("XML", True), ("xml", True), ("Xml", True)]
)
def test_the_format_is_named_in_any_case(value: str, *, is_xml: bool) -> None:
    wants_xml = wire.wants_xml({"Format": value})

    assert wants_xml is is_xml


@pytest.mark.parametrize("value", ["YAML", "json ", "\0"])
def test_a_format_that_is_neither_is_refused(value: str) -> None:
    with pytest.raises(errors.FormatInvalid):
        wire.wants_xml({"Format": value})


def test_json_is_the_reply_itself_without_what_is_unset() -> None:
    body = written(Whole(text="张", parts=[Part(message_types=[])]), is_xml=False)

    assert json.loads(body) == {
        "RequestId": "",
        "Text": "张",
        "Number": 0,
        "Parts": [{"MessageTypes": [], "IsFirst": True}],
    }


def test_xml_repeats_the_element_of_a_list_without_a_wrapper() -> None:
    body = written(Whole(text="x", number=7, parts=[Part(message_types=["A", "B"]), Part(message_types=["C"])]))

    content = (
        "<Text>x</Text><Number>7</Number>"
        "<Parts><MessageTypes>A</MessageTypes><MessageTypes>B</MessageTypes><IsFirst>true</IsFirst></Parts>"
        "<Parts><MessageTypes>C</MessageTypes><IsFirst>true</IsFirst></Parts>"
    )
    assert content in body.decode()
    assert ET.fromstring(body).tag == "WholeResponse"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<&>\"'", "<&>\"'"),
        ("]]>", "]]>"),
        ("张\U0001f600", "张\U0001f600"),
        ("a\0b\x1f", "a\ufffdb\ufffd"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\ufffeb\uffff", "a\ufffdb\ufffd"),
    ],
)
def test_any_text_is_well_formed_xml(text: str, shown: str) -> None:
    body = written(Whole(text=text))

    assert ET.fromstring(body).findtext("Text") == shown


def test_a_refusal_has_five_fields_in_json() -> None:
    refusal = errors.ActionNotFound()

    answer = wire.write_error(refusal, host="h:1", request_id="R", recommend="http://h/#x", is_xml=False)

    assert answer.status == 404
    assert answer.content_type == (b"content-type", b"application/json;charset=utf-8")
    assert json.loads(answer.body) == {
        "RequestId": "R",
        "HostId": "h:1",
        "Code": "InvalidAction.NotFound",
        "Message": "Specified api is not found, please check your url and method.",
        "Recommend": "http://h/#x",
    }


def test_a_refusal_has_five_elements_in_xml_and_the_link_in_a_cdata_section() -> None:
    answer = wire.write_error(
        errors.ActionNotFound(), host="h<1>", request_id="R", recommend="http://h/?a&b#x", is_xml=True
    )

    root = ET.fromstring(answer.body)
    assert answer.content_type == (b"content-type", b"text/xml;charset=utf-8")
    assert root.tag == "Error"
    assert [each.tag for each in root] == ["RequestId", "HostId", "Code", "Message", "Recommend"]
    assert root.findtext("HostId") == "h<1>"
    assert b"<Recommend><![CDATA[http://h/?a&b#x]]></Recommend>" in answer.body


@pytest.mark.parametrize("host", ["a]]>b", "a]]]]>>b", "a]]]]]]>>>b", "\x01", "<&"])
def test_no_host_breaks_out_of_the_cdata_section(host: str) -> None:
    answer = wire.write_error(
        errors.ActionNotFound(), host=host, request_id="R", recommend=f"http://{host}/", is_xml=True
    )

    assert len(ET.fromstring(answer.body)) == 5


@pytest.mark.parametrize("is_xml", [True, False])
def test_a_host_that_is_not_utf8_is_answered_too(*, is_xml: bool) -> None:
    """A header's bytes that are not UTF-8 arrive as lone surrogates."""
    answer = wire.write_error(
        errors.ActionNotFound(), host="a\udcff", request_id="R", recommend="http://a\udcff/", is_xml=is_xml
    )

    assert answer.status == 404


@pytest.mark.parametrize("char", [*map(chr, range(128)), "\x80", "张", "\U0001f600"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_every_escape_has_one_canonical_form(char: str, case: Callable[[str], str]) -> None:
    escape = case("".join(f"%{byte:02X}" for byte in char.encode()))
    arrival = wire.read(request(f"a={escape}&{escape}b=c"))

    found = signature.canonical_query(arrival.query_encoded, arrival.query_decoded)

    assert found == canonical([("a", char), (f"{char}b", "c")])


@pytest.mark.parametrize(
    "query",
    [
        *("", "a", "=b", "b=1&a=2", "a=%2F&b=", "b=x+y&a=%e5%bc%a0", "a.10=1&a.2=2&a.1=3", "a%20b=1&A=2"),
        *("a=b c", "a=%", "a=%4", "a=%zz", "a=*@:/?", "a=张", "a=b=c", "a=b%3Dc", "a=b%0A", "a=b\n"),
        "a-b=1&a.b=2&a_b=3&a~b=4&aab=5&a%2Fb=6",
    ],
)
def test_the_canonical_query_is_that_of_the_decoded_pairs(query: str) -> None:
    arrival = wire.read(request(query))

    found = signature.canonical_query(arrival.query_encoded, arrival.query_decoded)

    assert found == canonical(arrival.query_decoded)
