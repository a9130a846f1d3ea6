"""Whose address it is, for a limit."""

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

from starlette.types import Scope

_SUBSCRIBER_BITS = 64
"""What one subscriber gets of IPv6 (RFC 6177): whoever has it has all addresses in it."""


@lru_cache(maxsize=65_536)
def subscriber(host: str) -> str:
    """Return an IPv4 address as it is, and of an IPv6 address the network of its /64."""
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> _SUBSCRIBER_BITS << _SUBSCRIBER_BITS)}/{_SUBSCRIBER_BITS}"


def host_of(scope: Scope) -> str | None:
    """Return the address that a request or handshake comes from, or None where it has none."""
    client = scope.get("client")
    return None if client is None else client[0]
