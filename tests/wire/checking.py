"""What every refusal on the wire looks like (protocol.md, section 6)."""

import re
from xml.etree import ElementTree as ET

from tests.signing import Response

FIELDS = ["RequestId", "HostId", "Code", "Message", "Recommend"]
REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def check_refusal(response: Response, *, status: int, code: str, message: str, host: str) -> None:
    """The whole answer: status, headers, and a JSON body of the five fields, or XML where it was asked for."""
    is_xml = response.headers["content-type"] == "text/xml;charset=utf-8"
    if is_xml:
        root = ET.fromstring(response.body)
        assert root.tag == "Error"
        body = {each.tag: each.text for each in root}
    else:
        assert response.headers["content-type"] == "application/json;charset=utf-8"
        body = response.json
    assert list(body) == FIELDS
    assert (response.status, body["Code"], body["Message"]) == (status, code, message)
    assert body["HostId"] == host
    assert REQUEST_ID.fullmatch(body["RequestId"])
    assert response.headers["x-acs-request-id"] == body["RequestId"]
    assert response.headers["content-length"] == str(len(response.body))
    assert body["Recommend"].startswith("http://")
    assert body["Recommend"].endswith(code)
