"""An agent declines a call that rings: the caller goes on to the next at once, and nobody is paused for it."""

from __future__ import annotations

from datetime import timedelta

from tongdai.platform import wake
from tongdai.platform.clock import now

from ..board.connection import Connection
from ..models import Order
from ..records import orders

SPARED_FOR = 30.0  # seconds in which the same caller is not offered to the same agent again
ONCE = timedelta(seconds=15)  # the page's button and the telephone's own are one refusal


async def decline(connection: Connection, order: Order) -> None:
    """By the page's button: the telephone stops ringing, and whoever rang it goes on (`distribution.offer`)."""
    agent = connection.board.agents.get(order.by_id)
    rang = agent is not None and connection.rings.turn_down(agent.endpoint)
    await connection.db(orders.done, order.pk, refused="" if rang else orders.NOT_NOW)


def note(call: int, *, by: int) -> None:
    """On record: by the page's button it is already, at the telephone itself not yet."""
    at = now()
    known = Order.objects.filter(kind=Order.Kind.DECLINE, call=call, by=by, asked_at__gte=at - ONCE)
    if not known.exists():
        Order.objects.create(kind=Order.Kind.DECLINE, call_id=call, by_id=by, asked_at=at, done_at=at)
        wake.wake("agents", [by])
