"""Undo the last step of a case, a moment after it was done: everything is as it was, and its citizen was told nothing.

What a step changed on the case stands in its event, before and after; what it wrote beside is taken back here, an action at
a time. The event stays, as all do: the history shows the step and that it was taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import DurationField, Field
from django.utils.translation import gettext as _

from tongdai.accounts.models import User

from .. import supports
from ..access import links
from ..actor import Actor
from ..models import Answer, Assignment, Attachment, Case, CaseInteraction, Event, Rejection
from ..states import ANYWHERE, STAFF, Rule, State, Way, Who
from ..transition import Change, leaves_sight, transition
from . import accept, answer, assign, classify, close, extend, hand_back, reassign, recall, reject

RULE = Rule("undo", *(Way(from_=ANYWHERE, to=state, who=STAFF) for state in State))
# what a step ended for its citizen or an approver, or hid, comes back by an action of its own
LEFT_ALONE = ("asked_at", "drafted_at", "draft_returned_at", "duplicate_of", "confidential")


@dataclass(frozen=True)
class _WhoDidIt(Actor):
    """Acts in the capacity in which the step was done: it may have cost them just that."""

    capacity: Who | None = None

    def capacities(self, case: Case | None = None) -> frozenset[Who]:
        return frozenset({self.capacity}) if self.capacity and self.user and self.user.is_active else frozenset()


def offered(case: Case, *, to: User, at: datetime) -> Event | None:
    """The step that this person may take back now; None: there is none."""
    event = Event.objects.filter(case=case, seq=case.events_count).select_related("case").first()
    return event if event is not None and not why_not(event, by=to, at=at) else None


def why_not(event: Event, *, by: User, at: datetime) -> str:
    """Say why this step can't be taken back by this person; empty: it can."""
    is_one = settings.UNDO_SECONDS > 0 and event.user_id == by.pk and event.action in _UNDOABLE
    if not is_one or any(name in event.changed for name in LEFT_ALONE):
        return _("Bước này không hoàn tác được.")
    if event.case.has_duplicates and event.action not in _OF_ONE_ALONE:
        return _("Phiếu khác ghép vào phiếu này nên bước này không hoàn tác được.")
    if event.action in _TELLS and (event.case.urgent or event.case.in_danger):
        return _("Phiếu khẩn thì người dân được báo ngay, bước này không hoàn tác được.")
    if at - event.happened_at > timedelta(seconds=settings.UNDO_SECONDS):
        return _("Đã quá {seconds} giây, không hoàn tác được nữa.").format(seconds=settings.UNDO_SECONDS)
    return ""


def undo(event: Event, *, by: Actor, at: datetime) -> Case:
    """Put the case back as it stood before this step. What was written in it stays to be read in the history.

    Raises:
        ActionRefused: it isn't the last step, somebody else's or none that can be taken back; it is too late; its citizen has
            been told.
    """
    assert by.user is not None
    who = _WhoDidIt(who=None, user=by.user, channel=by.channel, capacity=Who(event.capacity))
    with transition(event.case, RULE, by=who, at=at) as change:
        event.case = change.case  # as it is by now: another may have been merged into it since
        if why := why_not(event, by=by.user, at=at):
            change.refuse(why)
        if change.case.events_count != event.seq:
            change.refuse(_("Phiếu đã có bước khác sau đó, không hoàn tác được nữa."))
        if CaseInteraction.objects.filter(case=change.case, event=event).exists():
            change.refuse(_("Người dân đã được báo, không hoàn tác được nữa."))
        was_untaken = change.case.untaken
        change.leads_to(State(event.state_before))
        for name, before in _columns_before(event).items():
            change.set(**{name: before})
        supports.ask_again(change.case, ended_at=event.happened_at)
        if not was_untaken:  # whoever is on duty was told that somebody has it in hand
            change.ring_on_duty()
        change.add_remark(_UNDOABLE[event.action](change, event))
        change.record(undoes=event.seq)
        leaves_sight()
    return change.case


def words_taken_back(case: Case, *, action: str, by: User) -> str:
    """What this person wrote in the step that they have just taken back, to be written anew; empty: there is none."""
    last = Event.objects.filter(case=case, seq=case.events_count, action=RULE.action, user=by).first()
    if last is None or not Event.objects.filter(case=case, seq=last.changed["undoes"], action=action).exists():
        return ""
    return last.remark.text if hasattr(last, "remark") else ""


def is_undone(event: Event) -> bool:
    """Whether this step was taken back."""
    return Event.objects.filter(case=event.case_id, action=RULE.action, changed__undoes=event.seq).exists()


def _columns_before(event: Event) -> dict[str, Any]:
    """What the columns held that this step changed, by the names of the attributes."""
    found: dict[str, Any] = {}
    columns: dict[str, Field[Any, Any]] = {column.name: column for column in Case._meta.concrete_fields}
    for name, values in event.changed.items():
        if name in columns and isinstance(values, list):
            column, before = columns[name], values[0]
            is_span = isinstance(column, DurationField) and before is not None
            found[column.attname] = timedelta(seconds=before) if is_span else column.to_python(before)
    return found


# --- what a step wrote beside the case: taken back, and its words handed on ----------------------------------------------


def _nothing_beside(change: Change, event: Event) -> str:
    return ""


def _assigned(change: Change, event: Event) -> str:
    """It never was with that agency; whoever had it before has it again."""
    assert event.assignment is not None
    given = event.assignment
    words, given.note, given.ended_at = given.note, "", event.happened_at
    given.save(update_fields=["note", "ended_at"])
    if "lead" in event.changed and event.changed["lead"][0] is not None:
        former = (
            Assignment.objects.filter(case=change.case, ended_at=event.happened_at).exclude(pk=given.pk).latest("pk")
        )
        former.ended_at = None
        former.save(update_fields=["ended_at"])
    return words


def _accepted(change: Change, event: Event) -> str:
    assert event.assignment_id is not None
    before: dict[str, None] = {"accepted_at": None, "accepted_by": None}
    if "handler" in event.changed:
        before["handler"] = None
    Assignment.objects.filter(pk=event.assignment_id).update(**before)
    return ""


def _given_up(change: Change, event: Event) -> str:
    assert event.assignment is not None
    words = event.assignment.end_reason
    Assignment.objects.filter(pk=event.assignment.pk).update(ended_at=None, end_reason="", competent=None)
    return words


def _answered(change: Change, event: Event) -> str:
    """Nobody was told of it: its files go, its words are the history's."""
    assert event.answer_id is not None
    given = Answer.objects.get(pk=event.answer_id)
    files = Attachment.objects.filter(answer=given)
    for name in files.values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    files.delete()
    Answer.objects.filter(pk=given.pk).update(undone_at=event.happened_at, text="", search=None)
    return given.text


def _rejected(change: Change, event: Event) -> str:
    rejection = Rejection.objects.get(case=change.case)
    rejection.delete()
    return rejection.reason


def _closed(change: Change, event: Event) -> str:
    links.open_again(change.case, at=event.happened_at)
    return ""


_TELLS = {each.RULE.action for each in (answer, assign, extend, reassign, reject) if each.RULE.notifies}
_OF_ONE_ALONE = {each.RULE.action for each in (accept, assign, classify, hand_back, reassign, recall)}
_UNDOABLE: dict[str, Callable[[Change, Event], str]] = {
    accept.RULE.action: _accepted,
    answer.RULE.action: _answered,
    assign.RULE.action: _assigned,
    classify.RULE.action: _nothing_beside,
    close.RULE.action: _closed,
    extend.RULE.action: _nothing_beside,
    hand_back.RULE.action: _given_up,
    reassign.RULE.action: _assigned,
    recall.RULE.action: _given_up,
    reject.RULE.action: _rejected,
}
