"""The telephone of a supervisor who joins a conversation: it answers by itself, and is in hand for it from then on."""

from __future__ import annotations

from ..asterisk.legs import Leg
from ..board.board import AtWork
from ..board.connection import Connection
from ..board.participants import Talk
from ..models import Agent
from ..records import orders

ANSWERS_WITHIN = 15  # seconds: a plain SIP telephone may have to be taken up by hand


class NotThere(Exception):
    """The supervisor's telephone can't be at it now; `why` is for the person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def ring_supervisor(connection: Connection, user: int, talk: Talk) -> tuple[AtWork, Leg]:
    """The supervisor's own telephone, which answers by itself; from now on it has this in hand. Raises NotThere."""
    supervisor = connection.board.agents.get(user)
    if supervisor is None or not supervisor.online:
        raise NotThere(orders.NO_LINE)
    if supervisor.in_hand or supervisor is talk.agent:
        raise NotThere(orders.IN_CALL)
    supervisor.in_hand = True
    leg: Leg | None = None
    try:
        leg = await connection.rings.ring(
            supervisor.endpoint, call=0, shown="1022", within=ANSWERS_WITHIN, or_until=talk.caller.leg.gone, auto=True
        )
    finally:
        if leg is None:
            supervisor.let_go(supervisor.on_record or Agent.State.PAUSED)
    if leg is None:
        raise NotThere(orders.OVER if talk.caller.leg.gone.is_set() else orders.NO_LINE)
    return supervisor, leg
