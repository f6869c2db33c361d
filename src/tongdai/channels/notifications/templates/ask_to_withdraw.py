"""That its citizen asked to withdraw a case, in the timeline: until somebody has decided it goes on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template, paragraphs


def line(step: Step) -> Line:
    words = step.citizens_words or step.remark
    note = _("Phiếu vẫn được xử lý cho đến khi người có trách nhiệm xem xong yêu cầu này.")
    return Line("arrow-back-up", _("Bạn xin rút phiếu này"), paragraphs(words), theirs=True, note=note)


TEMPLATE = Template(line=line)
