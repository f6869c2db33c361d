"""Accepting, in the citizen's timeline: which agency, and who there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Template


def short(step: Step) -> str:
    agency = step.agency.name if step.agency else ""
    if step.user is None:
        return _("{agency} nhận phiếu").format(agency=agency)
    return _("{agency} nhận phiếu, {name} phụ trách").format(agency=agency, name=step.who)


TEMPLATE = Template(icon="user", short=short)
