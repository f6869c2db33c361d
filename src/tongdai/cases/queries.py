"""The read side, and the one place that says what a person may see (docs/personal-data.md).

Every face asks here: lists, search, figures, live updates, attachments, the citizen's pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tongdai.accounts.models import User
from tongdai.accounts.rights import (
    ANSWERS_FOR_AGENCY,
    APPROVES_FOR_AGENCY,
    BELONGS_TO_AGENCY,
    INSPECTS_DENUNCIATIONS,
    READS_NUMBERS,
    SEES_ALL_BUT_CONFIDENTIAL,
)
from tongdai.people.models import Contact
from tongdai.platform.clock import now

from . import standing, supports
from .access import secrecy, senders
from .history import GIVING
from .models import UNTAKEN, Answer, Assignment, Attachment, Case, DraftFile, Event
from .states import INBOX, OPEN, WITH_AGENCY, State
from .triage.judgement import of_a_case

EVERY = Q()  # a condition that all cases meet


def may_see(user: User) -> Q:
    """The condition on a case under which this member of staff may see it."""
    if not user.is_active:
        return Q(pk__in=[])
    return (Q(confidential=False) & _ordinary(user)) | (Q(confidential=True) & secrecy.may_know(user))


def _ordinary(user: User) -> Q:
    if user.role in SEES_ALL_BUT_CONFIDENTIAL:
        return Q()
    if user.role in ANSWERS_FOR_AGENCY and user.agency_id:
        return Q(lead=user.agency_id)
    return Q(pk__in=[])


def visible_cases(user: User) -> QuerySet[Case]:
    """Every case this member of staff may see: an agency its own; a denunciation those who may know (`secrecy`)."""
    return Case.objects.filter(may_see(user))


def visible_by_number(user: User) -> QuerySet[Case]:
    """Cases that this person may look for by a telephone number: those whose number they may read.

    Who denounced is for the inspectorate to know: a body that resolves the denunciation doesn't find it by their number,
    whether or not they have agreed to be named since. Nor does an agency find one whose topic hides who sent it.
    """
    if user.role not in READS_NUMBERS:
        return Case.objects.none()
    seen = visible_cases(user).exclude(senders.hidden_from(user))
    return seen if user.role in INSPECTS_DENUNCIATIONS else seen.filter(confidential=False)


def visible_case(user: User, code: str) -> Case:
    """One case by its code, with the name of who works on it (`handler_name`), and whether they have left (`handler_left`).

    To an agency also one that follows a case of its own, for its words say more of the matter, and one that it helps with.

    Raises:
        Case.DoesNotExist: there is none, or not for these eyes; the two are told apart by nobody.
    """
    shown = openable_cases(user).select_related("lead", "topic", "place", "contact", "duplicate_of")
    return shown.annotate(handler_name=Subquery(_HANDLED.values("handler__full_name")), handler_left=_LEFT).get(
        code=code
    )


_HANDLED = Assignment.objects.filter(case=OuterRef("pk"), ended_at=None, handler__isnull=False)
_LEFT = Exists(_HANDLED.filter(~Q(handler__agency=F("agency")) | Q(handler__is_active=False)))


def openable_cases(user: User) -> QuerySet[Case]:
    """The cases that this person may open, though not all of them stand in their lists."""
    may = may_see(user)
    if user.is_active and user.role in ANSWERS_FOR_AGENCY and user.agency_id:
        may |= Q(confidential=False, duplicate_of__lead=user.agency_id, duplicate_of__confidential=False)
        may |= Q(Exists(supports.of_agency(user).filter(case=OuterRef("pk"))))
    return Case.objects.filter(may)


def mergeable_case(code: str) -> Case | None:
    """The case with this code, for a coordinator to look at before another is merged into it; None: none that isn't secret."""
    shown = Case.objects.select_related("lead", "place", "duplicate_of")
    return shown.filter(code=code, confidential=False).first()


def merged_into(user: User, case: Case) -> list[Case]:
    """Those that follow this case, the oldest first; to whoever may open it."""
    if not case.has_duplicates:
        return []
    theirs = openable_cases(user).filter(duplicate_of=case.pk).select_related("place")
    return list(theirs.order_by("received_at", "pk"))


def with_followers(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with how many follow it (`followers`)."""
    number = Case.objects.filter(duplicate_of=OuterRef("pk")).order_by().values("duplicate_of")
    counted = Subquery(number.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return cases.annotate(followers=Coalesce(counted, 0))


def written_down_case(user: User, code: str, *, at: datetime) -> Case:
    """A case that this person has just written down, for its code and deadline to be read out: also one they may not open.

    Raises:
        Case.DoesNotExist: there is none, somebody else wrote it down, or the call is long over.
    """
    return Case.objects.get(code=code, events__seq=1, events__user=user, received_at__gt=at - READ_OUT_WITHIN)


def earlier_cases(user: User, contact: Contact | None) -> QuerySet[Case]:
    """What this number has brought before, newest first, as shown to whoever talks with it now.

    Only cases it is proven for: somebody else may have typed it into a form.
    """
    theirs = visible_cases(user).filter(contact=contact, contact__isnull=False, number_proven_at__isnull=False)
    return theirs.select_related("lead").order_by("-received_at")


def visible_ids(user: User, ids: Iterable[int]) -> list[int]:
    """Of these case ids those that the viewer may know of: the filter of the live stream."""
    return list(openable_cases(user).filter(pk__in=list(ids)).values_list("pk", flat=True))


def may_open(user: User, case: Case) -> bool:
    """Whether this person may open the case, as it is by now."""
    return openable_cases(user).filter(pk=case.pk).exists()


def visible_attachment(user: User, attachment_id: int) -> Attachment:
    """Raises Attachment.DoesNotExist unless the viewer may see the case it belongs to."""
    return Attachment.objects.select_related("case").get(pk=attachment_id, case__in=openable_cases(user))


def visible_draft_file(user: User, file_id: int) -> DraftFile:
    """A file of a draft, for the staff; its citizen has no way to one.

    Raises:
        DraftFile.DoesNotExist: there is none, or the viewer may not see the case it belongs to.
    """
    return DraftFile.objects.select_related("draft__case").get(pk=file_id, draft__case__in=visible_cases(user))


def citizens_attachment(attachment_id: int) -> Attachment:
    """A file for the citizen of its case; the caller asks whether they are. What a correction left out is theirs no more.

    Raises:
        Attachment.DoesNotExist: there is none, or no answer that holds now has it.
    """
    found = Attachment.objects.select_related("case", "answer").get(pk=attachment_id)
    if found.answer is not None and is_replaced(found.answer):
        raise Attachment.DoesNotExist
    return found


def is_replaced(answer: Answer) -> bool:
    """Whether other words stand in place of these by now."""
    later = Answer.objects.filter(case=answer.case_id, corrects=answer.corrects_id or answer.pk, pk__gt=answer.pk)
    return later.exists()


def views_of(user: User) -> dict[str, Q]:
    """The desk's views that make sense for this role, in the order they are shown; name → condition."""
    at = now()
    handled = Assignment.objects.filter(handler=user.pk, ended_at=None).values("case")
    officer = {
        "to_accept": Q(state=State.ASSIGNED) & standing.NOT_DRAFTED & standing.NOT_MERGED,
        "mine": Q(pk__in=handled, state__in=WITH_AGENCY),
        "to_mend": Q(draft_returned_at__isnull=False),
        "in_progress": Q(state=State.IN_PROGRESS) & standing.NOT_WAITING & standing.NOT_DRAFTED & standing.NOT_MERGED,
        "to_approve": standing.DRAFTED,
        SUPPORTING: Q(pk__in=supports.asked_of(user).values("case")),
        "waiting": standing.WAITING,
        "soon": standing.due_soon(at=at),
        "late": standing.overdue(at=at),
        "answered": Q(state__in=[State.ANSWERED, State.CLOSED], answered_at__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
        ALL: Q(),
    }
    coordinator = {
        "inbox": Q(state__in=INBOX) & standing.NOT_MERGED,
        "urgent": Q(state__in=OPEN, urgent=True) & standing.NOT_MERGED,
        "handed_back": Q(state=State.HANDED_BACK) & standing.NOT_MERGED,
        "soon": officer["soon"],
        "late": officer["late"],
        "with_agencies": Q(state__in=WITH_AGENCY) & standing.NOT_WAITING & standing.NOT_MERGED,
        "drafted": standing.DRAFTED,
        "waiting": standing.WAITING,
        "answered": officer["answered"],
        "withdrawn": officer["withdrawn"],
        "merged": Q(duplicate_of__isnull=False),
        ALL: Q(),
    }
    if user.role in APPROVES_FOR_AGENCY:
        return {"to_approve": officer["to_approve"]} | officer
    return officer if user.role in BELONGS_TO_AGENCY else coordinator


ALL = "all"
SUPPORTING = "to_support"  # what another agency leads and this one helps with: in no other view
OVER_VIEWS = frozenset(
    {"answered", "withdrawn", "merged"}
)  # of cases that nobody need work on, the newest first; not counted
UNCOUNTED = OVER_VIEWS | {ALL}
READ_OUT_WITHIN = timedelta(minutes=30)  # a call, and the line or two that are written after it


def inbox(user: User, view: str = "", *, narrowed: Q = EVERY) -> QuerySet[Case]:
    """The cases of one view, urgent first, then by the clock that runs out first; of all cases the newest first.

    What one helps with stands by the day it is asked for.

    `narrowed`: a further condition (`search.filters`); of those the viewer may see, it never adds any.

    Raises:
        KeyError: this role has no such view.
    """
    views = views_of(user)
    name = view or next(iter(views))
    if name == SUPPORTING:
        return _asked_to_help(user).filter(narrowed)
    cases = visible_cases(user).filter(views[name], narrowed).select_related("place", "topic", "lead")
    if name in OVER_VIEWS:
        return cases.order_by(f"-{name}_at", "-pk")
    if name == ALL:
        return cases.order_by("-received_at", "-pk")
    return cases.order_by("-urgent", standing.RUNS_OUT, "pk")


def _asked_to_help(user: User) -> QuerySet[Case]:
    """Cases that others lead and this person's agency is asked to help with, by the day it is asked for.

    `support_asked`, `support_due`: since and until when.
    """
    theirs = supports.asked_of(user).filter(case=OuterRef("pk"))
    cases = openable_cases(user).filter(pk__in=supports.asked_of(user).values("case"))
    return (
        cases.select_related("place", "topic", "lead")
        .annotate(support_asked=Subquery(theirs.values("asked_at")), support_due=Subquery(theirs.values("due_at")))
        .order_by("support_due", "pk")
    )


def counts(user: User, others: Mapping[str, Q] | None = None) -> dict[str, int]:
    """How many cases stand in each view, in one query over the open cases' partial index, and one over what one helps with.

    `others`: conditions by a name that is no view's; of each the open cases are counted, in the same query.
    """
    views = views_of(user)
    open_views = {name: cond for name, cond in views.items() if name not in UNCOUNTED} | dict(others or {})
    open_views.pop(SUPPORTING, None)
    counted = {f"in_{n}": Count("pk", filter=cond) for n, cond in enumerate(open_views.values())}
    found = visible_cases(user).filter(standing.NOT_MERGED, state__in=OPEN).aggregate(**counted)
    numbers = {name: found[f"in_{n}"] for n, name in enumerate(open_views)}
    return numbers | ({SUPPORTING: supports.asked_of(user).count()} if SUPPORTING in views else {})


def number_of(cases: QuerySet[Case], *, most: int) -> int:
    """How many these are; beyond `most` they are not counted on: it says one more."""
    return cases.order_by().values("pk")[: most + 1].count()


def numbers_of(lists: Sequence[QuerySet[Case]], *, most: int) -> list[int]:
    """The same of several lists, in one query."""
    if not lists:
        return []
    marked = [cases.order_by().annotate(which=Value(n)).values_list("which")[:most] for n, cases in enumerate(lists)]
    first, *rest = marked
    found = [which for (which,) in (first.union(*rest, all=True) if rest else first)]
    return [found.count(n) for n in range(len(lists))]


def untaken(*, before: datetime) -> QuerySet[Case]:
    """Urgent cases received before a moment that nobody has taken up, the longest waiting first."""
    return Case.objects.filter(UNTAKEN, received_at__lt=before).order_by("received_at", "pk")


@dataclass(frozen=True)
class Status:
    """What anybody who has the code may know: nothing of what was written."""

    code: str
    state: State
    agency: str
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    in_danger: bool = False  # who is on duty is being rung: no date is promised
    taken_at: datetime | None = None  # when who is on duty took it up
    promises_date: bool = True  # not to whoever may be in danger themselves, rung or not
    waits_until: datetime | None = None  # the city waits for its citizen's reply; None: it doesn't
    withdrawn: bool = False  # its citizen wished it to end; of a denunciation it isn't told
    merged: bool = False  # others report the same matter, and one of their cases leads this one


def status_by_code(code: str) -> Status | None:
    """State, agency, deadline of a case; None if there is no such code. A confidential case names no agency."""
    case = Case.objects.select_related("lead", "duplicate_of__lead").filter(code=code).first()
    return None if case is None else status_of(case)


def status_of(case: Case) -> Status:
    """The same of a case in hand. One that is merged stands where its main case does, with the deadline it was promised itself."""
    main = case.duplicate_of if case.state in OPEN else None
    lead = main.lead if main else case.lead
    agency = lead.name if lead and not case.confidential else ""
    in_danger = case.in_danger and case.state in OPEN
    is_over = case.state not in OPEN
    return Status(
        code=case.code,
        state=State(main.state if main and main.state in OPEN else case.state),
        agency=agency,
        received_at=case.received_at,
        due_at=case.due_at,
        answered_at=last_answered_at(case) if is_over else None,
        in_danger=in_danger,
        taken_at=case.taken_at,
        waits_until=case.waits_until,
        withdrawn=case.withdrawn_at is not None and not case.confidential,
        merged=main is not None,
        promises_date=is_over or promises_date(case),
    )


def last_answered_at(case: Case) -> datetime | None:
    """When the city answered last; None: never."""
    if case.reopened_at is None:
        return case.answered_at
    last = case.answers.filter(corrects=None).order_by("-pk").first()  # corrected, it is the same answer
    return last.answered_at if last else None


def promises_date(case: Case) -> bool:
    """Whether its citizen is told a date: not while a life is in danger, and not where it may be their own.

    A date would say to somebody who is being beaten that help comes in six days.
    """
    return not (case.in_danger or of_a_case(case.text, case.danger_level, case.danger_kind).own_life)


def citizens_case(code: str) -> Case:
    """The whole case for its citizen; the caller has a proof in hand (`cases.access.proofs`).

    Raises:
        Case.DoesNotExist: no such code.
    """
    return Case.objects.select_related("lead", "topic", "place", "contact", "duplicate_of__lead").get(code=code)


@dataclass(frozen=True)
class DayFigures:
    """How much came in and was answered since `since`, counted at `until`."""

    since: datetime
    until: datetime
    received: int
    answered: int


def figures_between(since: datetime, until: datetime) -> DayFigures:
    """Counts for everyone's eyes, [since, until]: cases received, and cases first answered, whenever received."""
    received = Case.objects.filter(received_at__gte=since, received_at__lte=until).count()
    answered = Event.objects.filter(
        action__in=GIVING, happened_at__gte=since, happened_at__lte=until, case__answered_at=F("happened_at")
    ).count()
    return DayFigures(since, until, received, answered)
