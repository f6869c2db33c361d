"""The administrator's pages of the city's people: found, added, moved, invited again, out."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts import invitations, mails, people
from tongdai.accounts.models import Role, User
from tongdai.accounts.rights import KEEPS_PEOPLE, TAKES_CALLS
from tongdai.accounts.sign_in import second_factor, sessions
from tongdai.directory.models import Agency
from tongdai.platform.clock import now
from tongdai.platform.typed_input import read_id
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .forms import NewPersonForm, PersonForm

PAGE = 50
LINK = "one_time_link"  # in the administrator's session, until it has been shown once


@require_GET
@staff(*KEEPS_PEOPLE)
def people_page(request: StaffRequest) -> HttpResponse:
    """`?q=` words, `vai=` a role, `co-quan=` an agency, `con=` active or out."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "vai", "co-quan", "con")}
    agency = (read_id(asked["co-quan"]) or 0) if asked["co-quan"] else None  # 0: nobody's
    found = people.find(
        asked["q"], role=asked["vai"] if asked["vai"] in Role.values else "", agency=agency, state=asked["con"]
    )
    shown = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")),
        "count": len(found),
        "asked": asked,
        "words": asked["q"],
        "role": asked["vai"],
        "agency": agency,
        "state": asked["con"],
        "roles": Role.choices,
        "agencies": Agency.objects.order_by("name"),
    }
    return render(request, "desk/people/people.html", shown)


@require_http_methods(["GET", "POST"])
@staff(*KEEPS_PEOPLE)
def new(request: StaffRequest) -> HttpResponse:
    """A new colleague, with a one-time link to hand over."""
    form = NewPersonForm(request.POST or None)
    if request.method == "GET":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        with transaction.atomic():
            person = people.add(**form.cleaned_data)
            token = invitations.invite(person, at=now())
    except people.PeopleRefused as refused:
        form.add_error("agency", str(refused))
        return _form(request, form, status=422)
    return _hand_over(request, person, token)


@require_http_methods(["GET", "POST"])
@staff(*KEEPS_PEOPLE)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One colleague: changed, and what else can be done with them."""
    row = get_object_or_404(User.objects.select_related("agency"), pk=pk)
    initial = {name: getattr(row, name) for name in people.FIELDS}
    form = PersonForm(request.POST or None, person=row, initial=initial)
    if request.method == "GET":
        return _form(request, form, row)
    if not form.is_valid():
        return _form(request, form, row, status=422)
    try:
        changed = people.change(row, **form.cleaned_data)
    except people.PeopleRefused as refused:
        form.add_error("agency" if form.cleaned_data["agency"] is None else "role", str(refused))
        return _form(request, form, row, status=422)
    add_message(request, _("Đã lưu.") if changed else _("Không có gì khác trước."))
    return HttpResponseRedirect(reverse("desk:person", args=[pk]))


@require_POST
@staff(*KEEPS_PEOPLE)
def do(request: StaffRequest, pk: int, action: str) -> HttpResponse:
    """One press: out, back, a new link, the second factor anew, every session ended."""
    row = get_object_or_404(User, pk=pk)
    if action not in ACTIONS:
        raise Http404
    try:
        return ACTIONS[action](request, row)
    except people.PeopleRefused as refused:
        return _form(request, PersonForm(person=row, initial={name: getattr(row, name) for name in people.FIELDS}), row,
                     refused=str(refused), status=409)  # fmt: skip


def _deactivate(request: StaffRequest, row: User) -> HttpResponse:
    people.deactivate(row, by=request.user)
    return _done(request, row, _("{name} đã nghỉ: các phiên, máy điện thoại và mật khẩu đều kết thúc."))


def _bring_back(request: StaffRequest, row: User) -> HttpResponse:
    with transaction.atomic():
        person = people.bring_back(row)
        token = invitations.invite(person, at=now())
    return _hand_over(request, person, token)


def _invite(request: StaffRequest, row: User) -> HttpResponse:
    if not row.is_active:
        raise Http404
    return _hand_over(request, row, invitations.invite(row, at=now()))


def _forget_second_factor(request: StaffRequest, row: User) -> HttpResponse:
    people.forget_second_factor(row)
    return _done(request, row, _("Lớp bảo vệ thứ hai của {name} đã bỏ; lần vào tới sẽ đặt lại."))


def _end_sessions(request: StaffRequest, row: User) -> HttpResponse:
    sessions.end_all(row, but=(request.session.session_key or "") if row.pk == request.user.pk else "")
    return _done(request, row, _("Các phiên của {name} đã kết thúc."))


ACTIONS: dict[str, Callable[[StaffRequest, User], HttpResponse]] = {
    "nghi": _deactivate,
    "tro-lai": _bring_back,
    "moi": _invite,
    "bo-lop-hai": _forget_second_factor,
    "het-phien": _end_sessions,
}


def _hand_over(request: StaffRequest, row: User, token: str) -> HttpResponse:
    """The link is shown once, on the page that comes next, and goes by e-mail where there is an address."""
    request.session[LINK] = {"person": row.pk, "link": invitations.link(token)}
    return HttpResponseRedirect(reverse("desk:person", args=[row.pk]))


def _done(request: StaffRequest, row: User, words: str) -> HttpResponse:
    add_message(request, words.format(name=row.full_name))
    return HttpResponseRedirect(reverse("desk:person", args=[row.pk]))


def _form(
    request: StaffRequest, form: PersonForm, row: User | None = None, *, refused: str = "", status: int = 200
) -> HttpResponse:
    shown: dict[str, object] = {"form": form, "person": row, "refused": refused}
    if row is not None:
        handed = request.session.get(LINK)
        if handed and handed["person"] == row.pk and request.method == "GET":
            shown["link"] = request.session.pop(LINK)["link"]
            shown["mailed"] = mails.can_reach(row)
        shown |= {
            "sessions": sessions.of(row),
            "has_second_factor": second_factor.has_one(row),
            "second_factor_demanded": second_factor.demanded_of(row),
            "invited": row.invitations.filter(used_at=None, expires_at__gt=now()).order_by("-expires_at").first(),
            "shifts": people.shifts_ahead(row, at=now()),
            "takes_calls": row.role in TAKES_CALLS,
            "myself": row.pk == request.user.pk,
        }
    return render(request, "desk/people/person.html", shown, status=status)
