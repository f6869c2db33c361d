"""Whether this house can ring somebody outside, and whether the city wants it to: the gate of every call that goes out."""

from __future__ import annotations

from tongdai.cases.models import Case
from tongdai.cases.states import OPEN
from tongdai.people import limits, toll
from tongdai.people.phones import EMERGENCY
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from ..asterisk.exchange import is_here
from ..models import Trunk
from ..records import orders


class NotLetOut(Exception):
    """This number is not rung; `why`, in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def can_ring_out() -> bool:
    """An exchange to ring by, and a carrier's trunk."""
    return is_here() and bool(ways_out())


def why_not(number: str) -> str:
    """Why the city rings no such number, before anybody is let go for it; empty: it does. An order's words."""
    return "" if toll.allows(number) else orders.BARRED


def let_out(number: str, *, caller: str = "", purpose: Purpose | None = None) -> None:
    """Count a call to this number, or refuse it. `caller`: who is handed on to it (E.164).

    Emergency numbers, whoever is on duty and whoever is in danger are never stopped by a limit.

    Raises:
        NotLetOut: the city doesn't ring such numbers, or has rung as many as it will in this hour.
    """
    if not toll.allows(number, purpose=purpose):
        raise NotLetOut(orders.BARRED)
    always = number in EMERGENCY or purpose == Purpose.DUTY or _in_danger(number) or _in_danger(caller)
    if not all(limits.let_out(limits.What.CALL, [limits.to(number, always=always)], at=now())):
        raise NotLetOut(orders.TOO_MANY)


def _in_danger(number: str) -> bool:
    """Whether somebody of this number is in danger, as far as we know."""
    if not number:
        return False
    return any(case.in_danger or case.urgent for case in Case.objects.filter(contact__phone=number, state__in=OPEN))


def ways_out() -> list[Trunk]:
    """The carriers' trunks, in the order they are tried."""
    return list(Trunk.objects.filter(active=True).exclude(kind=Trunk.Kind.BROWSER).order_by("pk"))
