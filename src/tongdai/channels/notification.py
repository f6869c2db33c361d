"""What a citizen is notified of, and the one shape in which each channel notifies its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tongdai.cases.models import Case, Event
from tongdai.people.purposes import Purpose


@dataclass(frozen=True)
class Notification:
    """What a citizen is told of an event of a case: once.

    `words` is the whole of it, `notice` what may be read by whoever holds the phone (no word of the matter itself).
    `texted`: whether citizens of this channel are texted about it; `read_out`: a caller is rung back and hears it;
    `automatic`: it counts among the automatic texts of the hour; `invitation`: what a text of the whole ends with, where
    there is room.
    """

    event: Event
    words: str
    notice: str
    purpose: Purpose
    at: datetime
    texted: bool = True
    read_out: bool = False
    automatic: bool = False
    invitation: str = ""

    @property
    def case(self) -> Case:
        """The case it is about."""
        return self.event.case

    @property
    def registers(self) -> bool:
        """Whether it is the first one, which brings the tracking code."""
        return self.event.action == "register"

    @property
    def key(self) -> str:
        """Under which it is queued: one a channel and event."""
        return f"{self.case.channel}-{self.event.action}:{self.event.pk}"


class Notifier(Protocol):
    """How one channel notifies its citizens. Called inside the job's transaction; sends nothing itself, only queues."""

    def notify(self, notification: Notification) -> None: ...
