"""The command line, as an operator has it."""

import json
import re

import pytest

from callboard import __version__
from callboard.database.migrate import HEAD
from tests.e2e.processes import KEY_ID, SECRET, Caller, Installation, refusal
from tests.signing import call_v3


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
    assert embedded.command("--version").stdout == f"{__version__}\n"


def test_the_openapi_document_is_printed(embedded: Installation) -> None:
    document = json.loads(embedded.command("openapi").stdout)

    assert document["openapi"].startswith("3.")
    assert "AddMessageContact" in json.dumps(document["paths"])


@pytest.mark.parametrize("arguments", [["serv"], ["serve", "--port", "80"], ["key"], ["key", "create"]])
def test_a_wrong_command_is_refused_with_how_to_get_help(embedded: Installation, arguments: list[str]) -> None:
    outcome = embedded.command(*arguments)

    assert outcome.returncode == 2
    assert "Usage: " in outcome.stderr + outcome.stdout
    assert "Traceback" not in outcome.stderr


def test_what_only_prints_makes_no_folder(embedded: Installation) -> None:
    for arguments in (["--version"], ["--help"], ["openapi"], ["settings"]):
        assert embedded.command(*arguments).returncode == 0

    assert list(embedded.folder.iterdir()) == []
