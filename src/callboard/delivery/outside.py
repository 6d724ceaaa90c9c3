"""Which addresses lie outside: what customers name must never lead into the operator's own network.

Checked twice: as it is written when somebody names it, and as it resolves when a connection is made. The connection
goes to the very address that was checked, so a name that resolves anew in between changes nothing.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from msgspec import Struct

PORTS = {"https": 443, "http": 80}
NAT64 = IPv6Network("64:ff9b::/96")
"""Where networks of IPv6 alone have the addresses of IPv4 (RFC 6052)."""
INSIDE = "it leads to an address that is not public"

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?\Z")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Forbidden(Exception):
    """A URL that nothing is sent to. The text is the reason, in words that may be shown to whoever named it."""


class Place(Struct, frozen=True):
    """A web address, taken apart once: whoever checks it and whoever connects to it see the same."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""


def read(url: str, *, allows_private: bool) -> Place:
    """The place that a URL names. Raises Forbidden. With `allows_private` also http, and addresses that aren't public.

    Names are not looked up here.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError as error:
        raise Forbidden("it is no URL") from error
    if parts.scheme != "https" and not (allows_private and parts.scheme == "http"):
        raise Forbidden("it must begin with https://")
    if "@" in parts.netloc or "#" in url or "\\" in url:
        raise Forbidden("it must not hold a user name, a fragment or a backslash")
    check_host(host, allows_private=allows_private)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port or PORTS[parts.scheme], target)


def check_host(host: str, *, allows_private: bool) -> None:
    """Raise Forbidden for what is neither a name nor an address in its usual form, and for one that is not public."""
    try:
        if ":" in host or _NUMBER.match(host.rstrip(".").rpartition(".")[2]):  # A number at the end: never a name.
            if not (allows_private or is_outside(host)):
                raise Forbidden(INSIDE)
            ip_address(host)
        elif _NAME.match(host) is None:
            raise Forbidden("its host is no name")
    except ValueError as error:  # 2130706433, 0x7f.1 and 127.1 are addresses for many programs, but for no person.
        raise Forbidden("its host is an address in an unusual form") from error


def is_outside(address: str) -> bool:
    """Whether an address is public, and what it stands for in the other protocol too. Raises ValueError."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return _is_public(found)
    if found.scope_id is not None:
        return False
    if found.ipv4_mapped is not None:
        return _is_public(found.ipv4_mapped)
    if found in NAT64:
        return _is_public(IPv4Address(int(found) & 0xFFFFFFFF))
    embedded = [*(found.teredo or ()), *([found.sixtofour] if found.sixtofour else [])]
    return all(_is_public(each) for each in (found, *embedded))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


async def look_up(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def addresses(host: str, port: int, *, allows_private: bool, resolve: Resolve = look_up) -> list[str]:
    """Every address of a host, all of which must be public. Raises Forbidden or OSError."""
    try:
        found = await resolve(host, port)
    except UnicodeError as error:  # A label that is too long for a name.
        raise Forbidden("its host is no name") from error
    if not allows_private and not all(is_outside(each) for each in found):
        raise Forbidden(INSIDE)
    return found
