"""What was typed into the box: the answers to it, suggestions meanwhile, and a person where nothing fits."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.cases import codes, routing
from tongdai.cases.triage.judgement import judge, unless_it_denounces
from tongdai.channels.web import ABOUT
from tongdai.knowledge.ask import Reply, ask
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.usage import records
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.shell.language import chosen

from .. import danger
from ..home import offered
from ..report.views import begin
from .inquiry import MARK, inquiry_of
from .shown import card, suggestion

LONGEST = 2000  # characters of a question that are kept
REPORT = "report"  # names the button that makes a report of the words


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
    if inquiry := inquiry_of(request):
        records.record_led_to_a_person(inquiry)
    if request.method != "POST":
        return _to_the_form("question", about=request.GET.get(ABOUT, ""))
    if REPORT in request.POST:
        return begin(request)
    said = routing.said_in(clean(request.POST.get("q", ""))[:LONGEST])
    return begin(request, because="matter" if said.reports and not said.asks else "question")


def _to_the_form(because: str, *, about: str = "") -> HttpResponse:
    asked = {"vi": because} | ({ABOUT: about} if about else {})
    return redirect(f"{reverse('portal:report')}?{urlencode(asked)}")


def _other(request: HttpRequest, reply: Reply) -> str:
    """The language to read on in, where it isn't the one this browser chose."""
    return "" if reply.language == chosen(request) else reply.language
