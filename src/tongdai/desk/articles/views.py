"""The editors' room: what to see to, and each answer as it is written, approved and published."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import APPROVES_ANSWERS, EDITS_ANSWERS, SEES_QUESTIONS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.cases import queries
from tongdai.cases.models import Answer, Case
from tongdai.directory import snapshot
from tongdai.knowledge.answers import publishing, short_answers, versions
from tongdai.knowledge.answers.plain_text import to_review
from tongdai.knowledge.editing import articles_from_cases, reviews
from tongdai.knowledge.importing import exports
from tongdai.knowledge.models import Article, DeadLink, Draft, EditedAnswer, Inquiry, LookupTable, Procedure, State
from tongdai.knowledge.usage import gaps, questions
from tongdai.language.text import clean
from tongdai.platform.clock import now, today
from tongdai.platform.typed_input import too_long
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .as_asked import as_asked
from .changes import changes
from .counted import counters_of
from .forms import AliasedForm, form_for
from .official import official_texts
from .rows import MODELS, address_of, called_as_drafted, draft_name, is_saved, visible, was_saved

MOST = 60
LONGEST_QUESTION, LONGEST_PHRASE = 300, 200
_NUMBER = re.compile(r"[0-9]{1,9}")


@require_GET
@staff(*EDITS_ANSWERS)
def room(request: StaffRequest) -> HttpResponse:
    """What waits: questions that found nothing, drafts, doubts of an import, answers to look at again."""
    typed = clean(request.GET.get("q", ""))[:100]
    day = today()
    procedures, articles, tables = (visible(request.user, model) for model in (Procedure, Article, LookupTable))
    shown = {
        "typed": typed,
        "asked": as_asked(request.user, typed),
        "nothing": questions.unanswered(at=now()) if _sees_questions(request) else [],
        "sees_questions": _sees_questions(request),
        "gaps": _gaps() if _sees_questions(request) else [],
        "drafts": _drafts(request),
        "troubled": procedures.exclude(troubles=[]).order_by("-chosen", "code")[:MOST],
        "troubled_count": procedures.exclude(troubles=[]).count(),
        "law_changed": reviews.official_changed(procedures)[:MOST],
        "law_changed_count": reviews.official_changed(procedures).count(),
        "review": [
            *procedures.filter(review_by__lte=day)[:MOST],
            *articles.filter(review_by__lte=day)[:MOST],
            *tables.filter(review_by__lte=day)[:MOST],
        ],
        "procedures": procedures.filter(Q(name__icontains=typed) | Q(code__startswith=typed)).order_by(
            "-chosen", "code"
        )[:MOST],
        "articles": called_as_drafted(
            articles.filter(Q(question__icontains=typed) | Q(pk__in=_drafted(typed))).order_by("-chosen", "question")[
                :MOST
            ]
        ),
        "dead": [
            (link, row) for link in DeadLink.objects.order_by("kind", "row")[:MOST] if (row := _behind(request, link))
        ],
        "tables": tables,
        "approves": request.user.role in APPROVES_ANSWERS,
    }
    return render(request, "desk/articles/room.html", shown)


@require_http_methods(["GET", "POST"])
@staff(*EDITS_ANSWERS)
def edit(request: StaffRequest, kind: str, number: int) -> HttpResponse:
    """One answer: what it says, or what its draft does; saved as a draft, citizens still read what is published."""
    row = _row(request, kind, number)
    if isinstance(row, LookupTable):  # its page is another: `tables.edit`
        return HttpResponseRedirect(address_of(row))
    held = publishing.draft_of(row)
    content = versions.content_of(row) | (publishing.content_of(held, row) if held else {})
    seen = publishing.mark_of(row, held)
    form = form_for(
        row,
        request.POST if request.method == "POST" else None,
        content=content,
        seen=seen,
    )
    if request.method == "GET" or not form.is_valid():
        return _page(request, row, form, held, status=422 if form.is_bound else 200)
    try:
        publishing.save_draft(row, form.content(), by=request.user, at=now(), seen=form.cleaned_data["seen"])
    except publishing.ChangedMeanwhile as changed:
        typed = request.POST.copy()
        typed["seen"] = seen  # what was typed stays; saved once more, it stands
        form = form_for(row, typed, content=content, seen=seen)
        return _page(request, row, form, held, status=HTTPStatus.CONFLICT, changed=str(changed))
    is_saved(request, row)
    add_message(
        request, _("Đã lưu bản nháp. Người dân vẫn đọc bản đang công khai cho đến khi bản này được duyệt và đăng.")
    )
    return HttpResponseRedirect(address_of(row))


@require_POST
@staff(*EDITS_ANSWERS)
def action(request: StaffRequest, kind: str, number: int) -> HttpResponse:
    """Approve, publish, withdraw or discard; write an earlier version or the official text into the draft; or say that the

    plain text is still right.
    """
    row, asked = _row(request, kind, number), request.POST.get("action", "")
    try:
        if asked == "restore":
            return _restore(request, row)
        approves, seen = request.user.role in APPROVES_ANSWERS, request.POST.get("seen", "")[:20]
        if asked == "read_official":
            publishing.read_official(row, request.POST.get("part", ""), by=request.user, at=now(), seen=seen)
            add_message(
                request, _("Bản nháp nay đọc lời chính thức ở phần ấy: duyệt và công khai thì người dân mới thấy.")
            )
            return HttpResponseRedirect(address_of(row))
        if asked == "still_right":
            publishing.still_right(row, by=request.user, at=now(), seen=seen)
            add_message(request, _("Đã ghi: lời thường vẫn đúng với lời chính thức mới."))
            return HttpResponseRedirect(address_of(row))
        if asked == "discard":
            publishing.discard(row, by=request.user, seen=seen, approver=approves)
            add_message(request, _("Đã bỏ bản nháp."))
            return HttpResponseRedirect(address_of(row))
        if not approves:
            raise publishing.PublishingRefused(_("Việc này cần người duyệt."))
        if asked == "approve":
            publishing.approve(row, by=request.user, seen=seen)
            add_message(request, _("Đã duyệt."))
        elif asked == "publish":
            publishing.publish(row, by=request.user, at=now())
            add_message(request, _("Đã công khai. Mọi kênh trả lời theo bản này."))
        elif asked == "withdraw":
            publishing.withdraw(row, by=request.user, at=now())
            add_message(request, _("Đã gỡ. Mục vẫn còn trong kho; đăng lại được."))
    except (publishing.PublishingRefused, publishing.ChangedMeanwhile) as refused:
        add_message(request, str(refused))
    return HttpResponseRedirect(address_of(row))


def _restore(request: StaffRequest, row: EditedAnswer) -> HttpResponse:
    """Raises ChangedMeanwhile."""
    asked = request.POST.get("version", "")[:9]
    earlier = get_object_or_404(versions.versions_of(row), version=int(asked) if _NUMBER.fullmatch(asked) else 0)
    publishing.save_draft(
        row, versions.content_to_restore(earlier), by=request.user, at=now(), seen=request.POST.get("seen", "")[:20]
    )
    add_message(
        request, _("Bản %(n)s nay là bản nháp: duyệt và công khai thì người dân mới thấy.") % {"n": earlier.version}
    )
    return HttpResponseRedirect(address_of(row))


@require_POST
@staff(*EDITS_ANSWERS)
def new_article(request: StaffRequest) -> HttpResponse:
    """A blank article, or one from an answered case: its question and answer, to be freed of names and numbers."""
    at, code = now(), request.POST.get("case", "")
    question, text, key = clean(request.POST.get("question", "")), "", f"new-{at:%Y%m%d%H%M%S%f}"
    if wrong := too_long(question, most=LONGEST_QUESTION):
        add_message(request, wrong)
        return HttpResponseRedirect(reverse("desk:knowledge"))
    owner = request.user.agency
    if code:
        try:
            case = queries.visible_cases(request.user).select_related("lead").get(code=code)
        except Case.DoesNotExist as gone:
            raise Http404 from gone
        if case.confidential:
            raise Http404
        answer = Answer.objects.filter(case=case).order_by("-pk").first()
        question, text, key = (
            case.text[:LONGEST_QUESTION],
            answer.text if answer else "",
            articles_from_cases.key_of(case.pk),
        )
        owner = case.lead or owner
        record(Kind.ANSWERS, "from_a_case", case_code=case.code)
    article, _new = Article.objects.get_or_create(
        key=key,
        defaults={
            "question": question or _("Câu hỏi mới"),
            "answer": text,
            "state": State.DRAFT,
            "owner": owner,
            "updated_at": at,
        },
    )
    return HttpResponseRedirect(address_of(article))


@require_GET
@staff(*EDITS_ANSWERS)
def export(request: StaffRequest, what: str) -> HttpResponse:
    """All of a kind that this editor may work on, as JSON lines, which `tongdai knowledge` takes in again."""
    if what not in exports.KINDS:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{what}.jsonl"'}
    of, articles_of = visible(request.user, Procedure), visible(request.user, Article)
    lines = list(exports.lines(what, of=of, articles_of=articles_of))
    record(Kind.EXPORT, what, detail={"lines": len(lines)})
    return HttpResponse("\n".join(lines) + "\n", content_type="application/jsonl; charset=utf-8", headers=headers)


@require_POST
@staff(*SEES_QUESTIONS)
def settle(request: StaffRequest) -> HttpResponse:
    """A question that found nothing: it becomes an alias of an answer, or is put aside."""
    question, code = request.POST.get("question", "")[:200], request.POST.get("code", "").strip()
    if code:
        if request.user.role not in APPROVES_ANSWERS:  # citizens are led by it at once
            add_message(request, _("Việc này cần người duyệt."))
            return HttpResponseRedirect(reverse("desk:knowledge"))
        row = visible(request.user, Procedure).filter(code=code).first() or (
            visible(request.user, Article).filter(pk=code).first() if _NUMBER.fullmatch(code) else None
        )
        if row is None:
            add_message(request, _("Không có thủ tục hay câu hỏi nào mang mã “%(code)s”.") % {"code": code})
            return HttpResponseRedirect(reverse("desk:knowledge"))
        phrase = clean(request.POST.get("phrase", "") or question)
        if wrong := too_long(phrase, most=LONGEST_PHRASE):
            add_message(request, wrong)
            return HttpResponseRedirect(reverse("desk:knowledge"))
        publishing.add_alias(row, phrase)
        add_message(request, _("Từ nay lời ấy dẫn đến: %(name)s.") % {"name": str(row)[:120]})
    Inquiry.objects.filter(question=question, opened="").update(settled=True)
    return HttpResponseRedirect(reverse("desk:knowledge"))


def _page(
    request: StaffRequest,
    row: EditedAnswer,
    form: AliasedForm,
    held: Draft | None,
    *,
    status: int = 200,
    changed: str = "",
) -> HttpResponse:
    content = versions.content_of(row) | (publishing.content_of(held, row) if held else {})
    shown: dict[str, Any] = {
        "row": called_as_drafted([row])[0],
        "draft": draft_name(row),
        "saved": was_saved(request, row),
        "kind": row.KIND,
        "form": form,
        "held": held,
        "changed": changed,
        "warnings": publishing.warnings(row, content, today=today()),
        "changes": changes(row, held, form),
        "officials": official_texts(row, form),
        "counters": counters_of(row),
        "to_review": isinstance(row, Procedure) and to_review(row),
        "seen": publishing.mark_of(row, held),
        "history": versions.versions_of(row)[:20],
        "agencies": snapshot.agencies(),
        "approves": request.user.role in APPROVES_ANSWERS,
        "theirs": held is not None and held.by_id == request.user.pk,
    }
    return render(request, "desk/articles/edit.html", shown, status=int(status))


def _row(request: StaffRequest, kind: str, number: int) -> EditedAnswer:
    if kind not in MODELS:
        raise Http404
    found: EditedAnswer = get_object_or_404(visible(request.user, MODELS[kind]), pk=number)
    return found


def _gaps() -> list[dict[str, Any]]:
    """The parts that were asked for and no record holds, each with the page where it is written."""
    return [
        {
            "row": each.procedure,
            "address": address_of(each.procedure),
            "part": short_answers.part_name(each.part),
            "times": each.times,
            "last": each.last,
        }
        for each in gaps.gaps(at=now())
    ]


def _drafts(request: StaffRequest) -> list[dict[str, Any]]:
    """Drafts with the answer they are of, the longest waiting first."""
    found = []
    for held in Draft.objects.select_related("by", "approved_by").order_by("updated_at")[:MOST]:
        row = visible(request.user, MODELS[held.kind]).filter(pk=held.row).first()
        if row is not None:
            found.append({"held": held, "row": called_as_drafted([row])[0], "address": address_of(row)})
    return found


def _drafted(typed: str) -> QuerySet[Draft, int]:
    """The articles whose draft asks something like it."""
    return Draft.objects.filter(kind=Article.KIND, content__question__icontains=typed).values_list("row", flat=True)


def _behind(request: StaffRequest, link: DeadLink) -> EditedAnswer | None:
    """The answer a dead link stands in, if these eyes may edit it."""
    found: EditedAnswer | None = visible(request.user, MODELS[link.kind]).filter(pk=link.row).first()
    return found


def _sees_questions(request: StaffRequest) -> bool:
    return request.user.role in SEES_QUESTIONS
