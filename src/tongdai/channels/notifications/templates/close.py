"""Closing, in the citizen's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    return _("Phiếu kết thúc")


TEMPLATE = Template(icon="lock", short=short)
