"""A window of what arrived, taken in by one transaction; only then may it be acknowledged.

Nothing is lost: a text that cannot be processed is kept as it came for a person to look at, and its neighbours commit.
Nothing is taken twice: see `retries.py`. What only looks like a receipt settles nothing and is no case: it waits for the
submission it may be of, and goes to a person if there is none; a cry for help in it is taken in at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from tongdai.cases.triage.judgement import judge
from tongdai.people.interactions import has_been_sent

from ..conversation import understanding
from ..conversation.automatic import Automatic
from ..encoding import segments
from ..models import Link, Piece
from ..outbound import receipts
from . import parts, reassembly, retries
from .pdus import Arrival, Report

log = structlog.get_logger()


@dataclass(frozen=True)
class Window:
    """Which window of which link this is; `confirmed`: the last one whose acknowledgements the SMSC has surely read."""

    link: Link
    turn: int
    confirmed: int


def take_in(arrived: Sequence[Arrival | Report], *, window: Window, at: datetime) -> None:
    """Take in everything of one window.

    Raises:
        OperationalError, InterfaceError: the database is away; nothing was taken, or it cannot be known.
    """
    try:
        _take(arrived, window=window, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as trouble:  # noqa: BLE001 - whatever it is, it must not stop the texts beside it
        if len(arrived) > 1:
            middle = len(arrived) // 2
            take_in(arrived[:middle], window=window, at=at)
            take_in(arrived[middle:], window=window, at=at)
        elif arrived:
            _keep(arrived[0], trouble=trouble, window=window, at=at)


def _take(arrived: Sequence[Arrival | Report], *, window: Window, at: datetime) -> None:
    with transaction.atomic():
        parts.one_at_a_time()
        cries = {id(each) for each in arrived if isinstance(each, Report) and _is_a_cry(each, link=window.link)}
        reports = [each for each in arrived if isinstance(each, Report) and id(each) not in cries]
        receipts.record(reports, link=window.link, at=at)
        sent = [each.arrival if isinstance(each, Report) else each for each in arrived
                if isinstance(each, Arrival) or id(each) in cries]  # fmt: skip
        new = retries.without_repeats([each for each in sent if each], window=window, at=at)
        arrived_pieces = [_piece(each, window=window, at=at) for each in new]
        parts.number(arrived_pieces)
        understanding.take(reassembly.join_up(list(zip(new, arrived_pieces, strict=True)), at=at), at=at)
        parts.insert(arrived_pieces)


def keep_strays(*, at: datetime) -> int:
    """Receipts that fit nothing we sent become dead letters for a person. How many."""
    with transaction.atomic():
        strays = receipts.strays()
        for stray in strays:
            if stray.link is not None:
                Piece.objects.create(
                    key=f"receipt:{stray.pk}", link=stray.link, turn=0, sender=stray.sender, destination=stray.destination,
                    data_coding=stray.data_coding, octets=stray.octets, state=Piece.State.KEPT,
                    trouble=Automatic.RECEIPT, received_at=stray.received_at,
                )  # fmt: skip
            stray.octets = b""
            stray.save(update_fields=["octets"])
    if strays:
        log.warning("sms.receipts_of_nothing", receipts=len(strays))
    return len(strays)


def _is_a_cry(report: Report, *, link: Link) -> bool:
    """Whether somebody's cry for help only looks like a receipt: it fits nothing we sent, nor does it quote it."""
    arrival = report.arrival
    if arrival is None or report.marked or not report.words or not judge(report.words).shown:
        return False
    return not receipts.is_of_ours(report, link=link) and not has_been_sent(arrival.sender, beginning=report.words)


def _piece(arrival: Arrival, *, window: Window, at: datetime) -> Piece:
    place = arrival.place
    return Piece(
        key=arrival.key,
        link=window.link,
        turn=window.turn,
        sender=arrival.sender,
        destination=arrival.destination,
        data_coding=arrival.data_coding,
        octets=arrival.octets,
        reference=place.reference if place else None,
        total=place.total if place else None,
        number=place.number if place else None,
        state=_first_state(arrival),
        trouble=arrival.trouble or (Automatic.NOTIFICATION if _is_notification(arrival) else ""),
        received_at=at,
    )


def _first_state(arrival: Arrival) -> Piece.State:
    if arrival.trouble or _is_notification(arrival):
        return Piece.State.KEPT
    return Piece.State.WAITING if arrival.place else Piece.State.TAKEN


def _is_notification(arrival: Arrival) -> bool:
    """Whether the network calls it none of somebody's texts. Danger passes: some relays mark texts so."""
    return arrival.marked and not judge(segments.read(arrival.octets, arrival.data_coding)[0]).shown


def _keep(arrival: Arrival | Report, *, trouble: Exception, window: Window, at: datetime) -> None:
    """Put a text aside as it came, where the gateway's page shows it. A receipt that fails is only logged."""
    log.error("sms.kept_aside", kind=type(arrival).__name__, trouble=type(trouble).__name__)
    if isinstance(arrival, Report):
        return
    piece = _piece(arrival, window=window, at=at)
    piece.state = Piece.State.KEPT
    piece.trouble = arrival.trouble or type(trouble).__name__
    piece.save()
