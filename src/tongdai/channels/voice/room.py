"""Who waits and who may be rung: whom to give to whom. Pure; the switchboard does what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .legs import Leg
from .models import Agent


@dataclass
class Waiting:
    """A caller in a queue. `rank`: the lower is served first; among equals the longest waiting."""

    leg: Leg
    call: int
    rank: int
    since: datetime
    language: str = "vi"
    offered: bool = False


@dataclass
class AtWork:
    """One who takes calls, as far as ringing them goes."""

    user: int
    endpoint: str
    state: str
    idle_since: datetime


@dataclass
class Room:
    """Everybody."""

    waiting: list[Waiting] = field(default_factory=list)
    agents: dict[int, AtWork] = field(default_factory=dict)

    def pair(self) -> tuple[Waiting, AtWork] | None:
        """The caller to be served next, and the ready agent who has been idle the longest; None: nobody, or nobody free."""
        ready = sorted(
            (agent for agent in self.agents.values() if agent.state == Agent.State.READY),
            key=lambda agent: agent.idle_since,
        )
        callers = sorted((each for each in self.waiting if not each.offered), key=lambda each: (each.rank, each.since))
        if callers and ready:
            return callers[0], ready[0]
        return None
