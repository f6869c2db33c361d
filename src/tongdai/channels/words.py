"""What a citizen is told when something happened to their case: a clerk's sentence, in their language.

A number that is not proven for the case hears what anybody may know who has the code: somebody may have mistyped it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.lifecycle import RULES
from tongdai.cases.models import Answer, Case, Event
from tongdai.cases.triage.danger import Kind, whom_to_ring
from tongdai.cases.triage.judgement import judge
from tongdai.platform.vietnamese import hour_in_words, in_words

from .links import LINK


def words_of(event: Event) -> tuple[str, str] | None:
    """(the whole, the short notice) to tell for this event, or None where the citizen need not be told.

    Both are the same, and hold no link, until the number is proven for this case.
    """
    tell = _TOLD.get(event.action)
    if tell is None:
        return None
    with override(event.case.language):
        return tell(event)


def _received(event: Event) -> tuple[str, str]:
    case = event.case
    if case.in_danger:
        said = _("1022 đã nhận phiếu {code}. Người trực của thành phố đang được gọi.").format(code=spoken(case.code))
        said = _linked(case, said)
        # a number that was only typed may be anybody's: it isn't told what kind of danger it is
        notice = f"{whom_to_ring(None)} {said}"
        if case.number_proven_at is None:
            return notice, notice
        return f"{whom_to_ring(Kind(case.danger_kind) if case.danger_kind else None)} {said}", notice
    said = _("1022 đã nhận phiếu {code}. Hạn trả lời: {due}.").format(code=spoken(case.code), due=in_words(case.due_at))
    said = _linked(case, said)
    # whoever holds the number may not be who wrote: the numbers alone, and not for what
    return said, f"{whom_to_ring(None)} {said}" if judge(case.text).shown else said


def _linked(case: Case, said: str) -> str:
    """With the link after it, if the number is proven."""
    return _("{what} Xem phiếu: {link}").format(what=said, link=LINK) if case.number_proven_at else said


def _proven(event: Event) -> tuple[str, str]:
    said = _("Số của bạn đã được xác nhận cho phiếu {code}.").format(code=spoken(event.case.code))
    said = _linked(event.case, said)
    return said, said


def _assigned(event: Event) -> tuple[str, str]:
    case = event.case
    agency = event.assignment.agency.name if event.assignment and _may_name_agency(case) else ""
    agency = agency or _("cơ quan có trách nhiệm")
    if case.in_danger:
        said = _("Phiếu {code} đã chuyển đến {agency}.").format(code=spoken(case.code), agency=agency)
        return said, said
    said = _("Phiếu {code} đã chuyển đến {agency}. Hạn trả lời: {due}.").format(
        code=spoken(case.code), agency=agency, due=in_words(case.due_at)
    )
    return said, said


def _answered(event: Event) -> tuple[str, str]:
    case, answer = event.case, event.answer or Answer()
    agency = answer.agency.name if answer.agency else _("Tổng đài 1022")
    code = spoken(case.code)
    brief = _("{agency} đã trả lời phiếu {code}.").format(agency=agency, code=code)
    if not _may_name_agency(case):
        brief = _("Phiếu {code} đã có câu trả lời.").format(code=code)
    whole = _("{agency} trả lời phiếu {code}: {text}").format(agency=agency, code=code, text=answer.text)
    return _whole_and_notice(case, whole, brief)


def _rejected(event: Event) -> tuple[str, str]:
    case = event.case
    rejection = case.rejection
    whole = _("1022 không xử lý được phiếu {code} vì {ground}. {reason}").format(
        code=spoken(case.code), ground=rejection.get_ground_display(), reason=rejection.reason
    )
    return _whole_and_notice(case, whole, _("Phiếu {code} đã có kết quả.").format(code=spoken(case.code)))


def _whole_and_notice(case: Case, whole: str, brief: str) -> tuple[str, str]:
    """Of a denunciation never the words: whoever holds the phone reads the text."""
    if case.number_proven_at is None:
        return brief, brief
    notice = _("{what} Xem tại {link}").format(what=brief, link=LINK)
    return (notice if case.confidential else whole), notice


def _raised(event: Event) -> tuple[str, str]:
    """Somebody, or the second look, saw more danger in it than was seen at first."""
    case = event.case
    said = _("Phiếu {code}: người trực của thành phố đang được gọi.").format(code=spoken(case.code))
    if case.confidential:  # nobody on duty may know of it
        said = _("Phiếu {code} đang được xử lý. Hạn trả lời: {due}.").format(
            code=spoken(case.code), due=in_words(case.due_at)
        )
    notice = f"{whom_to_ring(None)} {said}"
    if case.number_proven_at is None:
        return notice, notice
    return f"{whom_to_ring(Kind(case.danger_kind) if case.danger_kind else None)} {said}", notice


def _may_name_agency(case: Case) -> bool:
    return not case.confidential


def _taken(event: Event) -> tuple[str, str]:
    said = _("Phiếu {code}: người trực của thành phố đã nhận việc lúc {at}.").format(
        code=spoken(event.case.code), at=hour_in_words(event.happened_at)
    )
    return said, said


_TOLD = {
    "register": _received,
    "assign": _assigned,
    "answer": _answered,
    "reject": _rejected,
    "raise_danger": _raised,
    "take_duty": _taken,
    "prove_number": _proven,
}
assert {*_TOLD} == {rule.action for rule in RULES if rule.notifies}, "each action that notifies has its words here"
