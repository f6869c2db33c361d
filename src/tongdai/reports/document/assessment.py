"""The assessment and the proposals: each sentence follows from counted figures by a rule that stands here.

A rule speaks of what was reached, or of what wasn't and what is proposed then; where there is nothing to judge it is
silent. The city's people edit the Word afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..figures import Row, ratio
from .content import BLANK, UNNAMED, Content
from .numerals import decimal, difference, percent, whole

# From which share on a figure counts as reached. ON_TIME is where the page's own sentence begins to name an agency.
SUCCESS, ON_TIME, WITHIN_5_MINUTES, CALLS_ANSWERED, TEXTS_DELIVERED = 0.70, 0.85, 0.90, 0.80, 0.95
GROUPED = 0.10  # so many without a topic or a place are worth a word
ENOUGH = 20  # cases that an agency must have before it is judged
NAMED = 3  # agencies that a sentence names


@dataclass(frozen=True)
class Verdict:
    """What one rule found: `reached` or `short` is said, and `proposal` follows from it."""

    reached: str = ""
    short: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class Assessment:
    """Sentences for the sections of the document."""

    reached: list[str]
    short: list[str]
    proposals: list[str]
    to_fill_in: list[str]


def assess(content: Content) -> Assessment:
    """Go through all rules."""
    verdicts = list(_verdicts(content)) if content.counted.received else []
    short = [each.short for each in verdicts if each.short]
    return Assessment(
        reached=[each.reached for each in verdicts if each.reached],
        short=short,
        proposals=[*_going_official(content), *(each.proposal for each in verdicts if each.proposal)],
        to_fill_in=[
            f"Quy chế vận hành, đơn vị chủ trì và thời điểm bắt đầu: {BLANK}",
            f"Nhân lực và kinh phí vận hành: {BLANK}",
        ],
    )


def _going_official(content: Content) -> Iterator[str]:
    """Yield the proposal itself; it depends on the two figures of the whole: success and punctuality."""
    total = content.counted.total
    if not total.received or total.on_time_rate is None:
        yield "Kỳ này chưa có đủ số liệu để đề xuất việc đưa Tổng đài 1022 vào hoạt động chính thức."
    elif total.success_rate >= SUCCESS and total.on_time_rate >= ON_TIME:
        yield (
            f"Tỷ lệ thành công {percent(total.success_rate)} và tỷ lệ đúng hạn {percent(total.on_time_rate)} đều đạt mức "
            "dùng để xét; đề nghị xem xét, quyết định đưa Tổng đài 1022 vào hoạt động chính thức."
        )
    else:
        below = [
            f"{name} {percent(rate)} (mức dùng để xét: {percent(least)})"
            for name, rate, least in (
                ("tỷ lệ thành công", total.success_rate, SUCCESS),
                ("tỷ lệ đúng hạn", total.on_time_rate, ON_TIME),
            )
            if rate < least
        ]
        yield (
            f"Chưa đạt: {'; '.join(below)}. Đề nghị khắc phục các hạn chế đã nêu, đánh giá lại, rồi xem xét đưa Tổng đài "
            "1022 vào hoạt động chính thức."
        )


def _verdicts(content: Content) -> Iterator[Verdict]:
    yield from (_success(content), _punctuality(content), _agencies(content), _trend(content))
    yield from (_urgent(content), _calls(content), _texts(content), _ready(content))
    yield from (
        _ungrouped(
            content.counted.by_topic,
            content,
            "chưa phân loại",
            "Bổ sung lĩnh vực và từ khóa để phiếu được phân loại đủ.",
        ),
        _ungrouped(content.places, content, "chưa rõ nơi", "Hỏi rõ phường, xã ngay khi tiếp nhận."),
    )


def _success(content: Content) -> Verdict:
    total = content.counted.total
    left = total.judged - total.answered
    said = f"{whole(total.answered)} trên {whole(total.judged)} phiếu nhận trong kỳ, đạt {percent(total.success_rate)}"
    rest = f"Đến hết kỳ còn {whole(left)} phiếu chưa được trả lời." if left else ""
    if total.success_rate >= SUCCESS:
        return Verdict(reached=f"Đã trả lời {said}.", short=rest)
    return Verdict(
        short=f"Mới trả lời {said}; {rest[:1].lower()}{rest[1:]}",
        proposal="Các cơ quan rà soát, trả lời dứt điểm số phiếu còn lại.",
    )


def _punctuality(content: Content) -> Verdict:
    total = content.counted.total
    if total.on_time_rate is None:
        return Verdict()
    said = f"{whole(total.on_time)} trên {whole(total.sayable)} phiếu xét hạn được trả lời đúng hạn"
    if total.on_time_rate >= ON_TIME:
        return Verdict(reached=f"{said}, đạt {percent(total.on_time_rate)}.")
    return Verdict(
        short=f"Chỉ {said}, đạt {percent(total.on_time_rate)}, dưới mức {percent(ON_TIME)}.",
        proposal="Nhắc việc trước hạn và báo cáo hằng tuần tỷ lệ đúng hạn của từng cơ quan.",
    )


def _agencies(content: Content) -> Verdict:
    """Name the slowest of those that had enough cases to be judged by."""
    judged = [
        row
        for row in content.agencies
        if row.key and row.name.casefold() != UNNAMED.casefold() and row.sayable >= ENOUGH
    ]
    slow = sorted((row for row in judged if (row.on_time_rate or 0) < ON_TIME), key=lambda row: row.on_time_rate or 0)
    if not judged:
        return Verdict()
    base = f"{whole(len(judged))} cơ quan có từ {ENOUGH} phiếu xét hạn trở lên"
    if not slow:
        return Verdict(reached=f"Cả {base} đều đạt từ {percent(ON_TIME)} đúng hạn trở lên.")
    named = ", ".join(f"{row.name} ({percent(row.on_time_rate or 0)})" for row in slow[:NAMED])
    which = "thấp nhất là" if len(slow) > NAMED else "gồm"
    return Verdict(
        short=f"Trong {base}, {whole(len(slow))} cơ quan đạt dưới {percent(ON_TIME)} đúng hạn, {which} {named}.",
        proposal=f"Đôn đốc {', '.join(row.name for row in slow[:NAMED])} về thời hạn trả lời.",
    )


def _trend(content: Content) -> Verdict:
    first, second = content.first, content.second
    if first is None or second is None or not first.received or not second.received:
        return Verdict()
    change = difference(100 * first.total.success_rate, 100 * second.total.success_rate)
    said = f"{percent(first.total.success_rate)} ở nửa đầu, {percent(second.total.success_rate)} ở nửa sau"
    said = f"{decimal(abs(change))} điểm phần trăm: {said}."
    if change > 0:
        return Verdict(reached=f"Tính trọn trong từng nửa kỳ, tỷ lệ thành công tăng {said}")
    if change < 0:
        return Verdict(short=f"Tính trọn trong từng nửa kỳ, tỷ lệ thành công giảm {said}")
    return Verdict()


def _urgent(content: Content) -> Verdict:
    it = content.urgent
    if not it.due:
        return Verdict()
    said = f"{whole(it.within_5)} trên {whole(it.due)} phiếu khẩn có người nhận trong 5 phút, đạt"
    if it.share_within_5 >= WITHIN_5_MINUTES:
        return Verdict(reached=f"{said} {percent(it.share_within_5)}.")
    return Verdict(
        short=f"Chỉ {said} {percent(it.share_within_5)}, dưới mức {percent(WITHIN_5_MINUTES)}.",
        proposal="Xếp đủ người trực khẩn mọi giờ và có người thay khi không nhận máy.",
    )


def _calls(content: Content) -> Verdict:
    calls = content.calls
    if not calls.offered:
        return Verdict()
    share = ratio(calls.answered, calls.offered)
    said = f"{whole(calls.answered)} trên {whole(calls.offered)} cuộc gọi chờ đã gặp được người, đạt"
    if share >= CALLS_ANSWERED:
        return Verdict(reached=f"{said} {percent(share)}.")
    return Verdict(
        short=f"Chỉ {said} {percent(share)}, dưới mức {percent(CALLS_ANSWERED)}.",
        proposal="Tăng điện thoại viên vào những giờ có nhiều cuộc gọi.",
    )


def _texts(content: Content) -> Verdict:
    sent, delivered = content.counted.texts_sent, content.counted.texts_delivered
    if not sent:
        return Verdict()
    share = ratio(delivered, sent)
    said = f"{whole(delivered)} trên {whole(sent)} tin nhắn đã tới máy người dân, đạt"
    if share >= TEXTS_DELIVERED:
        return Verdict(reached=f"{said} {percent(share)}.")
    return Verdict(
        short=f"Chỉ {said} {percent(share)}, dưới mức {percent(TEXTS_DELIVERED)}.",
        proposal="Làm việc với nhà mạng về các tin nhắn không tới máy.",
    )


def _ready(content: Content) -> Verdict:
    asked, nothing = content.ready.total_asked, content.ready.nothing
    if not asked:
        return Verdict()
    reached = f"{whole(content.ready.total)} trên {whole(asked)} lượt hỏi được trả lời ngay, không cần lập phiếu."
    if not nothing:
        return Verdict(reached=reached)
    return Verdict(
        reached=reached,
        short=f"Kho trả lời chưa có câu trả lời cho {whole(nothing)} lượt hỏi.",
        proposal="Bổ sung kho trả lời theo các câu hỏi chưa có câu trả lời.",
    )


def _ungrouped(rows: list[Row], content: Content, words: str, proposal: str) -> Verdict:
    without = sum(row.received for row in rows if not row.key and not row.name)
    share = ratio(without, content.counted.received)
    if share < GROUPED:
        return Verdict()
    return Verdict(short=f"{whole(without)} phiếu {words}, chiếm {percent(share)}.", proposal=proposal)
