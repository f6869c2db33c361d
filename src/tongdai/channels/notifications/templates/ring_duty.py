"""Ringing who is on duty, in the citizen's timeline: the first ring alone; how often after that is the house's own trouble."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template


def line(step: Step) -> Line | None:
    return Line("phone-call", _("Đã gọi người trực của thành phố")) if step.is_first else None


TEMPLATE = Template(line=line)
