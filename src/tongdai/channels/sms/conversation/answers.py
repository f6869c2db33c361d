"""Questions by text: an answer within the limit of segments with a short link, or three to choose from by a digit.

A wrong answer is worse than none: what isn't surely meant is offered, and what isn't known goes to a person by a `0`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.triage.judgement import unless_it_denounces
from tongdai.channels import limits, outbound
from tongdai.knowledge.answer_key import AnswerKey, Part
from tongdai.knowledge.answers import by_key, english, short_answers, short_links
from tongdai.knowledge.ask import Reply
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.dossiers import short_answers as dossiers
from tongdai.knowledge.lookups import counters, row_search
from tongdai.knowledge.models import Answer as Known
from tongdai.knowledge.models import Inquiry, LookupRow, LookupTable, Procedure
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.usage import records
from tongdai.language import cutting
from tongdai.language.text import unaccented
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..encoding import lengths, shortening
from ..models import Offer
from .questions import offered
from .replies import how_it_works, send_reply
from .text import Text
from .todo import Answer, AnswerRows
from .understanding import Understanding

ANSWER_DOSSIER = "channels.sms.tell_dossier"
LONGEST_TITLE, SHORT_TITLE = 60, 40  # characters of an answer's name; and beside an answer that must be cut


def answer(understood: Understanding, asked: Answer, *, at: datetime) -> None:
    """`TTHC …`, `HOI …`: the answer where it is surely known, a choice where it may be, else a person."""
    reply, phone = asked.reply, understood.text.phone
    known = reply.answers[0] if reply.certainty is Certainty.FOUND else None
    inquiry = records.record_question(
        reply,
        unless_it_denounces(asked.words),
        channel=Channel.SMS,
        at=at,
        session=phone or "",
        opened=known.key if known else None,
    )
    titles = [] if known else [(str(each.key), _title(each.answer)) for each in reply.answers]
    _offer(phone, asked.words, titles, (reply.part, reply.search.also), inquiry, at=at, language=reply.language)
    if known:
        told = _told(reply, after=_("Nhắn 0 để gửi câu này cho người trực.") if asked.bare else "")
    else:
        told = [_choice(titles) if titles else _not_known()]
    for nth, words in enumerate(told):
        _send_answer(understood, words, at=at, nth=nth)


def _told(reply: Reply, *, after: str) -> list[str]:
    """The answer; of two matters in one question both, each in a text of its own."""
    texts: list[str] = []
    for found in reply.answers[: reply.matters]:
        whole, last = by_key.answer_of(found.key) or found.answer, len(texts) + 1 == reply.matters
        part, also = (found.part, None) if reply.matters > 1 else (reply.part, reply.search.also)
        texts.append(
            in_segments(
                *worded(whole, part, also),
                found.key,
                part,
                after=after if last else "",
                hint=(_counter(whole, part) or _("Nhắn 0 để hỏi người trực.")) if last else "",
                language=reply.language,
            )
        )
    return texts


def _counter(answer: Known, part: Part | None) -> str:
    """How the ward's counter is asked for, where papers are handed in at the ward's."""
    table = counters.table_for(answer) if part is Part.WHERE and isinstance(answer, Procedure) else None
    if table is None or not table.keyword:
        return ""
    return _("Nhắn {keyword} và tên phường, xã để biết địa chỉ, giờ nhận.").format(keyword=table.keyword)


def note(understood: Understanding, asked: Answer, *, at: datetime) -> None:
    """Count a question that is not surely known, and was kept with a case; 0 sends it to a person as a matter of its own."""
    phone = understood.text.phone
    inquiry = records.record_question(
        asked.reply, unless_it_denounces(asked.words), channel=Channel.SMS, at=at, session=phone or ""
    )
    _offer(phone, asked.words, [], (None, None), inquiry, at=at)


def choose(understood: Understanding, number: int, *, at: datetime) -> None:
    """A digit: that one of the answers last offered."""
    offer = offered(understood.text.phone, at=at)
    if offer is None:
        return how_it_works(understood, at=at)
    if not offer.options:
        answered = offer.inquiry is not None and offer.inquiry.certainty == Certainty.FOUND
        return _send_answer(understood, _nothing_to_choose() if answered else _not_known(), at=at)
    if not 1 <= number <= len(offer.options):
        with override(offer.options[0].get("language") or understood.language):
            words = _choice([(each["key"], each["title"]) for each in offer.options])
        return _send_answer(understood, words, at=at)
    chosen = offer.options[number - 1]
    part, also = (Part(chosen[name]) if chosen.get(name) else None for name in ("part", "also"))
    key = AnswerKey.read(chosen["key"])
    found = by_key.answer_of(key) if key else None
    if key is None or found is None:
        return how_it_works(understood, at=at)
    if offer.inquiry is not None:
        records.record_opened(offer.inquiry, key)
    language = chosen.get("language", "")
    with override(language or understood.language):  # a digit has none: it is answered as the question was
        words = in_segments(*worded(found, part, also), key, part, language=language)
    return _send_answer(understood, words, at=at)


def answer_rows(understood: Understanding, asked: AnswerRows, *, at: datetime) -> None:
    """As many of the rows as fit; where there are none, how the keyword is used."""
    phone, rows = understood.text.phone, asked.rows
    opened = rows[0].answer_key if rows else None
    inquiry = records.record_lookup(asked.words, channel=Channel.SMS, at=at, session=phone or "", opened=opened)
    if rows:
        return _send_answer(understood, _rows_in_segments(rows) if asked.words else _listed(rows), at=at)
    usage = _usage(asked.keyword.upper(), asked.tables, by_place=asked.by_place)
    if not asked.words:
        return _send_answer(understood, usage, at=at)
    _offer(phone, understood.text.body, [], (None, None), inquiry, at=at)
    nothing = _("1022 không có mục nào cho “{words}”.").format(words=cutting.beginning(asked.words, 40))
    return _send_answer(understood, " ".join([nothing, usage, _("Nhắn 0 để gửi câu này cho người trực.")]), at=at)


def ask_for_dossier(text: Text, code: str) -> None:
    """How a dossier stands at the one-stop system; the job asks it, so that a slow one holds up nobody's text."""
    if text.phone:
        urgency = Purpose.ANSWER.priority
        jobs.defer(ANSWER_DOSSIER, priority=urgency, code=code, piece=text.parts[-1].pk, phone=text.phone)


@jobs.task(name=ANSWER_DOSSIER, queue="sms")
def answer_dossier(code: str, piece: int, phone: str) -> None:
    """Ask, and text what it says: once, however often the job is run."""
    at = now()
    allowed = limits.of_a_conversation(Purpose.ANSWER)
    if limits.left(phone, allowed, at=at) < 1:
        return
    found = None
    try:
        found = one_stop.look_up(code)
        words = (
            dossiers.in_words(found)
            if found
            else _("Hệ thống một cửa không có hồ sơ {code}. Xin xem lại mã.").format(code=code)
        )
    except one_stop.Unavailable:
        words = _("Hệ thống một cửa đang không trả lời. Xin nhắn lại sau ít phút, hoặc gọi 1022.")
    contact = contact_for(phone, at=at, proven=True)
    queued = outbound.send(
        contact,
        words,
        purpose=Purpose.ANSWER,
        key=f"sms-reply:{piece}",
        at=at,
        limited=allowed,
        announces_silence=True,
    )
    if queued.text:
        records.record_dossier_lookup(found=found is not None, channel=Channel.SMS, at=at, session=phone)


def worded(answer: Known, part: Part | None, also: Part | None = None) -> tuple[str, str]:
    """(its name, what was asked of it), in the language of whoever is answered.

    Where two things were asked in one breath the shorter one stands first, so that none is cut away. English is sent without
    the accents of the Vietnamese words in it: one of them would make every character cost two.
    """
    halves = sorted((_worded(answer, each) for each in dict.fromkeys([part, also or part])), key=len)
    return _title(answer), " ".join(halves)


def _worded(answer: Known, part: Part | None) -> str:
    short, language = english.short(answer, part)
    return english.in_short(answer, part) if language == "vi" else unaccented(short)


def uncut(answer: Known) -> str:
    """What is texted of the whole of it, before anything is cut: name, answer in short, link."""
    title, short = worded(answer, None)
    return f"{cutting.beginning(title, LONGEST_TITLE)}: {short} {short_links.short(answer.answer_key)}"


def in_segments(
    title: str, short: str, key: AnswerKey, part: Part | None, *, after: str = "", hint: str = "", language: str = ""
) -> str:
    """Name, answer and link, cut where a sentence or an item ends so that all of it fits into the city's limit.

    `after` stands at the end whatever is cut for it; `hint` only where there is room left. `language`: of the page behind the
    link, where it isn't Vietnamese.
    """
    link = short_links.short(key, part, language=language)
    after = "" if _says(short, after) else after
    hint = "" if after or _says(short, hint) else hint
    title = cutting.beginning(title, LONGEST_TITLE)

    def whole(short: str, *more: str) -> str:
        return " ".join(filter(None, [f"{title}: {short}", link, after, *more]))

    if not _too_long(whole(short)):
        hinted = whole(short, hint)
        return whole(short) if _too_long(hinted) else hinted
    title = cutting.beginning(title, SHORT_TITLE)  # the room is the answer's
    link = _("Xem tiếp: {link}").format(link=link)
    return whole(shortening.shortened(short, fits=lambda shorter: not _too_long(whole(shorter))))


def _says(text: str, hint: str) -> bool:
    """Whether the answer itself says already what this hint begins with: `Nhắn 0`."""
    return bool(hint) and " ".join(hint.split()[:2]).lower() in text.lower()


def _rows_in_segments(rows: Sequence[LookupRow]) -> str:
    """Row after row while they fit; the first is cut if it must be."""
    source = _source(rows[0].table)
    lines: list[str] = []
    for row in rows:
        one = f"{row.name}: {short}." if (short := short_answers.in_short(row).rstrip(".")) else f"{row.name}."
        if lines and _too_long(" ".join([*lines, one, source])):
            break
        lines.append(one)
    whole = " ".join([*lines, source])
    return (
        whole
        if not _too_long(whole)
        else in_segments(rows[0].name, short_answers.in_short(rows[0]), rows[0].answer_key, None)
    )


def _listed(rows: Sequence[LookupRow]) -> str:
    """`Công an 113; Cấp cứu y tế 115 …`: every row by its name and phone, the last ones left out if they must be."""
    source = _source(rows[0].table)
    named = [" ".join(filter(None, [row.name, row_search.phone_of(row)])) for row in rows]
    link = short_links.short(rows[0].table.answer_key)
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
    first = next(iter(row_search.whole(tables, most=1, of_any_size=True)), None)
    example = f"{keyword} {cutting.beginning(first.name, 30).rstrip('…')}" if first else keyword
    return _("Nhắn {keyword} và tên cần tìm. Ví dụ: {example}.").format(keyword=keyword, example=example)


def _source(table: LookupTable) -> str:
    return _("Nguồn: {source}, {day}.").format(source=table.source, day=f"{table.as_of:%-d.%-m.%Y}")


def _send_answer(understood: Understanding, words: str, *, at: datetime, nth: int = 0) -> None:
    send_reply(understood, words, purpose=Purpose.ANSWER, at=at, nth=nth)


def _title(answer: Known) -> str:
    title = english.title(answer)
    return title if english.title_language(answer) == "vi" else unaccented(title)


def _nothing_to_choose() -> str:
    return _("Không có mục nào để chọn bằng số. Nhắn 0 để gửi câu vừa hỏi cho người trực, hoặc nhắn TTHC và câu khác.")


def _not_known() -> str:
    return _("1022 chưa có sẵn câu trả lời chắc chắn. Nhắn 0 để gửi câu này cho người trực, hoặc gọi 1022.")


def _choice(titles: Sequence[tuple[str, str]]) -> str:
    """Return `Có phải bạn hỏi: 1 Đăng ký kết hôn; 2 …? Nhắn số để chọn, 0 để hỏi người trực.`"""
    most = 70
    while True:
        cut = [cutting.beginning(name, most) for _key, name in titles]
        listed = "; ".join(f"{number} {name}" for number, name in enumerate(cut, start=1))
        whole = _("Có phải bạn hỏi: {listed}? Nhắn số để chọn, nhắn 0 để hỏi người trực.").format(listed=listed)
        if not _too_long(whole) or most <= 16:
            return whole
        most -= 6


def _offer(
    phone: str | None,
    words: str,
    titles: Sequence[tuple[str, str]],
    parts: tuple[Part | None, Part | None],
    inquiry: Inquiry,
    *,
    at: datetime,
    language: str = "",
) -> None:
    """What a lone digit from this phone chooses from; 0 sends the words to a person. `parts`: what is asked, and what else."""
    if phone:
        part, also = parts
        options = [
            {"key": key, "part": part or "", "also": also or "", "title": title[:200], "language": language}
            for key, title in titles
        ]
        offer = {"question": words, "options": options, "inquiry": inquiry, "offered_at": at}
        Offer.objects.update_or_create(phone=phone, defaults=offer)


def _too_long(text: str) -> bool:
    return not lengths.fits(text, settings.SMS_MOST_SEGMENTS)
