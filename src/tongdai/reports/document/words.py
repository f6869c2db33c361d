"""What the document says: the value of each placeholder of the template, written as a decree's document writes it.

`PLACEHOLDERS` is the whole list; docs/report.md shows it to those who make a template of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tongdai.channels.voice.figures import IN_TIME
from tongdai.platform.clock import CITY_TZ

from ..figures import Figures, Row, added
from .assessment import CALLS_ANSWERED, ON_TIME, SUCCESS, TEXTS_DELIVERED, WITHIN_5_MINUTES, assess
from .content import BLANK, UNASSIGNED, UNPLACED, UNSORTED, Content
from .numerals import NBSP, NONE, day, day_in_words, decimal, difference, percent, whole

MOST_PLACES = 15
IN_SECONDS = round(IN_TIME.total_seconds())
REST = "Nơi khác"
TRIAL_NAME = "thí điểm Tổng đài 1022 phục vụ phòng, chống dịch COVID-19"

# name in the template → what stands there; `row` of a table has name, received, answered, success, on_time
PLACEHOLDERS: dict[str, str] = {
    "superior": "tên cơ quan chủ quản",
    "issuer": "tên cơ quan ban hành",
    "issuer_in_text": "tên cơ quan ban hành, viết trong câu",
    "place_and_date": "địa danh và ngày",
    "subject": "trích yếu",
    "subject_in_text": "trích yếu, viết trong câu",
    "period": "kỳ báo cáo",
    "opening": "câu mở đầu",
    "scope": "danh sách câu: phạm vi",
    "definitions": "danh sách câu: cách tính",
    "received": "danh sách câu: tiếp nhận",
    "answered": "danh sách câu: trả lời",
    "channels": "bảng: kênh (name, received, share)",
    "halves": "bảng: hai nửa kỳ (name, first, second, change)",
    "half_names": "tên hai nửa kỳ (first, second)",
    "topics": "bảng: lĩnh vực",
    "agencies": "bảng: cơ quan",
    "places": "bảng: địa bàn",
    "other_channels": "danh sách câu: cuộc gọi, tin nhắn, phiếu khẩn, trả lời ngay",
    "reached": "danh sách câu: kết quả đạt được",
    "short": "danh sách câu: hạn chế",
    "proposals": "danh sách câu: đề xuất",
    "to_fill_in": "danh sách dòng để người ký điền",
    "chart_days": "hình: từng ngày",
    "chart_topics": "hình: lĩnh vực",
    "chart_agencies": "hình: đúng hạn của cơ quan",
    "blank": "chỗ để trống",
}


def write(content: Content) -> dict[str, Any]:
    """Return the value of each placeholder but the pictures."""
    assessed = assess(content)
    said: dict[str, Any] = {
        "superior": content.superior,
        "issuer": content.issuer,
        "issuer_in_text": _in_text(content),
        "place_and_date": f"{content.city}, {day_in_words(content.made_at.astimezone(CITY_TZ).date())}",
        "subject": subject(content),
        "subject_in_text": f"{subject(content)[:1].lower()}{subject(content)[1:]} {_span(content)}",
        "period": _span(content),
        "opening": f"Thực hiện {BLANK}, {_in_text(content)} báo cáo kết quả như sau:",
        "scope": _scope(content),
        "definitions": _definitions(),
        "received": _received(content),
        "answered": _answered(content),
        "channels": _channels(content),
        "halves": _halves(content),
        "half_names": _half_names(content),
        "topics": _rows(content.topics, UNSORTED),
        "agencies": _rows(content.agencies, UNASSIGNED),
        "places": _places(content),
        "other_channels": list(_other_channels(content)),
        "reached": assessed.reached or ["Kỳ này chưa có kết quả nào đạt mức dùng để xét."],
        "short": assessed.short or ["Số liệu của kỳ này không cho thấy hạn chế nào theo các mức dùng để xét."],
        "proposals": assessed.proposals,
        "to_fill_in": assessed.to_fill_in,
        "blank": BLANK,
    }
    return said


def subject(content: Content) -> str:
    """Return the document's subject (trích yếu)."""
    return f"Tổng kết {TRIAL_NAME}" if content.of_trial else "Kết quả hoạt động của Tổng đài 1022"


def _span(content: Content) -> str:
    period = content.period
    if period.first == period.last:
        return f"ngày{NBSP}{day(period.first)}"
    return f"từ ngày{NBSP}{day(period.first)} đến ngày{NBSP}{day(period.last)}"


def _in_text(content: Content) -> str:
    """Return the issuing body as a sentence has it: Văn phòng Ủy ban nhân dân thành phố Hải Phòng."""
    return content.owner or BLANK


def _scope(content: Content) -> list[str]:
    what = f"đợt {TRIAL_NAME}" if content.of_trial else "hoạt động của Tổng đài 1022"
    return [
        f"Báo cáo tính {what} {_span(content)}, gồm {whole(len(content.period.days))} ngày, kể cả ngày đầu và ngày cuối, "
        "theo giờ Việt Nam. Nguồn số liệu: sổ phiếu Tổng đài 1022.",
        _all_or_listed(content),
    ]


def _all_or_listed(content: Content) -> str:
    """Say what totals and tables count, and where those stand that are in no list."""
    said = "Các số chung của toàn thành phố tính mọi phiếu."
    if content.unlisted:
        said += " Phiếu không liệt kê đứng ở dòng cuối mỗi bảng, để các dòng cộng lại bằng số chung; biểu đồ không vẽ."
    return said


def _definitions() -> list[str]:
    return [
        "Tỷ lệ thành công: số phiếu nhận trong kỳ và được trả lời lần đầu trước khi hết kỳ, chia cho số phiếu nhận trong "
        "kỳ, không kể phiếu người gửi đã rút; từ chối không phải là trả lời.",
        "Tỷ lệ đúng hạn: số phiếu được trả lời lần đầu trong hạn, chia cho số phiếu xét hạn (đã trả lời hoặc đã quá hạn, "
        "không kể phiếu bị từ chối hay đã rút).",
        f"Mức phục vụ: số cuộc gọi được nghe máy trong {IN_SECONDS} giây kể từ lúc chờ gặp người, chia cho số cuộc đã hết "
        "chờ (gặp được người, gác máy trước hoặc để lại lời nhắn).",
        "Mức dùng để xét trong phần đánh giá: "
        f"thành công từ {percent(SUCCESS)}, đúng hạn từ {percent(ON_TIME)}, phiếu khẩn có người nhận trong 5 phút từ "
        f"{percent(WITHIN_5_MINUTES)}, cuộc gọi gặp được người từ {percent(CALLS_ANSWERED)}, tin nhắn tới máy từ "
        f"{percent(TEXTS_DELIVERED)}.",
    ]


def _received(content: Content) -> list[str]:
    counted = content.counted
    if not counted.received:
        return ["Kỳ này chưa có phiếu nào."]
    number = len(content.period.days)
    said = [
        f"Tổng đài đã nhận {whole(counted.received)} phiếu, trung bình {decimal(counted.received / number)} phiếu mỗi ngày."
    ]
    if (busiest := max(counted.by_day, key=lambda each: each.received)).received:
        said[0] += f" Ngày nhiều nhất là {day(busiest.day)}, với {whole(busiest.received)} phiếu được liệt kê."
    if counted.by_channel["web"] and counted.portal_asked:
        said.append(
            f"Trong các phiếu qua cổng, {whole(counted.portal_asked)} phiếu xin giúp người mắc COVID-19 hoặc tra cứu, "
            f"chiếm {percent(counted.covid_share)}."
        )
    return said


def _answered(content: Content) -> list[str]:
    total, median = content.counted.total, content.counted.median_hours
    if not total.received:
        return ["Kỳ này chưa có phiếu nào để trả lời."]
    said = [
        f"Đã trả lời {whole(total.answered)} trên {whole(total.judged)} phiếu nhận trong kỳ; tỷ lệ thành công "
        f"{percent(total.success_rate)}."
    ]
    if total.withdrawn:
        said[0] += f" Không tính {whole(total.withdrawn)} phiếu mà người gửi đã rút."
    if total.on_time_rate is not None:
        said.append(
            f"Trong {whole(total.sayable)} phiếu xét hạn, {whole(total.on_time)} phiếu được trả lời đúng hạn; tỷ lệ đúng hạn "
            f"{percent(total.on_time_rate)}."
        )
    if median is not None:
        said.append(f"Một nửa số phiếu đã trả lời được trả lời trong {decimal(median)} giờ kể từ lúc nhận (trung vị).")
    return said


def _other_channels(content: Content) -> Iterable[str]:
    calls, counted, urgent, ready, rated = (
        content.calls, content.counted, content.urgent, content.ready, content.ratings
    )  # fmt: skip
    if calls.offered:
        yield (
            f"Điện thoại: {whole(calls.offered)} cuộc gọi chờ gặp người, {whole(calls.answered)} cuộc gặp được, "
            f"{whole(calls.abandoned)} cuộc gác máy trước."
        )
        if calls.service_level is not None:
            yield (
                f"Mức phục vụ: {whole(calls.in_time)} trên {whole(calls.decided)} cuộc đã hết chờ được nghe máy trong "
                f"{IN_SECONDS} giây, đạt {percent(calls.service_level)}."
            )
    if counted.texts_sent:
        yield (
            f"Tin nhắn: đã gửi {whole(counted.texts_sent)} tin, {whole(counted.texts_delivered)} tin tới máy người dân."
        )
    if urgent.urgent:
        said = f"Phiếu khẩn: {whole(urgent.urgent)} phiếu, {whole(urgent.taken)} phiếu có người nhận, "
        said += f"{whole(urgent.within_5)} phiếu trong 5 phút ({percent(urgent.share_within_5)})"
        if urgent.undue:
            said += f", {whole(urgent.undue)} phiếu chưa quá 5 phút"
        if urgent.median is not None and urgent.p90 is not None:
            said += f"; trung vị {decimal(urgent.median)} phút, chín phần mười trong {decimal(urgent.p90)} phút"
        yield f"{said}; {whole(urgent.escalated)} phiếu phải báo thêm người."
    if ready.total_asked:
        yield (
            f"Trả lời ngay: {whole(ready.total)} trên {whole(ready.total_asked)} lượt hỏi, không cần lập phiếu; "
            f"{whole(ready.nothing)} lượt chưa có sẵn câu trả lời."
        )
    if rated.number and rated.average is not None:
        yield (
            f"Đánh giá câu trả lời: {whole(rated.number)} lượt, trung bình {decimal(rated.average)} trên 5; "
            f"{percent(rated.dissatisfied_share)} chưa hài lòng (từ 2 trở xuống)."
        )
    if rated.reopened:
        yield f"Phiếu mở lại vì chưa giải quyết xong: {whole(rated.reopened)} lượt."
    if not (
        calls.offered or counted.texts_sent or urgent.urgent or ready.total_asked or rated.number or rated.reopened
    ):
        yield "Kỳ này chưa có cuộc gọi, tin nhắn, phiếu khẩn lượt hỏi hay đánh giá nào."


def _channels(content: Content) -> list[dict[str, str]]:
    every = content.counted.received
    return [
        {"name": name, "received": whole(n), "share": percent(n / every if every else None)}
        for name, n in content.channels
    ]


def _halves(content: Content) -> list[dict[str, str]]:
    """Return a line a figure; empty where the period has no halves to compare."""
    first, second = content.first, content.second
    if first is None or second is None:
        return []
    return [
        {
            "name": "Phiếu đã nhận",
            "first": whole(first.received),
            "second": whole(second.received),
            "change": _signed(second.received - first.received, ""),
        },
        *(
            {"name": name, "first": percent(a), "second": percent(b), "change": _points(a, b)}
            for name, a, b in (
                ("Tỷ lệ thành công", _rate(first), _rate(second)),
                ("Tỷ lệ đúng hạn", first.total.on_time_rate, second.total.on_time_rate),
            )
        ),
        {
            "name": "Trung vị đến lúc trả lời (giờ)",
            "first": NONE if first.median_hours is None else decimal(first.median_hours),
            "second": NONE if second.median_hours is None else decimal(second.median_hours),
            "change": NONE
            if first.median_hours is None or second.median_hours is None
            else _signed(difference(first.median_hours, second.median_hours), ""),
        },
    ]


def _half_names(content: Content) -> dict[str, str]:
    halves = content.period.halves()
    if halves is None:
        return {"first": "", "second": ""}
    return dict(zip(("first", "second"), (f"{day(half.first)} – {day(half.last)}" for half in halves), strict=True))


def _rate(figures: Figures) -> float | None:
    return figures.total.success_rate if figures.total.judged else None


def _points(first: float | None, second: float | None) -> str:
    if first is None or second is None:
        return NONE
    return _signed(difference(100 * first, 100 * second), " điểm")


def _signed(change: float, unit: str) -> str:
    """Write a change in words: `tăng 12`, `giảm 3,4 điểm`."""
    written = whole(abs(change)) if isinstance(change, int) else decimal(abs(change))
    if not written.strip("0,"):
        return "không đổi"
    return f"{'tăng' if change > 0 else 'giảm'} {written}{unit}"


def _rows(rows: Sequence[Row], unnamed: str) -> list[dict[str, str]]:
    return [_row(row, row.name or unnamed) for row in rows]


def _row(row: Row, name: str) -> dict[str, str]:
    return {
        "name": name,
        "received": whole(row.received),
        "answered": whole(row.answered),
        "success": percent(row.success_rate if row.judged else None),
        "on_time": percent(row.on_time_rate),
    }


def _places(content: Content) -> list[dict[str, str]]:
    """Return the places with most cases, the others in one line, and those not listed."""
    rows = content.places
    shown = _rows(rows[:MOST_PLACES], UNPLACED)
    rest = rows[MOST_PLACES:]
    others = [_row(added(rest), f"{REST} ({whole(len(rest))})")] if rest else []
    return [*shown, *others, *(_row(row, row.name) for row in content.unlisted)]
