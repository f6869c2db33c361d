"""Links that were withdrawn, in the citizen's timeline: by whom."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    return _("Tổng đài thu hồi mọi đường dẫn mở phiếu") if step.user else _("Bạn thu hồi mọi đường dẫn mở phiếu")


TEMPLATE = Template(icon="lock", short=short)
