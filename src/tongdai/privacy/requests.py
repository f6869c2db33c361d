"""What people ask about their data: received, confirmed, done or refused, each by the law's day.

Nghị định 356/2025/NĐ-CP, điều 5: an answer within 2 working days; then 10 days to show or correct, 15 to stop, 20 to erase;
longer once, with the reason told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.cases import deadlines
from tongdai.cases.access import secrecy
from tongdai.cases.models import Case
from tongdai.language.text import clean
from tongdai.platform.typed_input import too_long

from .erasure import erase
from .models import DataRequest

Kind, State = DataRequest.Kind, DataRequest.State
CONFIRM_WITHIN = 16  # working hours: two days
DAYS = {Kind.COPY: 10, Kind.CORRECTION: 10, Kind.OBJECTION: 15, Kind.WITHDRAWAL: 15, Kind.ERASURE: 20}
LONGEST = 2000  # characters of what is asked by hand, and of what is answered; a text is kept as it came
OPEN = (State.OPEN, State.CONFIRMED)


class Refused(ValueError):
    """It can't be done so. The message is for the person."""


def receive(
    case: Case, kind: DataRequest.Kind, *, words: str, channel: str, at: datetime, by: User | None = None
) -> DataRequest:
    """Take a request in; one of the same kind that is still open gets the further words instead of a second."""
    words = clean(words)
    with transaction.atomic():
        Case.objects.select_for_update().only("pk").get(pk=case.pk)
        known = case.data_requests.filter(kind=kind, state__in=OPEN).first()
        if known:
            if words and words not in known.words:
                known.words = f"{known.words}\n{words}".strip()
                known.save(update_fields=["words"])
            return known
        return DataRequest.objects.create(
            case=case, kind=kind, words=words, channel=channel, received_at=at, by=by,
            confirm_by=deadlines.due_at(at, hours=CONFIRM_WITHIN), due_at=at + timedelta(days=DAYS[kind]),
        )  # fmt: skip


def shown_to(user: User) -> QuerySet[DataRequest]:
    """The requests this person may know of: about a denunciation only those who may know of the denunciation."""
    secret = Case.objects.filter(Q(confidential=True) & secrecy.may_know(user))
    known = Q(case__confidential=False) | Q(case__in=secret)
    return DataRequest.objects.filter(known).select_related("case", "by")


def confirm(asked: DataRequest, *, by: User, at: datetime) -> DataRequest:
    """The citizen is told that it was read and by when it will be done."""
    with _open(asked) as row:
        if row.state == State.OPEN:
            row.state, row.confirmed_at, row.by = State.CONFIRMED, at, by
            row.save(update_fields=["state", "confirmed_at", "by"])
    return row


def extend(asked: DataRequest, *, reason: str, by: User, at: datetime) -> DataRequest:
    """As many days again, once; the reason is what the citizen reads.

    Raises:
        Refused: it was extended before, no reason is given, or one too long.
    """
    why = _fitting(reason)
    with _open(asked) as row:
        if row.extended_at:
            raise Refused(_("Yêu cầu này đã gia hạn một lần rồi."))
        if not why:
            raise Refused(_("Ghi lý do gia hạn: người dân đọc được."))
        row.state, row.confirmed_at = State.CONFIRMED, row.confirmed_at or at
        row.extended_at, row.answer, row.by = at, why, by
        row.due_at += timedelta(days=min(DAYS[Kind(row.kind)], 15))
        row.save(update_fields=["state", "confirmed_at", "extended_at", "answer", "by", "due_at"])
    return row


def finish(asked: DataRequest, *, answer: str, by: User, at: datetime) -> DataRequest:
    """It has been done; to erase, the words go now.

    Raises:
        Refused: the case is still open, so that its words are needed; or nothing is said to the citizen, or too much.
    """
    words = _fitting(answer)
    with _open(asked) as row:
        if not words and row.kind != Kind.ERASURE:
            raise Refused(_("Ghi điều đã làm: người dân đọc được."))
        if row.kind == Kind.ERASURE:
            if not erase(row.case, because="request", at=at):
                raise Refused(_("Phiếu còn đang xử lý: kết thúc phiếu trước, rồi mới xóa được lời kể."))
            words = words or _("Đã xóa lời kể, ảnh, ghi âm, tên và số của phiếu.")
        _end(row, State.DONE, words, by=by, at=at)
    return row


def refuse(asked: DataRequest, *, reason: str, by: User, at: datetime) -> DataRequest:
    """It can't be done, and why: what the law has us keep (Luật 91/2025/QH15, điều 14).

    Raises:
        Refused: no reason is given, or one too long.
    """
    why = _fitting(reason)
    with _open(asked) as row:
        if not why:
            raise Refused(_("Ghi lý do: người dân đọc được."))
        _end(row, State.REFUSED, why, by=by, at=at)
    return row


def _fitting(words: str) -> str:
    """What the citizen reads, cleaned. Raises Refused where it is too long: nothing is cut."""
    words = clean(words)
    if wrong := too_long(words, most=LONGEST):
        raise Refused(wrong)
    return words


def _end(row: DataRequest, state: DataRequest.State, words: str, *, by: User, at: datetime) -> None:
    row.state, row.answer, row.by, row.done_at = state, words, by, at
    row.confirmed_at = row.confirmed_at or at
    row.save(update_fields=["state", "answer", "by", "done_at", "confirmed_at"])


@contextmanager
def _open(asked: DataRequest) -> Iterator[DataRequest]:
    """The request's row, locked.

    Raises:
        Refused: somebody has ended it.
    """
    with transaction.atomic():
        row = DataRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=asked.pk)
        if row.state not in OPEN:
            raise Refused(_("Yêu cầu này đã được người khác làm xong."))
        yield row
