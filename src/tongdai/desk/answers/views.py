"""Answers beside the call or the case: what the base knows of the words so far, sent to the citizen by one key."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import HAS_CASES, TAKES_CALLS
from tongdai.cases import drafts, queries
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.triage.judgement import unless_it_denounces
from tongdai.channels import outbound
from tongdai.channels.sms.conversation.answers import in_segments, worded
from tongdai.knowledge.answer_key import AnswerKey, Part
from tongdai.knowledge.answers import by_key, english
from tongdai.knowledge.ask import ask
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.usage.records import record_question
from tongdai.language.text import clean
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel
from tongdai.people.phones import is_mobile, normalise
from tongdai.people.purposes import Purpose
from tongdai.people.toll import why_not
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

MOST = 3


@require_POST
@staff(*TAKES_CALLS)
def beside_the_call(request: StaffRequest) -> HttpResponse:
    """While the caller talks: the answers to what is written so far; none rather than a wrong one."""
    text = clean(request.POST.get("text", ""))[:2000]
    return render(request, "desk/answers/_beside.html", _answers(text) | {"sends": True})


@require_GET
@staff(*HAS_CASES)
def beside_the_case(request: StaffRequest, code: str) -> HttpResponse:
    """For whoever writes the answer: what the base says of the citizen's words, to take over and mend."""
    try:
        case = queries.visible_case(request.user, code)
    except Case.DoesNotExist:
        return render(request, "desk/case/_no_such.html", {"code": code}, status=404)
    drafted = bool(drafts.why_no_answer(case, by=Actor.staff(request.user)))
    return render(request, "desk/answers/_beside.html", _answers(case.text[:2000]) | {"case": case, "drafts": drafted})


@require_POST
@staff(*TAKES_CALLS)
def send(request: StaffRequest) -> HttpResponse:
    """The answer to the caller's phone, in a text with a short link. Pressed twice, it is sent once."""
    phone = normalise(request.POST.get("phone", ""))
    answer = by_key.public_answer_of(AnswerKey.read(request.POST.get("answer", "")))
    part = Part(request.POST["part"]) if request.POST.get("part") in set(Part) else None
    if answer is None:
        return render(request, "desk/answers/_sent.html", {"gone": True}, status=404)
    text = clean(request.POST.get("text", ""))[:2000]
    reply = ask(text, names_only=True)
    with override(reply.language or get_language()):  # in the caller's language, where it is another
        title, short = worded(answer, part)
    if phone is None or not is_mobile(phone):
        return render(request, "desk/answers/_sent.html", {"no_phone": True, "short": short}, status=422)
    if why := why_not(phone):
        return render(request, "desk/answers/_sent.html", {"why": why, "short": short}, status=422)
    at = now()
    sent = outbound.send(
        contact_for(phone, at=at, proven=False),
        in_segments(title, short, answer.answer_key, part, language=reply.language),
        purpose=Purpose.ANSWER,
        key=f"answer-{request.POST.get('key', '')[:40]}:{answer.answer_key}",
        at=at,
    ).text
    if sent:
        question = unless_it_denounces(text)
        record_question(reply, question, channel=Channel.VOICE, at=at, session=phone, opened=answer.answer_key)
    return render(request, "desk/answers/_sent.html", {"phone": phone, "again": sent is None, "short": short})


def _answers(text: str) -> dict[str, Any]:
    reply = ask(text, most=MOST) if text.strip() else None
    part = reply.part if reply else None
    with override((reply and reply.language) or get_language()):
        found = [
            {
                "key": each.key,
                "title": english.title(each.answer),
                "short": english.in_short(each.answer, each.part or part),
                "part": each.part or part or "",
                "answer": each.answer,
                "kind": each.kind,
            }
            for each in (reply.answers if reply else ())
        ]
    return {
        "answers": found,
        "two_matters": reply is not None and reply.matters > 1,
        "asked": bool(text.strip()),
        "sure": reply is not None and reply.certainty is Certainty.FOUND,
    }
