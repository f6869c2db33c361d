"""Who waits and who may be rung: whom to give to whom. Pure; the switchboard does what it says."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from ..agents.skills import EVERYTHING, Skills
from ..asterisk.legs import Leg
from ..menu.ivr import Walk
from ..models import Agent, Queue, Step


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
    stood_in: set[int] = field(default_factory=set)  # queues: a rule leads her back to none of them
    reserved: AtWork | None = None  # who has been kept free for her: rung as soon as she waits
    onward: asyncio.Future[Step | None] | None = None

    def spare(self, user: int, seconds: float) -> None:
        """Don't offer her to this one for a while, who has declined her."""
        self.spared[user] = time.monotonic() + seconds

    def spares(self, user: int) -> bool:
        return time.monotonic() < self.spared.get(user, 0.0)

    @property
    def language(self) -> str:
        return self.been.language

    @property
    def in_queue(self) -> int | None:
        return self.queue.pk if self.queue else None

    @property
    def is_urgent(self) -> bool:
        """Whether she waits where somebody on duty is rung for her with no agent at work."""
        return bool(self.queue and self.queue.urgent)


@dataclass(eq=False)
class KeptCaller:
    """Somebody whose place is kept: not on the line, in the same order as those who are, and rung when it is her turn."""

    place: int
    number: str
    rank: int
    since: datetime
    in_queue: int | None = None
    language: str = "vi"
    offered: bool = False  # an agent is kept free for her, and she is being rung
    wanted: int | None = None
    passed_by: set[int] = field(default_factory=set)


Waiting = Caller | KeptCaller


@dataclass
class AtWork:
    """One who takes calls, as far as ringing them goes; the same object as long as we run. `online`: the telephone is there.

    `in_hand`: a call of ours rings or talks there; until it is let go, what the database says of the state (`on_record`)
    is not asked. `calls_done`: how many were let go since we run.
    """

    user: int
    endpoint: str
    state: str
    idle_since: datetime
    online: bool = True
    in_hand: bool = False
    on_record: str = ""
    calls_done: int = 0
    skills: Skills = EVERYTHING

    @property
    def may_be_rung(self) -> bool:
        return self.online and self.state == Agent.State.READY and not self.in_hand

    def let_go(self, state: str) -> None:
        """The call is done with, and the database knows."""
        self.state, self.in_hand = state, False
        self.calls_done += 1


@dataclass
class Board:
    """Everybody. `kept_callers`: those to be rung as soon as it is their turn."""

    waiting: list[Caller] = field(default_factory=list)
    agents: dict[int, AtWork] = field(default_factory=dict)
    kept_callers: list[KeptCaller] = field(default_factory=list)

    def holds(self, caller: Caller) -> bool:
        """Whether she still waits: nobody has answered for her, she has not gone elsewhere."""
        return caller in self.waiting and not caller.joined

    def who_waits(self, call: int) -> Caller | None:
        return next((each for each in self.waiting if each.call == call), None)

    def in_order(self) -> list[Waiting]:
        """Those who wait and are not being offered to anybody, the next first; not who has just hung up."""
        everybody: list[Waiting] = [*(each for each in self.waiting if not each.leg.gone.is_set()), *self.kept_callers]
        return sorted((each for each in everybody if not each.offered), key=_turn)

    def pair(self) -> tuple[Waiting, AtWork] | None:
        """Who is to be served next, and the ready agent for her; None: nobody, or nobody free who may take her.

        Of those who may, first whoever was not rung for her in vain, then whoever speaks her language, then by the
        level at her queue, then the longest idle.
        """
        ready = sorted(
            (agent for agent in self.agents.values() if agent.may_be_rung), key=lambda agent: agent.idle_since
        )
        for waiting in self.in_order() if ready else ():
            if fit := [agent for agent in ready if may_take(agent, waiting)]:
                return waiting, min(fit, key=lambda agent: _suits(agent, waiting))
        return None

    def place_of(self, caller: Caller) -> int:
        """How many are before her whom somebody at work takes as well as her, and she: from 1."""
        line = self.in_order()
        before = line[: line.index(caller)] if caller in line else []
        takes = [agent for agent in self._at_work() if agent.skills.takes(caller.in_queue)]
        return 1 + sum(not takes or any(agent.skills.takes(each.in_queue) for agent in takes) for each in before)

    def length_before(self, caller: Caller) -> int:
        """How many of her own queue are before her, and she: from 1."""
        line = [each for each in self.in_order() if each.in_queue == caller.in_queue]
        return line.index(caller) + 1 if caller in line else 1

    def at_work(self, queue: int | None = None) -> int:
        """How many take calls (of this queue) now, busy or not."""
        return sum(agent.skills.takes(queue) for agent in self._at_work())

    def nobody_at_work(self, caller: Caller) -> bool:
        """Whether nobody takes calls now who may take hers."""
        return not self.at_work(caller.in_queue)

    def is_signed_on(self, queue: int | None) -> bool:
        """Whether anybody in the shift takes this queue, though they may be busy or at rest."""
        return any(
            agent.state != Agent.State.OUT and agent.online and agent.skills.takes(queue)
            for agent in self.agents.values()
        )

    def must_give_way(self, kept_caller: KeptCaller, agent: AtWork) -> bool:
        """Whether somebody more urgent is on the line meanwhile, and only this agent, kept free for another, could take her."""
        for caller in self.in_order():
            if isinstance(caller, KeptCaller) or caller.rank >= kept_caller.rank:
                continue
            free = any(each.may_be_rung and may_take(each, caller) for each in self.agents.values())
            if may_take(agent, caller) and not free:
                return True
        return False

    def _at_work(self) -> list[AtWork]:
        away = (Agent.State.OUT, Agent.State.PAUSED)
        return [agent for agent in self.agents.values() if agent.online and agent.state not in away]


def may_take(agent: AtWork, waiting: Waiting) -> bool:
    """Whether this agent may be rung for her: by skill and sign-on, or because she was handed to them by name.

    Not one who has declined her a moment ago.
    """
    if isinstance(waiting, Caller) and waiting.spares(agent.user):
        return False
    return agent.skills.takes(waiting.in_queue) if waiting.wanted is None else waiting.wanted == agent.user


def _turn(waiting: Waiting) -> tuple[int, float]:
    return waiting.rank, waiting.since.timestamp() if waiting.since else 0


def _suits(agent: AtWork, waiting: Waiting) -> tuple[bool, bool, int]:
    skills = agent.skills
    return agent.user in waiting.passed_by, not skills.speaks(waiting.language), skills.level(waiting.in_queue)
