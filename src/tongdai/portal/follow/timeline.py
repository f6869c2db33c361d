"""A case told to its citizen: each step one sentence, who did what and when, with the words that belong to it.

Drawn from the case's history alone (`cases/history.py`), so that what is on record is what is shown. Officers are named:
the city gives its name. How an action reads stands in its notification template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from tongdai.cases.history import history, sent_about
from tongdai.cases.models import Attachment, Case
from tongdai.channels.notifications.template import Line, template_of
from tongdai.language.dates import hour_in_words
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import day_of

from . import when


@dataclass(frozen=True)
class Entry:
    """One step as the page shows it; `time`: the day is said once, then only the hour.

    `corrected_at`: other words stand in place of this answer's, which are folded; `is_result`: the last answer or rejection.
    """

    at: datetime
    line: Line
    photos: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    corrected_at: datetime | None = None
    is_result: bool = False
    time: str = ""


def timeline(case: Case, *, at: datetime) -> list[Entry]:
    """Every step, the first one first."""
    entries = sorted([*_done(case), *_texts(case)], key=lambda entry: entry.at)
    last = max((number for number, entry in enumerate(entries) if entry.line.outcome), default=None)
    if last is not None:
        entries[last] = replace(entries[last], is_result=True)
    return list(_with_times(entries, today=day_of(at)))


def _done(case: Case) -> Iterator[Entry]:
    for step in history(case):
        if step.undone:  # nobody was told of it
            continue
        if line := template_of(step.action).line_of(step):
            left = step.corrected_at  # what a correction left out is shown no more
            yield Entry(
                step.at,
                line,
                () if left else step.photos,
                () if left else step.documents,
                corrected_at=step.corrected_at,
            )


def _texts(case: Case) -> Iterator[Entry]:
    """A text of ours, and whether it reached the phone; one that never left is the house's trouble, not a step.

    Those to who is on duty are the house's own, one-time codes are of the moment.
    """
    notes = {
        Interaction.State.DELIVERED: _("Tin nhắn đã tới máy của bạn."),
        Interaction.State.SENT: _("Tin nhắn đã gửi đi."),
        Interaction.State.FAILED: _("Tin nhắn không tới được máy của bạn. Mọi điều vẫn được ghi đủ ở trang này."),
        Interaction.State.UNKNOWN: _("Chưa rõ tin nhắn đã tới máy của bạn chưa."),
    }
    texts = sent_about(case).filter(channel=Channel.SMS).exclude(purpose__in=[Purpose.DUTY, Purpose.CODE])
    for text in texts.select_related("case_link__event"):
        state = Interaction.State(text.state)
        if state not in notes:
            continue
        event = text.case_link.event
        first = event is not None and event.action == "register"
        sentence = _("1022 nhắn cho bạn mã tra cứu") if first else _("1022 nhắn tin cho bạn")
        line = Line("device-mobile-message", sentence, note=notes[state])
        yield Entry(text.settled_at or text.happened_at, line)


def _with_times(entries: list[Entry], *, today: date) -> Iterator[Entry]:
    last: date | None = None
    for entry in entries:
        day, hour = day_of(entry.at), hour_in_words(entry.at)
        yield replace(entry, time=hour if day == last else f"{when.day(entry.at, today=today)}, {hour}")
        last = day
