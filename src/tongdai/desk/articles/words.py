"""The city's words: abbreviations people write, and what they say for the official word."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import APPROVES_ANSWERS, EDITS_ANSWERS
from tongdai.knowledge.answers import revision
from tongdai.knowledge.models import Term
from tongdai.language.text import clean
from tongdai.platform.typed_input import too_long
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

LONGEST, LONGEST_MEANING, MOST_MEANINGS = 100, 300, 5


@require_GET
@staff(*EDITS_ANSWERS)
def words(request: StaffRequest) -> HttpResponse:
    """All of them, or those that hold what was typed."""
    typed = clean(request.GET.get("q", ""))[:60].lower()
    found = Term.objects.filter(written__icontains=typed) if typed else Term.objects.all()
    may_change = request.user.role in APPROVES_ANSWERS
    shown = {"typed": typed, "terms": found, "kinds": Term.Kind.choices, "may_change": may_change}
    return render(request, "desk/articles/words.html", shown)


@require_POST
@staff(*APPROVES_ANSWERS)
def save(request: StaffRequest) -> HttpResponse:
    """At once, for every citizen: add one, change what it means, or, with nothing as its meaning, let it go."""
    kind = request.POST.get("kind", "")
    written = clean(request.POST.get("written", "")).lower()
    meanings = [each.strip() for each in clean(request.POST.get("meanings", "")).split("|") if each.strip()]
    lengths = [(written, LONGEST), *((each, LONGEST_MEANING) for each in meanings)]
    if wrong := next(filter(None, (too_long(each, most=most) for each, most in lengths)), ""):
        add_message(request, wrong)
    elif len(meanings) > MOST_MEANINGS:
        add_message(request, _("Nhiều nhất %(most)s nghĩa. Chưa ghi gì.") % {"most": MOST_MEANINGS})
    elif kind not in Term.Kind.values or not written:
        add_message(request, _("Hãy ghi người dân viết gì, và chọn loại."))
    elif meanings:
        Term.objects.update_or_create(kind=kind, written=written, defaults={"meanings": meanings})
        revision.advance()
        add_message(
            request,
            _("Từ nay “%(written)s” hiểu là: %(meanings)s.") % {"written": written, "meanings": "; ".join(meanings)},
        )
    else:
        Term.objects.filter(kind=kind, written=written).delete()
        revision.advance()
        add_message(request, _("Đã bỏ “%(written)s”.") % {"written": written})
    return HttpResponseRedirect(reverse("desk:knowledge_words"))
