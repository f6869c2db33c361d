"""One fixed text: its words, its recordings, which of them callers hear. A recording is heard here before it is used."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import SETS_MENU
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice.asterisk.exchange import exchange
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Take
from tongdai.channels.voice.speech import prompt_recordings, recorded_sounds, synthesis
from tongdai.channels.voice.speech.engines import Mute
from tongdai.language.text import clean
from tongdai.platform import wake
from tongdai.platform.clock import now
from tongdai.platform.web.body_limits import takes as takes_bodies
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

LONGEST = 600  # characters: nobody listens longer
WAV = "audio/wav"


@require_http_methods(["GET", "POST"])
@staff(*SETS_MENU)
def text(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """The text with its recordings; by POST, other words."""
    usual_or_own()
    found = _found(code, language)
    if request.method == "GET":
        return _page(request, found)
    words = clean(request.POST.get("text", "")).strip()
    if found.piece:
        raise Http404
    if not words or len(words) > LONGEST:
        why = _("Hãy ghi lời máy sẽ nói, nhiều nhất %(most)s chữ.") % {"most": LONGEST}
        return _page(request, found, wrong="text", why=why, typed=words, status=422)
    prompt = prompt_recordings.prompt_of(code, language)
    prompt.text = words
    prompt.save(update_fields=["text"])
    record(Kind.SETTING, "menu_words", what=code, detail={"own_recording": bool(prompt.recording)})
    wake.wake("menu", [prompt.pk])
    if prompt.recording:
        add_message(request, _("Đã đổi lời. Người gọi vẫn nghe bản thu đang dùng: hãy thu lại theo lời mới."))
    else:
        add_message(request, _("Đã đổi lời. Người gọi từ giờ nghe lời mới."))
    return _back(code, language)


@takes_bodies(megabytes=16)
@require_POST
@staff(*SETS_MENU)
def take(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """Another recording; the line goes on with what it has."""
    usual_or_own()
    found, file = _found(code, language), request.FILES.get("recording")
    if file is None:
        return _page(request, found, wrong="take", why=_("Chưa chọn tệp tiếng nào."), status=422)
    try:
        prompt_recordings.store(prompt_recordings.prompt_of(code, language), file, by=request.user, at=now())
    except recorded_sounds.NoSound as refused:
        return _page(request, found, wrong="take", why=why(refused), status=422)
    record(Kind.SETTING, "menu_recorded", what=f"{code}.{language}")
    add_message(request, _("Đã giữ bản thu. Hãy nghe, rồi bấm “Dùng bản này”: người gọi chưa nghe bản này."))
    return _back(code, language)


@require_POST
@staff(*SETS_MENU)
def use(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """Callers hear this recording from now on, or the machine (`take` empty)."""
    found = _found(code, language)
    prompt = prompt_recordings.prompt_of(code, language)
    if chosen := request.POST.get("take", ""):
        one = next((each for each in found.takes if str(each.pk) == chosen), None)
        if one is None:
            raise Http404
        prompt_recordings.use(one, at=now())
        add_message(request, _("Người gọi từ giờ nghe bản thu này."))
    else:
        prompt_recordings.use_machine(prompt)
        add_message(request, _("Máy đọc lời này từ giờ. Các bản thu vẫn giữ."))
    record(Kind.SETTING, "menu_words", what=code, detail={"own_recording": bool(chosen)})
    return _back(code, language)


@require_GET
@staff(*SETS_MENU)
def sound(request: StaffRequest, take_id: int) -> HttpResponse:
    """A recording, to be heard on this page. 404: it is no longer in storage."""
    one = get_object_or_404(Take, pk=take_id)
    try:
        with default_storage.open(one.file, "rb") as file:
            return HttpResponse(file.read(), content_type=WAV)
    except OSError as gone:
        raise Http404 from gone


@require_GET
@staff(*SETS_MENU)
def machine(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """How the machine says it. 404: no engine speaks here."""
    found = _found(code, language)
    try:
        made = synthesis.sound_of(found.text, language=language, it=exchange())
    except Mute as mute:
        raise Http404 from mute
    return HttpResponse(made.read_bytes(), content_type=WAV)


def why(refused: recorded_sounds.NoSound) -> str:
    """What was wrong with the file, and what to do."""
    if refused.why == "unavailable":
        return _("Máy chưa đọc được tệp tiếng lúc này. Quản trị viên xem bằng lệnh tongdai doctor.")
    if refused.why == "no_ffmpeg":
        return _("Máy chủ chưa đọc được tệp WebM, M4A, MP4 (cần ffmpeg). Hãy lưu lại dạng WAV hay MP3.")
    if refused.why == "silent":
        return _("Không nghe thấy tiếng nói trong tệp này. Hãy xem lại micrô, nói gần hơn, rồi thu lại.")
    if refused.why == "lasts":
        given = {"seconds": round(refused.seconds), "most": round(refused.most)}
        return (
            _("Bản thu dài %(seconds)s giây; lời này đọc chậm cũng chỉ tới %(most)s giây. Có đúng lời này không?")
            % given
        )
    if refused.why == "big":
        return _("Tệp này lớn hơn 10 MB. Hãy lưu lại dạng MP3 hay WAV một kênh.")
    if refused.why == "long":
        return _("Tệp này tốn quá nhiều sức máy để đọc. Hãy lưu lại dạng WAV hay MP3 thường, tới 2 phút.")
    return _("Tệp này không phải tiếng nói đọc được (WAV, MP3, OGG, FLAC, M4A, WebM, tới 10 MB).")


def _found(code: str, language: str) -> prompt_recordings.Text:
    try:
        return prompt_recordings.text_of(code, language)
    except prompt_recordings.NoSuchText as none:
        raise Http404 from none


def _back(code: str, language: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:menu_text", args=[code, language]))


def _page(
    request: StaffRequest,
    found: prompt_recordings.Text,
    *,
    wrong: str = "",
    why: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {
        "text": found,
        "most": round(recorded_sounds.longest(found.text)),
        "next": _next_unrecorded(found),
        "wrong": wrong,
        "why": why,
        "typed": typed,
    }
    return render(request, "desk/menu/text.html", shown, status=status)


def _next_unrecorded(found: prompt_recordings.Text) -> prompt_recordings.Text | None:
    """The next of the same language of which there is no recording at all."""
    same = [each for each in prompt_recordings.texts() if each.language == found.language]
    at = next((number for number, each in enumerate(same) if each.code == found.code), -1)
    return next((each for each in same[at + 1 :] if not each.takes), None)
