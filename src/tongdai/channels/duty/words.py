"""What is texted and said to who is on duty: what kind of danger, where, since when. Never the citizen's number or words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.cases.triage.danger import Kind
from tongdai.language.dates import hour_in_words
from tongdai.language.text import clean

TEXT_FITS = 134  # characters of two segments in UCS-2 (3GPP TS 23.040: 67 each when joined)
NAMED = 3  # cases; the others are counted
LANDMARK_FITS = 60
_NUMBER = re.compile(r"[+\d][\d .\-()]{6,}\d")


def what(case: Case) -> str:
    """Return `cần cấp cứu`, `cháy, nổ`, or the subject of a case that is urgent by its subject."""
    if case.danger_kind:
        return str(Kind(case.danger_kind).label)
    return case.topic.name if case.topic else _("việc khẩn")


def where(case: Case, *, landmark: bool = True) -> str:
    """Return `12 Lạch Tray, Phường Lê Chân`. A landmark may hold a telephone number: that is left out."""
    near = " ".join(_NUMBER.sub(" ", clean(case.address)).split())[:LANDMARK_FITS].strip(" ,;") if landmark else ""
    ward = case.place.full_name if case.place else _("chưa rõ phường, xã")
    return ", ".join(filter(None, [near, ward]))


def text(cases: Sequence[Case], *, trial: bool = False) -> str:
    """Write one text for all of them, at most two segments, in Vietnamese: what fits of the landmark, then the link."""
    with override("vi"):
        if trial:
            return _("1022 thử báo người trực, không có việc khẩn. Không cần làm gì.")
        open_ = _newest_first(cases)
        if len(cases) == 1:
            return _text_of_one(open_[0]) if open_ else _("KHẨN: một việc mật. Mở: {link}").format(link=_link())
        head = ngettext("KHẨN, {n} việc: ", "KHẨN, {n} việc: ", len(cases)).format(n=len(cases))
        tail = " " + _("Mở: {link}").format(link=_link("?khung=urgent"))
        return _fitted(head, [_named(case, landmark=case is open_[0]) for case in open_[:NAMED]], tail)


def _newest_first(cases: Sequence[Case]) -> list[Case]:
    """Return those that may be named; what came last is what nobody has heard of yet."""
    return sorted((case for case in cases if not case.confidential), key=lambda case: case.received_at, reverse=True)


def _named(case: Case, *, landmark: bool) -> str:
    named = f"{what(case)}, {where(case, landmark=landmark)}"
    return _("{case} (người dân xin rút)").format(case=named) if case.withdrawal_asked_at else named


def _text_of_one(case: Case) -> str:
    """Write the place only where there is room: that its citizen asks to withdraw it weighs more with who decides."""
    asked = " " + _("Người dân xin rút.") if case.withdrawal_asked_at else ""
    tail = " " + _("Phiếu {code}. {link}").format(code=spoken(case.code), link=_link(f"phieu/{case.code}/"))
    for place in (where(case), where(case, landmark=False)):
        words = _("KHẨN: {what}, {where}.").format(what=what(case), where=place) + asked + tail
        if len(words) <= TEXT_FITS:
            return words
    brief = _("KHẨN: {what}.").format(what=what(case)) + asked
    return f"{brief} {_('Phiếu {code}.').format(code=spoken(case.code))}"[:TEXT_FITS]


def _fitted(head: str, named: list[str], tail: str) -> str:
    while named and len(head + "; ".join(named) + "." + tail) > TEXT_FITS:
        named.pop()
    return (head + "; ".join(named) + "." + tail if named else head.rstrip(": ") + "." + tail)[:TEXT_FITS]


def _link(rest: str = "") -> str:
    return f"{settings.PUBLIC_URL}/ban/{rest}"


def announcement(cases: Sequence[Case], *, trial: bool = False) -> list[str]:
    """Write the sentences for the telephone: up to three cases by name, the rest counted, then the keys."""
    with override("vi"):
        keys = _("Nhận việc, bấm 1. Chuyển người khác, bấm 2.")
        if trial:
            return [_("Tổng đài 1 0 2 2 gọi thử người trực. Không có việc khẩn."), keys]
        sentences = [_("Tổng đài 1 0 2 2 gọi người trực. Có {n} việc khẩn.").format(n=len(cases))]
        open_ = _newest_first(cases)
        for case in open_[:NAMED]:
            sentence = _("{what}, tại {where}, từ {since}.")
            since = hour_in_words(case.received_at)
            sentence = sentence.format(what=what(case), where=where(case), since=since)
            if case.withdrawal_asked_at:
                sentence += " " + _("Người dân đã nhắn xin rút việc này.")
            sentences.append(sentence[:1].upper() + sentence[1:])
        if more := len(open_) - NAMED if len(open_) > NAMED else 0:
            sentences.append(_("Và {n} việc khẩn khác.").format(n=more))
        if secret := len(cases) - len(open_):
            sentences.append(_("Có {n} việc mật, xin mở bàn làm việc.").format(n=secret))
        return [*sentences, keys]


def caller_holds() -> str:
    """Return what is said before the keys, where whoever called is on the line still."""
    with override("vi"):
        return _("Người gọi đang giữ máy: nhận việc là nói chuyện được ngay, cuộc gọi được ghi âm.")


def answers() -> dict[str, str]:
    """Return what is said after a key, by code."""
    with override("vi"):
        return {
            "taken": _("Đã ghi: ông bà nhận việc. Cảm ơn."),
            "put_through": _("Đã ghi: ông bà nhận việc. Đang nối với người gọi."),
            "passed_on": _("Tổng đài gọi người khác. Cảm ơn."),
            "too_late": _("Việc này đã có người nhận. Cảm ơn."),
            "not_recorded": _("Chưa ghi được. Xin mở bàn làm việc, hoặc gọi 1 0 2 2."),
        }
