"""What others may know and ask of a conversation that goes on, and of a supervisor's presence at one.

Those who find them by call or by person hang on these, and not on what carries them out (conversation, supervision).
"""

from __future__ import annotations

from typing import Protocol

from ..asterisk.legs import Leg
from ..models import Order, Supervision
from .board import AtWork, Caller


class Talk(Protocol):
    """Who is together in a conversation. `agent`: None once she talks with somebody outside; `asked`: a colleague."""

    caller: Caller
    agent: AtWork | None
    asked: AtWork | None
    leg: Leg
    bridge: str
    aside: str

    def take(self, order: Order) -> None: ...

    def dismiss(self) -> None: ...

    async def record_anew(self, *, left: Leg | None = None) -> None: ...


class Attendance(Protocol):
    """A supervisor at a conversation, in one way at a time."""

    supervisor: AtWork
    talk: Talk

    async def change(self, mode: Supervision.Mode) -> None: ...

    async def stop(self) -> None: ...

    async def give_up_leg(self) -> Leg: ...
