"""The life of an endpoint. Pure: no SQL, no clock. Moments are in milliseconds, UTC.

created, or given another address --> waits --- the code that was sent there --> in effect

The address in effect stays so until the new one is proven.
"""

from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from callboard.delivery.letter import Channel, Target

MOST_OF_OWNER = 20
MOST_TRIES = 5
"""How often one code may be typed."""
CODE_LIFETIME_MS = 24 * 60 * 60 * 1000
OVERLAP_MS = 24 * 60 * 60 * 1000
"""How long the key before still signs beside a new one."""
HIDDEN = "***"


class Secrets(Struct, frozen=True):
    """What nobody may know of an endpoint: where it is, and the keys of its signatures."""

    url: str = ""
    """What is in effect; empty until an address is proven."""
    waiting: str = ""
    """The address that waits for its proof."""
    key: str = ""
    former_key: str = ""
    former_until: int = 0

    @property
    def target(self) -> Target | None:
        """Where letters go."""
        return self.at(self.url) if self.url else None

    def at(self, url: str) -> Target:
        return Target(url, self.key, self.former_key, self.former_until)


class Code(Struct, frozen=True):
    """What was sent to the address that waits, as a keyed hash, and how often it was typed wrong."""

    digest: bytes
    expires_at: int
    tries: int = 0

    def is_open(self, *, now: int) -> bool:
        return now < self.expires_at and self.tries < MOST_TRIES

    @property
    def tries_left(self) -> int:
        return MOST_TRIES - self.tries


class Endpoint(Struct, frozen=True):
    """A webhook or a chat, the contact or the scope that it is told for, and the types that it is told of."""

    endpoint_id: str
    name: str
    channel: Channel
    owner_id: str
    message_types: tuple[str, ...]
    confirmed_at: int | None
    """When somebody who reads there has proven it; nothing but the code goes there before."""
    created_at: int


class Known(Struct, frozen=True):
    """An endpoint with its secrets, and the code that it waits for."""

    endpoint: Endpoint
    secrets: Secrets
    code: Code | None = None

    @property
    def waits(self) -> bool:
        return bool(self.secrets.waiting)

    def proven(self, *, at: int) -> "Known":
        """With what waited in effect."""
        secrets = replace(self.secrets, url=self.secrets.waiting, waiting="")
        return Known(replace(self.endpoint, confirmed_at=at), secrets)

    def moved(self, url: str) -> "Known":
        """With another address, which waits; with none where it is there already."""
        if url == self.secrets.waiting:
            return self
        return Known(self.endpoint, replace(self.secrets, waiting="" if url == self.secrets.url else url))

    def rotated(self, key: str, *, at: int) -> "Known":
        """With another key; the one before signs beside it for a while."""
        secrets = replace(self.secrets, key=key, former_key=self.secrets.key, former_until=at + OVERLAP_MS)
        return replace(self, secrets=secrets)


def masked(channel: Channel, url: str) -> str:
    """What may be shown of a URL: of a webhook its host, of a chat its service, as tokens stand where hosts do."""
    if not url:
        return ""
    parts = urlsplit(url)
    if channel is Channel.WEBHOOK or parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/{HIDDEN}"
    return f"{parts.scheme}://{HIDDEN}"
