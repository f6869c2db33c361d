"""How a dossier stands, in a clerk's words: for a text and for the page."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from .one_stop import Dossier


def in_words(found: Dossier) -> str:
    """State, agency and the day that matters."""
    sentences = [_("Hồ sơ {code}: {state}.").format(code=found.code, state=found.state.rstrip("."))]
    if found.agency:
        sentences.append(_("Nơi giải quyết: {agency}.").format(agency=found.agency))
    if found.done:
        sentences.append(_("Xong ngày {day}.").format(day=day(found.done)))
    elif found.due:
        sentences.append(_("Hẹn trả ngày {day}.").format(day=day(found.due)))
    return " ".join(sentences)


def unknown(code: str) -> str:
    return _("Hệ thống một cửa không có hồ sơ {code}. Xin xem lại mã.").format(code=code)


def day(on: date) -> str:
    return f"{on.day}.{on.month}.{on.year}"
