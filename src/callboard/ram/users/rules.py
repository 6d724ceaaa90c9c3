"""What names, addresses and descriptions of users and groups may look like: pure."""

import re

NAME_LENGTH = 64
TEXT_LENGTH = 128
EMAIL_LENGTH = 254

_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_PHONE = re.compile(r"[0-9]{1,4}-[0-9]{4,15}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def is_name(text: str) -> bool:
    return len(text) <= NAME_LENGTH and _NAME.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    return len(text) <= EMAIL_LENGTH and text.isprintable() and _EMAIL.fullmatch(text) is not None
