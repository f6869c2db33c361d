"""The leader's page: one sheet, for a period of one's choice."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import INSPECTS_DENUNCIATIONS, READS_REPORTS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.cases.queries import visible_cases
from tongdai.directory.models import Campaign
from tongdai.platform.clock import now, today
from tongdai.platform.files import spreadsheets
from tongdai.platform.typed_input import NotADay, read_day
from tongdai.shell.staff import StaffRequest, staff

from .behind import NoSuchFigure, read
from .document import csv_lines, pdf, word, workbook
from .document.content import Content, gather
from .period import TRIAL_COUNTED, Period, written
from .sheet import sheet

TRIAL = "thi-diem"
PAGE = 100
FORMS = ("docx", "pdf", "xlsx", "csv")


@require_GET
@staff(*READS_REPORTS)
def summary(request: StaffRequest) -> HttpResponse:
    """Show the summary; `?ky=` names a usual period, `?tu=…&den=…` any other."""
    return _page(request)


def _page(request: StaffRequest, *, failed: str = "", status: int = 200) -> HttpResponse:
    """Show the sheet; `failed` says why a file could not be made."""
    wrong, at = "", now()
    try:
        period, chosen, title = _asked(request)
    except NotADay as why:
        wrong, status = str(why), 422
        period, chosen, title = _usual(_choices()[0])
    shown = sheet(period, listed=visible_cases(request.user), printed_at=at, title=title)
    shown |= {"choices": _choices(), "chosen": chosen, "wrong": wrong, "scope": _scope(request.user.role)}
    typed = (request.GET.get("tu", ""), request.GET.get("den", ""))
    shown |= {"links": True} | dict(
        zip(("from_text", "to_text"), typed if wrong else (period.first, period.last), strict=True)
    )
    shown |= {"days": _days_of(period), "prints": pdf.program() is not None, "failed": failed}
    return render(request, "reports/summary.html", shown, status=status)


@require_GET
@staff(*READS_REPORTS)
def behind(request: StaffRequest) -> HttpResponse:
    """List the cases that a number of the sheet counts: as many as it says, for the same eyes."""
    try:
        figure = read(request.GET)
    except NoSuchFigure as wrong:
        raise Http404 from wrong
    seen = visible_cases(request.user)
    cases = figure.cases(seen).select_related("topic", "place", "lead")
    page = Paginator(cases, PAGE).get_page(request.GET.get("trang"))
    shown = {"figure": figure, "title": figure.words(), "page": page, "back": _sheet_of(figure.period)}
    shown["unlisted"] = figure.unlisted(seen)
    return render(request, "reports/behind.html", shown | {"scope": _scope(request.user.role)})


@require_GET
@staff(*READS_REPORTS)
def document(request: StaffRequest, form: str) -> HttpResponse:
    """The final report of a period as Word or PDF, its data as Excel or CSV; the export is on record first.

    The same file whoever asks: whole totals, and tables of what all staff may know of.
    """
    try:
        period, _chosen, _title = _asked(request)
    except NotADay:
        return _page(request)
    if form not in FORMS or (form == "pdf" and pdf.program() is None):
        raise Http404
    record(Kind.EXPORT, "report", detail={"from": f"{period.first}", "to": f"{period.last}", "as": form})
    try:
        made, kind = _made(gather(period, made_at=now()), form)
    except word.BrokenTemplate as why:
        return _page(request, failed=str(why), status=500)
    except pdf.NoPdf as why:
        return _page(request, failed=str(why), status=503)
    name = f"bao-cao-1022-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}"
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _made(content: Content, form: str) -> tuple[bytes, str]:
    if form == "xlsx":
        return workbook.make(content), spreadsheets.XLSX
    if form == "csv":
        return csv_lines.make(content), spreadsheets.CSV
    written = word.make(content, template=word.in_use())
    return (pdf.make(written), pdf.PDF) if form == "pdf" else (written, word.DOCX)


def _sheet_of(period: Period) -> str:
    return f"{reverse('reports:summary')}?{_days_of(period)}"


def _days_of(period: Period) -> str:
    return f"tu={written(period.first)}&den={written(period.last)}"


def _scope(role: str) -> str:
    """Return which cases are listed to this reader; the totals are the whole city's."""
    if role in INSPECTS_DENUNCIATIONS:
        return _("Danh sách và bảng chia chỉ gồm phiếu người xem được xem.")
    return _("Danh sách và bảng chia không gồm phiếu không liệt kê.")


Choice = tuple[str, str, Period, str]  # name in the address, words to choose by, days, title of the sheet


def _asked(request: StaffRequest) -> tuple[Period, str, str]:
    if request.GET.get("tu") or request.GET.get("den"):
        period = Period(read_day(request.GET.get("tu", "")), read_day(request.GET.get("den", "")))
        return period, "", _("Tổng hợp {period}").format(period=period)
    for choice in _choices():
        if choice[0] == request.GET.get("ky"):
            return _usual(choice)
    return _usual(_choices()[0])


def _usual(choice: Choice) -> tuple[Period, str, str]:
    return choice[2], choice[0], choice[3]


def _choices() -> list[Choice]:
    """Return the periods people ask for most; the trial's where the city had it."""
    day = today()
    week, month = Period(day - timedelta(days=6), day), Period(day.replace(day=1), day)
    found: list[Choice] = [
        (
            "tuan",
            _("Bảy ngày qua, {period}").format(period=week),
            week,
            _("Tổng hợp bảy ngày, {period}").format(period=week),
        ),
        (
            "thang",
            _("Tháng này, {period}").format(period=month),
            month,
            _("Tổng hợp tháng, {period}").format(period=month),
        ),
    ]
    if Campaign.objects.filter(code="covid-trial").exists():
        trial = Period(*TRIAL_COUNTED)
        title = _("Tổng hợp đợt thí điểm COVID-19, {period}").format(period=trial)
        found.append((TRIAL, _("Thí điểm COVID-19, {period}").format(period=trial), trial, title))
    return found
