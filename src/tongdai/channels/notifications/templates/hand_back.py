"""Handing back, in the citizen's timeline: the clock runs on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template


def line(step: Step) -> Line:
    sentence = _("{agency} báo việc này không thuộc thẩm quyền của mình").format(agency=step.lead)
    note = _("Tổng đài chuyển đến cơ quan khác. Đồng hồ vẫn chạy, hạn trả lời không đổi.")
    return Line("arrow-back-up", sentence, note=note)


TEMPLATE = Template(line=line)
