"""A supervisor listens to a talk that goes on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from . import orders
from .legs import HungUp
from .models import Order

if TYPE_CHECKING:
    from .switchboard import Switchboard


async def listen_in(board: Switchboard, order: Order) -> None:
    """A supervisor hears both, and is heard by neither."""
    agent = board.room.agents.get(order.by_id)
    talk = board.talks.get(order.call_id or 0)
    if agent is None or not agent.online or talk is None:
        await board.db(orders.done, order.pk, refused=orders.NOT_NOW)
        return
    leg = await board.ring(agent.endpoint, call=0, shown="1022", within=15, or_until=talk.caller.leg.gone, auto=True)
    await board.db(orders.done, order.pk, refused="" if leg else orders.NO_LINE)
    if leg is None:
        return
    spy = await board.snoop(talk.caller.leg.id)
    bridge = await board.pbx.bridge(f"listen-{order.call_id}", spy.id, leg.id)
    with contextlib.suppress(HungUp):
        await leg.until(talk.caller.leg.gone.wait())
    await board.pbx.delete(f"bridges/{bridge}")
    await spy.hang_up()
    await leg.hang_up()
