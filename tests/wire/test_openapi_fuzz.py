"""Schemathesis over the OpenAPI document: signed requests of every action, such as it makes them up."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.reference.openapi import document
from tests.property.profiles import examples
from tests.signing import VERSION, v3_headers
from tests.wire.process import Process, add_contact

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
SCHEMA = schemathesis.openapi.from_dict(document())


class Signed(AuthBase):
    """Signs each request as it is about to be sent."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        query = parse_qsl(urlsplit(str(prepared.url)).query, keep_blank_values=True)
        headers = v3_headers(
            endpoint=self.process.endpoint,
            action=dict(query)["Action"],
            key_id=self.process.key_id,
            secret=self.process.secret,
            query=query,
        )
        prepared.headers.update(headers)
        return prepared


def statuses(process: Process, action: str, mode: GenerationMode, fitting: dict[str, str]) -> list[int]:
    """The statuses of the calls that Schemathesis made up, each of them checked against the document.

    Some calls take the fitting values, which no generator would guess, for parameters that they have.
    """
    found = []
    with requests.Session() as session:
        session.auth = Signed(process)

        @examples(10, nightly=750)
        @given(SCHEMA[f"/?Action={action}"]["POST"].as_strategy(generation_mode=mode), st.booleans())
        def call(case: Any, is_fitting: bool) -> None:  # noqa: FBT001 (Hypothesis passes it by position)
            if is_fitting:
                case.query |= {name: value for name, value in fitting.items() if name in case.query}
            response = case.call(base_url=f"http://{process.endpoint}", session=session)
            case.validate_response(response, checks=CHECKS)
            found.append(response.status_code)

        call()
    return found


# Not the end of the directory, which these tests share and which has no parameter.
@pytest.mark.parametrize(
    "name", [name for version, name in ACTIONS if version == VERSION and name != "DestroyResourceDirectory"]
)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=[mode.value for mode in GenerationMode])
def test_every_call_made_up_from_the_document_gets_an_answer_of_the_document(
    process: Process, name: str, mode: GenerationMode
) -> None:
    fitting = {"ContactId": add_contact(process), "EmailAddress": "a@example.com", "PhoneNumber": ""}

    found = statuses(process, name, mode, fitting)

    assert set(found) <= {200, 400, 404, 409, 413, 429}  # 413: more than a thousand parameters.


def test_the_document_that_is_served_is_the_one_that_was_tested(process: Process) -> None:
    served = requests.get(f"http://{process.endpoint}/openapi.json", timeout=30)

    assert served.json() == document()
