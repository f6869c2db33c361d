"""How the channels stand, and the texts that no rule could read: a person looks at them."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import READS_TEXTS, SEES_GATEWAY, SEES_TOLL, SETS_ONE_STOP, TAKES_CALLS
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.channels.sms import status as channel
from tongdai.channels.sms.inbound import dead_letters
from tongdai.channels.sms.models import Backlog, HeldBack, Part
from tongdai.channels.sms.outbound import backlog, held_back
from tongdai.channels.voice import status as telephone
from tongdai.knowledge.dossiers import one_stop as dossiers
from tongdai.people.alarm import alarm
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message


@require_GET
@staff(*SEES_GATEWAY)
def gateway(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*READS_TEXTS)
def settle(request: StaffRequest, text_id: int) -> HttpResponse:
    """Make a case of a text kept aside, in the words somebody could make out; or put it away."""
    text = request.POST.get("text", "").strip()
    try:
        if request.POST.get("action") == "put_away":
            dead_letters.put_away(text_id)
            add_message(request, _("Đã cất tin nhắn; nó vẫn còn trong sổ."))
        elif not text:
            return _page(request, wrong=text_id, status=422)
        else:
            made = dead_letters.make_case(text_id, text=text, by=Actor.staff(request.user), at=now())
            add_message(request, _("Đã lập phiếu {code}.").format(code=spoken(made.code)))
    except Part.DoesNotExist:
        add_message(request, _("Tin nhắn này đã có người khác xem xong."))
    return HttpResponseRedirect(reverse("desk:gateway"))


@require_POST
@staff(*SEES_GATEWAY)
def decide(request: StaffRequest, question_id: int) -> HttpResponse:
    """Whether the texts that waited when a carrier was joined still go."""
    send = request.POST.get("decision") == "send"
    try:
        texts = backlog.decide(question_id, send=send, by=request.user, at=now())
        words = _("{texts} tin bắt đầu được gửi.") if send else _("{texts} tin sẽ không gửi; phiếu vẫn giữ nguyên lời.")
        add_message(request, words.format(texts=texts))
    except Backlog.DoesNotExist:
        add_message(request, _("Việc này đã có người khác quyết định."))
    return HttpResponseRedirect(reverse("desk:gateway"))


@require_POST
@staff(*SEES_GATEWAY)
def settle_held(request: StaffRequest, held_id: int) -> HttpResponse:
    """A text the carrier does not take: try it again now, or leave it."""
    try:
        if request.POST.get("action") == "send":
            held_back.send_again(held_id)
            add_message(request, _("Tin sẽ được gửi lại ngay."))
        else:
            held_back.put_away(held_id, at=now())
            add_message(request, _("Đã cất; tin này không gửi nữa."))
    except HeldBack.DoesNotExist:
        add_message(request, _("Tin này đã có người khác xem xong."))
    return HttpResponseRedirect(reverse("desk:gateway"))


@require_POST
@staff(*SEES_GATEWAY)
def put_away_ended(request: StaffRequest) -> HttpResponse:
    add_message(request, _("Đã cất {texts} tin.").format(texts=held_back.put_away_ended()))
    return HttpResponseRedirect(reverse("desk:gateway"))


@require_POST
@staff(*SEES_GATEWAY)
def put_away_receipts(request: StaffRequest) -> HttpResponse:
    add_message(request, _("Đã cất {texts} biên nhận.").format(texts=dead_letters.put_away_receipts()))
    return HttpResponseRedirect(reverse("desk:gateway"))


def _page(request: StaffRequest, *, wrong: int = 0, status: int = 200) -> HttpResponse:
    shown = {
        "sms": channel.gateway(at=now()),
        "telephone": telephone.telephone(at=now()),
        "one_stop": dossiers.source(),
        "sets_one_stop": request.user.role in SETS_ONE_STOP,
        "dead_letters": channel.dead_letters() if request.user.role in READS_TEXTS else [],
        "reads_texts": request.user.role in READS_TEXTS,
        "held": channel.held_back(),
        "receipts": channel.stray_receipts() if request.user.role in READS_TEXTS else (0, []),
        "receipt_ids": channel.receipt_ids_that_fit() if request.user.role in READS_TEXTS else "",
        "may_register": request.user.role in TAKES_CALLS,
        "wrong": wrong,
        "toll": alarm(at=now()),
        "sees_toll": request.user.role in SEES_TOLL,
    }
    return render(request, "desk/gateway/gateway.html", shown, status=status)
