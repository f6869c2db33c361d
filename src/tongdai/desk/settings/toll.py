"""What the city texts and rings: kinds of numbers, limits an hour, what was stopped, and texts that wait for a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import SEES_TOLL, SETS_CITY
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.people import held_back
from tongdai.people.alarm import alarm
from tongdai.people.phones import EMERGENCY
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now
from tongdai.platform.typed_input import read_id
from tongdai.shell import errors
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

MOST = 200  # held texts shown, and decided on, at a time
WHAT = {
    Purpose.CODE: gettext_lazy("mã xác nhận"),
    Purpose.LINK: gettext_lazy("đường dẫn xem phiếu"),
    Purpose.ANSWER: gettext_lazy("câu trả lời"),
    Purpose.RECEIPT: gettext_lazy("báo nhận"),
    Purpose.REMINDER: gettext_lazy("nhắc việc"),
    Purpose.BROADCAST: gettext_lazy("tin đại trà"),
}
LIMITS = ("texts_an_hour", "texts_a_block", "texts_a_network", "calls_an_hour", "calls_a_block")


class OutboundForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which kinds; how many."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Nhắn tin, gọi lại và nối máy đến"),
        choices=Outbound.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một loại số.")},
    )

    class Meta:
        model = Outbound
        fields = ["kinds", *LIMITS]


@require_GET
@staff(*SEES_TOLL)
def page(request: StaffRequest) -> HttpResponse:
    return _page(request, _form())


@require_POST
@staff(*SETS_CITY)
def decide(request: StaffRequest) -> HttpResponse:
    """Kinds and limits from now on."""
    form = _form(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    outbound.decide(**form.cleaned_data)
    add_message(request, _("Đã lưu. Mọi kênh theo quy định mới trong vài giây."))
    return HttpResponseRedirect(reverse("desk:toll"))


@require_POST
@staff(*SEES_TOLL)
def settle(request: StaffRequest) -> HttpResponse:
    """Send texts that were held back, or put them away."""
    ids = [number for each in request.POST.getlist("text") if (number := read_id(each))]
    if len(ids) < len(request.POST.getlist("text")):
        return errors.odd(request)
    if request.POST.get("action") == "send":
        count = held_back.send(ids, by=request.user, at=now())
        message = ngettext("Đã cho đi {n} tin.", "Đã cho đi {n} tin.", count)
    else:
        count = held_back.put_away(ids, by=request.user, at=now())
        message = ngettext(
            "Đã cất {n} tin; không gửi nữa, vẫn còn trong sổ.",
            "Đã cất {n} tin; không gửi nữa, vẫn còn trong sổ.",
            count,
        )
    add_message(request, message.format(n=count))
    return HttpResponseRedirect(reverse("desk:toll"))


def _form(data: Any = None) -> OutboundForm:
    return OutboundForm(data, instance=Outbound.objects.filter(pk=1).first() or Outbound())


def _page(request: StaffRequest, form: OutboundForm, *, status: int = 200) -> HttpResponse:
    shown = {
        "form": form,
        "limits": [form[name] for name in LIMITS],
        "kinds": [(value, label, value in (form["kinds"].value() or ())) for value, label in Outbound.Kind.choices],
        "may_decide": request.user.role in SETS_CITY,
        "alarm": alarm(at=now()),
        "held": [
            (text, WHAT.get(Purpose(text.purpose), "")) for text in held_back.held_back()[:MOST]
        ],  # never its words: not for these eyes
        "emergency": ", ".join(sorted(EMERGENCY)),
    }
    return render(request, "desk/settings/toll.html", shown, status=status)
