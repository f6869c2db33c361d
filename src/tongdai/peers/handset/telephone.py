"""The handset's voice: a trunk that ends in the browser, so that a newcomer dials 1022 and hears the whole line."""

from __future__ import annotations

from dataclasses import dataclass

from tongdai.channels.voice.asterisk import softphones
from tongdai.channels.voice.asterisk.exchange import is_here
from tongdai.channels.voice.models import Trunk, new_secret


@dataclass(frozen=True)
class Dial:
    """What the browser needs to call."""

    url: str
    name: str
    secret: str


def install() -> None:
    """Once, where this house has an exchange: known to it when it starts."""
    if is_here():
        Trunk.objects.get_or_create(
            kind=Trunk.Kind.BROWSER, defaults={"name": "Điện thoại thử", "host": "", "secret": new_secret()}
        )


def dial(host: str) -> Dial | None:
    """None: this house has no telephone."""
    trunk = Trunk.objects.filter(kind=Trunk.Kind.BROWSER, active=True).first() if is_here() else None
    if trunk is None:
        return None
    return Dial(softphones.address(host), trunk.endpoint, trunk.secret)
