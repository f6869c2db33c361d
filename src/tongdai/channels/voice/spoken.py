"""How a case stands, as the machine says it: digits one by one, days and agencies as one says them."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from tongdai.cases import codes, queries
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.vietnamese import hour_in_words

from .exchange.home import Exchange
from .speech import sound_of


def status(code: str, *, language: str, it: Exchange) -> list[Path] | None:
    """What to say of this case; None: no such code. Nothing of what was written is said to whoever keyed it."""
    read = codes.read(code)
    found = queries.status_by_code(read) if read else None
    if found is None:
        return None
    with translation.override(language):
        said = [_("Phiếu {digits}: {state}.").format(digits=" ".join(found.code), state=found.state.label)]
        if found.agency:
            said.append(_("Cơ quan xử lý: {agency}.").format(agency=found.agency))
        if found.in_danger:
            if found.taken_at:
                said.append(
                    _("Người trực của thành phố đã nhận việc lúc {at}.").format(at=hour_in_words(found.taken_at))
                )
            else:
                said.append(_("Người trực của thành phố đang được gọi."))
            return [sound_of(" ".join(said), language=language, it=it)]
        day = (found.answered_at or found.due_at).astimezone(CITY_TZ)
        when = _("ngày {day} tháng {month} năm {year}").format(day=day.day, month=day.month, year=day.year)
        said.append((_("Đã trả lời {when}.") if found.answered_at else _("Hạn trả lời {when}.")).format(when=when))
        return [sound_of(" ".join(said), language=language, it=it)]


def wait(*, place: int, minutes: int, language: str, it: Exchange) -> Path:
    """How long it will take, to one who waits."""
    with translation.override(language):
        said = _("Ông bà đang ở vị trí thứ {place}. Thời gian chờ khoảng {minutes} phút.")
        return sound_of(said.format(place=place, minutes=minutes), language=language, it=it)


def code(digits: str, *, language: str, it: Exchange) -> Path:
    """The code of a case, twice, digit by digit."""
    with translation.override(language):
        said = _("Mã phiếu: {digits}. Xin nhắc lại: {digits}.").format(digits=", ".join(digits))
        return sound_of(said, language=language, it=it)
