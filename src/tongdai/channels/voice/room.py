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
    only: int | None = None  # the agent whose line was lost: theirs alone for a while
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
        for caller in sorted(self.waiting, key=lambda caller: (caller.only is None, caller.rank, caller.since)):
            if caller.offered:
                continue
            if caller.only is not None:
                mine = self.agents.get(caller.only)
                if mine and mine.state == Agent.State.READY:
                    return caller, mine
            elif ready:
                return caller, ready[0]
        return None
