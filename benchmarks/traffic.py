"""Signed calls, made ahead of a run. Imports nothing of the product: this is a client's own reading."""

import hashlib
import hmac
import os
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2022-04-19"
USER_AGENT = "callboard-benchmark/1"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()
# The headers that the official Python SDK sends and signs, in the order of the signed list.
SIGNED_HEADERS = (
    "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;"
    "x-acs-date;x-acs-signature-nonce;x-acs-version"
)

TITLES = ("FinanceDirector", "TechnicalDirector", "MaintenanceDirector", "CEO", "ProjectDirector", "Other")
MESSAGE_TYPES = ("ServiceMessage", "FaultMessage", "AccountExpenses", "SecurityMessage", "ProductMessage")
NAMES_PER_CONTACT = 3
UPDATES_PER_NAME = 4

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Signer:
    """Makes whole HTTP requests for one server in the name of one access key."""

    key_id: str
    secret: bytes
    host: str

    def request(self, action: str, parameters: Parameters, *, version: str = VERSION) -> bytes:
        query = canonical_query(parameters)
        date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        nonce = os.urandom(16).hex()
        canonical = (
            f"POST\n/\n{query}\naccept:application/json\nhost:{self.host}\nuser-agent:{USER_AGENT}\n"
            f"x-acs-action:{action}\nx-acs-content-sha256:{EMPTY_HASH}\nx-acs-credentials-provider:static_ak\n"
            f"x-acs-date:{date}\nx-acs-signature-nonce:{nonce}\nx-acs-version:{version}\n\n"
            f"{SIGNED_HEADERS}\n{EMPTY_HASH}"
        )
        to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self.secret, to_sign.encode(), "sha256").hex()
        return (
            f"POST /?{query} HTTP/1.1\r\nhost: {self.host}\r\nx-acs-version: {version}\r\n"
            f"x-acs-action: {action}\r\nuser-agent: {USER_AGENT}\r\nx-acs-date: {date}\r\n"
            f"x-acs-signature-nonce: {nonce}\r\naccept: application/json\r\n"
            f"x-acs-content-sha256: {EMPTY_HASH}\r\nx-acs-credentials-provider: static_ak\r\n"
            f"Authorization: {ALGORITHM} Credential={self.key_id},SignedHeaders={SIGNED_HEADERS},"
            f"Signature={signature}\r\nContent-Length: 0\r\n\r\n"
        ).encode()


@lru_cache(maxsize=4096)
def canonical_query(parameters: Parameters) -> str:
    return "&".join(f"{_percent(name)}={_percent(value)}" for name, value in sorted(parameters))


def contact(index: int, version: int) -> Parameters:
    """Contact number `index` after `version` updates: each update changes the title and the message types."""
    name = "Bench" + chr(ord("a") + index) + chr(ord("a") + version // UPDATES_PER_NAME % NAMES_PER_CONTACT)
    return (
        ("Name", name),
        ("EmailAddress", f"bench+{index}@example.com"),
        ("PhoneNumber", f"86-139000012{index:02}"),
        ("Title", TITLES[version % len(TITLES)]),
        ("MessageTypes.1", MESSAGE_TYPES[version % len(MESSAGE_TYPES)]),
        ("MessageTypes.2", MESSAGE_TYPES[(version + 1) % len(MESSAGE_TYPES)]),
    )


def updates(signer: Signer, contact_ids: Sequence[str], *, first: int, count: int) -> Iterator[bytes]:
    """Update number `first` and the next ones, each on the contact whose turn it is."""
    for number in range(first, first + count):
        turn, index = divmod(number, len(contact_ids))
        parameters = (("ContactId", contact_ids[index]), *contact(index, turn + 1))
        yield signer.request("UpdateMessageContact", parameters)


def write_requests(file: Path, requests: Iterator[bytes]) -> None:
    """Writes the format that load.c reads: a 32-bit little-endian length before each request."""
    with file.open("wb") as output:
        for request in requests:
            output.write(struct.pack("<I", len(request)))
            output.write(request)


def _percent(text: str) -> str:
    return quote(text, safe="-_.~")
