"""Numbers outside: ring one by a carrier, hand a caller on to 115 or a hot line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from . import records
from .legs import Leg
from .room import Caller

if TYPE_CHECKING:
    from .switchboard import Switchboard

RINGS_FOR = 40  # seconds


async def dial(
    board: Switchboard, number: str, *, within: int, or_until: asyncio.Event, channel: str = ""
) -> Leg | None:
    """Ring a number by a carrier, the first that is there; None: nobody answered, or there is no way out."""
    for trunk in await board.db(records.ways_out):
        leg = await board.ring(
            f"{number}@{trunk}", call=0, shown="1022", within=within, or_until=or_until, channel=channel, recorded=True
        )
        if leg or or_until.is_set():
            return leg
    return None


async def connect_outside(board: Switchboard, caller: Caller, number: str) -> bool:
    """Let her talk with a number outside; whether somebody answered there. Raises HungUp."""
    await caller.leg.hold_out(RINGS_FOR + 20)
    await caller.leg.music()
    leg = await dial(board, number, within=RINGS_FOR, or_until=caller.leg.gone)
    if leg is None:
        return False
    try:
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await board.pbx.bridge(f"outside-{caller.call}", caller.leg.id, leg.id)
        await board.db(records.transferred, caller.call)
        await caller.leg.until(leg.gone.wait())
        await board.pbx.delete(f"bridges/{bridge}")
    finally:
        await leg.hang_up()
    return True
