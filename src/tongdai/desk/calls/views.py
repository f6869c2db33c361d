"""The call taker's form, for any telephone: who is calling, what they say, a code to read out."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import TAKES_CALLS
from tongdai.cases import deadlines, queries, routing
from tongdai.cases.actions.register import DEFAULT_LIMIT_HOURS, Matter, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.triage.danger import EMERGENCY_NUMBERS
from tongdai.cases.triage.judgement import judge, why
from tongdai.channels.voice import callbacks
from tongdai.channels.voice.models import Agent, Call, Notice
from tongdai.channels.voice.records import call_records
from tongdai.channels.voice.records.queries import agent_of, known_contacts
from tongdai.directory import snapshot
from tongdai.directory.models import Topic
from tongdai.language.text import clean
from tongdai.people import phones
from tongdai.people.disclosures import disclose
from tongdai.people.models import Channel, Interaction
from tongdai.people.phones import normalise
from tongdai.platform.clock import now
from tongdai.platform.typed_input import read_id
from tongdai.shell.saved_input import forget_input, saved_input
from tongdai.shell.staff import StaffRequest, staff

from ..case.forms import place_rows, topic_rows
from ..flash import add_message
from .forms import CallForm
from .script import questions


@require_http_methods(["GET", "POST"])
@staff(*TAKES_CALLS)
def call(request: StaffRequest) -> HttpResponse:
    """The form; saved, it leads to the page with the code."""
    if request.method == "GET":
        hand = _in_hand(request, request.GET.get("cuoc"), at=now()) or _missed(request, request.GET.get("goi-lai"))
        first = {"key": uuid.uuid4().hex, "phone": request.GET.get("so", "")} | saved_input(request)
        if hand is not None:
            first |= {
                "call": hand.pk,
                "phone": phones.pretty(hand.number) if hand.number else "",
                "key": f"call-{hand.pk}-{uuid.uuid4().hex[:8]}",
            }
        return _page(request, CallForm(initial=first), phone=str(first["phone"]))
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, form, phone=request.POST.get("phone", ""), status=422)
    given = form.cleaned_data
    hand = _written_in(request, given["call"], at=now())
    matter = Matter(
        text=given["text"],
        channel=Channel.VOICE,
        phone=given["phone"],
        name=given["name"],
        proven=_spoke_itself(hand, given["phone"]),
        declared_urgent=given["urgent"],
        topic=given["topic"],
        place=given["place"],
        address=given["address"],
    )
    made = register(matter, key=f"desk:{given['key']}", by=Actor.staff(request.user), at=now())
    if hand is not None:
        call_records.conclude(
            hand, by=request.user, outcome=Call.Outcome.REGISTERED, case=Case.objects.get(pk=made.case_id)
        )
    if made.changed:
        add_message(request, _("Nội dung khác lần gửi trước, nên đây là một phiếu mới."))
    elif made.repeated:
        add_message(request, _("Phiếu này đã lưu từ lần bấm trước; không có phiếu thứ hai."))
    return HttpResponseRedirect(reverse("desk:call_saved", args=[made.code]))


def _in_hand(request: StaffRequest, call: object, *, at: datetime) -> Call | None:
    """The call this person holds or has just held, if it is that one and about no case they may not open."""
    number = read_id(call)
    if number is None:
        return None
    lately = Q(state=Call.State.ENDED, ended_at__gt=at - queries.READ_OUT_WITHIN) | ~Q(state=Call.State.ENDED)
    opened = Q(case=None) | Q(case__in=queries.visible_cases(request.user))
    # whom a supervisor has relieved of it writes down what was said before
    relieved = Notice.objects.filter(to=request.user, action=Notice.Action.TAKE_OVER).values("call")
    held = Q(agent=request.user) | Q(pk__in=relieved)
    return Call.objects.filter(lately, opened, held, pk=number).first()


def _written_in(request: StaffRequest, call: object, *, at: datetime) -> Call | None:
    """The call that the form was written in: in hand, or one that met nobody and that this person rings back for."""
    if hand := _in_hand(request, call, at=at):
        return hand
    missed = Call.objects.filter(pk=read_id(call) or 0, agent=None, case=None, state=Call.State.ENDED).first()
    asked = missed.callbacks.values_list("pk", flat=True) if missed else ()
    return missed if callbacks.visible_ids(request.user, asked) else None


def _spoke_itself(call: Call | None, phone: str) -> bool:
    """Whether this number is the caller's own, as the exchange saw it; one that was only typed proves nothing."""
    return call is not None and call.direction == Call.Direction.IN and bool(phone) and call.number == phone


def _missed(request: StaffRequest, callback: str | None) -> Call | None:
    """The call of somebody who is to be rung back; that its number is read is on record first."""
    waiting = callbacks.waiting(request.user, at=now())
    found = waiting.filter(pk=read_id(callback) or 0).first()
    if found is None or found.call is None:
        return None
    reference = found.case.code if found.case else f"call {found.call.pk}"
    disclose(to=request.user, what="phone", contact=found.contact, reference=reference, at=now())
    return found.call


def _page(request: StaffRequest, form: CallForm, *, phone: str, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "places": place_rows(), "topics": topic_rows()}
    return render(request, "desk/calls/call.html", shown | _caller(request, phone), status=status)


@require_POST
@staff(*TAKES_CALLS)
def who(request: StaffRequest) -> HttpResponse:
    """Who has this number, and their last cases: asked while the number is being typed. Posted: it stands in no log."""
    return render(request, "desk/calls/_who.html", _caller(request, request.POST.get("phone", "")[:40]))


def _caller(request: StaffRequest, typed: str) -> dict[str, Any]:
    """Somebody of whom this person may see nothing was never here, whatever else we know of them.

    Whose number it is and what they brought is on record before it is shown.
    """
    phone = normalise(typed) or ""
    contact = known_contacts(request.user).filter(phone=phone).first() if phone else None
    earlier = list(queries.earlier_cases(request.user, contact)[:6])
    if earlier:
        disclose(to=request.user, what="history", contact=contact, reference="", at=now())
    return {"typed": typed.strip(), "phone": phone, "contact": contact, "earlier": earlier}


@require_POST
@staff(*TAKES_CALLS)
def guess(request: StaffRequest) -> HttpResponse:
    """What the house makes of the words so far: topic, urgency, agency, deadline."""
    text = clean(request.POST.get("text", ""))[:10_000]
    picked = request.POST.get("topic", "")
    topic = next((row for row in topic_rows() if str(row.pk) == picked), None) or (
        routing.suggest_topic(text) if text else None
    )
    place = snapshot.all_places().by_id.get(read_id(request.POST.get("place")) or 0)
    judged, hand = judge(text), agent_of(request.user)
    shown = {
        "topic": topic,
        "picked": bool(picked),
        "urgent": bool(text) and routing.is_urgent(topic, judged.level),
        "danger": replace(judged, cannot_ring=False),  # whoever is asked here does ring
        "why": why(text) if judged.shown else (),
        "declared_urgent": "urgent" in request.POST,
        "questions": questions(judged.kind),
        "numbers": EMERGENCY_NUMBERS,
        "talking": hand is not None and hand.state == Agent.State.TALKING,
        "agency": routing.competent_agency(topic, place),
        "due_at": _due_at(topic) if text and not judged.own_life else None,
    }
    return render(request, "desk/calls/_guess.html", shown)


def _due_at(topic: Topic | None) -> datetime:
    return deadlines.due_at(now(), hours=topic.limit_hours if topic else DEFAULT_LIMIT_HOURS)


def _just_written(request: StaffRequest, code: str) -> Case:
    return queries.written_down_case(request.user, code, at=now())


@require_GET
@staff(*TAKES_CALLS)
def saved(request: StaffRequest, code: str) -> HttpResponse:
    """The code, huge, to be read out; and whether the text with it has gone out.

    A denunciation, too, is written down by a call taker, who reads its code out, for half an hour, and cannot open it.
    """
    may_open = queries.visible_cases(request.user).filter(code=code).exists()
    try:
        case = queries.visible_case(request.user, code) if may_open else _just_written(request, code)
    except Case.DoesNotExist:
        forget_input(request)
        page = "desk/case/_no_such.html" if request.htmx else "desk/case/no_such.html"
        return render(request, page, {"code": code}, status=404)
    texts = CaseInteraction.objects.filter(case=case, interaction__direction=Interaction.Direction.OUT)
    text = texts.filter(interaction__channel=Channel.SMS).select_related("interaction").order_by("pk").first()
    hand = agent_of(request.user)
    shown = {
        "case": case,
        "own_life": judge(case.text).own_life,
        "text": text.interaction if text else None,
        "digits": list(case.code),
        "may_open": may_open,
        "talking": hand is not None
        and hand.state == Agent.State.TALKING
        and hand.call
        and hand.call.case_id == case.pk,
    }
    page = "desk/calls/_text.html" if request.htmx else "desk/calls/saved.html"
    return render(request, page, shown)
