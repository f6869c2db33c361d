"""Remind a case's citizen, once, that the city waits for their reply."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition
from ..waiting import REMIND_AFTER

RULE = Rule("remind", Way(from_=WITH_AGENCY, to=None, who={Who.SYSTEM}), notifies=Purpose.REMINDER)


def remind(case: Case, *, by: Actor, at: datetime) -> Case:
    """Say it again; how long the case waits stays as it is.

    Raises:
        ActionRefused: it doesn't wait (any more), its citizen was reminded, or was asked only lately.
    """
    with transition(case, RULE, by=by, at=at) as change:
        asked = change.case.asked_at
        if asked is None or change.case.reminded_at is not None or at - asked < REMIND_AFTER:
            change.refuse(_("Không có gì phải nhắc."))
        change.set(reminded_at=at)
    return change.case
