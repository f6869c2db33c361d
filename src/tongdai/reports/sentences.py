"""What the figures say, in a sentence: counted, never typed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .figures import Figures


def lead(figures: Figures, first: Figures | None, second: Figures | None) -> str:
    """Write the first thing a leader reads: how many are answered, how the second half compares, what needs a push."""
    if not figures.received:
        return _("Kỳ này chưa có phiếu nào.")
    parts = [_answered(figures.total.success_rate)]
    if first and second and first.received and second.received:
        parts.append(_trend(first, second))
    if slow := [row for row in figures.by_agency if row.sayable >= 20 and (row.on_time_rate or 0) < 0.85]:
        slowest = sorted(slow, key=lambda row: row.on_time_rate or 0)[:2]
        parts.append(_("Việc cần đôn đốc: {agencies}.").format(agencies=", ".join(row.name for row in slowest)))
    return " ".join(parts)


def _answered(rate: float) -> str:
    sentences = {
        0.95: _("Gần như phiếu nào cũng đã có trả lời."),
        0.85: _("Cứ mười phiếu thì chín phiếu đã có trả lời."),
        0.78: _("Cứ năm phiếu thì bốn phiếu đã có trả lời."),
        0.71: _("Cứ bốn phiếu thì ba phiếu đã có trả lời."),
        0.63: _("Cứ ba phiếu thì hai phiếu đã có trả lời."),
        0.45: _("Khoảng một nửa số phiếu đã có trả lời."),
    }
    return next(
        (words for least, words in sentences.items() if rate >= least), _("Chưa đến một nửa số phiếu có trả lời.")
    )


def _trend(first: Figures, second: Figures) -> str:
    more = round(100 * (second.received / first.received - 1))
    better = second.total.success_rate - first.total.success_rate
    if more >= 5:
        came = _("Nửa sau nhận nhiều hơn nửa đầu {percent} %").format(percent=more)
    elif more <= -5:
        came = _("Nửa sau nhận ít hơn nửa đầu {percent} %").format(percent=-more)
    else:
        came = _("Hai nửa kỳ nhận gần như nhau")
    if better >= 0.005:
        return _("{came}, tỷ lệ thành công tăng.").format(came=came)
    if better <= -0.005:
        return _("{came}, tỷ lệ thành công giảm.").format(came=came)
    return _("{came}, tỷ lệ thành công giữ nguyên.").format(came=came)
