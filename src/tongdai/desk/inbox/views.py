"""The inbox: the views of a role with their counts, and the rows of one of them; what was searched for; lists that are saved."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url

from tongdai.accounts.rights import HAS_CASES, SHARES_VIEWS
from tongdai.cases import codes
from tongdai.cases.search import by_number, whole_number
from tongdai.language.text import clean
from tongdai.people.disclosures import disclose
from tongdai.people.models import Contact
from tongdai.platform.clock import now
from tongdai.shell.own_path import own_path
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from ..models import SavedView
from ..navigation import first_page
from . import saved_views, searches
from .listing import SEARCH, read, the_list

ASKED = "ap-dung"  # the filters' form was sent: its empty fields needn't stand in the address


@require_GET
@staff()
def inbox(request: StaffRequest) -> HttpResponse:
    """Show the list alone, with an invitation where the case would be."""
    if request.user.role not in HAS_CASES:
        first = first_page(request.user)
        if first == request.path:
            return render(request, "desk/inbox/nothing.html")
        return HttpResponseRedirect(first)
    return _shown(request)


@require_GET
@staff(*HAS_CASES)
def rows(request: StaffRequest) -> HttpResponse:
    """Show the list once more, with what others changed. The live island asks; the viewer's rights answer."""
    return render(request, "desk/inbox/_rows.html", {**the_list(request), "refreshed": True})


@require_GET
@staff(*HAS_CASES)
def search_rows(request: StaffRequest) -> HttpResponse:
    """Show what was found, once more."""
    return render(request, "desk/inbox/_rows.html", {**the_list(request, view=SEARCH), "refreshed": True})


@require_http_methods(["GET", "POST"])
@staff(*HAS_CASES)
def search(request: StaffRequest) -> HttpResponse:
    """Find cases by code, number, names or words, which are posted. An exact code opens its case at once."""
    if request.method == "POST":
        number = searches.save(request, clean(request.POST.get("q", "")))
        return HttpResponseRedirect(f"{reverse('desk:search')}?{searches.NUMBER}={number}")
    return _shown(request, view=SEARCH)


def _shown(request: StaffRequest, *, view: str = "") -> HttpResponse:
    listing = read(request, view=view)
    if ASKED in request.GET and not request.htmx:
        return HttpResponseRedirect(listing.url)
    shown = the_list(request, view=view)
    found = [row for group in shown["groups"] for row in group.rows]
    if view == SEARCH and by_number(listing.q):
        _on_record(request, listing.q, listing.search, anything=bool(found))
    if view == SEARCH and len(found) == 1 and found[0].code == codes.read(listing.q):
        return HttpResponseRedirect(found[0].url)
    response = render(request, "desk/inbox/inbox.html", {**shown, "applied": ASKED in request.GET})
    return push_url(response, listing.url) if ASKED in request.GET else response


def _on_record(request: StaffRequest, q: str, search: str, *, anything: bool) -> None:
    """Note that somebody looked among telephone numbers, before what was found is shown; the digits are in no entry.

    Of a whole number it says whose it is, if anything was found: else no more than the page says.
    """
    phone = whole_number(q) if anything else ""
    contact = Contact.objects.filter(phone=phone).first() if phone else None
    disclose(to=request.user, what="search", contact=contact, reference=f"search {search}".strip(), at=now())


@require_GET
@staff(*(HAS_CASES | SHARES_VIEWS))
def views(request: StaffRequest) -> HttpResponse:
    """Show the saved lists that this person may rename, share and delete."""
    return _views(request)


@require_POST
@staff(*HAS_CASES)
def view_save(request: StaffRequest) -> HttpResponse:
    """Save the list that is shown under a name, and show it again."""
    name, query = clean(request.POST.get("name", "")), clean(request.POST.get("query", ""))
    try:
        saved = saved_views.save(request.user, name=name, query=query, at=now())
    except saved_views.NotSaved as wrong:
        return _views(request, adding={"name": name, "query": query, "error": str(wrong)})
    add_message(request, _("Đã lưu danh sách “{name}”.").format(name=saved.name))
    return HttpResponseRedirect(f"{reverse('desk:inbox')}?{saved.query}")


@require_POST
@staff(*(HAS_CASES | SHARES_VIEWS))
def view_change(request: StaffRequest, number: int) -> HttpResponse:
    """Rename, share or delete a saved list; that of somebody else is none for these eyes."""
    try:
        saved = saved_views.kept_by(request.user).get(pk=number)
    except SavedView.DoesNotExist as unknown:
        raise Http404 from unknown
    name = clean(request.POST.get("name", ""))
    try:
        match request.POST.get("action", ""):
            case "rename":
                saved_views.rename(saved, name=name)
                message = _("Đã đổi tên thành “{name}”.").format(name=saved.name)
            case "share":
                saved_views.share(saved, by=request.user, role=request.POST.get("role", ""))
                message = (
                    _("Danh sách “{name}” nay hiện với mọi {role}.").format(
                        name=saved.name, role=saved.get_shared_with_display()
                    )
                    if saved.shared_with
                    else _("Danh sách “{name}” nay chỉ {owner} thấy.").format(name=saved.name, owner=saved.owner)
                )
            case "delete":
                saved.delete()
                message = _("Đã xóa danh sách “{name}”. Không phiếu nào bị xóa.").format(name=saved.name)
            case _:
                raise Http404
    except saved_views.NotSaved as wrong:
        return _views(request, wrong={number: str(wrong)}, typed={number: name})
    add_message(request, message)
    return HttpResponseRedirect(own_path(request.POST.get("back", ""), otherwise=reverse("desk:views")))


def _views(
    request: StaffRequest,
    *,
    wrong: dict[int, str] | None = None,
    typed: dict[int, str] | None = None,
    adding: dict[str, str] | None = None,
) -> HttpResponse:
    wrong, typed = wrong or {}, typed or {}
    kept = list(saved_views.kept_by(request.user))
    mine = {each.pk for each in kept}
    shown = {
        "kept": [(each, typed.get(each.pk) or each.name, wrong.get(each.pk, "")) for each in kept],
        "shared": [each for each in saved_views.seen_by(request.user) if each.pk not in mine],
        "roles": saved_views.roles() if request.user.role in SHARES_VIEWS else [],
        "has_cases": request.user.role in HAS_CASES,
        "adding": adding,
    }
    return render(request, "desk/inbox/saved_views.html", shown, status=422 if wrong or adding else 200)
