"""The inquiry that a page of an answer was opened from: counted as opened, as led to a person, as useful or not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answers import by_key
from tongdai.knowledge.models import Answer, Inquiry
from tongdai.knowledge.usage import records
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.shell.own_path import own_path

MARK = "h"  # names the inquiry in an address
KEY = "answer"  # names the answer, `procedure:12`, where it was opened without a search


def inquiry_of(request: HttpRequest) -> Inquiry | None:
    mark = request.POST.get(MARK) or request.GET.get(MARK, "")
    return records.inquiry_of(mark) if mark else None


def record_opened(request: HttpRequest, answer: Answer) -> None:
    """Count the answer as opened from the search it came from."""
    if request.method == "GET" and (inquiry := inquiry_of(request)):
        records.record_opened(inquiry, answer.answer_key)


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
    if inquiry := inquiry_of(request):
        records.record_feedback(inquiry, useful=useful)
        return True
    answer = by_key.public_answer_of(AnswerKey.read(request.POST.get(KEY, "")))
    if answer is None:
        return False
    records.record_feedback_on(answer.answer_key, useful=useful, channel=Channel.WEB, at=now())
    return True
