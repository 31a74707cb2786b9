"""Which addresses outside may be spoken to: none that leads into the operator's own network."""

import asyncio
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from app.models.errors import Invalid

# Seconds that a name may take to be looked up.
PATIENCE: Final = 5.0
# Not global in whole, whatever the Python.
_PROTOCOLS: Final = IPv4Network("192.0.0.0/24")
_VISIBLE: Final = re.compile(r"[!-~]+")
# Addresses that hold an IPv4 address which a translator on the way would follow.
_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the name it is for, and the checked addresses to connect to."""

    url: str
    host: str
    port: int
    tls: bool
    path: str
    addresses: Sequence[str]

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


async def find_target(url: str, *, private: bool) -> Target:
    """Look a URL up and check where it leads. Raises Invalid where that is no place to go.

    With `private`, plain HTTP and addresses of the operator's own network are allowed.
    """
    target = parse_target(url, private=private)
    addresses = await _look_up(target.host, target.port)
    if not private and not all(is_public(address) for address in addresses):
        raise Invalid("target_refused", "This address leads into a private network. Use another.")
    return Target(url, target.host, target.port, target.tls, target.path, addresses)


def parse_target(url: str, *, private: bool) -> Target:
    """Take a URL apart; nothing is looked up. Raises Invalid where it can be no target."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
        parts = urlsplit("")
    schemes = {"https", "http"} if private else {"https"}
    odd = not _VISIBLE.fullmatch(url)
    if odd or parts.scheme not in schemes or not host or "@" in parts.netloc or parts.fragment:
        raise Invalid("target_invalid", "Give an https address without user, password or fragment.")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(url, host, port or (443 if tls else 80), tls, path, ())


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the public network, also one inside another."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
    reserved = isinstance(address, IPv4Address) and address in _PROTOCOLS
    return address.is_global and not address.is_multicast and not reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.teredo[1] if address.teredo else None


async def _look_up(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        found = []
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Invalid("target_unknown", "There is no server of this name. Check the address.")
    return addresses
