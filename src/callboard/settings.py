"""Every setting: its default, its help, where it comes from (callboard.toml, then CALLBOARD_* variables)."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from callboard.errors import StartupError
from callboard.profile import PROFILES, Profile

PREFIX = "CALLBOARD_"
CONFIG_FILE = "callboard.toml"
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
"""What an access key's id looks like."""
LOG_LEVELS = ("debug", "info", "warning", "error")


def setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can set. A field `data_dir` is `data_dir` in callboard.toml and CALLBOARD_DATA_DIR."""

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
    email_length: int = setting(0, "Longest email address in characters; 0: as the profile says (254).")
    utc_offset_minutes: int = setting(0, "Zone of the dates on the wire, in minutes east of UTC (480: China).")
    postgres_connections: int = setting(8, "Connections that one server process holds to PostgreSQL.")
    lock_timeout_ms: int = setting(3000, "How long a call waits for a held lock before it answers 429.")
    background: bool = setting(True, "Whether the server process itself finishes deletions and clears old nonces.")
    trusted_proxies: str = setting("", "Addresses, by comma, whose X-Forwarded-For is believed; empty: none.")
    tls_certificate: str = setting("", "PEM file of the certificate chain; with tls_key the server speaks HTTPS.")
    tls_key: str = setting("", "PEM file of the certificate's private key.")
    stop_timeout_s: int = setting(30, "How long a stopping server lets calls in flight finish, in seconds.")
    log_level: str = setting("info", f"Least level that is logged: {', '.join(LOG_LEVELS)}.")
    log_format: str = setting("auto", "json, console, or auto: console on a terminal, json elsewhere.")

    @property
    def url(self) -> str:
        """The database's address; an SQLite file in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{Path(self.data_dir) / 'callboard.db'}"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

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
            utc_offset_minutes=self.utc_offset_minutes,
        )


SECRETS = ("root_access_key_secret", "master_key", "database_url")
"""Settings whose value is never shown."""
FIELDS = {each.name: each for each in fields(Settings)}


def load(environment: Mapping[str, str] | None = None, config: Path | None = None) -> Settings:
    """Settings from the file, then the environment. Raises StartupError that names a bad one."""
    environment = os.environ if environment is None else environment
    named = environment.get(f"{PREFIX}CONFIG", "")
    file = config or Path(named or CONFIG_FILE)
    if named and not file.is_file():
        raise StartupError(f"{PREFIX}CONFIG names {named}, which is not a file.")
    values = _from_file(file) if file.is_file() else {}
    for name in FIELDS:
        text = environment.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _convert(name, text, source=PREFIX + name.upper())
    return _checked(replace(Settings(), **values))


def unknown(environment: Mapping[str, str] | None = None) -> list[str]:
    """CALLBOARD_* variables that set nothing: worth a warning, as others (Kubernetes) may have made them."""
    known = {PREFIX + name.upper() for name in FIELDS} | {f"{PREFIX}CONFIG"}
    names = os.environ if environment is None else environment
    return sorted(name for name in names if name.startswith(PREFIX) and name not in known)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StartupError(f"{file} cannot be read: {error}.") from error
    for name in content:
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else " `callboard settings` lists all."
            raise StartupError(f"{file}: there is no setting {name}.{hint}")
    return {name: _convert(name, value, source=f"{file}: {name}") for name, value in content.items()}


def _convert(name: str, value: object, *, source: str) -> Any:
    wanted = type(FIELDS[name].default)
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        kind = {bool: "true or false", int: "a whole number", str: "a text"}[wanted]
        raise StartupError(f"{source} must be {kind}.") from error


def _checked(settings: Settings) -> Settings:
    host, _, port = settings.listen.rpartition(":")
    problems = {
        "listen": not host or not port.isascii() or not port.isdigit() or int(port) > 65535,
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
        "max_contacts": settings.max_contacts < 0,
        "email_length": settings.email_length < 0,
        "stop_timeout_s": settings.stop_timeout_s < 0,
        "utc_offset_minutes": not -1439 <= settings.utc_offset_minutes <= 1439,
        "country_codes": settings.country_codes != "any"
        and not all(code.strip().isdigit() for code in settings.country_codes.split(",") if settings.country_codes),
    }
    for name, is_bad in problems.items():
        if is_bad:
            help = FIELDS[name].metadata["help"]
            shown = "" if name in SECRETS else f" is {getattr(settings, name)!r}, which"
            raise StartupError(f"The setting {name} ({PREFIX}{name.upper()}){shown} does not fit. {help}")
    return settings
