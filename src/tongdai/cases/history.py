"""A case's history as data: what was done with it, and what went out about it.

Both timelines, the staff's and the citizen's, are drawn from this; how a step reads and who may read it is the faces' own
business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongdai.accounts.models import User
from tongdai.directory.models import Agency
from tongdai.people.models import Interaction

from .models import Answer, Assignment, Attachment, Case, Event, Rejection
from .states import Who

_ROWS = (
    "user",
    "agency",
    "interaction",
    "assignment__agency",
    "assignment__competent",
    "answer__agency",
    "answer__author",
    "remark",
)


@dataclass(frozen=True)
class Step:
    """One action that was done with a case, and the rows that hold its words.

    `agency`: of who did it. `remark`: words that have no other row. `changed`: ids and codes, before and
    after, as the event holds them. `is_first`: no step of
    this action came before.
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
    changed: Mapping[str, Any] = field(default_factory=dict)

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
    """Everything that was done with the case, in order. Three queries, however long it is."""
    rejection = Rejection.objects.filter(case=case).first()
    photos: dict[int | None, list[Attachment]] = {}
    for photo in Attachment.objects.filter(case=case).order_by("pk"):
        photos.setdefault(photo.interaction_id, []).append(photo)
    steps: list[Step] = []
    for event in Event.objects.filter(case=case).select_related(*_ROWS).order_by("seq"):
        first = all(step.action != event.action for step in steps)
        came_with = photos.pop(event.interaction_id, []) if event.interaction_id or event.action == "register" else []
        steps.append(_step(event, case, rejection, is_first=first, photos=tuple(came_with)))
    return steps


def step_of(event: Event) -> Step:
    """One event as a step, without its photos: what a notification is written from."""
    return _step(event, event.case, getattr(event.case, "rejection", None))


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
    photos: tuple[Attachment, ...] = (),
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
        photos=photos,
        changed=event.changed,
    )
