"""Join a carrier's trunk, or change it: by addresses that are the carrier's and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from tongdai.platform import wake

from ..models import Trunk

WIDEST = {
    4: 16,
    6: 48,
}  # bits of the prefix: in a wider network there are others, and each would be taken for the carrier


class CannotJoin(Exception):
    """The trunk was not joined; the message says why and what to do."""


def join(
    name: str, *, host: str, addresses: Sequence[str] = (), username: str = "", secret: str = "", digest: bool = False,
    codecs: str, tls: bool = False, srtp: str = "", shows: str = Trunk.Shows.OURS, diversion: str = Trunk.Diversion.NONE,
) -> bool:  # fmt: skip
    """Make the trunk of this name what is said here, and tell the exchange; whether it is new.

    `username`, `secret`: we register with them; with `digest` the carrier proves itself by them at each call instead.
    `tls`: by SIP over TLS, and then with `srtp` required unless another is named. `shows`, `diversion`: what it is told
    of whoever we hand on (`diversion`).

    Raises:
        CannotJoin
    """
    srtp = srtp or (Trunk.Encryption.REQUIRED if tls else Trunk.Encryption.NONE)
    _one_of(Trunk.Encryption.values, srtp, of="--srtp")
    if srtp != Trunk.Encryption.NONE and not tls:
        raise CannotJoin(
            "Khóa của SRTP đi trong SIP: cần --tls, nếu không ai cũng đọc được. / SRTP's keys go in the SIP: it needs --tls."
        )
    _one_of(Trunk.Shows.values, shows, of="--caller")
    _one_of(Trunk.Diversion.values, diversion, of="--diversion")
    if digest and not username:
        raise CannotJoin(
            "Xác thực từng cuộc gọi cần tên và mật khẩu: thêm --username. / "
            "Proving each call needs a user name and a password: add --username."
        )
    for address in addresses:
        _check(address)
    kind = Trunk.Kind.DIGEST if digest else Trunk.Kind.REGISTRATION if username else Trunk.Kind.ADDRESS
    fields = {"host": host, "addresses": list(addresses), "username": username, "secret": secret, "codecs": codecs}
    fields |= {"shows": shows, "diversion": diversion, "srtp": srtp}
    fields |= {"transport": Trunk.Transport.TLS if tls else Trunk.Transport.UDP}
    row, new = Trunk.objects.update_or_create(name=name, defaults=fields | {"kind": kind})
    wake.wake("lines", [row.pk])
    return new


def too_wide(address: str) -> bool:
    """Whether so many others are in this network that it names no carrier."""
    network = _network(address)
    return network is not None and network.prefixlen < WIDEST[network.version]


def _one_of(values: Sequence[str], value: str, *, of: str) -> None:
    if value not in values:
        raise CannotJoin(f"{of}: {' | '.join(values)}")


def _check(address: str) -> None:
    if _network(address) is None:
        raise CannotJoin(
            f"“{address}” không phải địa chỉ IP hay mạng: ghi như 203.0.113.7 hoặc 203.0.113.0/28. / "
            f"“{address}” is no address or network: write 203.0.113.7 or 203.0.113.0/28."
        )
    if too_wide(address):
        raise CannotJoin(
            f"Mạng {address} quá rộng: máy nào trong đó cũng được coi là nhà mạng. Hỏi họ gọi từ địa chỉ nào. / "
            f"{address} is too wide: anybody in it would be taken for the carrier. Ask which addresses they call from."
        )


def _network(address: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        return None
