"""A rating, in its citizen's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template, paragraphs


def line(step: Step) -> Line:
    sentence = _("Bạn đánh giá câu trả lời: {stars}/5").format(stars=step.changed.get("stars", ""))
    return Line("mood-smile", sentence, paragraphs(step.citizens_words or step.remark), theirs=True)


TEMPLATE = Template(line=line)
