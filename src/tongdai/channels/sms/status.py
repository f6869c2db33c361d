"""How the SMS channel stands, for the gateway's page and `doctor`: read from the database, so any process can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tongdai.people.models import Channel, Interaction
from tongdai.people.phones import masked
from tongdai.platform.clock import now

from . import segments
from .address import BadAddress, is_barred, read_smsc
from .models import Link, Piece, Submission

SIGN_OF_LIFE = timedelta(seconds=30)  # the sms process leaves one every five


class Standing(StrEnum):
    NOT_CONFIGURED = "not_configured"
    BAD_ADDRESS = "bad_address"
    BARRED = "barred"
    DOWN = "down"
    BOUND = "bound"


@dataclass(frozen=True)
class Figures:
    """Of the last 24 hours, but for what waits now."""

    received: int
    sent: int
    delivered: int
    failed: int
    unknown: int  # tries whose fate nobody knows
    waiting_to_go: int
    waiting_parts: int
    kept: int


@dataclass(frozen=True)
class Gateway:
    """`since`: bound since, or down since; `says`: in a sentence for a person, what is so and what to do."""

    standing: Standing
    smsc: str
    since: datetime | None
    says: str
    figures: Figures


@dataclass(frozen=True)
class Kept:
    """A text a person should look at: as far as it can be read, and as it came."""

    id: int
    received_at: datetime
    sender: str  # masked; the whole number is a disclosure
    text: str
    octets: str  # hexadecimal
    trouble: str


def gateway(*, at: datetime) -> Gateway:
    """How the channel stands at `at`, the city's time."""
    try:
        smsc = read_smsc(settings.SMSC)
    except BadAddress as wrong:
        says = _("Địa chỉ tổng đài tin nhắn (TONGDAI_SMSC) không đọc được: {why}").format(why=wrong)
        return Gateway(Standing.BAD_ADDRESS, "", None, says, figures(at=at))
    if smsc is None:
        says = _("Chưa nối tổng đài tin nhắn: đặt TONGDAI_SMSC rồi khởi động lại. Các kênh khác vẫn chạy.")
        return Gateway(Standing.NOT_CONFIGURED, "", None, says, figures(at=at))
    if is_barred(smsc):
        says = _("Thành phố thử chỉ nhắn trong chính máy này, nên không nối {smsc}.").format(smsc=smsc.name)
        return Gateway(Standing.BARRED, smsc.name, None, says, figures(at=at))
    link = Link.objects.order_by("-pk").first()
    alive = link is not None and link.ended_at is None and link.bound_at and _heard_lately(link)
    if link and alive:
        says = _("Đang nối với tổng đài tin nhắn {smsc}.").format(smsc=smsc.name)
        return Gateway(Standing.BOUND, smsc.name, link.bound_at, says, figures(at=at))
    return Gateway(Standing.DOWN, smsc.name, _since(link), _why_down(link, smsc.name), figures(at=at))


def figures(*, at: datetime) -> Figures:
    """Counted anew each time; every count stands on an index."""
    day = at - timedelta(hours=24)
    state, out = Interaction.State, Interaction.Direction.OUT
    texts = Interaction.objects.filter(channel=Channel.SMS)
    of_the_day = texts.filter(happened_at__gt=day).aggregate(
        received=Count("pk", filter=~Q(direction=out)),
        sent=Count("pk", filter=Q(direction=out, state__in=[state.SENT, state.DELIVERED, state.FAILED, state.UNKNOWN])),
        delivered=Count("pk", filter=Q(direction=out, state=state.DELIVERED)),
        failed=Count("pk", filter=Q(direction=out, state=state.FAILED)),
    )
    return Figures(
        **of_the_day,
        unknown=Submission.objects.filter(state=Submission.State.UNKNOWN, sent_at__gt=day).count(),
        waiting_to_go=texts.filter(direction=out, state__in=[state.QUEUED, state.SENDING]).count(),
        waiting_parts=Piece.objects.filter(state=Piece.State.WAITING).count(),
        kept=Piece.objects.filter(state=Piece.State.KEPT).count(),
    )


def kept(*, most: int = 50) -> list[Kept]:
    """The texts that are waiting for a person, newest first."""
    return [
        Kept(
            id=piece.pk,
            received_at=piece.received_at,
            sender=masked(piece.sender) if piece.sender.startswith("+") else piece.sender,
            text=segments.read(bytes(piece.octets), piece.data_coding)[0].replace("\x00", ""),
            octets=bytes(piece.octets).hex(" "),
            trouble=piece.trouble,
        )
        for piece in Piece.objects.filter(state=Piece.State.KEPT).order_by("-pk")[:most]
    ]


def _heard_lately(link: Link) -> bool:
    return Link.objects.filter(pk=link.pk, heard_at__gt=Now() - SIGN_OF_LIFE).exists()


def _since(link: Link | None) -> datetime | None:
    return (link.ended_at or link.heard_at or link.started_at) if link else None


def _why_down(link: Link | None, name: str) -> str:
    if link is None:
        return _("Chưa nối được với {smsc}: tiến trình sms chưa chạy.").format(smsc=name)
    if link.why:
        return _("Mất nối với {smsc}: {why}. Đang thử lại; tin nhắn đi được giữ để gửi sau.").format(
            smsc=name, why=link.why
        )
    return _("Tiến trình sms không còn chạy. Tin nhắn đi được giữ để gửi sau.")


def for_doctor() -> Iterator[tuple[str, str, str]]:
    """What `tongdai doctor` says of the channel: (verdict, what, words)."""
    found = gateway(at=now())
    yield ("ok" if found.standing == Standing.BOUND else "note"), "SMS", found.says
