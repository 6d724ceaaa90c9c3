"""The settings of the server itself: database, address, keys, rules of the site, logs."""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from callboard.profile import PROFILES, Profile
from callboard.settings.field import is_web, setting

KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
"""What an access key's id looks like."""
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What one server process runs on."""

    data_dir: str = setting("callboard-data", "Folder for the embedded database and the master key.")
    database_url: str = setting(
        "", "sqlite:///file, sqlite:///:memory: or postgresql://...; empty: callboard.db in the data folder."
    )
    listen: str = setting("127.0.0.1:8422", "Address and port to listen on; port 0 takes a free one and prints it.")
    root_access_key_id: str = setting("", "Id of the first access key; empty: one is made and shown once.")
    root_access_key_secret: str = setting("", "Secret of the first access key; goes with its id.")
    root_account_id: str = setting("", "Id (digits) of the first management account; empty: one is made.")
    master_key: str = setting(
        "", "Key that encrypts secrets at rest (32 bytes in base64); empty: master.key in the data folder."
    )
    profile: str = setting("alibaba", "Rules for names, numbers and quotas: alibaba (as documented) or open.")
    max_contacts: int = setting(0, "Most contacts in one directory; 0: as the profile says.")
    country_codes: str = setting("", "Calling codes served, as 86,852; any: all; empty: as the profile says.")
    phone_required: bool = setting(False, "Whether AddMessageContact insists on a phone number.")
    account_type_by_user: bool = setting(
        False,
        "Whether UpdateAccount switches the type of a member for RAM users and roles only, as the cloud is documented "
        "to do. Off, as an installation begins with a root key.",
    )
    email_length: int = setting(0, "Longest email address in characters; 0: as the profile says (254).")
    utc_offset_minutes: int = setting(0, "Zone of the dates on the wire, in minutes east of UTC (480: China).")
    postgres_connections: int = setting(8, "Connections that one server process holds to PostgreSQL.")
    lock_timeout_ms: int = setting(3000, "How long a call waits for a held lock before it answers 429.")
    bearer_keys: bool = setting(
        True, "Whether `Authorization: Bearer <id>.<secret>` is taken in place of a signature, over TLS or loopback."
    )
    calls_per_minute: int = setting(
        6000, "Most calls of one RAM user or session in a minute, over all replicas; 0: no limit. Root keys have none."
    )
    calls_per_minute_and_action: int = setting(0, "The same for each single action; 0: no limit.")
    background: bool = setting(True, "Whether the server process itself finishes deletions and clears what is old.")
    trusted_proxies: str = setting("", "Addresses, by comma, whose X-Forwarded-For is believed; empty: none.")
    tls_certificate: str = setting("", "PEM file of the certificate chain; with tls_key the server speaks HTTPS.")
    tls_key: str = setting("", "PEM file of the certificate's private key.")
    stop_timeout_s: int = setting(30, "How long a stopping server lets calls in flight finish, in seconds.")
    worker_metrics: str = setting(
        "", "Address and port where `callboard worker` serves /metrics; empty: nowhere. The server has its own."
    )
    otlp_endpoint: str = setting(
        "", "OpenTelemetry collector that takes traces by OTLP over HTTP, as http://127.0.0.1:4318 (extra otel)."
    )
    log_level: str = setting("info", f"Least level that is logged: {', '.join(LOG_LEVELS)}.")
    log_format: str = setting("auto", "json, console, or auto: console on a terminal, json elsewhere.")

    @property
    def url(self) -> str:
        """The database's address; an SQLite file in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{Path(self.data_dir) / 'callboard.db'}"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return read_address(self.listen)

    @property
    def rules(self) -> Profile:
        """The profile, with the figures that are set on their own."""
        profile = PROFILES[self.profile]
        codes = profile.country_codes
        if self.country_codes:
            every = self.country_codes == "any"
            codes = frozenset() if every else frozenset(code.strip() for code in self.country_codes.split(","))
        return msgspec.structs.replace(
            profile,
            contacts=self.max_contacts or profile.contacts,
            email_length=self.email_length or profile.email_length,
            country_codes=codes,
            is_phone_required=self.phone_required,
            is_root_barred_from_account_types=self.account_type_by_user,
            utc_offset_minutes=self.utc_offset_minutes,
        )


SERVER_SECRETS = ("root_access_key_secret", "master_key", "database_url")


def read_address(text: str) -> tuple[str, int]:
    """Host and port of a setting that names both."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and int(port) <= 65535


def server_problems(settings: ServerSettings) -> dict[str, bool]:
    """Which of these settings do not fit."""
    return {
        "listen": not _is_address(settings.listen),
        "worker_metrics": bool(settings.worker_metrics) and not _is_address(settings.worker_metrics),
        "profile": settings.profile not in PROFILES,
        "log_level": settings.log_level not in LOG_LEVELS,
        "log_format": settings.log_format not in ("auto", "json", "console"),
        "database_url": bool(settings.database_url)
        and not settings.database_url.startswith(("sqlite:///", "postgresql://", "postgres://")),
        "root_account_id": bool(settings.root_account_id) and not settings.root_account_id.isdigit(),
        "root_access_key_id": bool(settings.root_access_key_id) and not KEY_ID.fullmatch(settings.root_access_key_id),
        "root_access_key_secret": bool(settings.root_access_key_id) != bool(settings.root_access_key_secret),
        "tls_key": bool(settings.tls_certificate) != bool(settings.tls_key),
        "postgres_connections": not 1 <= settings.postgres_connections <= 100,
        "lock_timeout_ms": not 1 <= settings.lock_timeout_ms <= 60_000,
        "calls_per_minute": settings.calls_per_minute < 0,
        "calls_per_minute_and_action": settings.calls_per_minute_and_action < 0,
        "max_contacts": settings.max_contacts < 0,
        "email_length": not 0 <= settings.email_length <= 1000,
        "otlp_endpoint": bool(settings.otlp_endpoint) and not is_web(settings.otlp_endpoint),
        "stop_timeout_s": settings.stop_timeout_s < 0,
        "utc_offset_minutes": not -1439 <= settings.utc_offset_minutes <= 1439,
        "country_codes": settings.country_codes != "any"
        and not all(code.strip().isdigit() for code in settings.country_codes.split(",") if settings.country_codes),
    }
