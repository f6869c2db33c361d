"""Marking a denunciation, in the citizen's timeline: who may see the case from now on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    return _("Phiếu được giữ kín: chỉ thanh tra và cơ quan giải quyết tố cáo xem được")


TEMPLATE = Template(icon="shield-lock", short=short)
