"""All there is to read: tables, questions, and the procedures by field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tongdai.knowledge.answers import english
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.models import Article, LookupTable, State
from tongdai.language.sorting import sort_key
from tongdai.platform.clock import today

from .fields import fields_of, lang_of, procedures_of, words_of
from .page_cache import MINUTE, made_once
from .paging import MOST_NAMES, Page, wanted

FIELD = "linh-vuc"  # names a field of administration in an address
FEW_QUESTIONS = 20  # so many stand on the list of everything
MOST_OF_MANY = 12  # of more, the first and a link to the rest


@cache_control(max_age=MINUTE)
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """All there is: tables, questions, and the fields of the procedures; with `linh-vuc` the procedures of one field."""
    if FIELD in request.GET:
        return _procedures_of_field(request, request.GET[FIELD])
    return made_once(request, make=lambda: render(request, "portal/answers/browse.html", _everything()))


@cache_control(max_age=MINUTE)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Every question that has an answer, a page at a time."""
    given = request.GET.get("tu", "")

    def make() -> HttpResponse:
        there = _questions()
        page = Page.of(given, total=len(there), most=MOST_NAMES)
        return render(request, "portal/answers/questions.html", {"articles": there[page.rows], "page": page})

    return made_once(request, wanted(given), make=make)


def _everything() -> dict[str, Any]:
    day = today()
    there = _questions()
    few = there if len(there) <= FEW_QUESTIONS else there[:MOST_OF_MANY]
    return {
        "dossiers": one_stop.source() is not None,
        "tables": LookupTable.objects.on(day).filter(state=State.PUBLISHED, generation__gt=0),
        "articles": few,
        "questions": len(there),
        "fields": fields_of(day),
    }


def _questions() -> list[Article]:
    there = Article.objects.on(today()).filter(state=State.PUBLISHED)
    return sorted(there.only("pk", "question"), key=lambda each: sort_key(english.title(each)))


def _procedures_of_field(request: HttpRequest, name: str) -> HttpResponse:
    given = request.GET.get("tu", "")

    def make() -> HttpResponse:
        there = [] if "\0" in name else procedures_of(today(), name)
        if not there:
            raise Http404
        page = Page.of(given, total=len(there), most=MOST_NAMES)
        shown = {
            "field": words_of(name),
            "field_lang": lang_of(name),
            "procedures": there[page.rows],
            "page": page,
            "query": f"{urlencode({FIELD: name})}&",
        }
        return render(request, "portal/answers/field.html", shown)

    return made_once(request, name, wanted(given), make=make)
