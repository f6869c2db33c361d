"""The one shape all ways in and out share: what a citizen is told, and who carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tongdai.cases.models import Case
from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose

TEXTS_AN_HOUR = 10  # automatic ones, to one number


@dataclass(frozen=True)
class Telling:
    """Something a citizen is told about a case: once, under `key`.

    `words` is the whole of it, `notice` what may be read by whoever holds the phone (no word of the matter itself).
    `texted`: whether citizens of this channel are texted about it; `read_out`: a caller is rung back and hears it;
    `automatic`: it counts among the automatic texts of the hour.
    """

    key: str
    action: str
    case: Case
    words: str
    notice: str
    purpose: Purpose
    at: datetime
    texted: bool = True
    read_out: bool = False
    automatic: bool = False


class Outlet(Protocol):
    """How one channel tells its citizens. Called inside the job's transaction; sends nothing itself, only queues."""

    def tell(self, telling: Telling) -> None: ...


def may_text(address: str, *, at: datetime) -> bool:
    """Whether one more automatic text may go to this number (E.164): at most ten an hour."""
    return sent_to(address, channel=Channel.SMS, since=at - timedelta(hours=1)) < TEXTS_AN_HOUR
