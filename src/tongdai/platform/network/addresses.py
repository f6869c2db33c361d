"""The addresses of the house out of the environment: what citizens open, what it listens on, which proxies stand before it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from ..errors import SettingRefused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ON_THIS_MACHINE = ("127.0.0.0/8", "::1/128")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # listened on → where this machine reaches it
DEFAULT_PORT = {"http": 80, "https": 443}
NO, YES = ("", "0", "false", "no", "off"), ("1", "true", "yes", "on")


def public_url(given: str) -> str:
    """What citizens open, as browsers write an origin: scheme, host, and the port where it isn't the scheme's own.

    Raises:
        SettingRefused: no http(s) address, or one with a path.
    """
    example = "TONGDAI_PUBLIC_URL=https://1022.thanh-pho.vn"
    try:
        parts = urlsplit(given.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    whole = parts.scheme in DEFAULT_PORT and host and parts.username is None
    if not whole or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingRefused(
            f"TONGDAI_PUBLIC_URL: “{given}” không phải địa chỉ http(s) không kèm đường dẫn. Ví dụ: {example} / "
            f"“{given}” is no http(s) address without a path. Example: {example}"
        )
    return f"{parts.scheme}://{_host(str(host))}" + (f":{port}" if port and port != DEFAULT_PORT[parts.scheme] else "")


def url(host: str, port: int) -> str:
    """How this machine reaches what listens on this address."""
    return f"http://{_host(EVERYWHERE.get(host, host))}:{port}"


def proxies(setting: str) -> tuple[Network, ...]:
    """The proxies named by TONGDAI_BEHIND_PROXY: addresses and networks with commas between; `true`: on this machine.

    Raises:
        SettingRefused: something in it is no address and no network, or would believe everybody.
    """
    word = setting.strip().lower()
    if word in NO:
        return ()
    if word in YES:
        return tuple(map(ipaddress.ip_network, ON_THIS_MACHINE))
    return networks(setting, of="TONGDAI_BEHIND_PROXY")


def relays(given: Sequence[str], schemes: tuple[str, ...], *, of: str) -> list[str]:
    """Servers of STUN or TURN as RFC 7064 and 7065 write them: `turn:turn.city.vn:3478?transport=udp`.

    Raises:
        SettingRefused: one of them is none.
    """
    for each in given:
        if not re.fullmatch(rf"({'|'.join(schemes)}):[^\s/@?:]+(:\d{{1,5}})?(\?transport=(udp|tcp))?", each):
            raise SettingRefused(f"{of}: “{each}”. Ví dụ / example: {of}={schemes[0]}:turn.thanh-pho.vn:3478")
    return list(given)


def check_turn(servers: Sequence[str], secret: str) -> None:
    """Raises SettingRefused: TURN without the secret its server has."""
    if servers and not secret:
        raise SettingRefused(
            "TONGDAI_TURN cần TONGDAI_TURN_SECRET: khóa static-auth-secret của coturn. / "
            "TONGDAI_TURN needs TONGDAI_TURN_SECRET: coturn's static-auth-secret."
        )


def translated(given: Sequence[str], *, of: str) -> list[tuple[str, str]]:
    """`10.20.0.5=203.0.113.9`: an address of this machine, and the one it has outside.

    Raises:
        SettingRefused: it is no such pair.
    """
    found = []
    for each in given:
        inside, _equals, outside = (part.strip() for part in each.partition("="))
        try:
            found.append((str(ipaddress.ip_address(inside)), str(ipaddress.ip_address(outside))))
        except ValueError:
            raise SettingRefused(f"{of}: “{each}”. Ví dụ / example: {of}=10.20.0.5=203.0.113.9") from None
    return found


def networks(setting: str, *, of: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between; `of`: the name of the setting.

    Raises:
        SettingRefused: something in it is no address and no network, or is everybody.
    """
    return tuple(_network(each.strip(), of=of) for each in setting.split(",") if each.strip())


def _network(typed: str, *, of: str) -> Network:
    example = f"{of}=127.0.0.1,10.20.0.0/24"
    try:
        found = ipaddress.ip_network(typed, strict=False)
    except ValueError:
        raise SettingRefused(
            f"{of}: “{typed}” không phải địa chỉ IP hay mạng. Ví dụ: {example} / "
            f"“{typed}” is no IP address or network. Example: {example}"
        ) from None
    if found.prefixlen == 0:
        raise SettingRefused(
            f"{of}: {typed} là cả Internet. Ghi đúng địa chỉ: {example} / "
            f"{typed} is everybody. Name the address itself: {example}"
        )
    return found


def _host(host: str) -> str:
    """As it stands in a URL: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
