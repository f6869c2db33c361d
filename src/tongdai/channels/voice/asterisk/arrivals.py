"""How a channel came into our application: the arguments of each `Stasis()` in `conf/extensions.conf`, read by place."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .exchange import APPLICATION

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Arrival:
    """`kind`: `in` a caller, `back` one out of the net, `ours` whom we rang; empty: nobody we know of.

    `asserted` is encoded as in an address (RFC 3986), so that no comma of it parts arguments. `at`: to the thousandth of
    a second, only of who is `back`: a process that was killed is back within that second.
    """

    kind: str = ""
    dialled: str = ""
    shown: str = ""
    asserted: str = ""
    at: datetime = LONG_AGO


def read(arguments: Sequence[str]) -> Arrival:
    """What these arguments say. What is missing is empty, and a time that is none is long ago."""
    kind, *more = [*arguments, *[""] * 5][:5]
    if kind == "in":
        dialled, shown, _endpoint, asserted = more
        return Arrival(kind, dialled=dialled, shown=shown, asserted=asserted)
    if kind == "back":
        shown, at, asserted, _nothing = more
        return Arrival(kind, shown=shown, asserted=asserted, at=_moment(at))
    return Arrival(kind)


def of(channel: dict[str, Any]) -> Arrival:
    """How this channel came, as ARI's list of channels tells it; a channel that isn't with us came as nobody."""
    application, *arguments = str(channel["dialplan"].get("app_data", "")).split(",")
    return read(arguments) if application == APPLICATION else Arrival()


def _moment(written: str) -> datetime:
    """`2026-11-30T07:49:39.109Z`; long ago where it is none."""
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(written)
        return moment if moment.tzinfo else LONG_AGO
    return LONG_AGO
