"""The draft of an answer: where a topic demands it, an approver of the agency in charge reads it before its citizen does (ADR 49).

A draft waits for its approver (`Case.drafted_at`), or is back with the officers to be mended (`Case.draft_returned_at`);
another takes its place, an approver makes it the answer, or it ends with the case's stay at its agency. `transition` ends it,
whatever the action. Nothing of it reaches the citizen: words and files stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import APPROVES_FOR_AGENCY
from tongdai.platform import jobs

from .actor import Actor
from .models import Case, Draft, DraftFile
from .states import WITH_AGENCY, Who

DELETE_FILES = "privacy.erasure.delete_files"  # after the commit, and again where it was killed in between


def demanded(case: Case) -> bool:
    """Say whether an answer to this case needs an approver.

    None to a denunciation: it is told to as few as can be, and no approver may know of it (`access/secrecy.py`).
    """
    return case.topic is not None and case.topic.approval_required and not case.confidential


def is_under_way(case: Case) -> bool:
    """Say whether a draft waits for its approver, or for its officers to mend it."""
    return case.drafted_at is not None or case.draft_returned_at is not None


def why_no_answer(case: Case, *, by: Actor) -> str:
    """Say why this actor doesn't answer directly, or mend an answer, whatever the state; empty: an approver isn't needed."""
    if not demanded(case) or Who.APPROVER_OF_LEAD in by.capacities(case):
        return ""
    assert case.topic is not None
    if case.lead is None:
        why = _("Trả lời về “{topic}” phải có người duyệt của cơ quan chủ trì. Hãy chuyển phiếu cho cơ quan.")
    else:
        why = _("Trả lời về “{topic}” phải có người duyệt. Hãy bấm “Trình duyệt”: người duyệt đọc rồi mới gửi.")
    return why.format(topic=case.topic.name)


def why_none(case: Case, *, by: Actor) -> str:
    """Say why no draft can be handed in now by this actor, whatever the state; empty: one can."""
    if not demanded(case):
        return _("Phiếu này không cần người duyệt. Hãy trả lời ngay.")
    if case.drafted_at is not None:
        return _("Một dự thảo của phiếu này đang chờ duyệt. Rút dự thảo ấy lại trước, hoặc chờ người duyệt.")
    if case.waits:
        return _("Phiếu đang chờ người dân trả lời. Không cần chờ nữa thì bấm “Xử lý tiếp”, rồi trình duyệt.")
    if case.untaken:
        return _("Phiếu khẩn chưa có ai nhận: hãy nhận việc trước, rồi mới trình duyệt.")
    if not _approvers(case, but=by.user).exists():
        return _("Cơ quan chưa có người duyệt nào khác bạn. Hãy nhờ quản trị thêm người duyệt.")
    return ""


def current(case: Case) -> Draft | None:
    """Return the draft that waits for its approver or to be mended; None where there is none."""
    if not is_under_way(case):
        return None
    return Draft.objects.select_related("author", "agency", "returned_by").filter(case=case, ended_at=None).first()


def files_of(draft: Draft) -> list[DraftFile]:
    """Return what goes with this draft, as it is shown."""
    return list(DraftFile.objects.filter(draft=draft).order_by("pk"))


def give_back(draft: Draft, *, by: Actor, wanted: str, at: datetime) -> dict[str, Any]:
    """Give the draft back to the officers; return the columns of its case."""
    draft.returned_at, draft.returned_by, draft.wanted = at, by.user, wanted
    draft.save(update_fields=["returned_at", "returned_by", "wanted"])
    return {"drafted_at": None, "draft_returned_at": at}


def replace(former: Draft | None, new: Draft, *, stay: Sequence[DraftFile], at: datetime) -> None:
    """Write a draft in the place of the one that came back; those files that `stay` go over to it, the others go."""
    if former is not None:
        former.ended_at = at
        former.save(update_fields=["ended_at"])
    new.save()
    DraftFile.objects.filter(pk__in=[each.pk for each in stay]).update(draft=new)
    if former is not None:
        _delete_files(DraftFile.objects.filter(draft=former))


def is_over(case: Case) -> bool:
    """Say whether the case has left the agency that drafted: answered, withdrawn, handed back, recalled, made a secret, merged."""
    return is_under_way(case) and (case.state not in WITH_AGENCY or case.is_merged)


def ended(case: Case, *, at: datetime) -> dict[str, Any]:
    """End the case's draft, whose files go, and return the columns of the case. What became attachments is none of them."""
    _delete_files(DraftFile.objects.filter(draft__case=case))
    Draft.objects.filter(case=case, ended_at=None).update(ended_at=at)
    return {"drafted_at": None, "draft_returned_at": None}


def erase(case: Case) -> None:
    """Blank what the case's drafts say; there are no files by then, but should there be any, they go too."""
    _delete_files(DraftFile.objects.filter(draft__case=case))
    Draft.objects.filter(case=case).update(text="", wanted="")


def of_ids(case: Case, ids: Collection[int]) -> dict[int, Draft]:
    """Return these drafts of the case by their ids, in one query."""
    rows = Draft.objects.select_related("agency", "author").filter(case=case, pk__in=ids) if ids else []
    return {each.pk: each for each in rows}


def _approvers(case: Case, *, but: User | None) -> QuerySet[User]:
    found = User.objects.filter(role__in=APPROVES_FOR_AGENCY, agency=case.lead_id, is_active=True)
    return found.exclude(pk=but.pk) if but else found


def _delete_files(rows: QuerySet[DraftFile]) -> None:
    names = list(rows.values_list("file", flat=True))
    if names:
        rows.delete()
        jobs.defer(DELETE_FILES, names=names)
