"""The staff's timeline of a case: what was done with it, what went out about it, and the calls, each in a line.

Nine queries, however long it is; one more each where there are drafts, where a text could not be read, and where others are
merged into it. How an action reads stands in its own file (`actions/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.cases import supports
from tongdai.cases.codes import spoken
from tongdai.cases.history import history, said_by_others, sent_about
from tongdai.cases.models import Attachment, Case
from tongdai.channels.duty.queries import rings_about
from tongdai.channels.links import shown
from tongdai.channels.sms.inbound import raw_octets
from tongdai.channels.sms.inbound.raw_octets import RawPart
from tongdai.channels.sms.outbound.failures import why
from tongdai.channels.voice.models import Call, Recording
from tongdai.channels.voice.records.queries import calls_about
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

from .action import Line
from .actions import ACTIONS

SENT_BY = {"sms": "device-mobile-message", "voice": "phone-call", "web": "world"}


@dataclass(frozen=True)
class Item:
    """One thing that happened, as the page shows it."""

    at: datetime
    line: Line
    failed: bool = False
    photos: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    corrected_at: datetime | None = None  # an answer in whose place other words stand by now
    recordings: tuple[Recording, ...] = ()
    unreadable: tuple[RawPart, ...] = ()  # a text that could not be read whole, as it came
    written_in: str = ""  # how the citizen's text was written before it was turned into Unicode


def timeline(case: Case, *, to_helper: bool = False) -> list[Item]:
    """Return everything that happened to the case, in order: what came first stands first.

    `to_helper`: to whoever helps another agency with it (`cases/supports.py`), who hears no recording either.
    """
    items = [*_done(case, to_helper=to_helper), *_sent(case), *_calls(case), *_said_by_others(case)]
    if to_helper:
        items = [replace(item, recordings=()) for item in items]
    return sorted(items, key=lambda item: item.at)  # stable: equal times keep the order of what was done


def _done(case: Case, *, to_helper: bool) -> Iterator[Item]:
    rings = {ring.pk: ring for ring in rings_about(case)}
    steps = history(case)
    marked = [step.interaction.pk for step in steps if step.interaction and step.interaction.detail.get("unreadable")]
    raw = raw_octets.of_interactions(marked) if marked else {}
    for step in steps:
        line = ACTIONS[step.action].line_of(step, rings.get(step.changed.get("ring", 0)))
        if to_helper and step.action in supports.UNSEEN_BY_HELPERS:
            continue
        if to_helper and step.action in supports.WORDLESS_TO_HELPERS:
            line = replace(line, note="", words="")
        if step.undone:
            line = replace(line, note=_("Đã hoàn tác"))
        came = step.interaction
        yield Item(
            step.at,
            line,
            photos=step.photos,
            documents=step.documents,
            corrected_at=step.corrected_at,
            unreadable=raw.get(came.pk, ()) if came else (),
            written_in=str(came.detail.get("written_in", "")) if came else "",
        )


def _said_by_others(case: Case) -> Iterator[Item]:
    """Yield what the citizens of merged cases said more: whoever works on the matter reads it here."""
    for event in said_by_others(case):
        title = _("Người gửi phiếu ghép %(code)s nhắn thêm") % {"code": spoken(event.case.code)}
        words = event.interaction.body if event.interaction else ""
        yield Item(event.happened_at, Line(title=title, words=words, theirs=True, icon="user-plus"))


def _sent(case: Case) -> Iterator[Item]:
    """Yield what went out about the case: texts to the citizen or the person on duty, calls back."""
    for sent in sent_about(case).select_related("held_back").prefetch_related("submissions"):
        state = str(Interaction.State(sent.state).label)
        if sent.state == Interaction.State.FAILED and sent.channel == Channel.SMS and (reason := why(sent)):
            state = f"{state}, {reason}"
        if sent.channel == Channel.VOICE:
            how = _("gọi lại người dân: %(state)s") % {"state": _call_result(sent)}
        elif sent.purpose == Purpose.DUTY:
            how = _("nhắn số trực: %(state)s") % {"state": state}
        else:
            how = _("nhắn cho người dân: %(state)s") % {"state": state}
        line = Line(how=how, note=shown(sent.body), icon=SENT_BY[sent.channel])
        yield Item(sent.happened_at, line, failed=sent.state == Interaction.State.FAILED)


def _calls(case: Case) -> Iterator[Item]:
    """Yield the calls about it that our own telephone carried, to be played again."""
    for call in calls_about(case):
        who = call.agent.full_name if call.agent else ""
        way = _("gọi đi") if call.direction == Call.Direction.OUT else _("gọi đến")
        how = _("%(way)s, %(who)s nghe máy") % {"way": way, "who": who} if who else way
        stored = list(call.recordings.all())
        gone = _("Bản ghi âm đã xóa theo thời hạn lưu.") if any(not each.file for each in stored) else ""
        recordings = tuple(each for each in stored if each.file)
        yield Item(call.came_at, Line(how=how, note=gone, icon=SENT_BY["voice"]), recordings=recordings)


def _call_result(call: Interaction) -> str:
    results = {
        "reached": _("gặp được, đã đọc cho họ nghe"),
        "no_answer": _("không ai nghe máy"),
        "wrong_number": _("nhầm số"),
    }
    return results.get(str(call.detail.get("result", "")), "")
