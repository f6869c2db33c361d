"""One connection to the exchange, and everybody on it: what is known here, whoever serves a call acts upon.

It begins nothing by itself: `switchboard` does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog
from django.db import close_old_connections

from ..agents import skills, states
from ..agents.skills import EVERYTHING
from ..asterisk.arrivals import LONG_AGO
from ..asterisk.client import Pbx
from ..asterisk.exchange import Exchange
from ..asterisk.legs import Leg
from ..asterisk.telephones import Telephones
from ..menu.menu import Menu
from .board import AtWork, Board, Caller
from .fallback import Fallback
from .flood_limit import FloodLimit
from .participants import Attendance, Talk
from .ringing import Rings

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
TELLS_WHY_WITHIN = 1.0  # seconds after a leg has gone


class Connection:
    """Whoever serves a call is given this, and finds in it all others."""

    menu: Menu  # once it is loaded

    def __init__(self, it: Exchange, pbx: Pbx) -> None:
        self.it = it
        self.pbx = pbx
        self.board = Board()
        self.telephones = Telephones()
        self.flood = FloodLimit()
        self.legs: dict[str, Leg] = {}
        self.talks: dict[int, Talk] = {}  # by call
        self.sessions: dict[int, Attendance] = {}  # supervisors at a call, by user
        self.in_turn: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # a supervisor's orders, by user
        self.closing_down = asyncio.Event()  # Asterisk ends every leg: nobody has hung up
        self._not_told_why: WeakValueDictionary[str, Leg] = WeakValueDictionary()  # gone
        self.calling: dict[int, asyncio.Event] = {}  # calls to citizens that ring: set, they end
        self.changed = asyncio.Event()  # who waits, or who may be rung
        self.rings = Rings(pbx, self.legs, self.telephones)
        self.fallback = Fallback(pbx, self.board, self.db, self.changed)
        self.connected_at = LONG_AGO
        self.city_is_open = True
        self.reading = asyncio.Lock()  # of agents and their telephones: what was read first is not taken for the latest
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="voice-db")

    def is_open(self) -> bool:
        """Whether the city works now."""
        return self.city_is_open

    # ── who is on it ─────────────────────────────────────────────────────────────────────────────────────────────────

    def gone(self, channel: str, cause: int = 0) -> None:
        """This leg is no more, or no more ours. `cause`: why (Q.850), where it is known."""
        self.flood.over(channel)
        if leg := self.legs.pop(channel, None):
            leg.gone.set()
            if not leg.told_why.is_set():
                self._not_told_why[channel] = leg
        self.rings.over(channel, cause)

    def told_why(self, channel: str, *, closing_down: bool) -> None:
        """Somebody asked for the end of this leg, or Asterisk closes down."""
        if leg := self.legs.get(channel) or self._not_told_why.pop(channel, None):
            leg.told_why.set()
        if closing_down:
            self.closing_down.set()

    async def closes_down(self, leg: Leg) -> bool:
        """Whether Asterisk has closed down under this leg.

        On a busy machine it says that a leg has gone before it says why: what has gone without a word is waited with for a
        moment.
        """
        if leg.gone.is_set() and not leg.told_why.is_set():
            waiting = [asyncio.ensure_future(each.wait()) for each in (leg.told_why, self.closing_down)]
            await asyncio.wait(waiting, timeout=TELLS_WHY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
            for each in waiting:
                each.cancel()
        return self.closing_down.is_set()

    def leaves(self, caller: Caller) -> None:
        """She waits no longer."""
        self.board.waiting = [each for each in self.board.waiting if each is not caller]

    @contextlib.contextmanager
    def caught(self, caller: Caller) -> Iterator[None]:
        """What breaks meanwhile lets the caller fall into Asterisk's net."""
        try:
            yield
        except Exception:
            self.start(caller.leg.fall_into_the_net())
            raise
        finally:
            self.leaves(caller)

    async def see_agents(self) -> None:
        """Read who is at work; what a call in our hands makes of somebody stays."""
        async with self.reading:
            seen: dict[int, AtWork] = {user: each for user, each in self.board.agents.items() if each.in_hand}
            able = await self.db(skills.of_all)
            for user, endpoint, state, idle_since in await self.db(states.at_work):
                agent = self.board.agents.get(user) or AtWork(user, endpoint, state, idle_since)
                agent.endpoint, agent.online, agent.on_record = endpoint, self.telephones.is_there(endpoint), state
                agent.skills = able.get(user, EVERYTHING)
                if not agent.in_hand:
                    agent.state, agent.idle_since = state, idle_since
                seen[user] = agent
            self.board.agents = seen
        self.changed.set()

    # ── how things are done on it ────────────────────────────────────────────────────────────────────────────────────

    async def ask(self, words: str) -> str:
        """Asterisk's own command line, for what ARI can't do."""
        return await self.db(self.it.ask, words)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let it run beside the rest; what breaks in it is on record."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("voice.failed", error=type(error).__name__, why=str(error)[:300], exc_info=error)

    async def db(self, function: Callable[..., Result], *given: Any, **named: Any) -> Result:
        """Ask the database in a thread of its own; the calls go on meanwhile."""

        def asked() -> Result:
            close_old_connections()
            return function(*given, **named)

        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(asked))
