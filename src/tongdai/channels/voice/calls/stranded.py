"""No agent who may be rung stands beside somebody who waits: looked at each second, put right, and on record (records/repairs.py).

It goes by the database and the telephones, not by what distribution believes, so that it sees where the two differ.
"""

from __future__ import annotations

import structlog

from tongdai.platform.clock import now

from ..board.board import AtWork, Caller
from ..board.connection import Connection
from ..models import Agent, Repair
from ..records import call_records, repairs

log = structlog.get_logger(__name__)
LONGEST = 2.0  # seconds
UNSERVED = 10.0  # seconds, of one whom nobody here serves: taken up after a restart she may need a moment


class Watch:
    """Which callers and agents have stood beside each other, and since when."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._since: dict[tuple[int, int], float] = {}

    async def look(self, *, at: float) -> None:
        """Once, `at` by the clock that never goes back (s): whoever has stood there too long is put right. One question to
        the database.
        """
        board = self.connection.board
        channels = await self.connection.db(call_records.waiting)
        callers = {caller.call: caller for caller in board.waiting}
        free = [agent for agent in board.agents.values() if self._is_free(agent)]
        beside: dict[tuple[int, int], float] = {}
        for call, channel in channels.items():
            if channel in self.connection.legs:  # else Asterisk looks for somebody
                caller = callers.get(call)
                for agent in free:
                    if not caller or agent.user not in caller.passed_by and agent.skills.takes(caller.in_queue):
                        beside[call, agent.user] = self._since.get((call, agent.user), at)
        self._since = beside
        for (call, user), since in beside.items():
            if at - since > (LONGEST if call in callers else UNSERVED):
                self._put_right(call, channels[call], callers.get(call), board.agents[user])
                await self.connection.db(repairs.note, Repair.Kind.STRANDED, at=now(), call=call)

    def _is_free(self, agent: AtWork) -> bool:
        return agent.on_record == Agent.State.READY and self.connection.telephones.is_there(agent.endpoint)

    def _put_right(self, call: int, channel: str, caller: Caller | None, agent: AtWork) -> None:
        log.warning(
            "voice.stranded",
            call=call,
            agent=agent.user,
            known=caller is not None,
            offered=caller and caller.offered,
            wanted=caller and caller.wanted,
            in_hand=agent.in_hand,
            online=agent.online,
        )
        legs = self.connection.legs
        if caller is None:  # nobody of ours serves her any more
            self.connection.start(legs[channel].fall_into_the_net())
            return
        caller.offered = False
        if caller.wanted != agent.user:
            caller.wanted = None  # the one she is handed to is busy: anybody then
        if not any(leg.is_of(agent.endpoint) for leg in legs.values()):
            agent.let_go(Agent.State.READY)
        self.connection.changed.set()
