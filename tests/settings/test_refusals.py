"""What does not fit is refused with the setting's name, and without any secret."""

from pathlib import Path

import pytest

from callboard.errors import StartupError
from callboard.settings import FIELDS, SECRETS, load
from tests.settings.test_load import COMPANIONS, NOWHERE, VALUES, variable

ALIYUN = ("sms_aliyun_access_key_id", *COMPANIONS["sms_aliyun_access_key_id"])

LIMITS = (
    "sends_per_account_day",
    "sends_per_address_minute",
    "sends_per_address_ten_minutes",
    "sends_per_address_day",
    "sends_apart_s",
    "sends_per_source_hour",
    "codes_per_source_hour",
    "sms_per_prefix_day",
)
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
    ("worker_metrics", "9422"),
    ("otlp_endpoint", "127.0.0.1:4318"),
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
    ("account_type_by_user", "maybe"),
    ("background", "2"),
    ("bearer_keys", "perhaps"),
    ("calls_per_minute", "-1"),
    ("calls_per_minute_and_action", "-1"),
    ("bounce_address", "bounces"),
    ("bounce_listen", "2525"),
    ("bounce_listen", ":2525"),
    ("bounce_listen", "127.0.0.1:smtp"),
    ("bounce_listen", "127.0.0.1:65536"),
    ("receipts_token", "short"),
    ("receipts_token", "with/a/slash/in/it"),
    ("receipts_token", "with-an-ümlaut-in-it"),
    ("canary_email", "canary@example.com"),
    ("canary_sms", "86-13900000000"),
    ("canary_period_s", "59"),
    ("canary_period_s", "86401"),
    ("canary_overdue_s", "9"),
    ("canary_overdue_s", "86401"),
    ("public_url", "callboard.example.com"),
    ("public_url", "ftp://callboard.example.com"),
    ("public_url", "https:///contacts"),
    ("public_url", "https://callboard.example.com/?a=b"),
    ("public_url", "https://callboard.example.com/#top"),
    ("organisation", "Example\nLtd"),
    ("organisation", "x" * 101),
    ("language", "de"),
    ("language", ""),
    ("email_proof_minutes", "0"),
    ("email_proof_minutes", "43201"),
    ("sms_proof_minutes", "0"),
    ("sms_proof_minutes", "43201"),
    ("code_attempts", "0"),
    ("code_attempts", "11"),
    *[(name, text) for name in LIMITS for text in ("-1", "10001", "many")],
    ("test_controls", "maybe"),
    ("mailbox", "open"),
    ("smtp_port", "-1"),
    ("smtp_port", "65536"),
    ("smtp_security", "ssl"),
    ("smtp_security", ""),
    ("smtp_host", "smtp.example.com"),
    ("smtp_user", "callboard"),
    ("smtp_password", "geheimnis"),
    ("smtp_timeout_s", "0"),
    ("smtp_timeout_s", "301"),
    ("sms_gateway_url", "sms.example.com"),
    ("sms_gateway_url", "ftp://sms.example.com/geheimnis"),
    ("sms_gateway_url", "https://"),
    ("sms_gateway_method", "DELETE"),
    ("sms_gateway_method", "post"),
    ("sms_gateway_headers", "authorization: geheimnis"),
    ("sms_gateway_headers", '["geheimnis"]'),
    ("sms_gateway_headers", '{"x-number": 1}'),
    ("sms_gateway_type", "xml"),
    ("sms_gateway_body", "to={number}&key=geheimnis"),
    ("sms_gateway_timeout_s", "0"),
    ("sms_gateway_timeout_s", "301"),
    ("sms_apprise_url", "clickatell://geheimnis/"),
    ("sms_aliyun_access_key_id", "LTAIsms"),
    ("sms_aliyun_template_params", "code={code}"),
    ("sms_aliyun_template_params", '{"code": 1}'),
    ("sms_aliyun_protocol", "ftp"),
    ("worker", "perhaps"),
    ("webhook_timeout_s", "0"),
    ("webhook_timeout_s", "61"),
    ("chat_services", "slack://token"),
    ("history_days", "0"),
    ("history_days", "3651"),
    ("outbox_attempts", "0"),
    ("outbox_attempts", "1001"),
    ("outbox_backoff_s", "0"),
    ("outbox_backoff_s", "3601"),
    ("outbox_backoff_limit_s", "4"),
    ("outbox_lease_s", "9"),
    ("outbox_concurrency", "0"),
    ("outbox_concurrency", "101"),
    ("email_per_second", "-1"),
    ("email_per_second", "100001"),
    ("sms_per_second", "-1"),
    ("sms_per_second", "100001"),
    ("administrator_email", "the administrator"),
    ("fallback_email", "the office"),
]
PAIRS = {
    "root_access_key_id": "root_access_key_secret",
    "tls_certificate": "tls_key",
    "smtp_host": "smtp_from",
    "smtp_user": "smtp_password",
}
"""Of two that go together the second one is named."""


def refusal(environment: dict[str, str], config: Path = NOWHERE) -> str:
    with pytest.raises(StartupError) as refused:
        load(environment, config=config)
    return str(refused.value)


@pytest.mark.parametrize(("name", "text"), MISFITS)
def test_a_value_that_does_not_fit_is_refused_with_the_settings_name(name: str, text: str) -> None:
    message = refusal({variable(name): text})

    assert f"{variable(PAIRS.get(name, name))}" in message
    assert "\n" not in message
    assert "geheimnis" not in message


def test_a_refusal_shows_the_value_and_tells_what_fits() -> None:
    message = refusal({"CALLBOARD_LOG_LEVEL": "loud"})

    assert "'loud'" in message
    assert FIELDS["log_level"].metadata["help"] in message


@pytest.mark.parametrize("second", ["sms_gateway_url", "sms_aliyun_access_key_id"])
def test_two_ways_for_sms_are_refused_without_their_secrets(second: str) -> None:
    values = {"sms_apprise_url": "clickatell://geheimnis/{number}", **{name: str(VALUES[name]) for name in ALIYUN}}
    if second == "sms_gateway_url":
        values = {"sms_apprise_url": values["sms_apprise_url"], second: str(VALUES[second])}

    message = refusal({variable(name): value for name, value in values.items()})

    assert "CALLBOARD_SMS_APPRISE_URL" in message
    assert "geheimnis" not in message


@pytest.mark.parametrize(
    "missing", ["sms_aliyun_access_key_secret", "sms_aliyun_sign_name", "sms_aliyun_template_code"]
)
def test_an_access_key_for_sms_without_all_that_belongs_to_it_is_refused(missing: str) -> None:
    message = refusal({variable(name): str(VALUES[name]) for name in ALIYUN if name != missing})

    assert "CALLBOARD_SMS_ALIYUN_ACCESS_KEY_ID" in message
    assert "geheimnis" not in message


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
