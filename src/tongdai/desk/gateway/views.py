"""How the channels stand, and the texts that no rule could read: a person looks at them."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import SEES_GATEWAY, SETS_ONE_STOP, TAKES_CALLS
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.channels.sms import kept
from tongdai.channels.sms import status as channel
from tongdai.channels.sms.models import Piece
from tongdai.channels.voice import status as telephone
from tongdai.knowledge.dossiers import one_stop as dossiers
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from ..flash import say


@require_GET
@staff(*SEES_GATEWAY)
def gateway(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*SEES_GATEWAY)
def settle(request: StaffRequest, kept_id: int) -> HttpResponse:
    """Make a case of a text kept aside, in the words somebody could make out; or put it away."""
    text = request.POST.get("text", "").strip()
    try:
        if request.POST.get("deed") == "put_away":
            kept.put_away(kept_id)
            say(request, _("Đã cất tin nhắn; nó vẫn còn trong sổ."))
        elif not text:
            return _page(request, wrong=kept_id, status=422)
        else:
            made = kept.make_case(kept_id, text=text, by=Actor.staff(request.user), at=now())
            say(request, _("Đã lập phiếu {code}.").format(code=spoken(made.code)))
    except Piece.DoesNotExist:
        say(request, _("Tin nhắn này đã có người khác xem xong."))
    return HttpResponseRedirect(reverse("desk:gateway"))


def _page(request: StaffRequest, *, wrong: int = 0, status: int = 200) -> HttpResponse:
    shown = {
        "sms": channel.gateway(at=now()),
        "telephone": telephone.telephone(at=now()),
        "one_stop": dossiers.source(),
        "sets_one_stop": request.user.role in SETS_ONE_STOP,
        "kept": channel.kept(),
        "may_register": request.user.role in TAKES_CALLS,
        "wrong": wrong,
    }
    return render(request, "desk/gateway/gateway.html", shown, status=status)
