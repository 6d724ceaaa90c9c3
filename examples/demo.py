"""Callboard's story, told once: the official SDK against a fresh server in a folder of its own.

`make demo` runs it. It ends with an error when anything is not as told.
"""
# ruff: noqa: INP001, S310, T201, TID251 (a script: it prints, and hands its environment on to the server)

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

GREETING = "Callboard answers on http://"
KEY_ID, SECRET = "demo-key", "demo-secret"


class Server:
    """A server process over one data folder; started again, it finds what the one before it left."""

    def __init__(self, folder: str) -> None:
        self._log = (Path(folder) / "server.log").open("a")
        others = {name: value for name, value in os.environ.items() if not name.startswith("CALLBOARD_")}
        settings = {
            "CALLBOARD_DATA_DIR": folder,
            "CALLBOARD_LISTEN": "127.0.0.1:0",
            "CALLBOARD_ROOT_ACCESS_KEY_ID": KEY_ID,
            "CALLBOARD_ROOT_ACCESS_KEY_SECRET": SECRET,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "callboard", "serve"],
            cwd=folder,  # No callboard.toml has a say here.
            env={**others, **settings},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        expect("the server greets with its address", line.startswith(GREETING))
        self.endpoint = line.removeprefix(GREETING).strip().rstrip("/")

    def client(self) -> Client:
        """The official client; endpoint and protocol are all that differs from the cloud."""
        config = Config(access_key_id=KEY_ID, access_key_secret=SECRET, endpoint=self.endpoint, protocol="http")
        return Client(config)

    def stop(self, how: signal.Signals) -> int:
        """Send the signal, and wait for the end."""
        self._process.send_signal(how)
        code = self._process.wait(timeout=30)
        self._log.close()
        return code


def expect(what: str, is_so: object) -> None:
    """Stop the story where it is not true."""
    if not is_so:
        sys.exit(f"NOT AS TOLD: {what}")


def tell(text: str) -> None:
    print(f"\n{text}", flush=True)


def call(method: Callable[[Any], Any], request: Any) -> dict[str, Any]:
    """Make a call, and show it with its answer."""
    _show(request)
    answer: dict[str, Any] = method(request).body.to_map()
    print(f"    < {dict(item for item in answer.items() if item[0] != 'RequestId') or 'done'}", flush=True)
    return answer


def refused(method: Callable[[Any], Any], request: Any, code: str) -> None:
    """Make a call that must be refused with this code."""
    _show(request)
    try:
        method(request)
    except ClientException as error:
        print(f"    < {error.status_code} {error.code}: {error.data['Message']}", flush=True)
        expect(f"the call is refused with {code}", error.code == code)
    else:
        expect(f"the call is refused with {code}", is_so=False)


def _show(request: Any) -> None:
    given = ", ".join(f"{name}={value!r}" for name, value in request.to_map().items())
    print(f"    > {type(request).__name__.removesuffix('Request')}({given})", flush=True)


def change(client: Client) -> str:
    """The first half: a contact is added, looked at and changed. Returns its id."""
    tell("A contact is added. Nobody has proven the address yet, so it is Verifying.")
    tom = models.AddMessageContactRequest(
        name="tom", email_address="tom@example.com", title="TechnicalDirector", message_types=["FaultMessage"]
    )
    contact_id: str = call(client.add_message_contact, tom)["Contact"]["ContactId"]
    one = models.GetMessageContactRequest(contact_id=contact_id)
    found = call(client.get_message_contact, one)["Contact"]
    expect("the contact waits for verification", found["Status"] == "Verifying")

    tell("What does not fit is refused with the documented code, and changes nothing.")
    update = models.UpdateMessageContactRequest
    refused(client.update_message_contact, update(contact_id=contact_id, name="t0m"), "InvalidParameter.Name")
    refused(client.update_message_contact, update(contact_id=contact_id, title="Boss"), "InvalidParameter.Title")
    refused(client.add_message_contact, tom, "InvalidParameter.Name.AlreadyUsed")
    expect("nothing changed", client.get_message_contact(one).body.contact.to_map() == found)

    tell("One call changes name, address, number and message types; what it leaves out stays.")
    call(
        client.update_message_contact,
        update(
            contact_id=contact_id,
            name="thomas",
            email_address="thomas@example.com",
            phone_number="86-13900001234",
            message_types=["SecurityMessage", "FaultMessage"],
        ),
    )
    found = call(client.get_message_contact, one)["Contact"]
    expect("the new name is there", found["Name"] == "thomas" and found["Title"] == "TechnicalDirector")
    expect("the order of the types is kept", found["MessageTypes"] == ["SecurityMessage", "FaultMessage"])

    tell("The address and the number wait for the proof of their owner.")
    waiting = models.ListMessageContactVerificationsRequest(contact_id=contact_id)
    found = call(client.list_message_contact_verifications, waiting)["ContactVerifications"]
    expect("both wait", [each["Target"] for each in found] == ["thomas@example.com", "86-13900001234"])
    return contact_id


def prove(client: Client, endpoint: str, contact_id: str) -> None:
    """In between: the owner of the address proves it, and a change of it waits for a proof of its own."""
    tell("The owner is asked for a proof. No mail server is set, so the letter stays in the mailbox.")
    send = models.SendEmailVerificationForMessageContactRequest
    asked = send(contact_id=contact_id, email_address="thomas@example.com")
    call(client.send_email_verification_for_message_contact, asked)
    with urllib.request.urlopen(f"http://{endpoint}/mailbox?address=thomas@example.com") as answer:
        letter = json.load(answer)["Letters"][0]
    print(f"    {letter['Subject']}\n    {letter['Link']}\n    code {letter['Code']}", flush=True)
    refused(client.send_email_verification_for_message_contact, asked, "SendValidateCodeExceedsLimitForAccount")

    tell("Whoever merely opens the link, a mail scanner say, proves nothing. The owner presses Confirm.")
    one = models.GetMessageContactRequest(contact_id=contact_id)
    urllib.request.urlopen(letter["Link"]).close()
    expect("looking proves nothing", client.get_message_contact(one).body.contact.status == "Verifying")
    urllib.request.urlopen(letter["Link"], data=b"do=confirm").close()
    expect("the contact is active", call(client.get_message_contact, one)["Contact"]["Status"] == "Active")

    tell("A new address waits for its own proof; the proven one stays in effect, and the change can be withdrawn.")
    update = models.UpdateMessageContactRequest
    call(client.update_message_contact, update(contact_id=contact_id, email_address="tom.new@example.com"))
    found = client.get_message_contact(one).body.contact
    expect("the proven address is in effect", found.email_address == "thomas@example.com")
    call(client.cancel_message_contact_update, models.CancelMessageContactUpdateRequest(contact_id=contact_id))


def delete(client: Client, contact_id: str) -> None:
    """The second half: the contact that outlived the crash is deleted, and another one the slow way."""
    tell("What was acknowledged is there.")
    every = models.ListMessageContactsRequest(page_size=10)
    found = call(client.list_message_contacts, every)
    expect("the contact outlived the crash", [each["ContactId"] for each in found["Contacts"]] == [contact_id])

    tell("Deleted at once: the members keep what they have of it.")
    gone = models.DeleteMessageContactRequest(contact_id=contact_id)
    expect("it is gone at once", call(client.delete_message_contact, gone)["Status"] == "Deleted")
    refused(client.delete_message_contact, gone, "EntityNotExists.Contact")

    tell("Deleted in the background: it is taken out of the members first.")
    ann = models.AddMessageContactRequest(
        name="ann", email_address="ann@example.com", title="CEO", message_types=["AccountExpenses"]
    )
    contact_id = call(client.add_message_contact, ann)["Contact"]["ContactId"]
    gone = models.DeleteMessageContactRequest(contact_id=contact_id, retain_contact_in_members=False)
    expect("it is under way", call(client.delete_message_contact, gone)["Status"] == "Deleting")
    status = models.GetMessageContactDeletionStatusRequest(contact_id=contact_id)
    found = client.list_message_contacts(every).body
    deadline = time.monotonic() + 10
    while found.total_count and time.monotonic() < deadline:
        time.sleep(0.05)
        found = client.list_message_contacts(every).body
    refused(client.get_message_contact_deletion_status, status, "EntityNotExists.Contact")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="callboard-demo-") as folder:
        tell("A server starts: an empty folder, a free port, a key that we chose.")
        server = Server(folder)
        print(f"    {GREETING}{server.endpoint}/", flush=True)
        contact_id = change(server.client())
        prove(server.client(), server.endpoint, contact_id)

        tell("The process is killed (SIGKILL), and another one starts on the same folder.")
        server.stop(signal.SIGKILL)
        server = Server(folder)
        delete(server.client(), contact_id)

        tell("The server is told to stop (SIGTERM): it finishes what it is at, and ends.")
        code = server.stop(signal.SIGTERM)
        expect("it stops in good order", code == 0)
        expect("its log says so", '"stopped"' in (Path(folder) / "server.log").read_text(encoding="utf-8"))
    tell("All as told.")


if __name__ == "__main__":
    main()
