"""Take a merged case apart from its main case again: it is where it was before, with its own deadline."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.calendar.working_days import the_calendar
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import day_of

from .. import deadlines, merging
from ..access import secrecy
from ..actor import Actor
from ..models import Case
from ..states import INBOX, OPEN, ActionRefused, Rule, Way, Who
from ..transition import transition
from .assign import assign
from .merge import lead_on

RULE = Rule(
    "unmerge",
    Way(from_=OPEN, to=None, who={Who.COORDINATOR, Who.SYSTEM}),
    notifies=Purpose.RECEIPT,
    merged="only",
)


def unmerge(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let the case follow no other one. Its citizen's deadline is the one it had: they don't pay for a wrong turn.

    The coordinator has half an hour again to pass it on.

    Raises:
        ActionRefused: it follows none, isn't this actor's, or is answered by now: then it is reopened.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.set(**merging.ended())
        if change.case.state in INBOX:
            change.set(assign_by=deadlines.assign_by(at), calendar_version=the_calendar().version)
    return change.case


def release_all(main: Case, *, at: datetime) -> None:
    """Let nobody follow this case any more: it is withdrawn from the others' eyes.

    Call it before it becomes a denunciation (perhaps), in the transaction that makes it one.
    """
    for case in merging.followers(main):
        if case.state in OPEN:
            _alone(case, at=at)


def hand_on(main: Case, *, at: datetime) -> None:
    """Its citizen withdrew the main case: the oldest of the others leads them from now on, with the same agency."""
    waiting = [each for each in merging.followers(main) if each.state in OPEN]
    heir = next((case for each in waiting if (case := _alone(each, at=at))), None)
    if heir is None:
        return
    agency = main.lead
    if heir.state in INBOX and agency is not None and agency.holds_on(day_of(at)) and not secrecy.why_not(heir, agency):
        heir = assign(heir, by=Actor.system(), agency=agency, at=at)
    lead_on(main, to=heir, at=at)


def _alone(case: Case, *, at: datetime) -> Case | None:
    try:
        return unmerge(case, by=Actor.system(), at=at)
    except ActionRefused:  # in this very second it follows no more
        return None
