"""Calls as the exchange writes them down, for states in which there is one."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Agent, Call, Queue, Recording, Step
from tongdai.channels.voice.records import call_records
from tongdai.desk.phone import shown
from tongdai.platform.clock import now

from .states import There

_numbers = itertools.count(1)


def an_exchange(there: There) -> None:
    """This house has one, as far as the pages know."""
    there.patch.setattr(shown, "is_here", lambda: True)


def came(there: There, *, phone: str = "", minutes: float = 2, **more: Any) -> Call:
    """Somebody rings, and waits in the first queue."""
    at = now() - timedelta(minutes=minutes)
    call = call_records.came(channel=f"s.{next(_numbers)}", number=phone, dialled="1022", at=at, **more)
    step = Step.objects.filter(kind=Step.Kind.QUEUE).order_by("pk").first()
    call_records.waits(call.pk, queue=Queue.objects.order_by("pk")[0].pk, path=[step.code] if step else [])
    Call.objects.filter(pk=call.pk).update(waited_from=at)
    call.refresh_from_db()
    return call


def talking(there: There, *, who: str = "call taker", phone: str = "+84904000002") -> Call:
    """This person talks with somebody whom the house knows."""
    an_exchange(there)
    call = came(there, phone=phone)
    states.set_state(there.people[who], Agent.State.READY)
    call_records.rings(call.pk, agent=there.people[who].pk)
    call_records.talks(call.pk, agent=there.people[who].pk)
    call.refresh_from_db()
    return call


def message(there: There, *, phone: str = "", silent: bool = False) -> Call:
    """Somebody leaves a message, from a hidden number where none is given."""
    call = came(there, phone=phone, minutes=40)
    Call.objects.filter(pk=call.pk).update(hidden=not phone)
    call_records.ended(call.pk, path=["wait"], outcome=Call.Outcome.MESSAGE)
    Recording.objects.create(
        call=call, kind=Recording.Kind.MESSAGE, file=f"t/{call.pk}.flac", seconds=94, size=9, sha256="0" * 64,
        silent=silent, made_at=now() - timedelta(minutes=39),
    )  # fmt: skip
    call.refresh_from_db()
    return call
