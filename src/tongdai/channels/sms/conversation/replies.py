"""What a text is answered, beside what `notify` tells of a case: a clerk's few words, so many an hour."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.cases import queries
from tongdai.cases.codes import spoken
from tongdai.cases.models import Answer, Case
from tongdai.cases.states import NOBODY_YET, OPEN, State
from tongdai.channels import limits, links, outbound
from tongdai.knowledge.dossiers import one_stop
from tongdai.language.dates import hour_in_words, in_words
from tongdai.people.interactions import contact_for
from tongdai.people.purposes import Purpose

from .understanding import Understanding


def how_it_works(understood: Understanding, *, at: datetime) -> None:
    """A greeting, an empty text, a keyword alone."""
    send_reply(
        understood,
        _(
            "1022: nhắn việc gì, ở đâu (đường, phường). Hỏi thủ tục: TTHC và câu hỏi. Xem phiếu: TRA và mã. Hoặc gọi 1022."
        ),
        at=at,
    )


def nothing_asked(understood: Understanding, keyword: str, *, at: datetime) -> None:
    """`TTHC` or `HS` with nothing after it."""
    if keyword == "hs":
        held = one_stop.source()
        words = _("Nhắn HS và mã hồ sơ ghi trên giấy hẹn.")
        if held is not None and held.example:
            words += " " + _("Ví dụ: HS {code}").format(code=held.example)
    else:
        words = _("Nhắn TTHC và điều muốn hỏi. Ví dụ: TTHC khai sinh")
    send_reply(understood, words, at=at)


def wrong_code(understood: Understanding, *, at: datetime) -> None:
    send_reply(
        understood,
        _("Mã này chưa đúng. Mã phiếu có 11 chữ số, ví dụ 7304 1859 261. Xin xem lại rồi nhắn TRA và mã."),
        at=at,
    )


def open_status(understood: Understanding, code: str, *, at: datetime) -> None:
    """What anyone who has the code may know."""
    status = queries.status_by_code(code)
    if status is None:
        send_reply(
            understood,
            _("Không có phiếu nào mang mã {code}. Xin xem lại mã, hoặc gọi 1022.").format(code=spoken(code)),
            purpose=Purpose.ANSWER,
            at=at,
        )
    else:
        standing = _standing(
            code, status.state, agency=status.agency, due_at=status.due_at, danger=(status.in_danger, status.taken_at)
        )
        send_reply(understood, standing, purpose=Purpose.ANSWER, at=at)


def whole_status(understood: Understanding, case: Case, *, at: datetime) -> None:
    """For the proven number on the case: how it stands, the answer's words, the link. Of a denunciation no agency, no words."""
    agency = case.lead.name if case.lead and not case.confidential else ""
    sentences = [
        _standing(
            case.code, State(case.state), agency=agency, due_at=case.due_at, danger=(case.in_danger, case.taken_at)
        )
    ]
    answer = Answer.objects.filter(case=case).order_by("-pk").first()
    if answer is not None and not case.confidential:
        sentences.append(_("Trả lời: {text}").format(text=answer.text))
    sentences.append(_("Xem phiếu: {link}").format(link=links.LINK))
    send_reply(understood, " ".join(sentences), purpose=Purpose.ANSWER, at=at, about=case)


def received_again(understood: Understanding, case: Case, *, at: datetime) -> None:
    """The same words within a day: they are kept in the first case."""
    agency = case.lead.name if case.lead and not case.confidential else ""
    standing = _standing(
        case.code, State(case.state), agency=agency, due_at=case.due_at, danger=(case.in_danger, case.taken_at)
    )
    send_reply(understood, _("1022 đã nhận thêm tin này vào phiếu đã có. {standing}").format(standing=standing), at=at)


def _standing(code: str, state: State, *, agency: str, due_at: datetime, danger: tuple[bool, datetime | None]) -> str:
    """Who has it, by when. `danger`: whether a life is in it, then no date; and since when who is on duty has it."""
    in_danger, taken_at = danger
    if state not in OPEN:
        return _("Phiếu {code}: {state}.").format(code=spoken(code), state=state.label)
    if in_danger and state in NOBODY_YET and taken_at:
        return _("Phiếu {code}: người trực của thành phố đã nhận việc lúc {at}.").format(
            code=spoken(code), at=hour_in_words(taken_at)
        )
    if in_danger and state in NOBODY_YET:
        return _("Phiếu {code}: người trực của thành phố đang được gọi.").format(code=spoken(code))
    if in_danger:
        return _("Phiếu {code}: {state}, {agency}.").format(code=spoken(code), state=state.label, agency=agency)
    if agency:
        return _("Phiếu {code}: {state}, {agency}. Hạn trả lời: {due}.").format(
            code=spoken(code), state=state.label, agency=agency, due=in_words(due_at)
        )
    return _("Phiếu {code}: {state}. Hạn trả lời: {due}.").format(
        code=spoken(code), state=state.label, due=in_words(due_at)
    )


def whom_to_ring(understood: Understanding, *, at: datetime) -> None:
    """The number alone, at once."""
    send_reply(understood, "", at=at, purpose=Purpose.DANGER)


def send_reply(
    understood: Understanding,
    words: str,
    *,
    at: datetime,
    purpose: Purpose = Purpose.RECEIPT,
    about: Case | None = None,
) -> None:
    """Queue the words, unless there is no number to answer to, or it has had its texts of this hour.

    Whom to ring stands before them where the text speaks of danger. `about`: the case that a link in them opens.
    """
    text, phone = understood.text, understood.text.phone
    if not phone:
        return
    if understood.judged.shown:
        words, purpose = " ".join(filter(None, [understood.judged.whom_to_ring, words])), Purpose.DANGER
    outbound.send(
        contact_for(phone, at=at, proven=True),
        words,
        purpose=purpose,
        key=f"sms-reply:{text.parts[-1].pk}",
        at=at,
        limited=limits.of_a_conversation(purpose),
        announces_silence=True,
        case=about,
        in_history=False,
    )
