"""What keeps a server from starting: exit code 2, and one line that tells the operator what to do."""

import base64
import socket
import sqlite3

import psycopg
import pytest

from tests.e2e.processes import KEY_ID, SECRET, Installation, refusal
from tests.signing import send
from tests.storage.test_outages import ON_POSTGRESQL


def test_a_taken_port_is_refused_with_the_setting_to_change(embedded: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        line = refusal(embedded.command("serve", listen=address))

    assert f"Cannot listen on {address}: it is in use" in line
    assert "CALLBOARD_LISTEN" in line


@pytest.mark.parametrize("listen", ["192.0.2.1:8422", "no-such-host.invalid:8422"])
def test_an_address_that_is_not_ours_is_refused(embedded: Installation, listen: str) -> None:
    line = refusal(embedded.command("serve", listen=listen))

    assert f"Cannot listen on {listen}" in line


def test_a_setting_that_does_not_fit_is_refused_by_its_name(embedded: Installation) -> None:
    line = refusal(embedded.command("serve", profile="tencent"))

    assert "CALLBOARD_PROFILE" in line
    assert "'tencent'" in line


def test_a_setting_that_the_file_does_not_know_is_refused_with_a_suggestion(embedded: Installation) -> None:
    (embedded.folder / "callboard.toml").write_text("max_contact = 5")

    line = refusal(embedded.command("serve"))

    assert line == "callboard: callboard.toml: there is no setting max_contact. Did you mean max_contacts?"


def test_a_newer_database_is_refused(seeded: Installation) -> None:
    assert seeded.command("init").returncode == 0
    change(seeded, "UPDATE alembic_version SET version_num = '9999'")

    line = refusal(seeded.command("serve"))

    assert "revision 9999, which is newer" in line


def change(installation: Installation, statement: str) -> None:
    """Change the database behind the product's back."""
    if installation.settings["database_url"]:
        with psycopg.connect(installation.settings["database_url"]) as connection:
            connection.execute(statement.encode())
    else:
        driver = sqlite3.connect(installation.folder / "callboard-data" / "callboard.db", isolation_level=None)
        driver.execute(statement)
        driver.close()


def test_another_master_key_is_refused(seeded: Installation) -> None:
    assert seeded.command("init").returncode == 0
    (seeded.folder / "callboard-data" / "master.key").write_bytes(base64.b64encode(b"x" * 32))

    line = refusal(seeded.command("serve"))

    assert "another master key" in line
    assert "CALLBOARD_MASTER_KEY" in line


def test_a_damaged_master_key_is_refused_without_being_shown(embedded: Installation) -> None:
    key = base64.b64encode(b"x" * 31).decode()

    line = refusal(embedded.command("serve", master_key=key))

    assert "master key must be 32 bytes" in line
    assert key not in line


def test_a_first_key_that_is_there_with_another_secret_is_refused(seeded: Installation) -> None:
    assert seeded.command("init").returncode == 0

    line = refusal(seeded.command("serve", root_access_key_secret="another-secret-that-is-long-enough"))

    assert KEY_ID in line
    assert "root_access_key_secret" in line
    assert SECRET not in line
    assert "another-secret" not in line


def test_a_file_that_is_no_database_is_refused(embedded: Installation) -> None:
    (embedded.folder / "letter.txt").write_text("Dear reader, this is no database.\n" * 100)

    line = refusal(embedded.command("serve", database_url="sqlite:///letter.txt"))

    assert "letter.txt" in line
    assert "not a database" in line


def test_a_data_folder_that_cannot_be_made_is_refused(embedded: Installation) -> None:
    (embedded.folder / "file").write_text("")

    line = refusal(embedded.command("serve", data_dir="file/data"))

    assert "file/data" in line


def test_a_postgresql_that_is_not_there_is_refused_without_the_password(embedded: Installation) -> None:
    line = refusal(embedded.command("serve", database_url="postgresql://callboard:geheimnis@127.0.0.1:1/callboard"))

    assert "127.0.0.1" in line
    assert "geheimnis" not in line


@ON_POSTGRESQL
def test_a_postgresql_database_that_is_not_there_is_refused(seeded: Installation, empty_url: str) -> None:
    missing = empty_url.replace("/test_", "/missing_")

    line = refusal(seeded.command("serve", database_url=missing))

    assert "does not exist" in line


@pytest.mark.parametrize(
    ("certificate", "key"), [("missing.pem", "missing.key"), ("callboard.toml", "callboard.toml")], ids=["no", "bad"]
)
def test_a_certificate_that_cannot_be_used_is_refused(embedded: Installation, certificate: str, key: str) -> None:
    (embedded.folder / "callboard.toml").write_text("profile = 'open'\n")

    line = refusal(embedded.command("serve", tls_certificate=certificate, tls_key=key))

    assert "TLS certificate or key cannot be used" in line


SMTP = {"smtp_host": "127.0.0.1", "smtp_port": "1", "smtp_security": "none", "smtp_from": "no-reply@example.com"}
SMS = {"sms_gateway_url": "http://127.0.0.1:1/"}
EVERYWHERE = "0.0.0.0:0"


@pytest.mark.parametrize(
    ("listen", "providers", "kept"),
    [
        (EVERYWHERE, {}, "emails and SMS stay"),
        (EVERYWHERE, SMTP, "SMS stay"),
        (EVERYWHERE, SMS, "emails stay"),
        ("[::]:0", {}, "emails and SMS stay"),
    ],
    ids=["none", "smtp", "sms", "ipv6"],
)
def test_a_mailbox_that_others_could_read_is_refused_with_the_settings_to_change(
    embedded: Installation, listen: str, providers: dict[str, str], kept: str
) -> None:
    line = refusal(embedded.command("serve", listen=listen, public_url="https://example.com", **providers))

    assert f"the mailbox, where {kept}" in line
    assert "CALLBOARD_MAILBOX=true" in line
    assert listen in line


def test_a_mailbox_that_others_may_read_is_served_when_it_is_asked_for(embedded: Installation) -> None:
    with embedded.serving(listen=EVERYWHERE, mailbox="true") as server:
        port = server.endpoint.rpartition(":")[2]
        answer = send(f"127.0.0.1:{port}", "GET", "/mailbox", {"host": "callboard.example.com"})

    assert (answer.status, answer.json) == (200, {"Letters": []})


@pytest.mark.parametrize("settings", [SMTP | SMS, SMTP | {"mailbox": "true"}], ids=["both", "one"])
def test_links_that_would_lead_nowhere_are_refused_with_the_setting_to_change(
    embedded: Installation, settings: dict[str, str]
) -> None:
    line = refusal(embedded.command("serve", listen=EVERYWHERE, **settings))

    assert "CALLBOARD_PUBLIC_URL" in line


def test_with_both_providers_and_a_public_url_the_server_starts_everywhere(embedded: Installation) -> None:
    with embedded.serving(listen=EVERYWHERE, public_url="https://example.com", **SMTP, **SMS) as server:
        greeting = server.greeting

    assert "mailbox" not in greeting
    assert server.log[-1]["event"] == "stopped"


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0", "localhost:0"])
def test_a_mailbox_on_this_machine_alone_is_served_unasked(embedded: Installation, listen: str) -> None:
    with embedded.serving(listen=listen) as server:
        assert f"http://{server.endpoint}/mailbox" in server.greeting


def test_test_controls_are_pointed_out_in_the_greeting(embedded: Installation) -> None:
    with embedded.serving(test_controls="true") as server:
        lines = server.greeting.splitlines()

    assert lines[-1].startswith(f"TEST CONTROLS are on at http://{server.endpoint}/test/")


@pytest.mark.parametrize(
    ("command", "settings", "named"),
    [
        ("serve", {"smtp_host": "smtp.example.com"}, "CALLBOARD_SMTP_FROM"),
        ("serve", {**SMTP, "smtp_security": "starttls", "smtp_ca": "missing.pem"}, "smtp_ca"),
        ("worker", {**SMTP, "smtp_security": "starttls", "smtp_ca": "missing.pem"}, "smtp_ca"),
        ("worker", {"sms_apprise_url": "nobody-knows-this://{number}"}, "sms_apprise_url"),
    ],
    ids=["no-sender", "no-authority", "workers-no-authority", "unknown-way"],
)
def test_a_provider_that_cannot_be_used_is_refused_by_its_setting(
    embedded: Installation, command: str, settings: dict[str, str], named: str
) -> None:
    line = refusal(embedded.command(command, **settings))

    assert named in line
