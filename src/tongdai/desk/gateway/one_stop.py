"""The city's one-stop system: where it is asked how a dossier stands, tried with a real code before it is switched on."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongdai.accounts.rights import SETS_ONE_STOP
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.knowledge.dossiers import code_pattern, one_stop
from tongdai.knowledge.models import DossierSource
from tongdai.language.text import clean
from tongdai.platform.network import outgoing
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

PATHS = {
    "state": gettext_lazy("Tình trạng nằm ở"), "agency": gettext_lazy("Cơ quan nằm ở"),
    "procedure": gettext_lazy("Tên thủ tục nằm ở"), "received": gettext_lazy("Ngày nhận nằm ở"),
    "due": gettext_lazy("Ngày hẹn trả nằm ở"), "done": gettext_lazy("Ngày trả nằm ở"),
    "nothing": gettext_lazy("Chỗ báo rằng không có hồ sơ"),
}  # fmt: skip
_PATH = re.compile(r"^[A-Za-z0-9_.]{1,120}$")


class OneStopForm(forms.Form):
    """Columns of `DossierSource`; each path of the mapping a field of its own, `path_state` and so on."""

    url = forms.CharField(label=gettext_lazy("Địa chỉ hỏi, có {code} ở chỗ của mã"), max_length=500)
    pattern = forms.CharField(label=gettext_lazy("Dạng của mã (biểu thức chính quy)"), max_length=200)
    example = forms.CharField(label=gettext_lazy("Một mã làm ví dụ"), max_length=60)
    header = forms.RegexField(
        r"^[A-Za-z0-9-]{1,60}$", label=gettext_lazy("Tên đầu mục mang khóa"), required=False,
        error_messages={"invalid": gettext_lazy("Chỉ chữ, số và gạch nối, ví dụ X-Api-Key.")},
    )  # fmt: skip
    secret = forms.RegexField(
        r"^TONGDAI_ONE_STOP_[A-Z0-9_]{1,40}$", label=gettext_lazy("Biến môi trường giữ khóa"), required=False,
        error_messages={"invalid": gettext_lazy("Tên biến bắt đầu bằng TONGDAI_ONE_STOP_; khóa không ghi ở đây.")},
    )  # fmt: skip
    states = forms.CharField(
        label=gettext_lazy("Mỗi dòng: chữ của hệ thống = lời nói với người dân"), required=False, widget=forms.Textarea
    )
    milliseconds = forms.IntegerField(
        label=gettext_lazy("Chờ tối đa (mili giây)"), validators=[MinValueValidator(200), MaxValueValidator(10_000)]
    )
    cached_for = forms.IntegerField(
        label=gettext_lazy("Giữ câu trả lời (giây)"), validators=[MinValueValidator(0), MaxValueValidator(3600)]
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in PATHS.items():
            self.fields[f"path_{name}"] = forms.RegexField(
                _PATH, label=label, required=name == "state", max_length=120,
                error_messages={"invalid": _("Ghi các tên cách nhau bằng dấu chấm, ví dụ hoSo.trangThai.")},
            )  # fmt: skip
        self.order_fields(["url", "pattern", "example", *(f"path_{name}" for name in PATHS), "states"])

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            where, _port = urlsplit(url), urlsplit(url.replace("{code}", "")).port
        except ValueError as wrong:  # `http://[::1/{code}`, a port that is no number
            raise ValidationError(
                _("Địa chỉ viết sai ở phần tên máy hay cổng. Ví dụ https://motcua.example.vn/ho-so/{code}.")
            ) from wrong
        if "{code}" not in url or not where.hostname or "{code}" in where.netloc:
            raise ValidationError(
                _("Địa chỉ cần có {code} ở chỗ của mã, ví dụ https://motcua.example.vn/ho-so/{code}.")
            )
        port = urlsplit(url.replace("{code}", "")).port or outgoing.PORTS.get(where.scheme)
        if outgoing.is_inside(where.hostname, port):
            raise ValidationError(one_stop.inner_network_refused())
        if where.scheme != "https" and not (where.scheme == "http" and outgoing.is_allowed(where.hostname, port)):
            raise ValidationError(
                _("Địa chỉ phải bắt đầu bằng https://; http:// chỉ cho máy trong mạng của thành phố.")
            )
        return url

    def clean_pattern(self) -> str:
        typed = str(self.cleaned_data["pattern"])
        try:
            code_pattern.check(typed)
        except code_pattern.NoPattern as wrong:
            raise ValidationError(
                _("Biểu thức không đọc được (cú pháp RE2, không có (?=…) hay \\1): %(why)s"), params={"why": str(wrong)}
            ) from wrong
        return typed

    def clean_states(self) -> dict[str, str]:
        states = {}
        for number, line in enumerate(filter(None, clean(self.cleaned_data["states"]).split("\n")), start=1):
            word, equals, citizens_words = line.partition("=")
            if not (equals and word.strip() and citizens_words.strip()):
                raise ValidationError(
                    _("Dòng %(number)s: viết như “DA_TRA = đã có kết quả”."), params={"number": number}
                )
            states[word.strip()] = citizens_words.strip()
        return states

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "pattern" in given and "example" in given:
            given["example"] = re.sub(r"\s+", "", given["example"]).upper()
            if not code_pattern.fits(given["pattern"], given["example"]):
                self.add_error("example", _("Mã ví dụ không đúng với dạng ở trên."))
        return given

    def columns(self) -> dict[str, Any]:
        """The columns of `DossierSource` as they were filled in."""
        given = self.cleaned_data
        mapping = {name: given[f"path_{name}"] for name in PATHS if given[f"path_{name}"]}
        same = ("url", "pattern", "example", "header", "secret", "states", "cached_for")
        return {"mapping": mapping, "timeout": given["milliseconds"] / 1000} | {name: given[name] for name in same}


@require_http_methods(["GET", "POST"])
@staff(*SETS_ONE_STOP)
def edit(request: StaffRequest) -> HttpResponse:
    """Say where it is, try a code, switch it on or off. Trying saves nothing."""
    held, action = DossierSource.objects.filter(pk=1).first(), request.POST.get("action", "save")
    if request.method == "POST" and action == "off":
        DossierSource.objects.filter(pk=1).update(active=False)
        record(Kind.SETTING, "one_stop", detail={"active": [held.active if held else False, False]})
        one_stop.forget()
        add_message(request, _("Đã ngắt. Người dân được báo là chưa tra được hồ sơ."))
        return HttpResponseRedirect(reverse("desk:one_stop"))
    form = OneStopForm(request.POST if request.method == "POST" else None, initial=_first(held))
    shown: dict[str, Any] = {"form": form, "held": held}
    if request.method == "GET" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "desk/gateway/one_stop.html", shown, status=int(status))
    if action == "try":
        shown["trial"] = one_stop.try_out(DossierSource(**form.columns()), form.cleaned_data["example"])
        return render(request, "desk/gateway/one_stop.html", shown)
    columns = form.columns() | {"active": True}
    differs = sorted(name for name, value in columns.items() if getattr(held, name, None) != value)
    with transaction.atomic():
        DossierSource.objects.update_or_create(pk=1, defaults=columns)
        record(Kind.SETTING, "one_stop", detail={"fields": differs, "url": [held.url if held else "", columns["url"]]})
    one_stop.forget()
    add_message(request, _("Đã lưu và nối. Mọi tiến trình dùng địa chỉ mới trong vài giây."))
    return HttpResponseRedirect(reverse("desk:one_stop"))


def _first(held: DossierSource | None) -> dict[str, Any]:
    if held is None:
        return {"milliseconds": 3000, "cached_for": 60}
    same = ("url", "pattern", "example", "header", "secret", "cached_for")
    states = "\n".join(f"{word} = {citizens_words}" for word, citizens_words in held.states.items())
    paths = {f"path_{name}": held.mapping.get(name, "") for name in PATHS}
    return {name: getattr(held, name) for name in same} | paths | {
        "states": states, "milliseconds": round(held.timeout * 1000)}  # fmt: skip
