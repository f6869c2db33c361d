"""Whose trouble it is when the SMSC takes a part for the moment only: the text's own, or the whole bind's.

*Throttled* (0x58) is always the bind's: it sends less. *System error* (0x08), *queue full* (0x14) and the like are the
text's while only its number meets with them: it alone waits. Once two numbers do and nothing passes, the bind pauses.
What recurs for a text while others pass is the text's own fault, and counts towards giving it up.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from smpplib import consts

from ..protocol.wire import QUEUE_FULL, TEMPORARY, THROTTLED

BUSY = frozenset({THROTTLED, QUEUE_FULL, TEMPORARY, int(consts.SMPP_ESME_RSYSERR)})
THROTTLED_OFTEN = 4  # times in a row for one text while others pass: it steps aside for a while
ALONE = timedelta(seconds=1)  # doubled at each time, up to a minute
LONGEST_ALONE = timedelta(minutes=1)
REMEMBERED = 1000  # texts


class Whose(Enum):
    """What is to be done about a part that was not taken."""

    BINDS = auto()  # put it back at its place; the bind pauses, or sends less
    TEXTS = auto()  # hold its text back, and count it
    PERHAPS_THE_TEXTS = auto()  # hold its text back for a moment, which is no fault of its own


@dataclass
class _Record:
    passed: int  # how many others had been taken when it was last refused
    times: int = 0


class Troubles:
    """What one bind remembers of the texts it could not get rid of."""

    def __init__(self) -> None:
        self._passed = 0
        self._since_one_passed: set[str] = set()  # addresses
        self._texts: dict[int, _Record] = {}
        self._order: deque[int] = deque()

    def taken(self, interaction_id: int) -> None:
        """The SMSC took a part of this text."""
        self._passed += 1
        self._since_one_passed.clear()
        self._texts.pop(interaction_id, None)

    def busy(self, interaction_id: int, address: str, *, status: int) -> tuple[Whose, timedelta]:
        """The SMSC did not take a part of it for one of BUSY. Whose trouble that is, and how long it waits if held."""
        record = self._texts.get(interaction_id)
        others_pass = record is not None and self._passed > record.passed
        record = record or self._remember(interaction_id)
        record.passed, record.times = self._passed, record.times + 1
        self._since_one_passed.add(address)
        pause = min(ALONE * 2 ** min(record.times - 1, 6), LONGEST_ALONE)
        if status == THROTTLED:
            aside = others_pass and record.times >= THROTTLED_OFTEN
            return (Whose.PERHAPS_THE_TEXTS if aside else Whose.BINDS), pause
        if others_pass:
            return Whose.TEXTS, pause
        return (Whose.PERHAPS_THE_TEXTS if len(self._since_one_passed) == 1 else Whose.BINDS), pause

    def _remember(self, interaction_id: int) -> _Record:
        self._order.append(interaction_id)
        if len(self._order) > REMEMBERED:
            self._texts.pop(self._order.popleft(), None)
        record = self._texts[interaction_id] = _Record(self._passed)
        return record
