"""A new master key, and a new root key for who has lost theirs; also when a process is killed on the way."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from callboard.access.vault import FILE_NAME
from tests.e2e.killed import run_until_killed
from tests.e2e.processes import KEY_ID, PATIENCE_S, SEEDED, Caller, Installation, Server, refusal, until
from tests.e2e.test_commands import shown_key
from tests.forked import Forked
from tests.signing import Response, call_v3, send
from tests.storage.test_outages import ON_POSTGRESQL

ACCOUNT = SEEDED["root_account_id"]
TOM = {"Name": "tom", "EmailAddress": "tom@example.com", "Title": "CEO", "MessageTypes.1": "FaultMessage"}
ROTATE = ("access", "rotate-master-key")
STEPS = ("the draft is cleared", "it is written", "the old key is cleared", "it is kept", "the new one takes its place")


def rotate(installation: Installation) -> "subprocess.CompletedProcess[str]":
    outcome = installation.command(*ROTATE)
    assert outcome.returncode == 0, outcome
    return outcome


def rotate_and_be_killed(installation: Installation, step: int, *, delay_ms: int = 0) -> int:
    place = {"cwd": installation.folder, "env": installation._environment({})}
    with TemporaryFile() as output:
        killed = Forked(run_until_killed, step, delay_ms, *ROTATE, stdout=output, stderr=output, **place)
        return killed.wait(PATIENCE_S)


def link_in(installation: Installation) -> str:
    """The link of the one letter in the mailbox."""
    (path,) = set(re.findall(r"https?://[^/\s]+(/\S+/\S+)", installation.command("mailbox").stdout))
    return path


def listing(caller: Caller) -> Response:
    return call_v3(caller, "ListMessageContacts")


def send_letter(server: Server) -> None:
    added = call_v3(server.caller, "AddMessageContact", TOM)
    asked = {"ContactId": added.json["Contact"]["ContactId"], "EmailAddress": TOM["EmailAddress"]}
    assert call_v3(server.caller, "SendEmailVerificationForMessageContact", asked).status == 200


def confirm(server: Server, path: str) -> int:
    form = {"content-type": "application/x-www-form-urlencoded"}
    return send(server.endpoint, "POST", path, form, b"do=confirm").status


def test_what_was_kept_under_the_old_key_is_there_under_the_new_one(seeded: Installation) -> None:
    with seeded.serving() as server:
        send_letter(server)
    mailbox, link = seeded.command("mailbox").stdout, link_in(seeded)
    old = (seeded.folder / "callboard-data" / FILE_NAME).read_text()

    outcome = rotate(seeded)

    assert "2 secrets are encrypted under a new key" in outcome.stderr
    assert (seeded.folder / "callboard-data" / FILE_NAME).read_text() != old
    assert (seeded.folder / "callboard-data" / f"{FILE_NAME}.old").read_text() == old
    assert (seeded.folder / "callboard-data" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert not (seeded.folder / "callboard-data" / f"{FILE_NAME}.new").exists()
    with seeded.serving() as server:
        assert listing(server.caller).json["TotalCount"] == 1
        assert seeded.command("mailbox").stdout == mailbox
        assert confirm(server, link) == 303
        assert listing(server.caller).json["Contacts"][0]["Status"] == "Active"
        assert seeded.command("audit", "verify").returncode == 0
    assert "ReplaceMasterKey" in seeded.command("audit").stdout


def test_the_key_may_be_replaced_again_and_again(embedded: Installation) -> None:
    embedded.command("init")

    for _ in range(3):
        rotate(embedded)

    with embedded.serving() as server:
        assert listing(server.caller).status == 200


def test_a_server_with_the_old_key_refuses_until_it_is_started_again(seeded: Installation) -> None:
    with seeded.serving() as server:
        assert listing(server.caller).status == 200

        rotate(seeded)

        answers = [listing(server.caller), call_v3(server.caller, "AddMessageContact", TOM)]
        ready = send(server.endpoint, "GET", "/readyz")
        alive = send(server.endpoint, "GET", "/healthz")
    with seeded.serving() as server:
        again = listing(server.caller)

    assert [(answer.status, answer.code) for answer in answers] == [(503, "ServiceUnavailable")] * 2
    assert (ready.status, ready.body) == (
        503,
        b"the master key was replaced; start this process again with the new one\n",
    )
    assert alive.status == 200
    assert (again.status, again.json["TotalCount"]) == (200, 0)


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1), ids=STEPS)
def test_whenever_it_is_killed_the_server_starts_and_all_is_there(embedded: Installation, step: int) -> None:
    with embedded.serving() as server:
        send_letter(server)
    mailbox = embedded.command("mailbox").stdout

    assert rotate_and_be_killed(embedded, step) == -9

    check_that_all_is_there(embedded, mailbox)


@ON_POSTGRESQL
def test_killed_after_its_commit_it_leaves_the_new_key_to_the_next_start(seeded: Installation) -> None:
    with seeded.serving() as server:
        send_letter(server)
    mailbox = seeded.command("mailbox").stdout

    assert rotate_and_be_killed(seeded, STEPS.index("it is kept") + 1) == -9

    assert (seeded.folder / "callboard-data" / f"{FILE_NAME}.new").exists()
    check_that_all_is_there(seeded, mailbox)


@pytest.mark.parametrize("delay_ms", [2, pytest.param(8, marks=pytest.mark.slow)])
def test_killed_while_it_writes_to_the_database_it_has_done_all_or_nothing(seeded: Installation, delay_ms: int) -> None:
    with seeded.serving() as server:
        send_letter(server)
    mailbox = seeded.command("mailbox").stdout

    rotate_and_be_killed(seeded, 2, delay_ms=delay_ms)

    check_that_all_is_there(seeded, mailbox)


def check_that_all_is_there(installation: Installation, mailbox: str) -> None:
    with installation.serving() as server:
        assert listing(server.caller).json["TotalCount"] == 1
        assert installation.command("mailbox").stdout == mailbox
    rotate(installation)
    with installation.serving() as server:
        assert listing(server.caller).json["TotalCount"] == 1
    assert installation.command("audit", "verify").returncode == 0


def test_a_key_of_the_settings_is_printed_once_and_then_in_force(embedded: Installation) -> None:
    embedded.settings["master_key"] = "x" * 43 + "="
    embedded.command("init")

    outcome = rotate(embedded)
    found = re.fullmatch(r"CALLBOARD_MASTER_KEY=([A-Za-z0-9+/]{43}=)\n", outcome.stdout)

    assert found is not None
    assert found[1] not in outcome.stderr
    assert "another master key" in refusal(embedded.command("serve"))
    embedded.settings["master_key"] = found[1]
    with embedded.serving() as server:
        assert listing(server.caller).status == 200


def test_a_key_that_cannot_be_shown_is_not_put_in_force(embedded: Installation) -> None:
    embedded.settings["master_key"] = "x" * 43 + "="
    embedded.command("init")

    embedded.forks = False
    with Path("/dev/full").open("w") as full:
        code = embedded.start(*ROTATE, stdout=full, stderr=subprocess.DEVNULL).wait(PATIENCE_S)

    assert code != 0
    with embedded.serving() as server:
        assert listing(server.caller).status == 200


def test_a_database_in_memory_has_no_key_to_replace(embedded: Installation) -> None:
    assert "in memory" in refusal(embedded.command(*ROTATE, database_url="sqlite:///:memory:"))


def test_who_has_lost_the_root_key_gets_a_new_one_and_the_old_one_is_refused(seeded: Installation) -> None:
    with seeded.serving() as server:
        before = listing(server.caller).status
        outcome = seeded.command("access", "recover", ACCOUNT)
        shown, _, rest = outcome.stdout.partition(f"{KEY_ID} is inactive")
        account_id, key_id, secret = shown_key(shown)
        refused = until(lambda: listing(server.caller).status != 200 and listing(server.caller), "the old key ends")
        new = Caller(server.endpoint, key_id, secret)
        trail = call_v3(new, "ListAuditRecords", {"Actor": "operator"}, version="2026-11-25").json["AuditRecords"]

    assert (before, account_id, bool(rest)) == (200, ACCOUNT, True)
    assert refused.code == "InvalidAccessKeyId.Inactive"
    assert [(each["ActionName"], each["Resource"]) for each in trail[:2]] == [
        ("UpdateAccessKey", KEY_ID),
        ("CreateAccessKey", key_id),
    ]


def test_other_root_keys_and_those_of_users_and_other_accounts_may_be_kept(embedded: Installation) -> None:
    embedded.command("init")
    embedded.command("key", "create", ACCOUNT, "--user", "tom")
    embedded.command("add-account", "--account-id", "42")

    kept = embedded.command("access", "recover", ACCOUNT, "--keep")
    listed_then = embedded.command("key", "list").stdout
    embedded.command("access", "recover", ACCOUNT)
    listed_now = embedded.command("key", "list").stdout.splitlines()

    shown_key(kept.stdout)
    assert "inactive" not in listed_then
    assert [line.split()[3] for line in listed_now if line.endswith(" inactive")] == ["root", "root"]
    assert sum(line.endswith(" active") for line in listed_now) == 3
    assert "There is no account 404" in refusal(embedded.command("access", "recover", "404"))


def test_a_right_is_explained_at_the_command_line(embedded: Installation) -> None:
    embedded.command("init")
    embedded.command("key", "create", ACCOUNT, "--user", "tom")
    asked = ("resourcemanager:GetMessageContact", f"acs:resourcemanager:*:{ACCOUNT}:messagecontact/x")

    root = embedded.command("access", "explain", f"acs:ram::{ACCOUNT}:root", *asked)
    tom = embedded.command("access", "explain", f"acs:ram::{ACCOUNT}:user/tom", *asked, "--source", "192.0.2.7")

    assert root.stdout == "Allowed: RootUser\n"
    assert tom.stdout == "Not allowed: ImplicitDeny\n"
    assert "There is no acs:ram::" in refusal(
        embedded.command("access", "explain", f"acs:ram::{ACCOUNT}:user/tim", *asked)
    )
    assert "is no principal" in refusal(embedded.command("access", "explain", "tom", *asked))
    assert "no IP address" in refusal(
        embedded.command("access", "explain", f"acs:ram::{ACCOUNT}:root", *asked, "--source", "here")
    )
