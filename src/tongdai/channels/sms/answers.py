"""Questions by text: an answer in at most three segments with a short link, or three to choose from by a digit.

A wrong answer is worse than none: what isn't surely meant is offered, and what isn't known goes to a person by a `0`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from tongdai.cases.routing import suggest_topic
from tongdai.channels.channel import may_text
from tongdai.directory.freshness import Fresh
from tongdai.directory.snapshot import today
from tongdai.knowledge import asking, links, telling
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.dossiers import telling as dossiers
from tongdai.knowledge.lookups import looking
from tongdai.knowledge.models import LookupRow, LookupTable, State, Use
from tongdai.knowledge.search.entry import Part
from tongdai.knowledge.search.finder import Sure
from tongdai.people.interactions import contact_for, queue_outbound
from tongdai.people.models import Channel
from tongdai.platform import jobs, wake
from tongdai.platform.clock import now
from tongdai.platform.vietnamese import fold

from . import segments
from .grammar import LookUp
from .models import Offer
from .replies import how_it_works, say

if TYPE_CHECKING:
    from .texts import Text

MOST_SEGMENTS = 3
TELL_DOSSIER = "channels.sms.tell_dossier"
OFFERED_FOR = timedelta(hours=24)
MOST_OFFERED = 3


def keywords() -> frozenset[str]:
    """The keywords of the published look-up tables, folded: `COVID`."""
    return _keywords()


def is_rather_a_matter(words: str) -> bool:
    """`Hoi phu nu phuong keu rac`: it began like a question, but speaks of something to be done."""
    return suggest_topic(words) is not None and asking.ask(words).sure is not Sure.FOUND


def offered(phone: str | None, *, at: datetime) -> Offer | None:
    """What this phone may still choose from."""
    if not phone:
        return None
    return Offer.objects.select_related("use").filter(phone=phone, offered_at__gt=at - OFFERED_FOR).first()


def answer(text: Text, words: str, *, at: datetime) -> None:
    """`TTHC …`, `HOI …`: the answer where it is surely known, a choice where it may be, else a person."""
    reply = asking.ask(words, most=MOST_OFFERED)
    known = reply.sure is Sure.FOUND
    first = reply.told[0].key if reply.told else ""
    use = asking.note(reply, words, channel=Channel.SMS, at=at, sitting=text.phone or "", opened=first if known else "")
    titles = [(told.key, telling.title(told.row)) for told in reply.told]
    _offer(text, words, titles, reply.part, use, at=at)
    if known:
        told = reply.told[0]
        say(
            text,
            in_segments(telling.title(told.row), telling.in_short(told.row, reply.part), told.key, reply.part),
            at=at,
        )
    elif titles:
        say(text, _choice(titles), at=at)
    else:
        say(text, _not_known(), at=at)


def picked(text: Text, number: int, *, at: datetime) -> None:
    """A digit: that one of the answers last offered."""
    offer = offered(text.phone, at=at)
    if offer is None:
        return how_it_works(text, at=at)
    if not offer.options:
        return say(text, _not_known(), at=at)
    if not 1 <= number <= len(offer.options):
        return say(text, _choice([(each["key"], each["title"]) for each in offer.options]), at=at)
    chosen = offer.options[number - 1]
    part = Part(chosen["part"]) if chosen["part"] else None
    row = asking.row_of(chosen["key"])
    if row is None:
        return how_it_works(text, at=at)
    if offer.use is not None:
        asking.open_answer(offer.use, chosen["key"])
    return say(text, in_segments(telling.title(row), telling.in_short(row, part), chosen["key"], part), at=at)


def look_up(text: Text, asked: LookUp, *, at: datetime) -> None:
    """`COVID le chan`: the rows for that place of all tables with the keyword, as many as fit, and the page of the rest."""
    tables = LookupTable.objects.on(today()).filter(state=State.PUBLISHED, keyword__iexact=asked.keyword)
    rows = looking.rows_for(asked.words, tables=list(tables), most=3)
    opened = f"row:{rows[0].pk}" if rows else ""
    asking.note_look_up(asked.words, channel=Channel.SMS, at=at, sitting=text.phone or "", opened=opened)
    if not asked.words:
        say(
            text,
            _("Nhắn {keyword} và tên phường, xã. Ví dụ: {keyword} LE CHAN.").format(keyword=asked.keyword.upper()),
            at=at,
        )
    elif not rows:
        say(
            text,
            _("1022 không có mục nào cho “{words}”. Nhắn {keyword} và tên phường, xã; hoặc gọi 1022.").format(
                words=asked.words[:40], keyword=asked.keyword.upper()
            ),
            at=at,
        )
    else:
        say(text, _rows_in_segments(rows), at=at)


def dossier(text: Text, code: str, *, at: datetime) -> None:
    """How a dossier stands at the one-stop system; the job asks it, so that a slow one holds up nobody's text."""
    if text.phone:
        jobs.defer(TELL_DOSSIER, code=code, piece=text.pieces[-1].pk, phone=text.phone)


@jobs.task(name=TELL_DOSSIER, queue="sms")
def tell_dossier(code: str, piece: int, phone: str) -> None:
    """Ask, and text what it says: once, however often the job is run."""
    at = now()
    if not may_text(phone, at=at):
        return
    opened = ""
    try:
        found = one_stop.look_up(code)
        words = (
            dossiers.in_words(found)
            if found
            else _("Hệ thống một cửa không có hồ sơ {code}. Xin xem lại mã.").format(code=code)
        )
        opened = f"dossier:{code}" if found else ""
    except one_stop.Away:
        words = _("Hệ thống một cửa đang không trả lời. Xin nhắn lại sau ít phút, hoặc gọi 1022.")
    contact = contact_for(phone, at=at, proven=True)
    queued = queue_outbound(
        channel=Channel.SMS, address=phone, body=words, key=f"sms-reply:{piece}", at=at, contact=contact
    )
    if queued:
        wake.wake("outbox", [queued.pk])
        asking.note_look_up("hs", channel=Channel.SMS, at=at, sitting=phone, opened=opened)


def in_segments(title: str, short: str, key: str, part: Part | None) -> str:
    """Name, answer and link, cut at a word so that all of it fits into three segments."""
    link = links.short(key, part)
    title = title if len(title) <= 60 else title[:59].rsplit(" ", 1)[0] + "…"
    whole = f"{title}: {short} {link}"
    while _too_long(whole) and " " in short:
        short = short.removesuffix("…").rsplit(" ", 1)[0] + "…"
        whole = f"{title}: {short} {link}"
    return whole


def _rows_in_segments(rows: Sequence[LookupRow]) -> str:
    """Row after row while they fit; the first is cut if it must be."""
    source = _("Nguồn: {source}, {day}.").format(source=rows[0].table.source, day=f"{rows[0].table.as_of:%-d.%-m.%Y}")
    told: list[str] = []
    for row in rows:
        one = f"{row.name}: {telling.in_short(row)}."
        if told and _too_long(" ".join([*told, one, source])):
            break
        told.append(one)
    whole = " ".join([*told, source])
    return (
        whole
        if not _too_long(whole)
        else in_segments(rows[0].name, telling.in_short(rows[0]), f"row:{rows[0].pk}", None)
    )


def _not_known() -> str:
    return _("1022 chưa có sẵn câu trả lời chắc chắn. Nhắn 0 để gửi câu này cho người trực, hoặc gọi 1022.")


def _choice(titles: Sequence[tuple[str, str]]) -> str:
    """`Bạn hỏi: 1 Đăng ký kết hôn; 2 …? Nhắn số để chọn, 0 để hỏi người trực.`"""
    most = 70
    while True:
        cut = [name if len(name) <= most else name[: most - 1].rsplit(" ", 1)[0] + "…" for _key, name in titles]
        listed = "; ".join(f"{number} {name}" for number, name in enumerate(cut, start=1))
        whole = _("Có phải bạn hỏi: {listed}? Nhắn số để chọn, nhắn 0 để hỏi người trực.").format(listed=listed)
        if not _too_long(whole) or most <= 16:
            return whole
        most -= 6


def _offer(
    text: Text, words: str, titles: Sequence[tuple[str, str]], part: Part | None, use: Use, *, at: datetime
) -> None:
    if text.phone:
        options = [{"key": key, "part": part or "", "title": title[:200]} for key, title in titles]
        kept = {"said": words, "options": options, "use": use, "offered_at": at}
        Offer.objects.update_or_create(phone=text.phone, defaults=kept)


def _too_long(text: str) -> bool:
    style: segments.Style = "plain" if settings.SMS_ALPHABET == "gsm" else "accents"
    return len(segments.cut(text, style=style).parts) > MOST_SEGMENTS


_keywords = Fresh(
    lambda: frozenset(
        fold(keyword)
        for keyword in LookupTable.objects.filter(state=State.PUBLISHED)
        .exclude(keyword="")
        .values_list("keyword", flat=True)
    )
)
