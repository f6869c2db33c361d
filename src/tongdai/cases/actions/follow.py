"""What is done with a main case is done with those that follow it: the answer, its correction, a rejection, a longer deadline.

Each is an action of its own on each of them, with its own event, words and job: its citizen is told by their own channel,
rates their own answer, and has it erased without the other's (ADR 51). It is done in the transaction of the main case's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tongdai.directory.models import Agency
from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..merging import followers
from ..models import Answer, Assignment, Attachment, Case, Rejection
from ..search.answer_words import vector
from ..states import OPEN, ActionRefused, Rule, State, Way, Who
from ..transition import transition

SYSTEM = frozenset({Who.SYSTEM})
ENDED = frozenset({State.ANSWERED, State.CLOSED})
ANSWER = Rule("answer", Way(from_=OPEN | ENDED, to=State.ANSWERED, who=SYSTEM), notifies=Purpose.ANSWER, merged="only")
CORRECT = Rule("correct", Way(from_=ENDED, to=None, who=SYSTEM), notifies=Purpose.ANSWER, merged="only")
REJECT = Rule("reject", Way(from_=OPEN, to=State.REJECTED, who=SYSTEM), notifies=Purpose.ANSWER, merged="only")
EXTEND = Rule("extend", Way(from_=OPEN, to=None, who=SYSTEM), notifies=Purpose.RECEIPT, merged="only")
RULES = (ANSWER, CORRECT, REJECT, EXTEND)


def last_answer(case: Case) -> Answer | None:
    """Return the case's last answer in the words that hold now; None where there is none."""
    return Answer.objects.filter(case=case).select_related("corrects").order_by("-pk").first()


def answer_all(main: Case, given: Answer, *, at: datetime) -> None:
    """Give the main case's answer to all who follow it; one given after it was reopened, too."""
    _each(main, lambda case: answer(case, given=given, lead=main.lead, at=at))


def answer(case: Case, *, given: Answer, lead: Agency | None, at: datetime) -> Case:
    """Give a main case's answer to one that follows it. From now on it is with the agency that answers for it, as the other is.

    Raises:
        ActionRefused: it follows none (any more), or was rejected.
    """
    with transition(case, ANSWER, by=Actor.system(), at=at) as change:
        own = _copy(given, of=change.case, at=at)
        files = _files(given)
        Attachment.objects.bulk_create(_row(each, own, at=at) for each in files)
        if lead != change.case.lead:
            Assignment.objects.filter(case=change.case, ended_at=None).update(ended_at=at)
        change.set(answered_at=change.case.answered_at or at, lead=lead)
        change.record(answer=own, files=len(files) or None)
    return change.case


def correct_all(main: Case, given: Answer, *, reason: str, at: datetime) -> None:
    """Put the corrected words in place of the last answer's for all who follow, with the files that stay or came."""
    _each(main, lambda case: _correct(case, given=given, reason=reason, at=at))


def reject_all(main: Case, rejection: Rejection, *, at: datetime) -> None:
    """Reject all who follow, on the same ground and with the same words."""
    _each(main, lambda case: _reject(case, rejection, at=at))


def extend_all(main: Case, *, reason: str, at: datetime) -> None:
    """Move the deadline of all who follow, where the main case's new one is later than theirs."""
    _each(main, lambda case: _extend(case, due_at=main.due_at, reason=reason, at=at))


def close_all(main: Case, do: Callable[..., Case], *, at: datetime) -> None:
    """Close all who follow; `do`: the action."""
    _each(main, lambda case: do(case, by=Actor.system(), at=at) if case.state != State.CLOSED else case)


def _each(main: Case, do: Callable[[Case], Case]) -> None:
    for case in followers(main):
        try:
            do(case)
        except ActionRefused:
            continue  # its citizen withdrew it, or it tells of danger, in this very second: it follows no more


def _correct(case: Case, *, given: Answer, reason: str, at: datetime) -> Case:
    with transition(case, CORRECT, by=Actor.system(), at=at) as change:
        last = last_answer(change.case)
        if last is None:
            change.refuse("")
        own = _copy(given, of=change.case, at=at)
        own.corrects = last.corrects or last
        own.save(update_fields=["corrects"])
        had = {each.file: each for each in _files(last)}
        files = _files(given)
        stay = [had[each.file].pk for each in files if each.file in had]
        Attachment.objects.filter(pk__in=stay).update(answer=own)
        Attachment.objects.bulk_create(_row(each, own, at=at) for each in files if each.file not in had)
        change.record(answer=own, files=len(files) or None, left_out=(len(had) - len(stay)) or None)
        change.add_remark(reason)
    return change.case


def _reject(case: Case, rejection: Rejection, *, at: datetime) -> Case:
    with transition(case, REJECT, by=Actor.system(), at=at) as change:
        Rejection.objects.create(
            case=change.case, ground=rejection.ground, reason=rejection.reason, by=rejection.by, rejected_at=at
        )
        change.record(ground=rejection.ground)
    return change.case


def _extend(case: Case, *, due_at: datetime, reason: str, at: datetime) -> Case:
    if due_at <= case.due_at:
        return case
    with transition(case, EXTEND, by=Actor.system(), at=at) as change:
        change.set(due_at=due_at)
        change.add_remark(reason)
    return change.case


def _copy(given: Answer, *, of: Case, at: datetime) -> Answer:
    return Answer.objects.create(
        case=of, agency_id=given.agency_id, author_id=given.author_id, text=given.text, answered_at=at,
        search=vector(given.text),
    )  # fmt: skip


def _files(given: Answer) -> list[Attachment]:
    return list(Attachment.objects.filter(case_id=given.case_id, answer=given).order_by("pk"))


def _row(file: Attachment, given: Answer, *, at: datetime) -> Attachment:
    """The same file of the storage, as one of this answer's: it stays there until no row names it any more."""
    return Attachment(
        case_id=given.case_id, answer=given, kind=file.kind, name=file.name, file=file.file, size=file.size,
        content_type=file.content_type, width=file.width, height=file.height, sha256=file.sha256, created_at=at,
    )  # fmt: skip
