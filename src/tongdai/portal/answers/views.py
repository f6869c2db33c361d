"""The answers: what was typed, what is known of it, and a person where nothing is."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdai.cases import codes, routing
from tongdai.cases.triage.judgement import judge, unless_it_denounces
from tongdai.channels.web import ABOUT
from tongdai.knowledge.answer_key import AnswerKey, Part
from tongdai.knowledge.answers import by_key, closest, english, short_links
from tongdai.knowledge.ask import Reply, ask
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.lookups import row_search
from tongdai.knowledge.models import Answer, Article, Inquiry, LookupRow, LookupTable, Procedure, State
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.usage import records
from tongdai.language.sorting import sort_key
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now, today
from tongdai.shell.language import chosen
from tongdai.shell.own_path import own_path

from .. import danger
from ..home import offered
from ..report.views import begin
from ..report.where import point
from . import paging
from .asked_language import in_asked_language, kept
from .fields import fields_of, lang_of, procedures_of, words_of
from .page_cache import MINUTE, made_once
from .paging import MOST_NAMES, Page, wanted
from .prepared import prepared
from .qr import qr
from .shown import ALSO, CLOSEST, address, card, suggestion

MOST_FOUND = 400  # rows that words may find in a table
LONGEST = 2000  # characters of a question that are kept
MARK = "h"  # names the inquiry in an address
REPORT = "report"  # names the button that makes a report of the words
FIELD = "linh-vuc"  # names a field of administration in an address
FEW_QUESTIONS, MOST_OF_MANY = (
    20,
    12,
)  # so many stand on the list of everything; of more the first, and a link to the rest
KEY = "answer"  # names the answer, `procedure:12`, where it was opened without a search


@csrf_exempt  # changes nothing of anyone's: the box posts, so that words stay out of addresses and logs
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What was typed into the box: a code leads to its case, words to the answers, anything else to a report."""
    given = request.POST.getlist("q") if request.method == "POST" else request.GET.getlist("q")
    whole = clean(next((words for words in reversed(given) if words.strip()), ""))
    typed = whole[:LONGEST]
    if code := codes.read(typed.strip()):
        return redirect("portal:case", code)
    if dossier_code := one_stop.code_in(typed):
        return redirect(f"{reverse('portal:dossier')}?{urlencode({'ma': dossier_code})}")
    if not typed:
        return render(request, "portal/answers/search.html", {"typed": "", "cards": [], "tables": offered.tables()})
    reply = ask(typed, language=get_language())
    with override(reply.language or get_language()):  # a question in English is answered in English
        response = _found(request, reply, typed, whole)
    if reply.language:
        response.headers["Content-Language"] = reply.language
    return response


def _found(request: HttpRequest, reply: Reply, typed: str, whole: str) -> HttpResponse:
    """The answers on a page, or the form where there is none and something is to be done."""
    said, judged = routing.said_in(typed), judge(typed)
    needs_help = judged.rung or judged.own_life
    answers = () if needs_help else reply.answers  # no procedure stands beside somebody's danger
    if not reply.answers and said.reports and not said.asks and not judged.shown:
        return begin(request, because="matter") if request.method == "POST" else _to_the_form("matter")
    inquiry = records.record_question(reply, unless_it_denounces(typed), channel=Channel.WEB, at=now())
    mark = records.token_of(inquiry)
    shown = {
        "typed": typed,
        "whole": whole if len(whole) > LONGEST else "",
        "longest": LONGEST,
        "cards": [
            card(
                each,
                part=each.part or reply.part,
                mark=mark,
                also=reply.search.also,
                language=_other(request, reply),
                typed=typed,
            )
            for each in answers
        ],
        "sure": reply.certainty is Certainty.FOUND,
        "mark": mark,
        "reports": said.reports,
        "danger": danger.markup(typed),
        "needs_help": needs_help,
        "person": f"{reverse('portal:ask_a_person')}?{urlencode({MARK: mark})}",
    }
    return render(request, "portal/answers/search.html", shown)


@require_POST
@csrf_exempt  # reads only; asked while one types
def suggest(request: HttpRequest) -> JsonResponse:
    """JSON for the box: `{"answers": [{"title", "about", "url", "kind"}], "sure": "found"|"perhaps"|"not_found"}`."""
    typed = request.POST.get("q", "")[:LONGEST]
    reply = ask(typed, most=5, names_only=True, language=get_language()) if len(typed.strip()) > 1 else None
    in_danger = judge(typed).shown
    answers = reply.answers if reply and not in_danger else ()
    with override((reply and reply.language) or get_language()):
        lines = [
            suggestion(each, part=reply.part, language=_other(request, reply)) for each in answers if reply is not None
        ]
    return JsonResponse(
        {
            "answers": lines,
            "sure": reply.certainty if reply else Certainty.NOT_FOUND,
            "danger": danger.markup(typed),
        }
    )


@csrf_exempt  # leads to the form with the words in it; only the count of inquiries changes
@require_http_methods(["GET", "HEAD", "POST"])
def ask_a_person(request: HttpRequest) -> HttpResponse:
    """Nothing fitted: the same words begin a question to the city, and the inquiry is counted as not answered.

    From the page of an answer the question keeps which one was being read. Words that tell of something to be done begin a
    report, if that was pressed (`REPORT`) or they ask nothing.
    """
    if inquiry := _inquiry(request):
        records.record_led_to_a_person(inquiry)
    if request.method != "POST":
        return _to_the_form("question", about=request.GET.get(ABOUT, ""))
    if REPORT in request.POST:
        return begin(request)
    said = routing.said_in(clean(request.POST.get("q", ""))[:LONGEST])
    return begin(request, because="matter" if said.reports and not said.asks else "question")


@require_safe
@in_asked_language
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure whole; opened from a search, at the part that was asked for."""
    found = _procedure(code)
    if found.twin_of and found.twin_of.state == State.PUBLISHED:
        return redirect("portal:procedure", found.twin_of.code)
    _opened(request, found)
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
def short(request: HttpRequest, link: str) -> HttpResponse:
    """The short address of a text opens the answer at the part that was asked for."""
    named = short_links.read(link)
    answer = by_key.public_answer_of(named.key) if named else None
    if named is None or answer is None:
        raise Http404
    return redirect(address(answer, part=named.part, mark="", language=named.language))


@require_safe
@in_asked_language
def article(request: HttpRequest, number: int) -> HttpResponse:
    found = Article.objects.filter(pk=number, state=State.PUBLISHED).first()
    if found is None:
        raise Http404
    _opened(request, found)
    read = english.reading(found)
    shown = {
        "article": read.answer,
        "read": read,
        "lang": read.lang,
        "mark": request.GET.get(MARK, ""),
        "key": found.answer_key,
    }
    return render(request, "portal/answers/article.html", shown)


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


@csrf_exempt  # reads only; whereabouts are posted, so that they stay out of addresses and logs
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """A table: searched by ward or words, or the nearest first; always with its source and date."""
    found = LookupTable.objects.on(today()).filter(slug=slug, state=State.PUBLISHED).first()
    if found is None:
        raise Http404
    typed = clean(request.GET.get("q", ""))[:200]
    here = point(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    _opened(request, found)
    every = row_search.shown([found])
    rows: list[tuple[LookupRow, float | None]]
    if here:
        rows = list(row_search.nearest(found, latitude=here[0], longitude=here[1], most=paging.MOST))
        page = Page(total=every.filter(latitude__isnull=False).count())
    else:
        named = row_search.rows_for(typed, tables=[found], most=MOST_FOUND) if typed else every.order_by("number")
        page = Page.of(request.GET.get("tu", ""), total=len(named) if typed else every.count())
        rows = [(each, None) for each in named[page.rows]]
    if (typed or here) and page.first == 1:
        first = rows[0][0].answer_key if rows else None
        records.record_lookup(typed, channel=Channel.WEB, at=now(), opened=first)
    shown = {
        "table": found,
        "rows": rows,
        "typed": typed,
        "query": f"{urlencode({'q': typed})}&" if typed else "",
        "near": bool(here),
        "page": page,
        "points": every.filter(latitude__isnull=False).exists(),
        "places": every.filter(place__isnull=False).exists(),
    }
    return render(request, "portal/answers/table.html", shown)


@never_cache
@require_safe
def dossier(request: HttpRequest) -> HttpResponse:
    """How a dossier stands at the one-stop system; honest when that doesn't answer."""
    source = one_stop.source()
    if source is None:
        raise Http404
    asked = clean(request.GET.get("ma", ""))
    code = one_stop.code_in(asked)
    shown: dict[str, Any] = {"asked": asked, "example": source.example, "bad": bool(asked) and not code}
    if code:
        try:
            shown["found"] = one_stop.look_up(code)
            shown["none"] = shown["found"] is None
        except one_stop.Unavailable:
            shown["away"] = True
        records.record_dossier_lookup(found=bool(shown.get("found")), channel=Channel.WEB, at=now())
    status = 503 if shown.get("away") else 404 if shown.get("none") else 422 if shown["bad"] else 200
    return render(request, "portal/answers/dossier.html", shown, status=status)


@require_safe
def row(request: HttpRequest, number: int) -> HttpResponse:
    """One row of a table, with the table's source and date."""
    found = LookupRow.objects.select_related("table", "place").filter(pk=number).first()
    if found is None or not found.is_public:
        raise Http404
    _opened(request, found)
    shown = {"row": found, "table": found.table, "mark": request.GET.get(MARK, ""), "key": found.answer_key}
    return render(request, "portal/answers/row.html", shown)


@require_POST
@csrf_exempt  # one anonymous word; the signed mark says of which inquiry, or the key of which answer
def useful(request: HttpRequest) -> HttpResponse:
    """Was this useful? Who came without a search (a list, a suggestion, a text's short address) counts too."""
    was = {"1": True, "0": False}.get(request.POST.get("useful", ""))
    counted = was is not None and _count_word(request, useful=was)
    back = own_path(request.POST.get("back", ""), otherwise=reverse("portal:answers"))
    shown: dict[str, Any] = {"useful": was, "counted": counted, "back": back, "key": request.POST.get(KEY, "")}
    status = HTTPStatus.OK if counted else HTTPStatus.BAD_REQUEST
    return render(request, "portal/answers/thanks.html", shown, status=status)


def _count_word(request: HttpRequest, *, useful: bool) -> bool:
    """Whether there was something to count it on."""
    if inquiry := _inquiry(request):
        records.record_feedback(inquiry, useful=useful)
        return True
    answer = by_key.public_answer_of(AnswerKey.read(request.POST.get(KEY, "")))
    if answer is None:
        return False
    records.record_feedback_on(answer.answer_key, useful=useful, channel=Channel.WEB, at=now())
    return True


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


def _other(request: HttpRequest, reply: Reply) -> str:
    """The language to read on in, where it isn't the one this browser chose."""
    return "" if reply.language == chosen(request) else reply.language


def _inquiry(request: HttpRequest) -> Inquiry | None:
    mark = request.POST.get(MARK) or request.GET.get(MARK, "")
    return records.inquiry_of(mark) if mark else None


def _to_the_form(because: str, *, about: str = "") -> HttpResponse:
    asked = {"vi": because} | ({ABOUT: about} if about else {})
    return redirect(f"{reverse('portal:report')}?{urlencode(asked)}")


def _opened(request: HttpRequest, answer: Answer) -> None:
    """Count the answer as opened from the search it came from."""
    if request.method == "GET" and (inquiry := _inquiry(request)):
        records.record_opened(inquiry, answer.answer_key)
