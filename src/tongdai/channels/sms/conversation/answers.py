"""Questions by text: an answer in at most three segments with a short link, or three to choose from by a digit.

A wrong answer is worse than none: what isn't surely meant is offered, and what isn't known goes to a person by a `0`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage.judgement import judge, unless_it_denounces
from tongdai.channels import links as links_in_texts
from tongdai.directory.freshness import Fresh
from tongdai.knowledge import asking, links, telling
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.dossiers import telling as dossiers
from tongdai.knowledge.lookups import looking
from tongdai.knowledge.models import LookupRow, LookupTable, State, Use
from tongdai.knowledge.search.entry import Part
from tongdai.knowledge.search.finder import Sure
from tongdai.people.interactions import contact_for, queue_outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs, wake
from tongdai.platform.clock import now, today
from tongdai.platform.vietnamese import fold

from ..encoding import segments, shortening
from ..models import Offer
from ..outbound import limits
from .grammar import LookUp, Question
from .replies import how_it_works, say

if TYPE_CHECKING:
    from .understanding import Text

MOST_SEGMENTS = 3
TELL_DOSSIER = "channels.sms.tell_dossier"
OFFERED_FOR = timedelta(hours=24)
MOST_OFFERED = 3
MOST_LISTED = 30  # rows of a table that is listed whole
LONGEST_QUESTION = 160  # characters of one asked without a keyword
A_SENTENCE = 4  # words after a table's keyword that may as well be a sentence: "Số nhà 5 Lạch Tray mất điện"
_UNHAPPY = re.compile(
    r"\b(?:(?:chua|khong|ko|k|chang) (?:thay|duoc|tra|nhan|giai quyet|ai|chiu|lam|xong|den|goi)|mai (?:chua|khong|van)|"
    r"phan anh|khieu nai|to cao|de nghi|kien nghi|yeu cau|qua han|tre hen|cham|lau roi|lau qua|nhung nhieu|hach sach|"
    r"thai do|tai sao|vi sao|hong|bi)\b"
)  # somebody waits, or complains: a person should read it


def keywords() -> frozenset[str]:
    """The keywords of the published look-up tables, folded: `COVID`."""
    return _keywords()


def is_rather_a_matter(asked: Question) -> bool:
    """`Hoi phu nu phuong keu rac`: it began like a question, but speaks of something to be done, or of danger."""
    said = judge(asked.words).shown or (not asked.sure and suggest_topic(asked.words) is not None)
    return said and asking.ask(asked.words).sure is not Sure.FOUND


def is_no_look_up(asked: LookUp, said: str) -> bool:
    """`Số nhà 5 Lạch Tray mất điện`: it began like a table's keyword, but is a sentence, or speaks of danger."""
    if judge(said).shown:
        return True
    if not asked.words:
        return False
    tables, topic = _tables(asked), suggest_topic(asked.words)
    if looking.rows_for(asked.words, tables=tables, most=3):
        return topic is not None and not looking.has_places(tables)
    return topic is not None or len(asked.words.split()) >= A_SENTENCE


def is_rather_a_question(text: Text, *, at: datetime) -> bool:
    """`lam can cuoc het bao nhieu tien?`: no keyword, but surely something that is known, and nothing to be done.

    In any doubt it is a matter; and so it is where it couldn't be answered now.
    """
    said = text.said.strip()
    if not text.phone or text.late or text.incomplete or not text.readable or len(said) > LONGEST_QUESTION:
        return False
    if judge(said).shown or suggest_topic(said) is not None or _UNHAPPY.search(fold(said)):
        return False
    reply = asking.ask(said, most=1, names_only=True)
    surely = reply.sure is Sure.FOUND and reply.part is not None
    return surely and limits.left(text.phone, Purpose.ANSWER, at=at) > 0


def offered(phone: str | None, *, at: datetime) -> Offer | None:
    """What this phone may still choose from."""
    if not phone:
        return None
    return Offer.objects.select_related("use").filter(phone=phone, offered_at__gt=at - OFFERED_FOR).first()


def answer(text: Text, asked: Question, *, at: datetime) -> None:
    """`TTHC …`, `HOI …`: the answer where it is surely known, a choice where it may be, else a person."""
    words = asked.words
    reply = asking.ask(words, most=MOST_OFFERED)
    known = reply.sure is Sure.FOUND
    first = reply.told[0].key if reply.told else ""
    kept, opened = unless_it_denounces(words), first if known else ""
    use = asking.note(reply, kept, channel=Channel.SMS, at=at, sitting=text.phone or "", opened=opened)
    titles = [] if known else [(told.key, telling.title(told.row)) for told in reply.told]
    _offer(text, words, titles, reply.part, use, at=at)
    if known:
        told = reply.told[0]
        _say(
            text,
            in_segments(
                telling.title(told.row),
                telling.in_short(told.row, reply.part),
                told.key,
                reply.part,
                after=_("Nhắn 0 để gửi câu này cho người trực.") if asked.bare else "",
                hint=_("Nhắn 0 để hỏi người trực."),
            ),
            at=at,
        )
    elif titles:
        _say(text, _choice(titles), at=at)
    else:
        _say(text, _not_known(), at=at)


def picked(text: Text, number: int, *, at: datetime) -> None:
    """A digit: that one of the answers last offered."""
    offer = offered(text.phone, at=at)
    if offer is None:
        return how_it_works(text, at=at)
    if not offer.options:
        answered = offer.use is not None and offer.use.sure == Sure.FOUND
        return _say(text, _nothing_to_choose() if answered else _not_known(), at=at)
    if not 1 <= number <= len(offer.options):
        return _say(text, _choice([(each["key"], each["title"]) for each in offer.options]), at=at)
    chosen = offer.options[number - 1]
    part = Part(chosen["part"]) if chosen["part"] else None
    row = asking.row_of(chosen["key"])
    if row is None:
        return how_it_works(text, at=at)
    if offer.use is not None:
        asking.open_answer(offer.use, chosen["key"])
    return _say(text, in_segments(telling.title(row), telling.in_short(row, part), chosen["key"], part), at=at)


def look_up(text: Text, asked: LookUp, *, at: datetime) -> None:
    """`COVID le chan`: the rows for that place, `SO cong an`: those of that name, as many as fit; `SO`: all of them."""
    tables = _tables(asked)
    by_place = looking.has_places(tables)
    if asked.words:
        rows = looking.rows_for(asked.words, tables=tables, most=3)
    else:
        rows = [] if by_place else looking.whole(tables, most=MOST_LISTED)
    opened = f"row:{rows[0].pk}" if rows else ""
    use = asking.note_look_up(asked.words, channel=Channel.SMS, at=at, sitting=text.phone or "", opened=opened)
    if rows:
        return _say(text, _rows_in_segments(rows) if asked.words else _listed(rows), at=at)
    usage = _usage(asked.keyword.upper(), tables, by_place=by_place)
    if not asked.words:
        return _say(text, usage, at=at)
    _offer(text, text.said, [], None, use, at=at)
    nothing = _("1022 không có mục nào cho “{words}”.").format(words=asked.words[:40])
    return _say(text, " ".join([nothing, usage, _("Nhắn 0 để gửi câu này cho người trực.")]), at=at)


def dossier(text: Text, code: str, *, at: datetime) -> None:
    """How a dossier stands at the one-stop system; the job asks it, so that a slow one holds up nobody's text."""
    if text.phone:
        urgency = Purpose.ANSWER.priority
        jobs.defer(TELL_DOSSIER, priority=urgency, code=code, piece=text.pieces[-1].pk, phone=text.phone)


@jobs.task(name=TELL_DOSSIER, queue="sms")
def tell_dossier(code: str, piece: int, phone: str) -> None:
    """Ask, and text what it says: once, however often the job is run."""
    at = now()
    left = limits.left(phone, Purpose.ANSWER, at=at)
    if left < 1:
        return
    opened = ""
    try:
        found = one_stop.look_up(code)
        words = (
            dossiers.in_words(found)
            if found
            else _("Hệ thống một cửa không có hồ sơ {code}. Xin xem lại mã.").format(code=code)
        )
        opened = "dossier" if found else ""
    except one_stop.Away:
        words = _("Hệ thống một cửa đang không trả lời. Xin nhắn lại sau ít phút, hoặc gọi 1022.")
    contact = contact_for(phone, at=at, proven=True)
    body = limits.before_silence(words) if left == 1 else words
    queued = queue_outbound(
        channel=Channel.SMS,
        address=phone,
        body=body,
        key=f"sms-reply:{piece}",
        purpose=Purpose.ANSWER,
        at=at,
        contact=contact,
    )
    if queued:
        wake.wake("outbox", [queued.pk])
        asking.note_look_up("hs", channel=Channel.SMS, at=at, sitting=phone, opened=opened)


def in_segments(title: str, short: str, key: str, part: Part | None, *, after: str = "", hint: str = "") -> str:
    """Name, answer and link, cut where a sentence or an item ends so that all of it fits into three segments.

    `after` stands at the end whatever is cut for it; `hint` only where there is room left.
    """
    title = title if len(title) <= 60 else title[:59].rsplit(" ", 1)[0] + "…"
    end = " ".join(filter(None, [links.short(key, part), after]))

    def whole(short: str) -> str:
        return f"{title}: {short} {end}"

    if _too_long(whole(short)):
        return whole(shortening.fitted(short, fits=lambda shorter: not _too_long(whole(shorter))))
    hinted = f"{whole(short)} {hint}"
    return hinted if hint and not _too_long(hinted) else whole(short)


def _rows_in_segments(rows: Sequence[LookupRow]) -> str:
    """Row after row while they fit; the first is cut if it must be."""
    source = _source(rows[0].table)
    told: list[str] = []
    for row in rows:
        one = f"{row.name}: {short}." if (short := telling.in_short(row).rstrip(".")) else f"{row.name}."
        if told and _too_long(" ".join([*told, one, source])):
            break
        told.append(one)
    whole = " ".join([*told, source])
    return (
        whole
        if not _too_long(whole)
        else in_segments(rows[0].name, telling.in_short(rows[0]), f"row:{rows[0].pk}", None)
    )


def _listed(rows: Sequence[LookupRow]) -> str:
    """`Công an 113; Cấp cứu y tế 115 …`: every row by its name and phone, the last ones left out if they must be."""
    source = _source(rows[0].table)
    named = [" ".join(filter(None, [row.name, looking.phone_of(row)])) for row in rows]
    link = links.short(f"table:{rows[0].table.pk}")
    for many in range(len(named), 0, -1):
        end = [f"{'; '.join(named[:many])}."] if many == len(named) else [f"{'; '.join(named[:many])}…", link]
        whole = " ".join([*end, source])
        if not _too_long(whole):
            break
    return whole


def _usage(keyword: str, tables: Sequence[LookupTable], *, by_place: bool) -> str:
    """How the keyword is used; a ward only where rows have one."""
    if by_place:
        return _("Nhắn {keyword} và tên phường, xã. Ví dụ: {keyword} LE CHAN.").format(keyword=keyword)
    first = next(iter(looking.whole(tables, most=1, of_any_size=True)), None)
    example = f"{keyword} {first.name[:30]}" if first else keyword
    return _("Nhắn {keyword} và tên cần tìm. Ví dụ: {example}.").format(keyword=keyword, example=example)


def _tables(asked: LookUp) -> list[LookupTable]:
    return list(LookupTable.objects.on(today()).filter(state=State.PUBLISHED, keyword__iexact=asked.keyword))


def _source(table: LookupTable) -> str:
    return _("Nguồn: {source}, {day}.").format(source=table.source, day=f"{table.as_of:%-d.%-m.%Y}")


def _say(text: Text, words: str, *, at: datetime) -> None:
    say(text, words, purpose=Purpose.ANSWER, at=at)


def _nothing_to_choose() -> str:
    return _("Không có mục nào để chọn bằng số. Nhắn 0 để gửi câu vừa hỏi cho người trực, hoặc nhắn TTHC và câu khác.")


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
    return len(segments.cut(links_in_texts.at_length(text), style=style).parts) > MOST_SEGMENTS


_keywords = Fresh(
    lambda: frozenset(
        fold(keyword)
        for keyword in LookupTable.objects.filter(state=State.PUBLISHED)
        .exclude(keyword="")
        .values_list("keyword", flat=True)
    )
)
