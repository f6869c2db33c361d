"""Parts of long texts, put together out of the database, so that a restart loses none. Reads, and writes nothing.

Parts belong together by sender + destination + reference + total (TS 23.040 §9.2.3.24.1): the reference alone is one
of 256, and two citizens will have the same. Some relays give each part a reference of its own: parts of one sender and
one total that came within minutes, and whose numbers fit together, are one text, once it is clear that none of them will
be whole by its own reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tongdai.cases.triage.judgement import judge

from ..conversation.text import Text
from ..encoding import segments
from ..models import Part
from .pdus import Arrival, phone_of
from .retries import REMEMBERED

PATIENCE = timedelta(minutes=15)  # of real time: networks deliver all parts within a minute or two, or hours later
PATIENCE_IN_DANGER = timedelta(minutes=1)  # a case is opened without the rest
SETTLED = timedelta(minutes=1)  # no other part has come for so long: those of other references may be the rest
TOGETHER = timedelta(minutes=3)  # from the first to the last of a text whose references change
LATE_BY_NUMBER = timedelta(hours=3)  # a late part of another reference still finds the text that lacks it

Group = tuple[str, str, int | None, int | None]


def join_up(arrived: Sequence[tuple[Arrival, Part]], *, at: datetime) -> dict[int, Text]:
    """What each of these parts makes of its text: part → the text that is whole by it, or begun by it; or nothing yet."""
    waiting = _waiting({group_of(part) for _arrival, part in arrived}, at=at)
    for _arrival, part in arrived:
        waiting[group_of(part)].append(part)
    found: dict[int, Text] = {}
    for arrival, part in arrived:
        group = waiting[group_of(part)]
        chosen = _complete(group, part)
        missed = [] if chosen else _too_late(group, part)
        if chosen or missed:
            text = _text(chosen or [part], arrival.phone)
            found[part.pk] = replace(text, late=True, taken_in_as=_interactions(missed)) if missed else text
            chosen = chosen or [part]
            waiting[group_of(part)] = [each for each in group if each not in chosen]
        elif arrival.phone and len(group) == 1:
            found[part.pk] = Text(_words_of_part(part), (part,), arrival.phone, begun=True)
    return found


def is_any_overdue() -> bool:
    """Whether any part has waited so long that something may have to be done about it."""
    return Part.objects.filter(state=Part.State.WAITING, recorded_at__lte=Now() - SETTLED).exists()


def overdue(*, at: datetime) -> list[Text]:
    """What is to be made of the parts that have waited: texts whole but for their references, and those whose rest never came."""
    waiting = Part.objects.filter(state=Part.State.WAITING).order_by("pk")
    age = dict(waiting.values_list("pk", Now() - F("recorded_at")))
    found = []
    for parts in _sets(waiting.filter(pk__in=age)):
        ages = [age[part.pk] for part in parts]
        if _is_whole(parts):
            if min(ages) >= SETTLED or (max(ages) >= PATIENCE_IN_DANGER and _is_in_danger(parts)):
                found.append(_text(_one_of_each(parts), phone_of(parts[0].sender, 0), repeats=parts))
        elif max(ages) >= PATIENCE or (max(ages) >= PATIENCE_IN_DANGER and _is_in_danger(parts)):
            found.append(_late_by_number(parts, at=at) or incomplete(parts))
    return found


def _sets(waiting: Iterable[Part]) -> list[list[Part]]:
    """Those of one reference together; and with them those of others that fit in.

    A part alone in its reference fits to others of that kind. Several of one reference are joined to others only where
    that makes the text whole.
    """
    groups: dict[Group, list[Part]] = defaultdict(list)
    for part in waiting:
        groups[group_of(part)].append(part)
    sets: list[list[Part]] = []
    open_sets: dict[tuple[str, str, int | None], list[list[Part]]] = defaultdict(list)
    for group in groups.values():
        alike = open_sets[group[0].sender, group[0].destination, group[0].total]
        home = next((parts for parts in alike if _fits(parts, group)), None)
        if home is None:
            alike.append(group)
            sets.append(group)
        else:
            home += group
    return sets


def _fits(parts: list[Part], group: list[Part]) -> bool:
    """Whether the group may be of the same text: no number is there with other words, and none is far off in time."""
    there = {part.number: bytes(part.octets) for part in parts}
    if any(there.get(part.number, bytes(part.octets)) != bytes(part.octets) for part in group):
        return False
    times = [part.recorded_at for part in (*parts, *group)]
    alone = len(group) == 1 and len({part.reference for part in parts}) == len(parts)
    return max(times) - min(times) <= TOGETHER and (alone or _is_whole([*parts, *group]))


def _is_whole(parts: Iterable[Part]) -> bool:
    there = {part.number: part for part in parts}
    return len(there) == next(iter(there.values())).total


def _is_in_danger(parts: Iterable[Part]) -> bool:
    return any(judge(_words_of_part(part)).shown for part in parts)


def _late_by_number(parts: list[Part], *, at: datetime) -> Text | None:
    """The parts as what was missing of a text that was taken in without them, whatever their references."""
    first, numbers = parts[0], {part.number for part in parts}
    taken = Part.objects.filter(
        sender=first.sender, destination=first.destination, total=first.total, state=Part.State.PARTIAL,
        received_at__gt=at - LATE_BY_NUMBER,
    )  # fmt: skip
    there: dict[int | None, set[int | None]] = defaultdict(set)
    for interaction, number in taken.order_by("pk").values_list("interaction", "number"):
        there[interaction].add(number)
    fitting = [interaction for interaction, have in there.items() if interaction and not have & numbers]
    if not fitting or not first.sender:
        return None
    late = _text(_one_of_each(parts), phone_of(first.sender, 0), repeats=parts)
    return replace(late, late=True, taken_in_as=(fitting[-1],))


def incomplete(parts: Sequence[Part]) -> Text:
    """A text of which these parts alone have come, with a mark where one is missing."""
    return _text(_one_of_each(parts), phone_of(parts[0].sender, 0), incomplete=True, repeats=parts)


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
    """The others of its text, when that was taken in without this part."""
    given_up = [each for each in group if each.state == Part.State.PARTIAL]
    return [] if part.number in {each.number for each in given_up} else given_up


def _interactions(parts: Iterable[Part]) -> tuple[int, ...]:
    return tuple({part.interaction_id: None for part in parts if part.interaction_id})


def _one_of_each(parts: Iterable[Part]) -> list[Part]:
    newest = {part.number or 0: part for part in sorted(parts, key=lambda each: each.pk)}
    return [newest[number] for number in sorted(newest)]


def _text(parts: list[Part], phone: str | None, *, incomplete: bool = False, repeats: Sequence[Part] = ()) -> Text:
    """The parts as one text, with a mark where one is missing. `repeats`: rows that are settled with it, these included."""
    total = parts[0].total or len(parts)
    body, scheme, readable, run = "", "", True, list[tuple[bytes, int]]()
    have = {part.number: part for part in parts}
    for number in range(1, total + 1):
        part = have.get(number)
        if part:
            run.append((bytes(part.octets), part.data_coding))
        if run and (part is None or number == total):
            found = segments.reading(run)
            body, readable, scheme, run = body + found.text, readable and found.whole, found.scheme or scheme, []
        if part is None and incomplete:
            body = f"{body.rstrip()} {_missing(number, total)} "
    return Text(
        body.strip() if incomplete else body, tuple(repeats or parts), phone, readable=readable, scheme=scheme,
        incomplete=incomplete,
    )  # fmt: skip


def _missing(number: int, total: int) -> str:
    """The mark that stands where a part never came."""
    return _("[… thiếu phần {number}/{total} …]").format(number=number, total=total)
