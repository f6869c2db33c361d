"""Who acts now: set at the door (a request, a command), read wherever an act is put on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from .models import Who


@dataclass(frozen=True)
class Acting:
    """`by`: the member of staff; `network`: as `Entry.network`; `login`: the operator's name on the machine."""

    who: Who
    by: int | None = None
    network: str = ""
    login: str = ""


@dataclass
class _Act:
    """One request or command: who acts is found out when it is asked for, and whether anything was recorded is kept."""

    find: Callable[[], Acting]
    recorded: int = 0


_act: ContextVar[_Act | None] = ContextVar("tongdai.audit.act", default=None)


@contextmanager
def acts(find: Callable[[], Acting]) -> Iterator[Callable[[], bool]]:
    """Inside, `now_acting` is what `find` says; the function that is handed out tells whether anything was recorded."""
    act = _Act(find)
    token = _act.set(act)
    try:
        yield lambda: act.recorded > 0
    finally:
        _act.reset(token)


def now_acting() -> Acting:
    """Whoever acts; outside any request and command the system itself (a job)."""
    act = _act.get()
    return act.find() if act else Acting(Who.SYSTEM)


def recorded() -> None:
    """Something of this act is on record."""
    if act := _act.get():
        act.recorded += 1
