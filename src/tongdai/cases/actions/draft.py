"""Draft an answer: where the topic demands an approver, they read it before its citizen does. The answer clock runs on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from .. import drafts
from ..actor import Actor
from ..models import Case, Draft, DraftFile
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition
from .answer import Attached, check_files

RULE = Rule("draft", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD}))


def draft(
    case: Case,
    *,
    by: Actor,
    text: str,
    at: datetime,
    attached: Sequence[Attached] = (),
    left_out: Collection[int] = (),
    seen: int | None = None,
) -> Case:
    """Hand in these words for approval, in place of a draft that came back; its files stay, but for those `left_out`.

    `seen`: the draft that came back, as whoever mends it had it before them.

    Raises:
        ActionRefused: the case isn't this actor's to answer, needs no approver or has none, a draft waits already, its
            citizen is asked, or nobody has taken it up; somebody else mended it meanwhile; as of an answer, its files are too
            many, or its topic demands one.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := drafts.why_none(change.case, by=by):
            change.refuse(why)
        former = drafts.current(change.case)
        if seen is not None and (former is None or former.pk != seen):
            change.refuse(_("Dự thảo vừa được người khác sửa. Xin xem lại rồi sửa tiếp nếu cần."))
        stay = [each for each in drafts.files_of(former) if each.pk not in left_out] if former else []
        check_files(change, number=len(stay) + len(attached))
        agency_id = by.user.agency_id if by.user else None
        new = Draft(case=change.case, agency_id=agency_id, author=by.user, text=text, drafted_at=at)
        drafts.replace(former, new, stay=stay, at=at)
        DraftFile.objects.bulk_create(
            DraftFile(**vars(each.stored), draft=new, kind=each.kind, name=each.name, created_at=at)
            for each in attached
        )
        change.set(drafted_at=at, draft_returned_at=None)
        change.record(draft=new.pk, files=len(stay) + len(attached) or None)
    return change.case
