"""Parts of long texts, put together out of the database, so that a restart loses none. Reads, and writes nothing.

Parts belong together by sender + destination + reference + total (TS 23.040 §9.2.3.24.1): the reference alone is one
of 256, and two citizens will have the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tongdai.cases.triage.judgement import judge

from ..conversation.understanding import Text
from ..encoding import segments
from ..models import Part
from .pdus import Arrival, phone_of
from .retries import REMEMBERED

PATIENCE = timedelta(minutes=15)  # of real time: networks deliver all parts within a minute or two, or hours later
PATIENCE_IN_DANGER = timedelta(minutes=1)  # a case is opened without the rest

Group = tuple[str, str, int | None, int | None]


def join_up(arrived: Sequence[tuple[Arrival, Part]], *, at: datetime) -> dict[int, Text]:
    """What each of these parts makes of its text: part → the text that is whole by it, or begun by it; or nothing yet."""
    waiting = _waiting({group_of(part) for _arrival, part in arrived}, at=at)
    for _arrival, part in arrived:
        waiting[group_of(part)].append(part)
    found: dict[int, Text] = {}
    for arrival, part in arrived:
        group = waiting[group_of(part)]
        chosen = _complete(group, part) or _too_late(group, part)
        if chosen:
            found[part.pk] = _text(chosen, arrival.phone)
            waiting[group_of(part)] = [each for each in group if each not in chosen]
        elif arrival.phone and len(group) == 1:
            found[part.pk] = Text(_words_of_part(part), (part,), arrival.phone, begun=True)
    return found


def is_any_overdue() -> bool:
    """Whether any part has waited for the others as long as one that speaks of danger may."""
    overdue = Part.objects.filter(state=Part.State.WAITING, recorded_at__lte=Now() - PATIENCE_IN_DANGER)
    return overdue.exists()


def overdue() -> list[list[Part]]:
    """The parts of each text whose others have not come in time."""
    waiting = Part.objects.filter(state=Part.State.WAITING)
    stale = list(waiting.filter(recorded_at__lte=Now() - PATIENCE).order_by("pk"))
    soon = waiting.filter(recorded_at__lte=Now() - PATIENCE_IN_DANGER, recorded_at__gt=Now() - PATIENCE).order_by("pk")
    groups: dict[Group, list[Part]] = defaultdict(list)
    for part in [*stale, *_in_danger(soon)]:
        groups[group_of(part)].append(part)
    return list(groups.values())


def _in_danger(parts: Iterable[Part]) -> list[Part]:
    """Those that belong to a text one of whose parts speaks of danger."""
    rows = list(parts)
    dangerous = {group_of(part) for part in rows if judge(_words_of_part(part)).shown}
    return [part for part in rows if group_of(part) in dangerous]


def incomplete(parts: Iterable[Part]) -> Text:
    """A text of which these parts alone have come, with a mark where one is missing."""
    there = _one_of_each(parts)
    return _text(there, phone_of(there[0].sender, 0), incomplete=True)


def _words_of_part(part: Part) -> str:
    """What can be read of one part alone."""
    words, _readable = segments.read(bytes(part.octets), part.data_coding)
    return words


def group_of(part: Part) -> Group:
    """What it has in common with the other parts of its text."""
    return part.sender, part.destination, part.reference, part.total


def _waiting(groups: Iterable[Group], *, at: datetime) -> dict[Group, list[Part]]:
    """Everything of these groups that has not become a whole text, oldest first."""
    wanted = Q(pk__in=[])
    for sender, destination, reference, total in groups:
        wanted |= Q(sender=sender, destination=destination, reference=reference, total=total)
    open_states = (Part.State.WAITING, Part.State.PARTIAL)
    found: dict[Group, list[Part]] = defaultdict(list)
    rows = Part.objects.filter(wanted, state__in=open_states, received_at__gt=at - REMEMBERED)
    for part in rows.order_by("pk"):
        found[group_of(part)].append(part)
    return found


def _complete(group: list[Part], part: Part) -> list[Part]:
    """One waiting part of each number, the newest where a number came twice; empty while one is missing."""
    parts = _one_of_each([each for each in group if each.state == Part.State.WAITING])
    return parts if len(parts) == part.total else []


def _too_late(group: list[Part], part: Part) -> list[Part]:
    """The part alone, when its text was taken in without it."""
    given_up = [each for each in group if each.state == Part.State.PARTIAL]
    missing = given_up and part.number not in {each.number for each in given_up}
    return [part] if missing else []


def _one_of_each(parts: Iterable[Part]) -> list[Part]:
    newest = {part.number or 0: part for part in sorted(parts, key=lambda each: each.pk)}
    return [newest[number] for number in sorted(newest)]


def _text(parts: list[Part], phone: str | None, *, incomplete: bool = False) -> Text:
    """The parts as one text, with a mark where one is missing."""
    total = parts[0].total or len(parts)
    late = len(parts) < total and not incomplete
    body, readable, run = "", True, list[tuple[bytes, int]]()
    have = {part.number: part for part in parts}
    for number in range(1, total + 1):
        part = have.get(number)
        if part:
            run.append((bytes(part.octets), part.data_coding))
        if run and (part is None or number == total):
            words, whole = segments.join(run)
            body, readable, run = body + words, readable and whole, []
        if part is None and incomplete:
            body = f"{body.rstrip()} {_missing(number, total)} "
    return Text(
        body.strip() if incomplete else body, tuple(parts), phone, readable=readable, incomplete=incomplete, late=late
    )


def _missing(number: int, total: int) -> str:
    """The mark that stands where a part never came."""
    return _("[… thiếu phần {number}/{total} …]").format(number=number, total=total)
