"""Ask a case's citizen for more: the city can't go on without it, and the answer clock stands until they reply."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people import toll
from tongdai.people.purposes import Purpose

from .. import waiting
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule(
    "ask",
    Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD, Who.COORDINATOR}),
    notifies=Purpose.ANSWER,  # it goes before receipts, and is read out where no text arrives: somebody waits for it
)


def why_not(case: Case) -> str:
    """Say why the citizen of this case can't be asked, whatever the state it is in; empty: they can."""
    if case.waits:
        return _("Phiếu đang chờ người dân trả lời câu hỏi trước. Không cần chờ nữa thì bấm “Xử lý tiếp”, rồi hỏi lại.")
    if case.drafted_at is not None:
        return _("Một dự thảo trả lời đang chờ duyệt. Còn thiếu điều gì thì rút hoặc trả lại dự thảo trước, rồi hỏi.")
    if case.in_danger:
        return _("Phiếu có người đang nguy hiểm: hãy gọi ngay, không chờ trả lời bằng tin nhắn.")
    if case.untaken:
        return _("Phiếu khẩn chưa có ai nhận: hãy nhận việc trước, rồi mới hỏi thêm.")
    if case.contact is None:
        return _("Người gửi không để lại số điện thoại nên không hỏi thêm được. Hãy xử lý theo điều đã có.")
    if not toll.takes_texts(case.contact.phone):
        return _("Số của người gửi không nhận được tin nhắn. Hãy gọi hỏi, rồi ghi điều nghe được vào ghi chú.")
    return ""


def ask(case: Case, *, by: Actor, words: str, at: datetime) -> Case:
    """Put the question `words`; from now on the case waits for the reply, as many working days as its topic says.

    Raises:
        ActionRefused: the case is with no agency or isn't this actor's, it waits already, or its citizen can't be asked.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := why_not(change.case):
            change.refuse(why)
        change.set(**waiting.begun(change.case, at=at))
        change.add_remark(words)
    return change.case
