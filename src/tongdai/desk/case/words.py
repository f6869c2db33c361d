"""Words that several lines of the staff's timeline share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.states import Who
from tongdai.people.models import Channel


def channel_of(step: Step) -> str:
    """Say by which way the citizen spoke."""
    return str(Channel(step.interaction.channel).label) if step.interaction else ""


def who_of_denunciation(step: Step) -> str:
    """Say who did something with a denunciation: a member of staff, the house itself, or its citizen."""
    return step.who or (_("tổng đài") if step.capacity == Who.SYSTEM else _("người dân"))
