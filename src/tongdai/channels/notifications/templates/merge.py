"""A case that follows another one from now on, for its citizen: others report the same, and they are answered all the same.

Not a word of the other case: neither its code nor who brought it. Who is answered at once reads the answer instead.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.states import Who

from ..template import Line, Message, Template, code_of, with_notice


def message(step: Step) -> Message | None:
    if step.changed.get("answered"):
        return None
    whole = _("Phiếu {code} được xử lý chung với phiếu khác báo cùng việc. Bạn vẫn được trả lời.")
    brief = _("Phiếu {code} được xử lý chung với phiếu báo cùng việc.")
    words = whole.format(code=code_of(step))
    return with_notice(step.case, words, words, brief.format(code=code_of(step)))


def line(step: Step) -> Line | None:
    if step.capacity is Who.SYSTEM:  # another case leads it now: nothing changes for its citizen
        return None
    return Line("link", _("Nhiều người cùng báo việc này, các phiếu được xử lý chung. Bạn vẫn được trả lời ở đây"))


TEMPLATE = Template(message=message, line=line)
