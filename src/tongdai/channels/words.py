"""What a citizen is told when something happened to their case: a clerk's sentence, in their language."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.models import Answer, Case, Event
from tongdai.cases.moving import TOLD
from tongdai.cases.proofs import link_token
from tongdai.cases.triage.danger import Kind, whom_to_ring
from tongdai.platform.vietnamese import in_words


def words_of(event: Event) -> tuple[str, str] | None:
    """(the whole, the short notice) to tell for this event, or None where the citizen need not be told."""
    tell = _TOLD.get(event.deed)
    if tell is None:
        return None
    with override(event.case.language):
        return tell(event)


def link_of(case: Case) -> str:
    """The signed address of the case's page, as short as a text wants it."""
    return f"{settings.PUBLIC_URL}/p/{case.code}/{link_token(case.code)}/"


def _received(event: Event) -> tuple[str, str]:
    case = event.case
    if case.in_danger:
        said = _("1022 đã nhận phiếu {code}. Người trực của thành phố đang được gọi. Xem phiếu: {link}").format(
            code=spoken(case.code), link=link_of(case)
        )
        # a number that was only typed may be anybody's: it isn't told what kind of danger it is
        return (
            f"{whom_to_ring(Kind(case.danger_kind) if case.danger_kind else None)} {said}",
            f"{whom_to_ring(None)} {said}",
        )
    said = _("1022 đã nhận phiếu {code}. Hạn trả lời: {due}. Xem phiếu: {link}").format(
        code=spoken(case.code), due=in_words(case.due_at), link=link_of(case)
    )
    return said, said


def _assigned(event: Event) -> tuple[str, str]:
    case = event.case
    agency = event.assignment.agency.name if event.assignment else ""
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
    whole = _("{agency} trả lời phiếu {code}: {text}").format(agency=agency, code=spoken(case.code), text=answer.text)
    return whole, _notice(case, _("{agency} đã trả lời phiếu {code}.").format(agency=agency, code=spoken(case.code)))


def _rejected(event: Event) -> tuple[str, str]:
    case = event.case
    rejection = case.rejection
    whole = _("1022 không xử lý được phiếu {code} vì {ground}. {reason}").format(
        code=spoken(case.code), ground=rejection.get_ground_display(), reason=rejection.reason
    )
    return whole, _notice(case, _("Phiếu {code} đã có kết quả.").format(code=spoken(case.code)))


def _notice(case: Case, what: str) -> str:
    return _("{what} Xem tại {link}").format(what=what, link=link_of(case))


def _raised(event: Event) -> tuple[str, str]:
    """Somebody, or the second look, saw more danger in it than was seen at first."""
    case = event.case
    said = _("Phiếu {code}: người trực của thành phố đang được gọi.").format(code=spoken(case.code))
    kind = Kind(case.danger_kind) if case.danger_kind else None
    return f"{whom_to_ring(kind)} {said}", f"{whom_to_ring(None)} {said}"


_TOLD = {"raise_danger": _raised, "register": _received, "assign": _assigned, "answer": _answered, "reject": _rejected}
assert {*_TOLD} == TOLD | {"register"}, "each deed the heart queues a telling for has its words here"
