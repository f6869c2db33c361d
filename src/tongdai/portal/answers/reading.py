"""One answer whole: a procedure, its page of paper, a question, a row of a table; and the short address of a text."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import by_key, closest, english, short_links
from tongdai.knowledge.models import Article, LookupRow, Procedure, State

from .asked_language import in_asked_language, kept
from .inquiry import MARK, record_opened
from .prepared import prepared
from .qr import qr
from .shown import ALSO, CLOSEST, address


@require_safe
@in_asked_language
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure whole; opened from a search, at the part that was asked for."""
    found = _procedure(code)
    if found.twin_of and found.twin_of.state == State.PUBLISHED:
        return redirect("portal:procedure", found.twin_of.code)
    record_opened(request, found)
    asked = request.GET.get("phan", "")
    also = request.GET.get(ALSO, "")
    read = english.reading(found)
    shown = {
        "also": english.short(found, Part(also)) if asked and also in set(Part) else None,
        "closest": closest.at(found, _numbers(request.GET.get(CLOSEST, ""))),
        "procedure": read.answer,
        "read": read,
        "lang": read.lang,
        "named": found.name,
        "in_language": kept(request),
        "twins": found.twins.filter(state=State.PUBLISHED).order_by("code"),
        "articles": found.articles.filter(state=State.PUBLISHED)[:6],
        "asked": asked if asked in set(Part) else "",
        "mark": request.GET.get(MARK, ""),
        "key": found.answer_key,
    }
    return render(request, "portal/answers/procedure.html", shown)


@require_safe
@in_asked_language
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """One page of paper: the papers to tick off, time, fee, place, and a QR code back here."""
    found = _procedure(code)
    there = settings.PUBLIC_URL + reverse("portal:procedure", args=[found.code])
    read = english.reading(found)
    shown = {
        "procedure": read.answer,
        "prepared": prepared(read.answer),
        "read": read,
        "lang": read.lang,
        "named": found.name,
        "in_language": kept(request),
        "qr": qr(there),
        "there": there,
    }
    return render(request, "portal/answers/sheet.html", shown)


@require_safe
@in_asked_language
def article(request: HttpRequest, number: int) -> HttpResponse:
    found = Article.objects.filter(pk=number, state=State.PUBLISHED).first()
    if found is None:
        raise Http404
    record_opened(request, found)
    read = english.reading(found)
    shown = {
        "article": read.answer,
        "read": read,
        "lang": read.lang,
        "mark": request.GET.get(MARK, ""),
        "key": found.answer_key,
    }
    return render(request, "portal/answers/article.html", shown)


@require_safe
def row(request: HttpRequest, number: int) -> HttpResponse:
    """One row of a table, with the table's source and date."""
    found = LookupRow.objects.select_related("table", "place").filter(pk=number).first()
    if found is None or not found.is_public:
        raise Http404
    record_opened(request, found)
    shown = {"row": found, "table": found.table, "mark": request.GET.get(MARK, ""), "key": found.answer_key}
    return render(request, "portal/answers/row.html", shown)


@require_safe
def short(request: HttpRequest, link: str) -> HttpResponse:
    """The short address of a text opens the answer at the part that was asked for."""
    named = short_links.read(link)
    answer = by_key.public_answer_of(named.key) if named else None
    if named is None or answer is None:
        raise Http404
    return redirect(address(answer, part=named.part, mark="", language=named.language))


def _procedure(code: str) -> Procedure:
    known = Procedure.objects.select_related("twin_of", "owner").filter(state=State.PUBLISHED)
    found = None if "\0" in code else known.filter(code=code).first()  # PostgreSQL takes no NUL in a text
    if found is None:
        raise Http404(_("Không có thủ tục mang mã này."))
    return found


def _numbers(given: str) -> list[int]:
    """`4.17` → 4, 17; what is no number is left out."""
    return [
        int(each) for each in given.split(".")[: closest.MOST] if each.isascii() and each.isdecimal() and len(each) < 5
    ]
