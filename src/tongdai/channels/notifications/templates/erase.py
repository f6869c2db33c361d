"""Words that were erased, in the citizen's timeline: by law, or as they asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    if step.changed.get("because") == "request":
        return _("Lời kể, ảnh, tên và số được xóa theo yêu cầu của bạn")
    return _("Lời kể, ảnh, tên và số được xóa, vì đã hết thời hạn giữ")


TEMPLATE = Template(icon="eye-off", short=short)
