"""Which addresses a request may reach: public ones, and those that the operator names. Pure.

What is public is decided by Python's `ipaddress`, which follows the registries of the IANA, and by the list here where
its releases differ. An IPv6 address that stands for an IPv4 address, or is translated or tunnelled to one, is public
only if that one is public too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

VARIABLE = "TINPHUONG_ALLOW_PRIVATE"

_NEVER_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/63", "2001::/32", "2001:2::/48", "2001:10::/28", "2001:db8::/32",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE  # bits 32 to 47 from the right, above an IPv4 address; 0x0200_5EFE where that one is unique


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public network."""
    return address.is_global and not any(address in network for network in _NEVER_PUBLIC) and _leads_to_public(address)


def _leads_to_public(address: Address) -> bool:
    return all(map(is_public, _embedded(address))) if isinstance(address, IPv6Address) else not address.is_multicast


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address carries, and to which packets may go."""
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or (int(address) >> 32) & 0xFDFF_FFFF == _ISATAP:
        yield low


@dataclass(frozen=True, slots=True)
class Reach:
    """The addresses that requests may reach: the public ones, and those in `private`, exactly those."""

    private: tuple[Network, ...] = ()

    @classmethod
    def of_names(cls, names: Iterable[str]) -> Self:
        """Return what addresses and networks written as text allow. Raises ValueError with a sentence."""
        return cls(tuple(_network(name.strip()) for name in names if name.strip()))

    def allows(self, address: Address) -> bool:
        """Tell whether a request may go to this address."""
        if isinstance(address, IPv6Address):
            address = address.ipv4_mapped or IPv6Address(int(address))  # without the name of an interface (%eth0)
        return is_public(address) or any(address in network for network in self.private)

    def why_not(self, address: Address) -> str | None:
        """Return why a request may not go to this address, as the end of a sentence about its host, or None."""
        if self.allows(address):
            return None
        plain = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
        shown = str(plain).partition("%")[0]
        return (
            f"its host leads to {shown}, which is inside a private network or reserved; "
            f"set {VARIABLE}={shown} to allow that"
        )


def parse_address(text: str) -> Address | None:
    """Return the address that a host is, if it is one in the usual form, with or without brackets; else None."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        proper = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is neither an address like 10.0.0.5 nor a network like 10.0.0.0/24") from None
    raise ValueError(f"{text!r} is an address with the size of a network; write {proper} or {text.partition('/')[0]}")
