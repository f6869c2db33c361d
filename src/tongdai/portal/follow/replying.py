"""Replying to what the city asked, in a browser that may read the case: words and photos, as the report form takes them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tongdai.cases import queries, waiting
from tongdai.cases.actions.reply import may_reply, reply
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused
from tongdai.language.text import clean
from tongdai.people.interactions import record_interaction
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.platform.typed_input import too_long
from tongdai.platform.web.body_limits import takes
from tongdai.shell.refusals import is_disk_full
from tongdai.shell.uploads import stash
from tongdai.shell.uploads.capped import CappedUploads
from tongdai.shell.uploads.redrawing import ACCEPT, MOST_BYTES

from .. import citizen
from ..report import stale
from ..report.photos.album import Album, album_of
from ..report.photos.limit import MOST_PHOTOS

CITIZEN = Actor.citizen(channel=Channel.WEB)
LONGEST = 5000
KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass(frozen=True)
class Question:
    """What the city asked, until when it waits, and the hidden key of the form that replies."""

    words: str
    asked_at: datetime
    until: datetime
    key: str


def question_of(case: Case) -> Question | None:
    """Return what this case's citizen is to reply to; None: nothing."""
    if case.asked_at is None or case.waits_until is None or not may_reply(case, by=CITIZEN):
        return None
    return Question(waiting.question(case), case.asked_at, case.waits_until, secrets.token_urlsafe(16))


def photos_on_the_page(album: Album | None = None) -> dict[str, object]:
    """Return what the field of photos shows."""
    album = album or Album()
    return {
        "album": album,
        "read": album,  # its problems stand beside the field
        "problem": {"photos": album.problems},
        "accept": ACCEPT,
        "most_photos": MOST_PHOTOS,
        "most_megabytes": MOST_BYTES // (1024 * 1024),
        "room": MOST_PHOTOS - len(album),
    }


@takes(megabytes=128)
@never_cache
@csrf_exempt  # checked by stale.is_stale: a form with an old token comes back filled in
@require_http_methods(["GET", "HEAD", "POST"])
def replying(request: HttpRequest, code: str) -> HttpResponse:
    """Show the question with the form, or take the reply; what is missing comes back with all that was typed."""
    if request.method == "POST" and request.content_type == "multipart/form-data":
        request.upload_handlers = [CappedUploads(request)]
    old_token = request.method == "POST" and stale.is_stale(request)
    if not citizen.may_read(request, code):
        return redirect("portal:case", code)
    case = queries.citizens_case(code)
    if request.method != "POST":
        return _page(request, case, Album()) if may_reply(case, by=CITIZEN) else redirect("portal:case", code)
    if _is_here(case, _key(request)):  # pressed twice
        return _done(code)
    album, words = album_of(request), clean(request.POST.get("words", "")).strip()
    if "drop" in request.POST:
        return _page(request, case, album)
    if old_token:
        return _page(request, case, album, stale=True, status=HTTPStatus.FORBIDDEN)
    wrong = _wrong(words, album)
    if wrong or album.problems or album.full:
        status = max((problem.status for problem in album.problems), default=int(HTTPStatus.UNPROCESSABLE_ENTITY))
        return _page(request, case, album, wrong=wrong, status=status)
    try:
        _take(case, words, album, key=_key(request), at=now())
    except ActionRefused:  # it went on in this very second
        return _page(request, case, album, status=HTTPStatus.CONFLICT)
    except OSError as trouble:
        if not is_disk_full(trouble):
            raise
        album.stashed, album.new, album.full = [], [], True  # the next try sends the words without them
        return _page(request, case, album, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return _done(code)


def _wrong(words: str, album: Album) -> str:
    if words or len(album):
        return too_long(words, most=LONGEST)
    return _("Xin viết trả lời của bạn, hoặc gửi kèm ảnh.")


def _take(case: Case, words: str, album: Album, *, key: str, at: datetime) -> None:
    """Keep the reply; photos of one that could not be taken are taken away again."""
    photos = [stash.copy_to_case(photo, at=at) for photo in album.stashed]
    photos += [stash.write_to_case(drawn, at=at) for drawn in album.new]
    try:
        with transaction.atomic():
            words = words or _("(Chỉ gửi ảnh)")
            name = _name(case, key or secrets.token_urlsafe(16))
            came, _new = record_interaction(channel=Channel.WEB, key=name, body=words, at=at, contact=case.contact)
            reply(case, by=CITIZEN, interaction=came, photos=photos, at=at)
    except ActionRefused:
        for photo in photos:
            default_storage.delete(photo.file)
        raise


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if KEY.fullmatch(key) else ""


def _name(case: Case, key: str) -> str:
    return f"reply:{case.pk}:{key}"


def _is_here(case: Case, key: str) -> bool:
    return bool(key) and Interaction.objects.filter(key=_name(case, key)).exists()


def _done(code: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('portal:case', args=[code])}?xong=tra-loi", status=HTTPStatus.SEE_OTHER)


def _page(
    request: HttpRequest, case: Case, album: Album, *, status: int = HTTPStatus.OK, wrong: str = "", **more: object
) -> HttpResponse:
    """The form again, everything kept, the photos too."""
    album.put_by()
    shown = {
        "case": case,
        "question": question_of(case),
        "words": request.POST.get("words", ""),
        "wrong": wrong,
        **photos_on_the_page(album),
        **more,
    }
    return render(request, "portal/follow/reply.html", shown, status=int(status))
