"""Numbers outside: ring one by a carrier, hand a caller on to 115 or a hot line."""

from __future__ import annotations

import asyncio

import structlog

from tongdai.people.purposes import Purpose

from ..asterisk.legs import HungUp, Leg
from ..board.board import Caller
from ..board.connection import Connection
from ..board.ringing import NO_WAY, NORMAL, NotReached
from ..records import call_records
from ..speech.prompts import LANGUAGES, RECORDED
from ..trunks import diversion, permission

log = structlog.get_logger(__name__)
RINGS_FOR = 40  # seconds


async def dial(
    connection: Connection,
    number: str,
    *,
    within: int,
    or_until: asyncio.Event,
    channel: str = "",
    caller: str = "",
    prompt: str = RECORDED,
    purpose: Purpose | None = None,
) -> Leg:
    """Ring a number by a carrier, by the next one where the first can't. `caller`: who is handed on to it (`diversion`).

    Whoever is rung for a caller is heard in the caller's own recording; with a `channel` it is a citizen, who is recorded.
    `prompt`: the one by which whoever answers is told of that, before anybody talks.

    Raises:
        NotLetOut: such numbers are not rung (`permission.let_out`).
        NotReached: nobody answered, and why; or there is no way out.
    """
    await connection.db(permission.let_out, number, caller=caller, purpose=purpose)
    found = NotReached(NO_WAY)
    for trunk in await connection.db(permission.ways_out):
        try:
            leg = await connection.rings.reach(
                f"{number}@{trunk.endpoint}", call=0, shown=diversion.shown(trunk, caller), within=within,
                or_until=or_until, channel=channel, recorded=bool(channel),
                more=diversion.headers(trunk, number, caller=caller),
            )  # fmt: skip
        except NotReached as not_reached:
            found = not_reached
            if or_until.is_set() or not found.by_the_network:
                break
        else:
            await _announce(connection, leg, prompt, or_until=or_until)
            return leg
    raise found


async def _announce(connection: Connection, leg: Leg, prompt: str, *, or_until: asyncio.Event) -> None:
    """Who has answered hears it. Nobody is left on the line where it comes to nothing. Raises NotReached."""
    try:
        await leg.listen_to(connection.menu.sound(prompt, LANGUAGES[0]), keys=False)
    except HungUp as gone:
        raise NotReached(NORMAL) from gone
    except BaseException:
        await leg.hang_up()
        raise
    if or_until.is_set():
        await leg.hang_up()
        raise NotReached(NORMAL)


async def connect_outside(connection: Connection, caller: Caller, number: str) -> bool:
    """Let her talk with a number outside; whether somebody answered there. Raises HungUp."""
    await caller.leg.hold_out(RINGS_FOR + 20)
    await caller.leg.music()
    try:
        leg = await dial(connection, number, within=RINGS_FOR, or_until=caller.leg.gone, caller=caller.number)
    except permission.NotLetOut as stopped:
        log.warning("voice.not_let_out", call=caller.call, why=stopped.why)
        await caller.leg.music(False)
        return False
    except NotReached:
        await caller.leg.music(False)
        return False
    try:
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await connection.pbx.bridge(f"outside-{caller.call}", caller.leg.id, leg.id)
        caller.been.path.append(call_records.OUTSIDE)
        await connection.db(call_records.transferred, caller.call, path=caller.been.path)
        await caller.leg.until(leg.gone.wait())
        await connection.pbx.delete(f"bridges/{bridge}")
    finally:
        await leg.hang_up()
    return True
