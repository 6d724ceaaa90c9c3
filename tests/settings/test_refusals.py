"""What does not fit is refused with the setting's name, and without any secret."""

from pathlib import Path

import pytest

from callboard.errors import StartupError
from callboard.settings import FIELDS, SECRETS, load
from tests.settings.test_load import NOWHERE, variable

MISFITS = [
    ("listen", "8422"),
    ("listen", ":8422"),
    ("listen", "127.0.0.1"),
    ("listen", "127.0.0.1:"),
    ("listen", "127.0.0.1:http"),
    ("listen", "127.0.0.1:65536"),
    ("listen", "127.0.0.1:-1"),
    ("listen", "127.0.0.1:٣"),
    ("profile", "tencent"),
    ("profile", ""),
    ("log_level", "loud"),
    ("log_level", "INFO "),
    ("log_format", "xml"),
    ("database_url", "mysql://db/callboard"),
    ("database_url", "callboard.db"),
    ("database_url", "sqlite://callboard.db"),
    ("root_account_id", "acme"),
    ("root_access_key_id", "LTAIwithoutsecret"),
    ("root_access_key_secret", "geheimnis"),
    ("tls_certificate", "tls.pem"),
    ("tls_key", "tls.key"),
    ("postgres_connections", "0"),
    ("postgres_connections", "101"),
    ("postgres_connections", "many"),
    ("lock_timeout_ms", "0"),
    ("lock_timeout_ms", "60001"),
    ("lock_timeout_ms", "1.5"),
    ("max_contacts", "-1"),
    ("max_contacts", "twenty"),
    ("max_contacts", ""),
    ("email_length", "-1"),
    ("stop_timeout_s", "-1"),
    ("stop_timeout_s", "soon"),
    ("utc_offset_minutes", "1440"),
    ("utc_offset_minutes", "-1440"),
    ("utc_offset_minutes", "+08:00"),
    ("country_codes", "CN"),
    ("country_codes", "86,"),
    ("country_codes", "86;852"),
    ("country_codes", "+86"),
    ("phone_required", "maybe"),
    ("phone_required", ""),
    ("background", "2"),
]
PAIRS = {"root_access_key_id": "root_access_key_secret", "tls_certificate": "tls_key"}
"""Of two that go together the second one is named."""


def refusal(environment: dict[str, str], config: Path = NOWHERE) -> str:
    with pytest.raises(StartupError) as refused:
        load(environment, config=config)
    return str(refused.value)


@pytest.mark.parametrize(("name", "text"), MISFITS)
def test_a_value_that_does_not_fit_is_refused_with_the_settings_name(name: str, text: str) -> None:
    message = refusal({variable(name): text})

    assert variable(PAIRS.get(name, name)) in message
    assert "\n" not in message


def test_a_refusal_shows_the_value_and_tells_what_fits() -> None:
    message = refusal({"CALLBOARD_LOG_LEVEL": "loud"})

    assert "'loud'" in message
    assert FIELDS["log_level"].metadata["help"] in message


@pytest.mark.parametrize("name", SECRETS)
def test_a_refusal_never_shows_a_secret(name: str) -> None:
    message = refusal({variable(name): "geheimnis", "CALLBOARD_LOG_LEVEL": "loud"})

    assert "geheimnis" not in message


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("max_contacts = 'many'", "a whole number"),
        ("max_contacts = 1.5", "a whole number"),
        ("phone_required = 'maybe'", "true or false"),
        ("profile = ['open']", "a text"),
        ("root_access_key_secret = ['geheimnis']", "a text"),
    ],
)
def test_a_value_of_the_wrong_kind_in_the_file_is_refused_with_the_files_name(
    line: str, wanted: str, tmp_path: Path
) -> None:
    file = tmp_path / "callboard.toml"
    file.write_text(line)

    message = refusal({}, file)

    assert message == f"{file}: {line.split(maxsplit=1)[0]} must be {wanted}."


def test_an_unknown_setting_in_the_file_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    file = tmp_path / "callboard.toml"
    file.write_text("max_contact = 5")

    assert refusal({}, file) == f"{file}: there is no setting max_contact. Did you mean max_contacts?"


def test_a_setting_that_resembles_none_is_refused_with_where_to_look(tmp_path: Path) -> None:
    file = tmp_path / "callboard.toml"
    file.write_text("zzz = 5")

    assert refusal({}, file) == f"{file}: there is no setting zzz. `callboard settings` lists all."


def test_a_table_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "callboard.toml"
    file.write_text("[listen]\nport = 5")

    assert refusal({}, file) == f"{file}: listen must be a text."


@pytest.mark.parametrize("content", [b"profile = ", b"profile = open", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_file_that_cannot_be_read_is_refused_with_its_name(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "callboard.toml"
    file.write_bytes(content)

    assert f"{file} cannot be read" in refusal({}, file)
