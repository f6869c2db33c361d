"""Alerting who is on duty, in the citizen's timeline: once, by what was truly done; how often is the house's own trouble."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.channels.duty.queries import Reach, reach, rings_about

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if not step.is_first:
        return None
    match reach(list(rings_about(step.case))):
        case Reach.CALLED:
            return Line("phone-call", _("Đã gọi người trực của thành phố"))
        case Reach.CALLING:
            return Line("phone-call", _("Đang gọi người trực của thành phố"))
        case Reach.TEXTED:
            return Line("device-mobile-message", _("Đã nhắn tin cho người trực của thành phố"))
        case Reach.TEXTING:
            return Line("device-mobile-message", _("Đang nhắn tin cho người trực của thành phố"))
        case _:
            return Line("alarm", _("Chưa báo được người trực của thành phố"))


TEMPLATE = Template(line=line)
