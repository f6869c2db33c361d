"""Registering in the staff's timeline: the citizen's own words stand first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.people.models import Channel

from ..action import CaseAction, Line
from ..words import channel_of


def line(step: Step) -> Line:
    channel = channel_of(step)
    how = _("%(channel)s, %(who)s ghi") % {"channel": channel, "who": step.who} if step.who else channel
    by_voice = step.interaction is not None and step.interaction.channel == Channel.VOICE
    return Line(how=how, words=step.citizens_words, theirs=True, icon="phone-call" if by_voice else "")


FACE = CaseAction("register", icon="message", line=line)
