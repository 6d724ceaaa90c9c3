"""Answers in XML, for those who ask for them with Format."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import NOBODYS, PHONE, add, add_many
from tests.signing import Response, call_v1, call_v3

XML = "text/xml;charset=utf-8"


def call(sdk: Sdk, version: str, action: str, parameters: dict[str, str], wanted: str = "XML") -> Response:
    if version == "V1":
        return call_v1(sdk.account, action, parameters, Format=wanted)
    return call_v3(sdk.account, action, {**parameters, "Format": wanted})


def tree(answer: Response) -> tuple[str, Any]:
    """The root's tag, and its children as pairs of tag and text or children, in order."""

    def pairs(element: Any) -> Any:
        return [(child.tag, pairs(child)) for child in element] or (element.text or "")

    root = ET.fromstring(answer.body.decode())
    return root.tag, pairs(root)


VERSIONS = pytest.mark.parametrize("version", ["V1", "V3"])


@VERSIONS
def test_a_contact_repeats_the_element_of_each_list(sdk: Sdk, version: str) -> None:
    contact_id = add(sdk, name="张三", email_address="a+b@example.com", phone_number=PHONE)

    answer = call(sdk, version, "GetMessageContact", {"ContactId": contact_id})

    root, content = tree(answer)
    contact = dict(content)["Contact"]
    assert (answer.status, answer.headers["content-type"], root) == (200, XML, "GetMessageContactResponse")
    assert [text for tag, text in contact if tag == "MessageTypes"] == ["FaultMessage", "AccountExpenses"]
    assert {tag: text for tag, text in contact if tag not in ("MessageTypes", "CreateDate")} == {
        "ContactId": contact_id,
        "Name": "张三",
        "EmailAddress": "a+b@example.com",
        "PhoneNumber": PHONE,
        "Title": "CEO",
        "Status": "Verifying",
    }


@VERSIONS
def test_a_list_repeats_the_element_of_its_contacts(sdk: Sdk, version: str) -> None:
    added = add_many(sdk, 2)

    answer = call(sdk, version, "ListMessageContacts", {"PageSize": "5"})

    root, content = tree(answer)
    contacts = [dict(fields) for tag, fields in content if tag == "Contacts"]
    assert root == "ListMessageContactsResponse"
    assert [contact["ContactId"] for contact in contacts] == added
    assert {tag: text for tag, text in content if tag not in ("Contacts", "RequestId")} == {
        "TotalCount": "2",
        "PageSize": "5",
        "PageNumber": "1",
    }


@VERSIONS
def test_an_error_is_an_error_document(sdk: Sdk, version: str) -> None:
    answer = call(sdk, version, "GetMessageContact", {"ContactId": NOBODYS})

    root, content = tree(answer)
    error = dict(content)
    assert (answer.status, answer.headers["content-type"], root) == (404, XML, "Error")
    assert set(error) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert (error["Code"], error["Message"]) == ("EntityNotExists.Contact", "This Contact does not exist.")
    assert (error["RequestId"], error["HostId"]) == (answer.headers["x-acs-request-id"], sdk.account.server.endpoint)
    assert b"<Recommend><![CDATA[" in answer.body


@VERSIONS
@pytest.mark.parametrize(("wanted", "content_type"), [("xml", XML), ("Json", "application/json;charset=utf-8")])
def test_the_format_is_read_in_any_case(sdk: Sdk, version: str, wanted: str, content_type: str) -> None:
    answer = call(sdk, version, "ListMessageContacts", {}, wanted)

    assert (answer.status, answer.headers["content-type"]) == (200, content_type)


@VERSIONS
def test_another_format_is_refused_in_json(sdk: Sdk, version: str) -> None:
    answer = call(sdk, version, "ListMessageContacts", {}, "YAML")

    assert (answer.status, answer.code) == (400, "InvalidParameter.Format")
