"""The settings of verification: who asks, where links lead, how long proofs hold, and how much is sent."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from callboard.settings.field import setting
from callboard.terms import LANGUAGES


@dataclass(frozen=True, kw_only=True)
class VerificationSettings:
    """How addresses are proven. A limit of 0 is no limit."""

    public_url: str = setting(
        "", "Address under which people reach this server, for the links in letters; empty: the one it listens on."
    )
    organisation: str = setting("", "Who asks, as letters and pages name it; empty: the account's id.")
    language: str = setting("both", f"Language of letters: {', '.join(LANGUAGES)}.")
    email_proof_minutes: int = setting(1440, "How long link and code of an email hold, in minutes.")
    sms_proof_minutes: int = setting(10, "How long code and link of an SMS hold, in minutes.")
    code_attempts: int = setting(5, "How often a typed code may be wrong before it is void.")
    sends_per_account_day: int = setting(100, "Most verification emails, and SMS, of an account in 24 hours.")
    sends_per_address_minute: int = setting(10, "Most verification letters to one address in a minute.")
    sends_per_address_ten_minutes: int = setting(5, "Most verification letters to one address in ten minutes.")
    sends_per_address_day: int = setting(10, "Most verification letters to one address in 24 hours.")
    sends_apart_s: int = setting(60, "Least pause between two verification letters to one address, in seconds.")
    sends_per_source_hour: int = setting(100, "Most verification letters asked for from one source address in an hour.")
    codes_per_source_hour: int = setting(60, "Most typed codes that are looked at from one source address in an hour.")
    sms_per_prefix_day: int = setting(1000, "Most SMS to one country calling code in 24 hours, over all accounts.")
    test_controls: bool = setting(
        False, "For tests only: anybody who reaches the server reads letters, confirms addresses and moves its clock."
    )


def verification_problems(settings: VerificationSettings) -> dict[str, bool]:
    """Which of these settings do not fit."""
    limits = [
        name for name in VerificationSettings.__dataclass_fields__ if name.startswith(("sends_", "codes_", "sms_per"))
    ]
    url = urlsplit(settings.public_url)
    return {
        "public_url": bool(settings.public_url)
        and (url.scheme not in ("http", "https") or not url.hostname or bool(url.query) or bool(url.fragment)),
        "organisation": not settings.organisation.isprintable() or len(settings.organisation) > 100,
        "language": settings.language not in LANGUAGES,
        "email_proof_minutes": not 1 <= settings.email_proof_minutes <= 43_200,
        "sms_proof_minutes": not 1 <= settings.sms_proof_minutes <= 43_200,
        "code_attempts": not 1 <= settings.code_attempts <= 10,
        **{name: not 0 <= getattr(settings, name) <= 10_000 for name in limits},
    }
