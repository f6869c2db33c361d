"""Parts of long texts, put together in the database, so that a restart loses none.

Parts belong together by sender + destination + reference + total (TS 23.040 §9.2.3.24.1): the reference alone is one
of 256, and two citizens will have the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from tongdai.cases.triage.judgement import judge

from ..conversation import understanding
from ..conversation.understanding import Text
from ..encoding import segments
from ..models import Piece
from ..protocol.address import phone_of
from .parts import one_at_a_time
from .pdus import Arrival
from .retries import REMEMBERED

log = structlog.get_logger()
PATIENCE = timedelta(minutes=15)  # of real time: networks deliver all parts within a minute or two, or hours later
PATIENCE_IN_DANGER = timedelta(minutes=1)  # a case is opened without the rest

_Group = tuple[str, str, int | None, int | None]


def join_up(arrived: Sequence[tuple[Arrival, Piece]], *, at: datetime) -> list[Text]:
    """The texts that are whole now, in the order they arrived: the unbroken ones, and those whose last part came."""
    parts = [piece for _, piece in arrived if piece.state == Piece.State.WAITING]
    waiting = _waiting({_group(piece) for piece in parts}, at=at)
    for piece in parts:
        waiting[_group(piece)].append(piece)
    whole: list[Text] = []
    for arrival, piece in arrived:
        if piece.state == Piece.State.TAKEN:
            said, readable = segments.read(bytes(piece.octets), piece.data_coding)
            whole.append(Text(said, (piece,), arrival.phone, readable=readable))
        elif piece.state == Piece.State.WAITING:
            group = waiting[_group(piece)]
            chosen = _complete(group, piece) or _too_late(group, piece)
            if not chosen and arrival.phone and len(group) == 1:
                understanding.warn_at_once(words_of_part(piece), phone=arrival.phone, piece=piece, at=at)
            if chosen:
                whole.append(_text(chosen, arrival.phone))
                waiting[_group(piece)] = [each for each in group if each not in chosen]
    return whole


def give_up_waiting(*, at: datetime) -> int:
    """Take in what has waited too long for a part that never came, marked as incomplete. How many texts that were."""
    waiting = Piece.objects.filter(state=Piece.State.WAITING)
    if not waiting.filter(recorded_at__lte=Now() - PATIENCE_IN_DANGER).exists():
        return 0
    with transaction.atomic():
        one_at_a_time()
        return _give_up_on(waiting, at=at)


def _give_up_on(waiting: QuerySet[Piece], *, at: datetime) -> int:
    stale = list(waiting.filter(recorded_at__lte=Now() - PATIENCE).order_by("pk"))
    soon = waiting.filter(recorded_at__lte=Now() - PATIENCE_IN_DANGER, recorded_at__gt=Now() - PATIENCE).order_by("pk")
    groups: dict[_Group, list[Piece]] = defaultdict(list)
    for piece in [*stale, *in_danger(soon)]:
        groups[_group(piece)].append(piece)
    for parts in groups.values():
        try:
            with transaction.atomic():
                _give_up(parts, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as trouble:  # noqa: BLE001 - one that cannot be processed must not hold up the others
            log.error("sms.kept_aside", kind="parts", trouble=type(trouble).__name__)
            Piece.objects.filter(pk__in=[piece.pk for piece in parts]).update(
                state=Piece.State.KEPT, trouble=type(trouble).__name__
            )
    return len(groups)


def in_danger(parts: Iterable[Piece]) -> list[Piece]:
    """Those that belong to a text one of whose parts speaks of danger."""
    rows = list(parts)
    dangerous = {_group(piece) for piece in rows if judge(words_of_part(piece)).shown}
    return [piece for piece in rows if _group(piece) in dangerous]


def words_of_part(piece: Piece) -> str:
    """What can be read of one part alone."""
    said, _readable = segments.read(bytes(piece.octets), piece.data_coding)
    return said


def _give_up(parts: list[Piece], *, at: datetime) -> None:
    """A part that only repeats one of a text already whole is no text of its own."""
    ids = [piece.pk for piece in parts]
    known = Piece.objects.filter(
        key__in=[piece.key for piece in parts], state=Piece.State.TAKEN, received_at__gt=at - REMEMBERED
    ).exclude(pk__in=ids)
    if set(known.values_list("key", flat=True)) >= {piece.key for piece in parts}:
        Piece.objects.filter(pk__in=ids).update(state=Piece.State.TAKEN)
        return
    understanding.take([_text(_one_of_each(parts), phone_of(parts[0].sender, 0), incomplete=True)], at=at)
    Piece.objects.filter(pk__in=ids, state=Piece.State.WAITING).update(
        state=Piece.State.TAKEN
    )  # numbers that came twice


def _waiting(groups: Iterable[_Group], *, at: datetime) -> dict[_Group, list[Piece]]:
    """Everything of these groups that has not become a whole text, oldest first."""
    wanted = Q(pk__in=[])
    for sender, destination, reference, total in groups:
        wanted |= Q(sender=sender, destination=destination, reference=reference, total=total)
    open_states = (Piece.State.WAITING, Piece.State.PARTIAL)
    found: dict[_Group, list[Piece]] = defaultdict(list)
    if wanted:
        for piece in Piece.objects.filter(wanted, state__in=open_states, received_at__gt=at - REMEMBERED).order_by(
            "pk"
        ):
            found[_group(piece)].append(piece)
    return found


def _complete(group: list[Piece], piece: Piece) -> list[Piece]:
    """One waiting part of each number, the newest where a number came twice; empty while one is missing."""
    parts = _one_of_each([each for each in group if each.state == Piece.State.WAITING])
    return parts if len(parts) == piece.total else []


def _too_late(group: list[Piece], piece: Piece) -> list[Piece]:
    """The part alone, when its text was taken in without it."""
    given_up = [each for each in group if each.state == Piece.State.PARTIAL]
    missing = given_up and piece.number not in {each.number for each in given_up}
    return [piece] if missing else []


def _one_of_each(parts: Iterable[Piece]) -> list[Piece]:
    newest = {piece.number or 0: piece for piece in sorted(parts, key=lambda each: each.pk)}
    return [newest[number] for number in sorted(newest)]


def _text(parts: list[Piece], phone: str | None, *, incomplete: bool = False) -> Text:
    """The parts as one text, with a mark where one is missing."""
    total = parts[0].total or len(parts)
    late = len(parts) < total and not incomplete
    said, readable, run = "", True, list[tuple[bytes, int]]()
    have = {piece.number: piece for piece in parts}
    for number in range(1, total + 1):
        piece = have.get(number)
        if piece:
            run.append((bytes(piece.octets), piece.data_coding))
        if run and (piece is None or number == total):
            words, whole = segments.join(run)
            said, readable, run = said + words, readable and whole, []
        if piece is None and incomplete:
            said = f"{said.rstrip()} {understanding.missing_part(number, total)} "
    return Text(
        said.strip() if incomplete else said, tuple(parts), phone, readable=readable, incomplete=incomplete, late=late
    )


def _group(piece: Piece) -> _Group:
    return piece.sender, piece.destination, piece.reference, piece.total
