"""Where settings come from: defaults, then callboard.toml, then the environment."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from callboard.errors import StartupError
from callboard.settings import FIELDS, SECRETS, Settings, load, unknown

VALUES: dict[str, str | int | bool] = {
    "data_dir": "/srv/callboard",
    "database_url": "postgresql://callboard:geheimnis@db.internal/callboard",
    "listen": "[::1]:9000",
    "root_access_key_id": "LTAIexample",
    "root_access_key_secret": "geheimnis",
    "root_account_id": "1234567890123456",
    "master_key": "bWFzdGVyIGtleSBvZiB0aGlydHktdHdvIGJ5dGVzISE=",
    "profile": "open",
    "max_contacts": 77,
    "country_codes": "86,852",
    "phone_required": True,
    "account_type_by_user": True,
    "email_length": 64,
    "utc_offset_minutes": 480,
    "postgres_connections": 3,
    "lock_timeout_ms": 1500,
    "background": False,
    "trusted_proxies": "10.0.0.1,10.0.0.2",
    "tls_certificate": "/etc/callboard/tls.pem",
    "tls_key": "/etc/callboard/tls.key",
    "stop_timeout_s": 5,
    "worker_metrics": "127.0.0.1:9422",
    "otlp_endpoint": "http://127.0.0.1:4318",
    "log_level": "warning",
    "log_format": "console",
    "public_url": "https://callboard.example.com/contacts",
    "organisation": "Example Ltd 示例公司",
    "language": "zh",
    "email_proof_minutes": 60,
    "sms_proof_minutes": 5,
    "code_attempts": 3,
    "sends_per_account_day": 7,
    "sends_per_address_minute": 2,
    "sends_per_address_ten_minutes": 3,
    "sends_per_address_day": 4,
    "sends_apart_s": 30,
    "sends_per_source_hour": 8,
    "codes_per_source_hour": 9,
    "sms_per_prefix_day": 11,
    "test_controls": True,
    "mailbox": True,
    "smtp_host": "smtp.example.com",
    "smtp_port": 2525,
    "smtp_security": "tls",
    "smtp_user": "callboard",
    "smtp_password": "geheimnis",
    "smtp_ca": "/etc/callboard/ca.pem",
    "smtp_from": "Callboard <no-reply@example.com>",
    "smtp_timeout_s": 10,
    "sms_gateway_url": "https://sms.example.com/send?key=geheimnis",
    "sms_gateway_method": "PUT",
    "sms_gateway_headers": '{"authorization": "Bearer geheimnis"}',
    "sms_gateway_body": '{"to": "{number}", "text": "{text}", "key": "geheimnis"}',
    "sms_gateway_type": "form",
    "sms_gateway_success": '"ok":true',
    "sms_gateway_timeout_s": 5,
    "webhook_timeout_s": 5,
    "webhook_private_addresses": True,
    "chat_services": "slack, mmosts",
    "sms_apprise_url": "clickatell://geheimnis/{number}",
    "sms_aliyun_access_key_id": "LTAIsms",
    "sms_aliyun_access_key_secret": "geheimnis",
    "sms_aliyun_sign_name": "示例",
    "sms_aliyun_template_code": "SMS_1234",
    "sms_aliyun_template_params": '{"code": "{code}", "text": "{text}"}',
    "sms_aliyun_endpoint": "dysmsapi.example.com:8443",
    "sms_aliyun_protocol": "http",
    "bearer_keys": False,
    "calls_per_minute": 60,
    "calls_per_minute_and_action": 30,
    "worker": False,
    "history_days": 7,
    "outbox_attempts": 12,
    "outbox_backoff_s": 2,
    "outbox_backoff_limit_s": 600,
    "outbox_lease_s": 60,
    "outbox_concurrency": 2,
    "email_per_second": 14,
    "sms_per_second": 5,
    "administrator_email": "admin@example.com",
    "fallback_email": "duty@example.com",
    "bounce_address": "bounces@example.com",
    "bounce_maildir": "/var/mail/bounces",
    "bounce_listen": "127.0.0.1:2525",
    "receipts_token": "geheimnis-of-16-signs",
    "canary_email": "canary@example.com",
    "canary_sms": "86-13900000000",
    "canary_period_s": 600,
    "canary_overdue_s": 60,
}
"""A value of each setting that is not its default."""
COMPANIONS = {
    "root_access_key_id": ("root_access_key_secret",),
    "root_access_key_secret": ("root_access_key_id",),
    "tls_certificate": ("tls_key",),
    "tls_key": ("tls_certificate",),
    "smtp_host": ("smtp_from",),
    "smtp_user": ("smtp_password",),
    "smtp_password": ("smtp_user",),
    "canary_email": ("bounce_maildir", "smtp_host", "smtp_from"),
    "canary_sms": ("receipts_token", "sms_gateway_url"),
    "sms_aliyun_access_key_id": (
        "sms_aliyun_access_key_secret",
        "sms_aliyun_sign_name",
        "sms_aliyun_template_code",
    ),
}
"""Settings that another one cannot do without."""
NOWHERE = Path("no-such-file.toml")


def variable(name: str) -> str:
    return f"CALLBOARD_{name.upper()}"


def with_companion(name: str) -> dict[str, str | int | bool]:
    return {each: VALUES[each] for each in (name, *COMPANIONS.get(name, ()))}


def toml(folder: Path, values: dict[str, str | int | bool]) -> Path:
    file = folder / "callboard.toml"
    file.write_text("".join(f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in values.items()))
    return file


def test_every_setting_has_a_value_to_be_tested_with() -> None:
    assert set(VALUES) == set(FIELDS)
    assert [name for name, value in VALUES.items() if value == FIELDS[name].default] == []


def test_every_setting_has_a_help() -> None:
    assert [name for name, field in FIELDS.items() if not field.metadata["help"].endswith(".")] == []


def test_without_file_and_environment_everything_has_its_default() -> None:
    assert load({}, config=NOWHERE) == Settings()


@pytest.mark.parametrize("name", VALUES)
def test_each_setting_is_taken_from_the_environment(name: str) -> None:
    values = with_companion(name)
    environment = {variable(each): str(value).lower() for each, value in values.items() if isinstance(value, bool)}
    environment |= {variable(each): str(value) for each, value in values.items() if not isinstance(value, bool)}

    loaded = load(environment, config=NOWHERE)

    assert loaded == replace(Settings(), **values)


@pytest.mark.parametrize("name", VALUES)
def test_each_setting_is_taken_from_the_file(name: str, tmp_path: Path) -> None:
    values = with_companion(name)

    loaded = load({}, config=toml(tmp_path, values))

    assert loaded == replace(Settings(), **values)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = toml(tmp_path, {"profile": "open", "max_contacts": 5, "log_level": "error"})

    loaded = load({"CALLBOARD_PROFILE": "alibaba", "CALLBOARD_MAX_CONTACTS": "0"}, config=file)

    assert (loaded.profile, loaded.max_contacts, loaded.log_level) == ("alibaba", 0, "error")


def test_an_empty_variable_wins_over_the_file_too(tmp_path: Path) -> None:
    file = toml(tmp_path, {"database_url": "sqlite:///other.db"})

    assert load({"CALLBOARD_DATABASE_URL": ""}, config=file).database_url == ""


def test_the_file_in_the_folder_is_read_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(tmp_path, {"profile": "open"})
    monkeypatch.chdir(tmp_path)

    assert load({}).profile == "open"


def test_the_file_may_be_named_in_the_environment(tmp_path: Path) -> None:
    file = toml(tmp_path, {"profile": "open"})

    assert load({"CALLBOARD_CONFIG": str(file)}).profile == "open"


def test_a_named_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(StartupError, match=r"CALLBOARD_CONFIG names /nowhere/callboard\.toml"):
        load({"CALLBOARD_CONFIG": "/nowhere/callboard.toml"})


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("1", True), ("false", False), ("0", False), ("True", True)]
)
def test_a_switch_is_read_as_people_write_it(text: str, *, expected: bool) -> None:
    assert load({"CALLBOARD_PHONE_REQUIRED": text}, config=NOWHERE).phone_required is expected


def test_a_variable_that_sets_nothing_is_pointed_out() -> None:
    environment = {"CALLBOARD_PROFIL": "open", "CALLBOARD_PROFILE": "open", "CALLBOARD_CONFIG": "x", "PATH": "/bin"}

    assert unknown(environment) == ["CALLBOARD_PROFIL"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [("", "sqlite:////srv/data/callboard.db"), ("sqlite:///:memory:", "sqlite:///:memory:")],
)
def test_the_database_is_a_file_in_the_data_folder_unless_one_is_set(url: str, expected: str) -> None:
    loaded = load({"CALLBOARD_DATA_DIR": "/srv/data", "CALLBOARD_DATABASE_URL": url}, config=NOWHERE)

    assert loaded.url == expected


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:0", ("127.0.0.1", 0)), ("[::1]:8422", ("::1", 8422)), ("0.0.0.0:65535", ("0.0.0.0", 65535))],
)
def test_an_address_is_a_host_and_a_port(listen: str, address: tuple[str, int]) -> None:
    assert load({"CALLBOARD_LISTEN": listen}, config=NOWHERE).address == address


def test_secrets_are_settings() -> None:
    assert set(SECRETS) < set(FIELDS)


@pytest.mark.parametrize(
    ("values", "provider", "kept"),
    [
        ({}, "", {"email", "sms"}),
        ({"smtp_host": "smtp.example.com"}, "", {"sms"}),
        ({"sms_gateway_url": "https://sms.example.com/"}, "gateway", {"email"}),
        ({"sms_apprise_url": "clickatell://token/{number}"}, "apprise", {"email"}),
        ({"sms_aliyun_access_key_id": "LTAIsms"}, "aliyun", {"email"}),
        ({"smtp_host": "smtp.example.com", "sms_apprise_url": "clickatell://token/{number}"}, "apprise", set()),
    ],
)
def test_letters_of_a_channel_without_a_provider_are_kept(
    values: dict[str, str], provider: str, kept: set[str]
) -> None:
    settings = replace(Settings(), **values)

    assert (settings.sms_provider, settings.kept_channels) == (provider, kept)


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        ("", "http://127.0.0.1:8422"),
        ("https://callboard.example.com", "https://callboard.example.com"),
        ("https://example.com/contacts/", "https://example.com/contacts"),
    ],
)
def test_links_lead_to_the_public_url_or_where_the_server_listens(public_url: str, expected: str) -> None:
    settings = replace(Settings(), public_url=public_url)

    assert settings.terms_at("http://127.0.0.1:8422").public_url == expected


def test_the_terms_have_every_time_in_milliseconds_and_every_limit_with_its_period() -> None:
    terms = Settings().terms_at("")

    assert (terms.email_proof_ms, terms.sms_proof_ms, terms.code_attempts) == (86_400_000, 600_000, 5)
    assert terms.per_account == ((100, 86_400_000),)
    assert terms.per_address == ((10, 60_000), (5, 600_000), (10, 86_400_000), (1, 60_000))
    assert terms.per_source == ((100, 3_600_000),)
    assert terms.codes_per_source == ((60, 3_600_000),)
    assert terms.per_prefix == ((1000, 86_400_000),)
    assert replace(Settings(), sends_apart_s=0).terms_at("").per_address[-1] == (0, 0)
