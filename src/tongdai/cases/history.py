"""A case's history as data: what was done with it, and what went out about it.

Both timelines, the staff's and the citizen's, are drawn from this; how a step reads and who may read it is the faces' own
business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from tongdai.accounts.models import User
from tongdai.directory.models import Agency
from tongdai.people.models import Interaction

from . import drafts, supports
from .models import Answer, Assignment, Attachment, Case, Draft, Event, Rejection, Support
from .states import Who

GIVING = frozenset({"answer", "approve"})  # what answers a case
ANSWERING = GIVING | {"correct"}  # what gives an answer
SHOWN = Attachment.Kind.values  # in this order: what was before stands before what is after
_ROWS = (
    "user",
    "agency",
    "interaction",
    "assignment__agency",
    "assignment__competent",
    "answer__agency",
    "answer__author",
    "answer__approved_by",
    "remark",
)


@dataclass(frozen=True)
class Step:
    """One action that was done with a case, and the rows that hold its words.

    `agency`: of who did it. `remark`: words that have no other row. `changed`: ids and codes, before and
    after, as the event holds them. `is_first`: no step of this action came before. `photos`, `documents`: that came with its
    words, or went with its answer. `corrected_at`: when other words took the place of this answer's. `undone`: whoever
    did it took it back. `draft`: that was handed in, approved or given back; for the staff alone. `handler`: to whom it was
    delegated. `support`: what another agency is asked for, or how that ended.
    """

    case: Case
    action: str
    at: datetime
    capacity: Who
    channel: str
    user: User | None
    agency: Agency | None
    interaction: Interaction | None
    assignment: Assignment | None
    answer: Answer | None
    rejection: Rejection | None
    remark: str = ""
    is_first: bool = True
    photos: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    corrected_at: datetime | None = None
    undone: bool = False
    changed: Mapping[str, Any] = field(default_factory=dict)
    draft: Draft | None = None
    handler: User | None = None
    support: Support | None = None

    @property
    def who(self) -> str:
        """The name of the member of staff who did it; empty: the citizen, or the house itself."""
        return self.user.full_name if self.user else ""

    @property
    def lead(self) -> str:
        """The agency the case was given to, or taken from; empty if none."""
        return self.assignment.agency.name if self.assignment else ""

    @property
    def citizens_words(self) -> str:
        """What its citizen said with it."""
        return self.interaction.body if self.interaction else ""

    @property
    def deadline_change(self) -> tuple[datetime, datetime] | None:
        """The citizen's deadline before and after, if it moved."""
        due = self.changed.get("due_at")
        return (datetime.fromisoformat(due[0]), datetime.fromisoformat(due[1])) if due else None

    @property
    def waits_until(self) -> datetime | None:
        """Until when the city waits for its citizen's reply, as it was said when they were asked."""
        ends = self.changed.get("waits_until")
        return datetime.fromisoformat(ends[1]) if ends and ends[1] else self.case.waits_until


def history(case: Case) -> list[Step]:
    """Everything that was done with the case, in order.

    Three queries, however long it is; one more where there are drafts, one where it was delegated, one where others help.
    """
    rejection = Rejection.objects.filter(case=case).first()
    came: dict[int | None, list[Attachment]] = {}
    went: dict[int | None, list[Attachment]] = {}
    for each in Attachment.objects.filter(case=case).order_by("pk"):
        row = (
            came.setdefault(each.interaction_id, []) if each.answer_id is None else went.setdefault(each.answer_id, [])
        )
        row.append(each)
    steps: list[Step] = []
    events = list(Event.objects.filter(case=case).select_related(*_ROWS).order_by("seq"))
    undone = {event.changed.get("undoes") for event in events}
    drafted = drafts.of_ids(case, {event.changed["draft"] for event in events if "draft" in event.changed})
    given = {event.changed["handler"] for event in events if event.action == "delegate"}
    handlers = User.objects.in_bulk(given) if given else {}
    helped = supports.of_ids(case, {event.changed["support"] for event in events if "support" in event.changed})
    for event in events:
        first = all(step.action != event.action for step in steps)
        files = came.pop(event.interaction_id, []) if event.interaction_id or event.action == "register" else []
        files += went.pop(event.answer_id, []) if event.answer_id else []
        step = _step(event, case, rejection, is_first=first, files=files, undone=event.seq in undone)
        draft, handler = event.changed.get("draft", 0), event.changed.get("handler", 0)
        support = helped.get(event.changed.get("support", 0))
        steps.append(replace(step, draft=drafted.get(draft), handler=handlers.get(handler), support=support))
    return _with_corrections(steps)


def step_of(event: Event) -> Step:
    """One event as a step, with what went with its answer: what a notification is written from."""
    given = event.answer if event.action in ANSWERING else None
    files = list(given.attachments.filter(case=event.case_id).order_by("pk")) if given else []
    return _step(event, event.case, getattr(event.case, "rejection", None), files=files)


def _with_corrections(steps: list[Step]) -> list[Step]:
    """Each answer knows when it was corrected."""
    before: int | None = None
    for at, step in enumerate(steps):
        if step.action == "correct" and before is not None:
            steps[before] = replace(steps[before], corrected_at=step.at)
        if step.action in ANSWERING:
            before = at
    return steps


def said_by_others(case: Case) -> list[Event]:
    """Return what the citizens of the cases that follow this one said since, in order: it is about the same matter."""
    if not case.has_duplicates or case.confidential:
        return []
    since = Event.objects.filter(case__duplicate_of=case, action="join", happened_at__gte=F("case__merged_at"))
    return list(since.select_related("case", "interaction").order_by("happened_at", "pk"))


def sent_about(case: Case) -> QuerySet[Interaction]:
    """What went out about the case, in order: to its citizen, and to whoever is on duty."""
    sent = Interaction.objects.filter(case_link__case=case, direction=Interaction.Direction.OUT)
    return sent.order_by("happened_at", "case_link__pk")


def _step(
    event: Event,
    case: Case,
    rejection: Rejection | None,
    *,
    is_first: bool = True,
    files: Sequence[Attachment] = (),
    undone: bool = False,
) -> Step:
    return Step(
        case=case,
        action=event.action,
        at=event.happened_at,
        capacity=Who(event.capacity),
        channel=event.channel,
        user=event.user,
        agency=event.agency,
        interaction=event.interaction,
        assignment=event.assignment,
        answer=event.answer,
        rejection=rejection,
        remark=event.remark.text if hasattr(event, "remark") else "",
        is_first=is_first,
        photos=tuple(sorted((each for each in files if not each.is_document), key=lambda each: SHOWN.index(each.kind))),
        documents=tuple(each for each in files if each.is_document),
        undone=undone,
        changed=event.changed,
    )
