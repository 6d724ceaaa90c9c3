"""What keeps a server from starting: exit code 2, and one line that tells the operator what to do."""

import base64
import socket
import sqlite3

import psycopg
import pytest

from tests.e2e.processes import KEY_ID, SECRET, Installation, refusal
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
