"""Another agency asked to help, in the citizen's timeline: the one in charge and the deadline stay."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if step.support is None:
        return None
    return Line("users", _("{agency} cùng tham gia xử lý").format(agency=step.support.agency.name))


TEMPLATE = Template(line=line)
