"""Another agency asked to help, in the citizen's timeline: the one in charge and the deadline stay."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.models import Support

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if step.support is None or step.support.outcome not in ("", Support.Outcome.PROVIDED):
        return None  # it doesn't take part after all
    return Line("users", _("{agency} cùng tham gia xử lý").format(agency=step.support.agency.name))


TEMPLATE = Template(line=line)
