"""Who waits and who may be rung: whom to give to whom. Pure; the switchboard does what it says."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from .ivr import Walk
from .legs import Leg
from .models import Agent, Queue, Step


@dataclass(eq=False)
class Caller:
    """Somebody on the line, from the first ring on. `rank`: the lower is served first; among equals the longest waiting.

    `onward`: set when whoever served her is done: where she goes next, or None when the talk is over.
    """

    leg: Leg
    call: int
    number: str = ""
    been: Walk = field(default_factory=Walk)
    rank: int = 90
    since: datetime | None = None
    queue: Queue | None = None
    wanted: int | None = None  # the one agent she is handed to
    handed_by: int | None = None  # who has handed her to the queue, and may take her back
    passed_by: set[int] = field(default_factory=set)  # agents rung for her in vain
    spared: dict[int, float] = field(default_factory=dict)  # who has declined her → until when (monotonic)
    offered: bool = False  # somebody is being rung for her
    offer: asyncio.Task[None] | None = None  # the same, while it goes on
    ringing: asyncio.Task[Leg] | None = None  # that one's telephone
    joined: bool = False  # who was rung has answered: she is being taken out of the music
    cut_off: bool = False  # the network lost her voice in a talk, for good
    urgent_case: int = 0  # who is on duty is rung for this one
    onward: asyncio.Future[Step | None] | None = None

    def spare(self, user: int, seconds: float) -> None:
        """Don't offer her to this one for a while, who has declined her."""
        self.spared[user] = time.monotonic() + seconds

    def spares(self, user: int) -> bool:
        return time.monotonic() < self.spared.get(user, 0.0)

    @property
    def language(self) -> str:
        return self.been.language


@dataclass
class AtWork:
    """One who takes calls, as far as ringing them goes; the same object as long as we run. `online`: the telephone is there.

    `in_hand`: a call of ours rings or talks there; until it is let go, what the database says of the state (`on_record`)
    is not asked.
    """

    user: int
    endpoint: str
    state: str
    idle_since: datetime
    online: bool = True
    in_hand: bool = False
    on_record: str = ""

    @property
    def may_be_rung(self) -> bool:
        return self.online and self.state == Agent.State.READY and not self.in_hand

    def let_go(self, state: str) -> None:
        """The call is done with, and the database knows."""
        self.state, self.in_hand = state, False


@dataclass
class Room:
    """Everybody."""

    waiting: list[Caller] = field(default_factory=list)
    agents: dict[int, AtWork] = field(default_factory=dict)

    def holds(self, caller: Caller) -> bool:
        """Whether she still waits: nobody has answered for her, she has not gone elsewhere."""
        return caller in self.waiting and not caller.joined

    def who_waits(self, call: int) -> Caller | None:
        return next((each for each in self.waiting if each.call == call), None)

    def in_order(self) -> list[Caller]:
        """Those who wait and are not being offered to anybody, the next first; not who has just hung up."""
        callers = [each for each in self.waiting if not (each.offered or each.leg.gone.is_set())]
        return sorted(callers, key=lambda each: (each.rank, each.since is not None and each.since.timestamp() or 0))

    def pair(self) -> tuple[Caller, AtWork] | None:
        """The caller to be served next, and the ready agent who has been idle the longest; None: nobody, or nobody free."""
        ready = sorted(
            (agent for agent in self.agents.values() if agent.may_be_rung), key=lambda agent: agent.idle_since
        )
        for caller in self.in_order():
            for agent in sorted(ready, key=lambda agent: agent.user in caller.passed_by):
                if caller.wanted in (None, agent.user) and not caller.spares(agent.user):
                    return caller, agent
        return None

    def place_of(self, caller: Caller) -> int:
        """How many are before her, and she: from 1."""
        line = self.in_order()
        return line.index(caller) + 1 if caller in line else 1

    def at_work(self) -> int:
        """How many take calls now, busy or not."""
        away = (Agent.State.OUT, Agent.State.PAUSED)
        return sum(agent.online and agent.state not in away for agent in self.agents.values())
