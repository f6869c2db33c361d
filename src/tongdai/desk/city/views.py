"""The administrator's pages of topics and agencies: found, added, changed, ended, begun again, put back.

What is saved is first checked (`directory.changes.writing`), then what it means is said, and on a second press it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import HAS_CASES, KEEPS_PEOPLE, SETS_CITY
from tongdai.directory.changes import history, writing
from tongdai.directory.changes.columns import Row, read, written
from tongdai.directory.changes.rules import is_over, still_resting
from tongdai.directory.models import Agency, Change, Topic
from tongdai.directory.registry import Use, agency_uses, topic_uses, uses_of
from tongdai.platform.clock import today
from tongdai.platform.registry import Hooks
from tongdai.platform.typed_input import read_id
from tongdai.shell import errors
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from . import forms
from .listing import listed
from .words import in_words

LONGEST_SEARCH = 80
HISTORY = 30  # changes shown; `?lich-su=het` shows all
NOT_AGAIN = frozenset({"csrfmiddlewaretoken", "shown"})


@dataclass(frozen=True)
class Subject:
    """One of the two: what it is called, and where it is shown."""

    one: str
    many: str
    model: type[Row]
    form: type[forms.RowForm]
    uses: Hooks[[Collection[int]], dict[int, Use]]
    title: str | Promise
    add: str | Promise


TOPIC = Subject(
    "topic", "topics", Topic, forms.TopicForm, topic_uses, gettext_lazy("Lĩnh vực"), gettext_lazy("Thêm lĩnh vực")
)
AGENCY = Subject(
    "agency", "agencies", Agency, forms.AgencyForm, agency_uses, gettext_lazy("Cơ quan"), gettext_lazy("Thêm cơ quan")
)
SUBJECTS = {each.many: each for each in (TOPIC, AGENCY)}  # by the name that `urls` gives


@require_GET
@staff(*SETS_CITY)
def page(request: StaffRequest, of: str) -> HttpResponse:
    """All of them; `?q=` words."""
    subject = SUBJECTS[of]
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    related = ("parent", "agency") if subject is TOPIC else ("parent",)
    rows = list(subject.model._default_manager.select_related(*related).order_by("sort_key", "pk"))
    found = listed(cast("Iterable[Row]", rows), uses_of(subject.uses, [row.pk for row in rows]), words=words)
    shown = {"subject": subject, "listed": found, "words": words.strip(), "count": len(rows)}
    return render(request, f"desk/city/{subject.many}.html", shown)


@require_http_methods(["GET", "POST"])
@staff(*SETS_CITY)
def new(request: StaffRequest, of: str) -> HttpResponse:
    subject = SUBJECTS[of]
    form = subject.form(request.POST or None)
    if request.method == "GET":
        return _page(request, subject, form)
    if not form.is_valid():
        return _page(request, subject, form, status=422)
    code = form.cleaned_data["code"] or writing.code_for(form.cleaned_data["name"], subject.model)
    return _save(request, subject, subject.model(code=code), form)


@require_http_methods(["GET", "POST"])
@staff(*SETS_CITY)
def one(request: StaffRequest, of: str, pk: int) -> HttpResponse:
    """One of them: changed, its history, and how it ends."""
    subject = SUBJECTS[of]
    row = _row(subject, pk)
    form = subject.form(request.POST or None, row=row, initial=forms.initial_of(row))
    if request.method == "GET":
        return _page(request, subject, form, row)
    if not form.is_valid():  # what was seen stays what was seen: others may have saved meanwhile
        return _page(request, subject, form, row, seen=forms.read_version(request.POST.get("seen", "")), status=422)
    return _save(request, subject, row, form)


@require_POST
@staff(*SETS_CITY)
def do(request: StaffRequest, of: str, pk: int, action: str) -> HttpResponse:
    """One press: the last day, begun again, a change put back."""
    subject = SUBJECTS[of]
    row = _row(subject, pk)
    if action == "ket-thuc":
        end = forms.EndForm(request.POST)
        if not end.is_valid():
            return _page(request, subject, _unchanged(subject, row), row, end=end, status=422)
        return _press(request, subject, row, {"valid_to": end.cleaned_data["valid_to"]}, end=end)
    if action == "dung-lai":
        return _press(request, subject, row, {"valid_to": None})
    if action == "tra-lai":
        return _put_back(request, subject, row)
    raise Http404


def _save(request: StaffRequest, subject: Subject, row: Row, form: forms.RowForm) -> HttpResponse:
    """The form is filled in: kept, unless the rules or somebody else's change are in the way, or its meaning is yet to be said."""
    values, known = form.values(), row if row.pk else None
    seen = forms.read_version(request.POST.get("seen", "")) if known else None
    try:
        differs = writing.check(row, values, seen=seen)
        if differs and (asked := _ask(request, row, values)):
            return _page(request, subject, form, known, effects=asked)
        writing.write(row, values, how=Change.How.PAGE, seen=seen)
    except writing.Refused as refused:
        form.refuse(refused.wrong)
        return _page(request, subject, form, known, status=422)
    except writing.ChangedMeanwhile as meanwhile:
        return _both(request, subject, row, values, meanwhile.changes)
    add_message(request, _("Đã lưu.") if differs else _("Không có gì khác trước."))
    return HttpResponseRedirect(reverse(f"desk:{subject.one}", args=[row.pk]))


def _press(
    request: StaffRequest,
    subject: Subject,
    row: Row,
    values: dict[str, Any],
    *,
    how: Change.How = Change.How.PAGE,
    **more: Any,
) -> HttpResponse:
    """The same for a press of a button, that comes with nothing typed."""
    seen = forms.read_version(request.POST.get("seen", ""))
    try:
        differs = writing.check(row, values, seen=seen)
        if differs and (asked := _ask(request, row, values)):
            return _page(request, subject, _unchanged(subject, row), row, effects=asked, **more)
        writing.write(row, values, how=how, seen=seen)
    except writing.Refused as refused:
        why = forms.sentence("; ".join(refused.wrong.values()))
        return _page(request, subject, _unchanged(subject, row), row, refused=why, status=409, **more)
    except writing.ChangedMeanwhile as meanwhile:
        told = in_words(meanwhile.changes, row)
        return _page(request, subject, _unchanged(subject, row), row, meanwhile=told, status=409, **more)
    add_message(request, _("Đã lưu.") if differs else _("Không có gì khác trước."))
    return HttpResponseRedirect(reverse(f"desk:{subject.one}", args=[row.pk]))


def _put_back(request: StaffRequest, subject: Subject, row: Row) -> HttpResponse:
    pk = read_id(request.POST.get("change", ""))
    change = history.of(row).filter(pk=pk).first() if pk else None
    if change is None:
        return errors.odd(request)
    try:
        _again, values = writing.before(change)
    except writing.Refused as refused:
        return _page(request, subject, _unchanged(subject, row), row, refused=str(refused), status=409)
    return _press(request, subject, row, values, how=Change.How.PUT_BACK)


def _both(
    request: StaffRequest, subject: Subject, row: Row, values: Mapping[str, Any], changes: list[Change]
) -> HttpResponse:
    """Somebody was quicker: what they changed, and the form with what was typed, and theirs where nothing was."""
    fresh = _row(subject, row.pk)
    together = read(subject.model, history.merged(fresh, written(values), changes))
    form = subject.form(row=fresh, initial=together)
    return _page(request, subject, form, fresh, meanwhile=in_words(changes, fresh), status=409)


def _ask(request: StaffRequest, row: Row, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What these values mean, if it is worth a word and hasn't been shown before this press."""
    said = writing.effects(row, values)
    mark = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    if not said or request.POST.get("shown") == mark:
        return None
    again = [(name, value) for name in request.POST if name not in NOT_AGAIN for value in request.POST.getlist(name)]
    return {"said": said, "shown": mark, "again": again, "to": request.path}


def _row(subject: Subject, pk: int) -> Row:
    return cast(Row, get_object_or_404(subject.model._default_manager.select_related("parent"), pk=pk))


def _unchanged(subject: Subject, row: Row) -> forms.RowForm:
    return subject.form(row=row, initial=forms.initial_of(row))


def _page(
    request: StaffRequest,
    subject: Subject,
    form: forms.RowForm,
    row: Row | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown: dict[str, Any] = {"subject": subject, "form": form, "row": row}
    if row is not None:
        every = request.GET.get("lich-su") == "het"
        changes = list(history.of(row)[: None if every else HISTORY + 1])
        shown |= {
            "seen": changes[0].pk if changes else 0,
            "changes": in_words(changes if every else changes[:HISTORY], row),
            "more_changes": not every and len(changes) > HISTORY,
            "uses": uses_of(subject.uses, [row.pk])[row.pk],
            "over": is_over(row),
            "end": forms.EndForm(initial={"valid_to": row.valid_to or today()}),
        }
        if isinstance(row, Agency):
            shown |= _of_agency(request, row)
    return render(request, f"desk/city/{subject.one}.html", shown | more, status=status)


def _of_agency(request: StaffRequest, row: Agency) -> dict[str, Any]:
    """Whoever keeps the city may not open the inbox: the lists are addresses to hand on to a coordinator."""
    inbox = request.build_absolute_uri(reverse("desk:inbox"))
    return {
        "resting": still_resting(row),
        "opens_cases": request.user.role in HAS_CASES,
        "keeps_people": request.user.role in KEEPS_PEOPLE,
        "lists": [
            (_("đang xử lý"), f"{inbox}?khung=with_agencies&co-quan={row.code}"),
            (_("chờ người dân trả lời"), f"{inbox}?khung=waiting&co-quan={row.code}"),
        ],
    }
