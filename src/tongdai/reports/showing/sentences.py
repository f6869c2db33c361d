"""What the figures say, in a sentence: counted, never typed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..comparison import Comparison
from ..figures import Figures, Row
from .numbers import percent, whole

NEARLY = 0.05  # a change in number that is none


URGED_BELOW, URGED_FROM = 0.85, 20  # an agency is urged on where fewer are on time, of so many that can be judged


def lead(figures: Figures, compared: Comparison | None, *, agencies: list[Row]) -> str:
    """Write the first thing a leader reads: how many are answered, what isn't due yet, the change, what needs a push.

    `agencies` are those that the table shows: no other is named.
    """
    if not figures.received:
        return _("Kỳ này chưa có phiếu nào.")
    parts = [_answered(figures.total.success_rate)]
    if figures.total.undue:
        undue = figures.total.undue
        parts.append(
            ngettext("Còn {n} phiếu chưa đến hạn.", "Còn {n} phiếu chưa đến hạn.", undue).format(n=whole(undue))
        )
    if compared and compared.possible and compared.received.after:
        parts.append(_trend(compared))
    slow = [row for row in agencies if row.sayable >= URGED_FROM and (row.on_time_rate or 0) < URGED_BELOW]
    if slow:
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


def _trend(compared: Comparison) -> str:
    more, better = compared.received.by or 0, compared.success.by or 0
    if more >= NEARLY:
        came = _("So với kỳ liền trước, số phiếu nhận tăng {percent}").format(percent=percent(more))
    elif more <= -NEARLY:
        came = _("So với kỳ liền trước, số phiếu nhận giảm {percent}").format(percent=percent(-more))
    else:
        came = _("So với kỳ liền trước, số phiếu nhận gần như bằng")
    if better > 0:
        return _("{came}, tỷ lệ thành công tăng.").format(came=came)
    if better < 0:
        return _("{came}, tỷ lệ thành công giảm.").format(came=came)
    return _("{came}, tỷ lệ thành công giữ nguyên.").format(came=came)
