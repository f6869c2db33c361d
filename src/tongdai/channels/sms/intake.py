"""A window of what arrived, taken in by one transaction; only then may it be acknowledged.

Nothing is lost: a text that cannot be processed is kept as it came for a person to look at, and its neighbours commit.
Nothing is taken twice: see `again.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from . import again, joining, pieces, receipts, texts
from .arrivals import Arrival, Report
from .models import Link, Piece

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
        receipts.record([each for each in arrived if isinstance(each, Report)], at=at)
        new = again.without_repeats([each for each in arrived if isinstance(each, Arrival)], window=window, at=at)
        arrived_pieces = [_piece(each, window=window, at=at) for each in new]
        pieces.number(arrived_pieces)
        texts.take(joining.join_up(list(zip(new, arrived_pieces, strict=True)), at=at), at=at)
        pieces.insert(arrived_pieces)


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
        trouble=arrival.trouble,
        received_at=at,
    )


def _first_state(arrival: Arrival) -> Piece.State:
    if arrival.trouble:
        return Piece.State.KEPT
    return Piece.State.WAITING if arrival.place else Piece.State.TAKEN


def _keep(arrival: Arrival | Report, *, trouble: Exception, window: Window, at: datetime) -> None:
    """Put a text aside as it came, where the gateway's page shows it. A receipt that fails is only logged."""
    log.error("sms.kept_aside", kind=type(arrival).__name__, trouble=type(trouble).__name__)
    if isinstance(arrival, Report):
        return
    piece = _piece(arrival, window=window, at=at)
    piece.state = Piece.State.KEPT
    piece.trouble = arrival.trouble or type(trouble).__name__
    piece.save()
