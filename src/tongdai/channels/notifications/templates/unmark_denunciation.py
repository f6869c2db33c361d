"""Unmarking a denunciation, in the citizen's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    return _("Thanh tra xem phiếu: không phải tố cáo, Tổng đài xử lý tiếp")


TEMPLATE = Template(icon="eye", short=short)
