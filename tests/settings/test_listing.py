"""`callboard settings`: every setting, what is in force, and no secret."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from callboard import cli
from callboard.settings import FIELDS
from tests.settings.test_load import VALUES, variable


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a callboard.toml that may lie about."""
    monkeypatch.chdir(tmp_path)


def listing(values: dict[str, str]) -> str:
    outcome = CliRunner().invoke(cli.app, ["settings"], env={variable(name): text for name, text in values.items()})
    assert outcome.exit_code == 0
    return outcome.output


def test_every_setting_is_listed_with_its_help_and_default() -> None:
    output = listing({})

    assert re.findall(r"^(CALLBOARD_\w+) = ", output, re.MULTILINE) == [variable(name) for name in FIELDS]
    for field in FIELDS.values():
        assert f"    {field.metadata['help']} Default: {field.default!r}.\n" in output


@pytest.mark.parametrize("way", ["sms_gateway_", "sms_apprise_", "sms_aliyun_"])
def test_what_is_in_force_is_shown_but_for_secrets(way: str) -> None:
    values = {name: str(value) for name, value in VALUES.items() if name.startswith(way) or name[:4] != "sms_"}
    output = listing({**values, "sms_proof_minutes": "5"})

    assert "CALLBOARD_PROFILE = 'open'\n" in output
    assert "CALLBOARD_MAX_CONTACTS = 77\n" in output
    assert "CALLBOARD_ROOT_ACCESS_KEY_SECRET = (set, not shown)\n" in output
    assert "CALLBOARD_MASTER_KEY = (set, not shown)\n" in output
    assert "CALLBOARD_SMTP_PASSWORD = (set, not shown)\n" in output
    assert "CALLBOARD_SMS_PROOF_MINUTES = 5\n" in output
    assert "CALLBOARD_DATABASE_URL = (set, not shown)\n" in output
    assert "geheimnis" not in output
    assert str(VALUES["master_key"]) not in output


def test_what_the_file_sets_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "callboard.toml").write_text("profile = 'open'\nroot_account_id = '42'\n")

    output = listing({"root_account_id": "43"})

    assert "CALLBOARD_PROFILE = 'open'\n" in output
    assert "CALLBOARD_ROOT_ACCOUNT_ID = '43'\n" in output


def test_a_variable_that_sets_nothing_is_warned_of() -> None:
    output = listing({"profil": "open"})

    assert "callboard: there is no setting CALLBOARD_PROFIL; it has no effect.\n" in output
