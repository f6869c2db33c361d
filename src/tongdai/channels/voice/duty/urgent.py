"""A caller in danger while no agent is at work: who is on duty is rung by an alarm, and talks with her as soon as they take it.

The alarm is the house's own (channels/duty): rows that outlive us, one person after the other until somebody presses 1.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection

import structlog
from django.db import Error
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.people.models import Channel
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg
from ..board.board import Caller
from ..board.connection import Connection
from ..conversation import course
from ..conversation.conversation import Conversation
from ..models import Call

log = structlog.get_logger(__name__)


async def ring_on_duty(connection: Connection, caller: Caller) -> None:
    """Once a call, where she waits in an urgent queue with nobody at work; while the database is away, later."""
    if caller.urgent_case or not caller.is_urgent or not connection.board.nobody_at_work(caller):
        return
    with contextlib.suppress(Error):
        caller.urgent_case = await connection.db(_raise, caller.call, number=caller.number)
        log.info("voice.on_duty_is_rung", call=caller.call, case=caller.urgent_case)


def who_waits(connection: Connection, cases: Collection[int]) -> Caller | None:
    """The caller on the line for one of these cases, the longest waiting."""
    waiting = [each for each in connection.board.waiting if each.urgent_case and each.urgent_case in cases]
    return next((each for each in waiting if connection.board.holds(each) and not each.offered), None)


async def put_through(connection: Connection, caller: Caller, leg: Leg) -> bool:
    """Let the two talk, recorded as any call is; False: she is gone, or somebody else has her. Ends when they do."""
    if not connection.board.holds(caller) or caller.offered or caller.onward is None:
        return False
    caller.offered = caller.joined = True
    try:
        await caller.leg.hush()
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await connection.pbx.bridge(f"call-{caller.call}", caller.leg.id, leg.id)
        await connection.db(_talks, caller.call)
        connection.leaves(caller)
        talk = Conversation(connection, caller, None, leg, bridge)
    except (HungUp, Refused, PbxGone, Error) as gone:
        log.info("voice.gone_before_the_first_word", call=caller.call, why=str(gone)[:100])
        with contextlib.suppress(HungUp, Refused, PbxGone):
            await caller.leg.music()
        return False
    finally:
        caller.offered = caller.joined = False
    log.info("voice.on_duty_talks", call=caller.call)
    await course.run(talk)
    return True


def _raise(call: int, *, number: str) -> int:
    """A case of danger for this call; the same one however often it is asked for."""
    with override("vi"):
        text = _(
            "Có người gọi 1022 bấm phím 5: đang nguy hiểm. Lúc ấy không có điện thoại viên; chưa rõ việc gì, ở đâu."
        )
    matter = Matter(text=text, channel=Channel.VOICE, phone=number, proven=bool(number), declared_urgent=True)
    found = register(matter, key=f"voice-urgent:{call}", by=Actor.citizen(channel=Channel.VOICE), at=now())
    Call.objects.filter(pk=call, case=None).update(case=found.case_id)
    wake.wake("calls", [call])
    return found.case_id


def _talks(call: int) -> None:
    at = now()
    Call.objects.filter(pk=call).update(state=Call.State.TALKING)
    Call.objects.filter(pk=call, answered_at=None).update(answered_at=at)
    wake.wake("calls", [call])
