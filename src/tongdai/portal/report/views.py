"""The report form and what comes after it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.cases import codes, queries, routing
from tongdai.cases.access import links
from tongdai.cases.actions.register import Registered
from tongdai.cases.models import Attachment, Case, CaseLink
from tongdai.cases.triage.judgement import judge, of_a_case
from tongdai.channels.web import ABOUT, why_no_text
from tongdai.directory import snapshot
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answers import by_key
from tongdai.people import phones, toll
from tongdai.platform.clock import now
from tongdai.platform.web.body_limits import takes
from tongdai.shell import errors, language
from tongdai.shell.refusals import is_disk_full
from tongdai.shell.uploads.capped import MEGABYTES, CappedUploads
from tongdai.shell.uploads.redrawing import ACCEPT, MOST_BYTES

from .. import citizen, danger, strangers
from ..answers.shown import address
from ..follow import pin
from ..follow.number import can_be_proven
from . import sent_twice, stale, where
from .doubt import settle
from .form import ANSWERS, BECAUSE, LONGEST_PLACE, READ_FOR_A_GUESS, Problem, Typed, Understood, understand
from .photos.album import Album, album_of
from .photos.limit import MOST_PHOTOS
from .submit import key_in, submit


@takes(megabytes=MEGABYTES)
@never_cache
@csrf_exempt  # checked by stale.is_stale: a form with an old token comes back filled in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form; or take it, and send it back with everything in it when something is missing."""
    if request.method != "POST":
        asked = Typed(topic=request.GET.get("topic", ""), because=_because(request), about=request.GET.get(ABOUT, ""))
        return _show(request, asked)
    if request.content_type == "multipart/form-data":  # a form without files has been read by then
        request.upload_handlers = [CappedUploads(request)]
    stale_form = stale.is_stale(request)
    typed, album = Typed.of(request.POST), album_of(request)
    if (spoken := request.POST.get("language")) in dict(settings.LANGUAGES):
        translation.activate(str(spoken))
        return language.remember(_back(request, typed, album), str(spoken))
    if "drop" in request.POST or "keep" in request.POST:
        return _back(request, typed, album, problems=album.problems)
    if stale_form:
        return _back(request, typed, album, status=HTTPStatus.FORBIDDEN, stale=True)
    return _take(request, typed, album)


def _take(request: HttpRequest, typed: Typed, album: Album) -> HttpResponse:
    try:
        read = understand(typed)
        if album.full and not read.in_danger:
            return _back(request, typed, album, read=read, status=HTTPStatus.SERVICE_UNAVAILABLE)
        if read.problems or (album.problems and not read.in_danger):
            status = max(problem.status for problem in [*read.problems, *album.problems])
            return _back(request, typed, album, read=read, status=status)
        if earlier := sent_twice.earlier(request, typed, read, at=now()):
            return _back(request, typed, album, read=read, status=HTTPStatus.CONFLICT, earlier=earlier)
        no_text = strangers.why_no_text(request) if toll.takes_texts(read.phone) else ""
        done = _submit(typed, read, album, no_text=no_text)
        filed = (
            done.filed_link or links.give(queries.citizens_case(done.code), purpose=CaseLink.Purpose.FILED, at=now()).pk
        )
    except (OSError, OperationalError, InterfaceError) as away:
        if is_disk_full(away):
            errors.log.error("disk full, a report was sent back", error=type(away).__name__)
            # the next try sends the words without them, as the citizen is told
            album.stashed, album.new, album.full = [], [], True
            return _back(request, typed, album, status=HTTPStatus.SERVICE_UNAVAILABLE)
        if isinstance(away, OSError):
            raise
        errors.log.error("database away, a report was sent back", error=type(away).__name__)
        return _back(request, typed, album, status=HTTPStatus.SERVICE_UNAVAILABLE, away=True)
    if done.repeated and typed.denounces:  # sent once more, with the question answered
        settle(done.code, denounces=ANSWERS[typed.denounces], at=now())
    how = "&moi=1" if done.changed else "&lai=1" if done.repeated else ""
    how += "&anh=0" if album.full or album.problems else ""
    there = HttpResponseRedirect(f"{reverse('portal:sent')}?ma={done.code}{how}", status=HTTPStatus.SEE_OTHER)
    if not read.phone:
        pin.hand_over(there, queries.citizens_case(done.code))
    return citizen.remember(request, there, done.code, filed)


def _submit(typed: Typed, read: Understood, album: Album, *, no_text: str) -> Registered:
    """The case; somebody in danger is taken without the photos that a full disk has no room for."""
    try:
        return submit(typed, read, album, at=now(), no_text=no_text)
    except OSError as trouble:
        if not (read.in_danger and is_disk_full(trouble)):
            raise
        album.stashed, album.new, album.full = [], [], True
        return submit(typed, read, album, at=now(), no_text=no_text)


@csrf_exempt  # changes nothing: the words of the box begin a report, or are a code
@require_POST
def begin(request: HttpRequest, because: str = "") -> HttpResponse:
    """What was typed into the box: a code leads to its case, anything else begins a report with these words."""
    words = request.POST.getlist("q")
    typed = next((word for word in reversed(words) if word.strip()), "")
    if code := codes.read(typed.strip()):
        return redirect("portal:case", code)
    return _show(request, Typed(text=typed, because=because))


@require_GET
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """The code in large digits, what was sent, what happens next; only in the browser that sent it."""
    code = codes.read(request.GET.get("ma", "")) or ""
    if not citizen.filed_here(request, code):
        return redirect("portal:case", code) if code else redirect("portal:find")
    case = queries.citizens_case(code)
    earlier = next((known for known in citizen.sent_by_this_browser(request) if known != code), "")
    shown = {
        "case": case,
        "danger": of_a_case(case.text, case.danger_level, case.danger_kind),
        "key": key_in(case),
        "changed": "moi" in request.GET,
        "again": "lai" in request.GET,
        "without_photos": "anh" in request.GET,
        "earlier": earlier if "moi" in request.GET else "",
        "photos": Attachment.objects.filter(case=case).order_by("pk"),
        "provable": can_be_proven(request, case),
        "pin": pin.held_for(request, code),
        "new_pin": "pin" in request.GET,
        "may_have_pin": pin.may_have(request, case),
        **_texting(case),
    }
    return pin.shown(render(request, "portal/report/sent.html", shown))


def _texting(case: Case) -> dict[str, str]:
    """`texted`: the number that an answer is texted to. `not_texted`: why no text with the code goes to it, in words."""
    phone = case.contact.phone if case.contact else ""
    if not phone or not phones.is_mobile(phone) or not settings.SMSC:
        return {"texted": "", "not_texted": toll.why_not(phone) if phone else ""}
    if why := toll.why_not(phone):
        return {"texted": "", "not_texted": why}
    why = {
        "proof": _("Trình duyệt này không chạy JavaScript, nên không có tin nhắn kèm mã."),
        "network": _("Mạng bạn đang dùng vừa gửi nhiều phiếu, nên lần này không có tin nhắn kèm mã."),
    }.get(why_no_text(case), "")
    return {"texted": phones.masked(phone), "not_texted": why}


@require_POST
def settled(request: HttpRequest) -> HttpResponse:
    """The answer to the one question on the page with the code; from the browser that sent it alone."""
    code, answer = codes.read(request.POST.get("code", "")) or "", request.POST.get("denounces", "")
    if not citizen.filed_here(request, code):
        return redirect("portal:find")
    if answer in ANSWERS:
        settle(code, denounces=ANSWERS[answer], at=now())
    return HttpResponseRedirect(f"{reverse('portal:sent')}?ma={code}", status=HTTPStatus.SEE_OTHER)


@require_POST
@csrf_exempt  # reads only; asked by the form's islands while one types, so words and whereabouts stay out of addresses
def hints(request: HttpRequest) -> JsonResponse:
    """While typing: the topic that the words speak of and whom to ring, or the places a name or a position may mean."""
    here = where.point(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    if here or "place" in request.POST:
        found = where.near(here) if here else where.named(request.POST.get("place", "")[:LONGEST_PLACE])
        return JsonResponse(
            {
                "places": [
                    {"code": one.place.code, "name": one.place.full_name, "note": one.note, "sure": one.sure}
                    for one in found
                ],
                "outside": here is not None and where.is_outside(here),
            }
        )
    text = request.POST.get("text", "")[:READ_FOR_A_GUESS]
    topic, judged = routing.suggest_topic(text), judge(text)
    return JsonResponse(
        {
            "topic": {"code": topic.code, "name": topic.name} if topic else None,
            "doubt": judged.asked and not judged.denunciation,
            "danger": danger.markup(text),
        }
    )


def _because(request: HttpRequest) -> str:
    given = request.GET.get("vi", "")
    return given if given in BECAUSE else ""


def _show(request: HttpRequest, typed: Typed) -> HttpResponse:
    return _page(request, typed, Understood(), Album(), came="begun" if typed.text else "fresh")


def _back(
    request: HttpRequest,
    typed: Typed,
    album: Album,
    *,
    read: Understood | None = None,
    problems: list[Problem] | None = None,
    status: int = HTTPStatus.OK,
    stale: bool = False,
    away: bool = False,
    earlier: sent_twice.Earlier | None = None,
) -> HttpResponse:
    """The form again, everything kept, the photos too, with a fresh token."""
    album.put_by()
    read = read or Understood()
    read.problems = [*read.problems, *(album.problems if problems is None else problems)]
    return _page(request, typed, read, album, status=status, stale=stale, away=away, earlier=earlier, came="back")


def _page(
    request: HttpRequest, typed: Typed, read: Understood, album: Album, *, status: int = HTTPStatus.OK, **more: object
) -> HttpResponse:
    words = typed.text[:READ_FOR_A_GUESS]
    asked = {name: value for name, value in (("vi", typed.because), (ABOUT, typed.about)) if value}
    judged, about = judge(words), by_key.public_answer_of(AnswerKey.read(typed.about))
    shown = {
        "typed": typed,
        "read": read,
        "album": album,
        "danger": danger.markup(words, declared_urgent=bool(typed.urgent)),
        "doubt": (judged.asked and not judged.denunciation) or bool(typed.denounces),
        "problem": {problem.at: problem for problem in reversed(read.problems)},
        "anew": f"{reverse('portal:report')}?{urlencode(asked)}" if asked else reverse("portal:report"),
        "about": about,
        "about_url": address(about, part=None, mark="") if about is not None else "",
        "topics": snapshot.topics(),
        "accept": ACCEPT,
        "most_photos": MOST_PHOTOS,
        "most_megabytes": MOST_BYTES // (1024 * 1024),
        "room": MOST_PHOTOS - len(album),
        **more,
    }
    return render(request, "portal/report/report.html", shown, status=int(status))
