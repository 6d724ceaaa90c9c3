"""Every setting: its default, its help, where it comes from (callboard.toml, then CALLBOARD_* variables)."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from callboard.errors import StartupError
from callboard.settings.delivery import DELIVERY_SECRETS, DeliverySettings, delivery_problems
from callboard.settings.receipts import RECEIPT_SECRETS, ReceiptSettings, receipt_problems
from callboard.settings.server import SERVER_SECRETS, ServerSettings, server_problems
from callboard.settings.verification import VerificationSettings, verification_problems
from callboard.terms import Terms

PREFIX = "CALLBOARD_"
CONFIG_FILE = "callboard.toml"

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, kw_only=True)
class Settings(ReceiptSettings, DeliverySettings, VerificationSettings, ServerSettings):
    """What an operator can set. A field `data_dir` is `data_dir` in callboard.toml and CALLBOARD_DATA_DIR."""

    def terms_at(self, address: str) -> Terms:
        """What verification goes by; `address` is where links lead unless a public URL is set."""
        return Terms(
            public_url=(self.public_url or address).rstrip("/"),
            organisation=self.organisation,
            language=self.language,
            email_proof_ms=self.email_proof_minutes * MINUTE_MS,
            sms_proof_ms=self.sms_proof_minutes * MINUTE_MS,
            code_attempts=self.code_attempts,
            per_account=((self.sends_per_account_day, DAY_MS),),
            per_address=(
                (self.sends_per_address_minute, MINUTE_MS),
                (self.sends_per_address_ten_minutes, 10 * MINUTE_MS),
                (self.sends_per_address_day, DAY_MS),
                (min(self.sends_apart_s, 1), self.sends_apart_s * 1000),
            ),
            per_source=((self.sends_per_source_hour, HOUR_MS),),
            codes_per_source=((self.codes_per_source_hour, HOUR_MS),),
            per_prefix=((self.sms_per_prefix_day, DAY_MS),),
            kept_channels=self.kept_channels,
            administrator_email=self.administrator_email,
            fallback_email=self.fallback_email or self.administrator_email,
            canaries=self.canaries,
            canary_period_ms=self.canary_period_s * 1000,
            canary_overdue_ms=self.canary_overdue_s * 1000,
            allows_private_endpoints=self.webhook_private_addresses,
            chat_services=self.chat_schemas,
        )


SECRETS = (*SERVER_SECRETS, *DELIVERY_SECRETS, *RECEIPT_SECRETS)
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
    problems = {
        **server_problems(settings),
        **verification_problems(settings),
        **delivery_problems(settings),
        **receipt_problems(settings, settings),
    }
    for name, is_bad in problems.items():
        if is_bad:
            help = FIELDS[name].metadata["help"]
            shown = "" if name in SECRETS else f" is {getattr(settings, name)!r}, which"
            raise StartupError(f"The setting {name} ({PREFIX}{name.upper()}){shown} does not fit. {help}")
    return settings
