"""Recalling, for its citizen: the hotline looks for the right agency. Where a denunciation was is nobody's to know."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if step.case.confidential:
        return None
    return Line("arrow-back-up", _("Tổng đài nhận lại phiếu để chuyển đúng nơi"))


TEMPLATE = Template(line=line)
