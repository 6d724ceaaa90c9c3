"""Callboard in a test-suite of your own: copy the two fixtures into conftest.py, and call it in your tests."""
# ruff: noqa: INP001, S310, TID251 (a file to copy; the server needs the environment that the tests have)

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from urllib.parse import quote

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
        "CALLBOARD_SENDS_APART_S": "0",  # A test may ask for two letters in a row.
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


def confirm(callboard: str, address: str) -> None:
    """Do what the owner of an address does: open the newest letter, and press Confirm."""
    with urllib.request.urlopen(f"http://{callboard}/mailbox?address={quote(address)}") as answer:
        newest = json.load(answer)["Letters"][0]
    urllib.request.urlopen(newest["Link"], data=b"do=confirm").close()


def test_a_contact_is_active_once_its_owner_has_confirmed(callboard: str, contacts: Client) -> None:
    contact_id = contacts.add_message_contact(
        models.AddMessageContactRequest(
            name="ann", email_address="ann@example.com", title="CEO", message_types=["FaultMessage"]
        )
    ).body.contact.contact_id
    contacts.send_email_verification_for_message_contact(
        models.SendEmailVerificationForMessageContactRequest(contact_id=contact_id, email_address="ann@example.com")
    )

    confirm(callboard, "ann@example.com")

    found = contacts.get_message_contact(models.GetMessageContactRequest(contact_id=contact_id)).body.contact
    assert found.status == "Active"


def test_a_contact_is_found_by_its_id(contacts: Client) -> None:
    added = contacts.add_message_contact(
        models.AddMessageContactRequest(
            name="tom", email_address="tom@example.com", title="CEO", message_types=["FaultMessage"]
        )
    ).body.contact

    found = contacts.get_message_contact(models.GetMessageContactRequest(contact_id=added.contact_id)).body.contact

    assert (found.name, found.status) == ("tom", "Verifying")
