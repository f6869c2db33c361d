"""A danger seen later, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.triage.danger import Kind

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    kind = step.changed.get("danger_kind", ["", ""])[1]
    title = _("Nâng mức khẩn: %(what)s") % {"what": Kind(kind).label} if kind else _("Nâng mức khẩn")
    return Line(title=title, how=step.who or _("máy đọc lại"))


FACE = CaseAction("raise_danger", icon="alarm", line=line)
