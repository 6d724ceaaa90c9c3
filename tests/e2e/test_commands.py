"""The command line, as an operator has it."""

import json
import re

import pytest

from callboard import __version__
from callboard.database.migrate import HEAD
from tests.e2e.processes import KEY_ID, SECRET, Caller, Installation, Server, refusal, until
from tests.signing import call_v3, send


def shown_key(output: str) -> tuple[str, str, str]:
    """Account, id and secret of a new key, as a command prints them."""
    found = re.fullmatch(
        r"Account +(\d+)\nAccess key id +(\w+)\nAccess key secret +(\w+)   \(shown this once: keep it\)\n", output
    )
    assert found is not None, output
    return found[1], found[2], found[3]


def test_init_shows_the_first_key_once_and_it_works(fresh: Installation) -> None:
    first, second = fresh.command("init"), fresh.command("init")

    _, key_id, secret = shown_key(first.stdout)
    with fresh.serving() as server:
        answer = call_v3(Caller(server.endpoint, key_id, secret), "ListMessageContacts")

    assert second.stdout == "Ready: there is an access key already, and its secret is not shown again.\n"
    assert answer.status == 200


def test_migrate_makes_the_schema_once_and_nothing_else(fresh: Installation) -> None:
    fresh.forks = False

    first, second, keys = fresh.command("migrate"), fresh.command("migrate"), fresh.command("key", "list")

    assert first.stdout == f"The database is at revision {HEAD}.\n"
    assert second.stdout == f"The database is at revision {HEAD} already.\n"
    assert (keys.returncode, keys.stdout) == (0, "")


def test_an_added_account_has_a_directory_of_its_own(seeded: Installation) -> None:
    seeded.command("init")
    made, key_id, secret = shown_key(seeded.command("add-account", "--account-id", "42").stdout)
    other, *_ = shown_key(seeded.command("add-account").stdout)
    with seeded.serving() as server:
        added = call_v3(
            server.caller,
            "AddMessageContact",
            {"Name": "tom", "EmailAddress": "tom@example.com", "Title": "CEO", "MessageTypes.1": "FaultMessage"},
        )
        contact_id = {"ContactId": added.json["Contact"]["ContactId"]}
        seen = call_v3(Caller(server.endpoint, key_id, secret), "GetMessageContact", contact_id)

    assert (made, len(other)) == ("42", 16)
    assert (seen.status, seen.code) == (404, "EntityNotExists.Contact")


def test_an_account_is_added_once(seeded: Installation) -> None:
    seeded.command("add-account", "--account-id", "42")

    assert "There is an account 42 already" in refusal(seeded.command("add-account", "--account-id", "42"))
    assert "digits only" in refusal(seeded.command("add-account", "--account-id", "acme"))


def test_keys_are_created_listed_disabled_and_enabled(seeded: Installation) -> None:
    seeded.command("init")
    account_id = seeded.settings["root_account_id"]

    made, key_id, secret = shown_key(seeded.command("key", "create", account_id, "--user", "tom").stdout)
    disabled = seeded.command("key", "disable", key_id).stdout
    while_disabled = seeded.command("key", "list").stdout.splitlines()
    enabled = seeded.command("key", "enable", key_id).stdout
    afterwards = seeded.command("key", "list").stdout

    assert made == account_id
    assert (disabled, enabled) == (f"{key_id} is inactive.\n", f"{key_id} is active.\n")
    assert sorted(while_disabled) == sorted(
        [f"{KEY_ID}  account {account_id}  root  active", f"{key_id}  account {account_id}  tom  inactive"]
    )
    assert f"{key_id}  account {account_id}  tom  active\n" in afterwards
    assert secret not in afterwards
    assert SECRET not in afterwards


def test_a_key_or_account_that_is_not_there_is_refused(seeded: Installation) -> None:
    seeded.command("init")

    assert "There is no account 404" in refusal(seeded.command("key", "create", "404"))
    assert "There is no access key LTAInobody" in refusal(seeded.command("key", "disable", "LTAInobody"))


def test_the_version_is_printed(embedded: Installation) -> None:
    embedded.forks = False

    assert embedded.command("--version").stdout == f"{__version__}\n"


def test_the_openapi_document_is_printed(embedded: Installation) -> None:
    document = json.loads(embedded.command("openapi").stdout)

    assert document["openapi"].startswith("3.")
    assert "AddMessageContact" in json.dumps(document["paths"])


@pytest.mark.parametrize("arguments", [["serv"], ["serve", "--port", "80"], ["key"], ["key", "create"]])
def test_a_wrong_command_is_refused_with_how_to_get_help(embedded: Installation, arguments: list[str]) -> None:
    embedded.forks = False

    outcome = embedded.command(*arguments)

    assert outcome.returncode == 2
    assert "Usage: " in outcome.stderr + outcome.stdout
    assert "Traceback" not in outcome.stderr


def test_what_only_prints_makes_no_folder(embedded: Installation) -> None:
    for arguments in (["--version"], ["--help"], ["openapi"], ["settings"]):
        assert embedded.command(*arguments).returncode == 0

    assert list(embedded.folder.iterdir()) == []


EMAIL, PHONE = "tom@example.com", "86-13900001234"
NOWHERE = {
    "smtp_host": "127.0.0.1",
    "smtp_port": "1",
    "smtp_security": "none",
    "smtp_from": "no-reply@example.com",
    "outbox_attempts": "1",
}
"""Nobody listens there, and one try is all there is: each letter fails at once."""


def send_letters(server: Server, *, name: str = "tom", email: str = EMAIL, phone: str = PHONE) -> None:
    """Add a contact, and ask for a proof of its email address and its number."""
    contact = {"Name": name, "EmailAddress": email, "PhoneNumber": phone, "Title": "CEO"}
    added = call_v3(server.caller, "AddMessageContact", {**contact, "MessageTypes.1": "FaultMessage"})
    contact_id = added.json["Contact"]["ContactId"]
    for kind, parameter in (("Email", "EmailAddress"), ("Phone", "PhoneNumber")):
        given = {"ContactId": contact_id, parameter: contact[parameter]}
        assert call_v3(server.caller, f"Send{kind}VerificationForMessageContact", given).status == 200


def test_the_mailbox_is_read_newest_last_for_people_and_for_programs(seeded: Installation) -> None:
    with seeded.serving() as server:
        send_letters(server)
        served = send(server.endpoint, "GET", "/mailbox").json["Letters"]

    plain, lines = seeded.command("mailbox"), seeded.command("mailbox", "--json")
    toms, newest = seeded.command("mailbox", "TOM@example.com"), seeded.command("mailbox", "--json", "--limit", "1")

    sms, email = served
    read = [json.loads(line) for line in lines.stdout.splitlines()]
    assert read == [email, sms]
    assert json.loads(newest.stdout) == sms
    assert re.findall(r"^--- .+Z  (.+)$", plain.stdout, re.MULTILINE) == [f"email to {EMAIL}", f"sms to {PHONE}"]
    assert f"Subject: {email['Subject']}" in plain.stdout
    for letter in (email, sms):
        assert letter["Code"] in plain.stdout
        assert letter["Link"] in plain.stdout
    assert email["Code"] in toms.stdout
    assert PHONE not in toms.stdout


def test_an_empty_mailbox_says_so_where_no_program_reads_it(seeded: Installation) -> None:
    seeded.command("init")

    plain, lines, other = (seeded.command("mailbox", *more) for more in ((), ("--json",), ("nobody@example.com",)))

    assert (plain.returncode, plain.stdout, plain.stderr) == (0, "", "The mailbox is empty.\n")
    assert (lines.returncode, lines.stdout, lines.stderr) == (0, "", "")
    assert other.stderr == "The mailbox has no such letter.\n"


def failed_letters(installation: Installation, number: int) -> list[str]:
    """The lines of `callboard letters` once so many have failed."""

    def listed() -> list[str]:
        lines = installation.command("letters").stdout.splitlines()
        return lines if len(lines) == number else []

    found: list[str] = until(listed, f"{number} letters have failed")
    return found


def test_letters_that_failed_are_listed_and_tried_again(seeded: Installation) -> None:
    seeded.settings.update(NOWHERE)
    with seeded.serving() as server:
        send_letters(server)
        send_letters(server, name="jerry", email="jerry@example.com", phone="86-13900005678")
        lines = failed_letters(seeded, 2)
    seeded.settings["worker"] = "false"
    letter_id = lines[0].split()[0]

    one = seeded.command("letters", "retry", letter_id)
    again = refusal(seeded.command("letters", "retry", letter_id))
    waiting = seeded.command("letters", "--state", "waiting").stdout
    rest = seeded.command("letters", "retry", "--all")
    none = seeded.command("letters")
    kept = seeded.command("letters", "--state", "kept").stdout.splitlines()

    assert [line.split()[3:7] for line in lines] == [
        ["email", "jerry@example.com", "failed", "tries"],
        ["email", EMAIL, "failed", "tries"],
    ]
    assert all(re.search(r"tries 1  \S", line) for line in lines)  # With what went wrong.
    assert (one.stdout, again) == (
        f"{letter_id} waits again.\n",
        f"callboard: {letter_id} is no letter that failed, or what it asks for has expired: send a new one.",
    )
    assert waiting.split()[0] == letter_id
    assert rest.stdout == "1 letters wait again.\n"
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "No letter is failed.\n")
    assert {line.split()[4] for line in kept} == {PHONE, "86-13900005678"}


@pytest.mark.parametrize("arguments", [[], ["l-1", "--all"]])
def test_a_retry_of_nothing_or_of_two_things_is_refused(embedded: Installation, arguments: list[str]) -> None:
    line = refusal(embedded.command("letters", "retry", *arguments))

    assert line == "callboard: Name one letter, or say --all."


def test_a_retry_of_a_letter_that_is_not_there_is_refused(seeded: Installation) -> None:
    seeded.command("init")

    assert "l-1 is no letter that failed" in refusal(seeded.command("letters", "retry", "l-1"))


def test_a_list_of_letters_in_no_known_state_is_refused(embedded: Installation) -> None:
    outcome = embedded.command("letters", "--state", "lost")

    assert outcome.returncode == 2
    assert "'failed'" in outcome.stderr


def test_refused_addresses_are_listed_and_lifted(seeded: Installation) -> None:
    with seeded.serving() as server:
        send_letters(server)
        for letter in send(server.endpoint, "GET", "/mailbox").json["Letters"]:
            send(server.endpoint, "POST", "/v/" + letter["Link"].rpartition("/")[2], {}, b"do=refuse")

    listed = seeded.command("refusals").stdout.splitlines()
    lifted = seeded.command("refusals", "lift", "+86 139 0000 1234")
    again = refusal(seeded.command("refusals", "lift", PHONE))
    afterwards = seeded.command("refusals").stdout
    seeded.command("refusals", "lift", EMAIL)
    empty = seeded.command("refusals")

    assert sorted(line.split()[0] for line in listed) == [PHONE, EMAIL]
    assert all(re.search(r"Z  directory rd-\w+  contact c-\w{16}$", line) for line in listed)
    assert lifted.stdout == "Letters may be sent to +86 139 0000 1234 again.\n"
    assert again == f"callboard: {PHONE} was not refused."
    assert [line.split()[0] for line in afterwards.splitlines()] == [EMAIL]
    assert (empty.returncode, empty.stdout, empty.stderr) == (0, "", "No address was refused.\n")
