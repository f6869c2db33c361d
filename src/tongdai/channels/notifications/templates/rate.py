"""A rating, in its citizen's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template, paragraphs

CONTENT = 3  # stars; with fewer somebody is not


def line(step: Step) -> Line:
    stars = step.changed.get("stars", 0)
    sentence = _("Bạn đánh giá câu trả lời: {stars}/5").format(stars=stars)
    return Line(
        "mood-smile" if stars >= CONTENT else "mood-sad",
        sentence,
        paragraphs(step.citizens_words or step.remark),
        theirs=True,
    )


TEMPLATE = Template(line=line)
