"""Callboard in a test-suite of your own: copy the two fixtures into conftest.py, and call it in your tests."""
# ruff: noqa: INP001, TID251 (a file to copy; the server needs the environment that the tests have)

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.models import Config

GREETING = "Callboard answers on http://"
KEY_ID, SECRET = "test-key", "test-secret"


@pytest.fixture(scope="session")
def callboard() -> Iterator[str]:
    """Host and port of a server that keeps everything in memory."""
    settings = {
        "CALLBOARD_DATABASE_URL": "sqlite:///:memory:",
        "CALLBOARD_LISTEN": "127.0.0.1:0",
        "CALLBOARD_ROOT_ACCESS_KEY_ID": KEY_ID,
        "CALLBOARD_ROOT_ACCESS_KEY_SECRET": SECRET,
        "CALLBOARD_LOG_LEVEL": "error",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "callboard", "serve"],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        assert greeting.startswith(GREETING), "the server has said on stderr why it did not start"
        yield greeting.removeprefix(GREETING).strip().rstrip("/")
        process.terminate()


@pytest.fixture
def contacts(callboard: str) -> Client:
    """The official client of the API. Endpoint and protocol are what your own program has to let you set."""
    return Client(Config(access_key_id=KEY_ID, access_key_secret=SECRET, endpoint=callboard, protocol="http"))


def test_a_contact_is_found_by_its_id(contacts: Client) -> None:
    added = contacts.add_message_contact(
        models.AddMessageContactRequest(
            name="tom", email_address="tom@example.com", title="CEO", message_types=["FaultMessage"]
        )
    ).body.contact

    found = contacts.get_message_contact(models.GetMessageContactRequest(contact_id=added.contact_id)).body.contact

    assert (found.name, found.status) == ("tom", "Verifying")
