"""How the SMS channel stands, for the gateway's page and `doctor`: read from the database, so any process can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tongdai.people.models import Channel, Interaction
from tongdai.people.phones import masked
from tongdai.platform.clock import now
from tongdai.platform.monitoring.registry import Verdict

from .conversation.automatic import Automatic
from .encoding import segments
from .models import Backlog, HeldBack, Link, Part, Receipt, Submission
from .outbound import backlog, receipts
from .outbound.held_back import for_a_person
from .protocol import receipt_words
from .protocol.address import Smsc, is_barred, read_binds

SIGN_OF_LIFE = timedelta(seconds=30)  # the sms process leaves one every five


class Standing(StrEnum):
    NOT_CONFIGURED = "not_configured"
    BAD_ADDRESS = "bad_address"
    BARRED = "barred"
    DOWN = "down"
    PARTLY = "partly"  # some binds are up, some are not
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
    dead_letters: int


@dataclass(frozen=True)
class Bind:
    """One bind: how it stands, and what was agreed with its carrier. `slowed_to`: submit_sm a second, for a while."""

    smsc: Smsc
    standing: Standing
    since: datetime | None
    words: str
    slowed_to: float | None = None

    @property
    def does(self) -> str:
        """Whether it sends, receives, or both."""
        return {"trx": _("gửi và nhận"), "tx": _("chỉ gửi"), "rx": _("chỉ nhận")}[self.smsc.mode]

    @property
    def numbers(self) -> str:
        """Which numbers are sent to it."""
        return ", ".join(self.smsc.routes) or _("mọi số còn lại")


@dataclass(frozen=True)
class Gateway:
    """`since`: bound since, or down since; `words`: in a sentence for a person, what is so and what to do.

    `asks`: what waits for somebody's decision; `held_back`: how many texts are refused or ended without being sent.
    """

    standing: Standing
    smsc: str
    since: datetime | None
    words: str
    figures: Figures
    binds: tuple[Bind, ...] = ()
    wrong: tuple[str, ...] = ()
    asks: Backlog | None = None
    held_back: int = 0


@dataclass(frozen=True)
class HeldText:
    """A text that does not go out, for the page: no words of it, its number masked."""

    id: int
    at: datetime
    to: str
    is_over: bool
    words: str
    why: str
    carrier: str


@dataclass(frozen=True)
class DeadLetter:
    """A text a person should look at: as far as it can be read, and as it came."""

    id: int
    received_at: datetime
    sender: str  # masked; the whole number is a disclosure
    text: str
    octets: str  # hexadecimal
    trouble: str


def gateway(*, at: datetime) -> Gateway:
    """How the channel stands at `at`, the city's time."""
    found = read_binds(settings.SMSC)
    wrong = tuple(
        _("Địa chỉ tổng đài tin nhắn (TONGDAI_SMSC) không đọc được: {why}").format(why=why) for why in found.wrong
    )
    binds = tuple(_bind(smsc) for smsc in found.usable)
    standing = _together([*(each.standing for each in binds), *(Standing.BAD_ADDRESS for _each in wrong)])
    first = next((each for each in binds if each.standing == standing), binds[0] if binds else None)
    if standing is Standing.NOT_CONFIGURED:
        words = _("Chưa nối tổng đài tin nhắn: đặt TONGDAI_SMSC rồi khởi động lại. Các kênh khác vẫn chạy.")
    elif standing is Standing.PARTLY:
        up = sum(each.standing is Standing.BOUND for each in binds)
        words = _("{up} trong {all} đường nối đang chạy.").format(up=up, all=len(binds) + len(wrong))
    elif standing is Standing.BOUND and len(binds) > 1:
        words = _("Cả {all} đường nối đang chạy.").format(all=len(binds))
    else:
        words = first.words if first else " ".join(wrong)
    return Gateway(
        standing, ", ".join(each.smsc.name for each in binds), first.since if first else None, words, figures(at=at),
        binds=binds, wrong=wrong, asks=backlog.open_question(), held_back=for_a_person().count(),
    )  # fmt: skip


def _together(standings: list[Standing]) -> Standing:
    """Of all binds: bound if every one is, partly if one is, else what the first is."""
    if not standings:
        return Standing.NOT_CONFIGURED
    if Standing.BOUND in standings:
        return Standing.BOUND if set(standings) == {Standing.BOUND} else Standing.PARTLY
    return standings[0]


def _bind(smsc: Smsc) -> Bind:
    if is_barred(smsc):
        words = _("Thành phố thử chỉ nhắn trong chính máy này, nên không nối {smsc}.").format(smsc=smsc.name)
        return Bind(smsc, Standing.BARRED, None, words)
    link = Link.objects.filter(bind=smsc.key).order_by("-pk").first()
    if link is not None and link.ended_at is None and link.bound_at and _received_lately(link):
        words = _("Đang nối với tổng đài tin nhắn {smsc}.").format(smsc=smsc.name)
        return Bind(smsc, Standing.BOUND, link.bound_at, words, slowed_to=link.slowed_to)
    return Bind(smsc, Standing.DOWN, _since(link), _why_down(link, smsc.name))


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
        waiting_parts=Part.objects.filter(state=Part.State.WAITING).count(),
        dead_letters=Part.objects.filter(state=Part.State.DEAD_LETTER).count(),
    )


def dead_letters(*, most: int = 50) -> list[DeadLetter]:
    """The texts that are waiting for a person, newest first; receipts of nothing stand apart, see `stray_receipts`."""
    return [
        DeadLetter(
            id=part.pk,
            received_at=part.received_at,
            sender=masked(part.sender) if part.sender.startswith("+") else part.sender,
            text=segments.read(bytes(part.octets), part.data_coding)[0].replace("\x00", ""),
            octets=bytes(part.octets).hex(" "),
            trouble=_in_words(part.trouble),
        )
        for part in _waiting_letters().exclude(trouble=Automatic.RECEIPT).order_by("-pk")[:most]
    ]


def stray_receipts(*, most: int = 5) -> tuple[int, list[DeadLetter]]:
    """How many receipts fit no text of ours, and the last few, to see what about them is other than set."""
    found = _waiting_letters().filter(trouble=Automatic.RECEIPT)
    last = [
        DeadLetter(part.pk, part.received_at, masked(part.sender), bytes(part.octets).decode("latin-1").replace("\x00", ""),
             bytes(part.octets).hex(" "), _in_words(part.trouble))
        for part in found.order_by("-pk")[:most]
    ]  # fmt: skip
    return found.count(), last


def receipt_ids_that_fit(*, most: int = 5) -> str:
    """The `receipt_ids` by which the last receipts of nothing would be of texts we sent; empty where that can't be said."""
    last = _waiting_letters().filter(trouble=Automatic.RECEIPT).select_related("link").order_by("-pk")[:most]
    named = [(part, receipt_words.read(bytes(part.octets))) for part in last]
    return receipts.base_that_fits(
        Receipt(message_id=words.message_id, sender=part.sender, destination=part.destination, link=part.link)
        for part, words in named
        if words
    )


def held_back(*, most: int = 50) -> list[HeldText]:
    """The texts that do not go out though others do, newest first."""
    return [
        HeldText(
            id=each.pk,
            at=each.interaction.happened_at,
            to=masked(each.interaction.address),
            is_over=each.state != HeldBack.State.HELD,
            words=str(HeldBack.State(each.state).label),
            why=each.why,
            carrier=each.carrier,
        )
        for each in for_a_person()[:most]
    ]


def _waiting_letters() -> QuerySet[Part]:
    return Part.objects.filter(state=Part.State.DEAD_LETTER)


def _in_words(trouble: str) -> str:
    words: dict[str, str] = {
        Automatic.RECEIPT: _("Giống biên nhận của nhà mạng, nhưng không khớp tin nào đã gửi."),
        Automatic.BOUNCE: _("Giống tin báo không gửi được, do máy viết."),
        Automatic.NAME: _("Người gửi là một tên hoặc đầu số ngắn, không có số để trả lời."),
        Automatic.AUTOREPLY: _("Giống tin trả lời tự động. Không trả lời lại, vì hai máy sẽ đáp nhau mãi."),
        Automatic.NOTIFICATION: _("Nhà mạng ghi đây là tin báo, không phải lời người dân."),
    }
    return words.get(trouble, trouble)


def _received_lately(link: Link) -> bool:
    return Link.objects.filter(pk=link.pk, last_seen_at__gt=Now() - SIGN_OF_LIFE).exists()


def _since(link: Link | None) -> datetime | None:
    return (link.ended_at or link.last_seen_at or link.started_at) if link else None


def _why_down(link: Link | None, name: str) -> str:
    if link is None:
        return _("Chưa nối được với {smsc}: tiến trình sms chưa chạy.").format(smsc=name)
    if link.why:
        return _("Mất nối với {smsc}: {why}. Đang thử lại; tin nhắn đi được giữ để gửi sau.").format(
            smsc=name, why=link.why
        )
    return _("Tiến trình sms không còn chạy. Tin nhắn đi được giữ để gửi sau.")


def for_doctor() -> Iterator[tuple[Verdict, str, str]]:
    """What `tongdai doctor` says of the channel: (verdict, what, words)."""
    found = gateway(at=now())
    yield ("ok" if found.standing == Standing.BOUND else "note"), "SMS", found.words
    if len(found.binds) + len(found.wrong) > 1:
        for bind in found.binds:
            yield ("ok" if bind.standing == Standing.BOUND else "note"), f"SMS {bind.smsc.key}", bind.words
        for why in found.wrong:
            yield "note", "SMS", why
    if found.asks:
        words = _("{texts} tin chờ từ trước khi nối, chưa gửi: hãy quyết định ở trang Cổng kết nối.")
        yield "note", "SMS", words.format(texts=found.asks.texts)
    if found.held_back:
        words = _("{texts} tin không gửi đi được, có lý do ở trang Cổng kết nối.").format(texts=found.held_back)
        yield "note", "SMS", words
