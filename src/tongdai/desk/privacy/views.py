"""The staff's side of personal data: requests with their days, breaches, how long what is kept, the register, consent."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import HAS_CASES, INSPECTS_DENUNCIATIONS, KEEPS_DATA, SETS_RETENTION
from tongdai.cases import codes, queries
from tongdai.cases.models import Case
from tongdai.directory.models import Topic
from tongdai.language.text import clean
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.platform.typed_input import NotADay, read_id, read_moment, read_number, too_long
from tongdai.privacy import consents, requests
from tongdai.privacy.breaches import report_by
from tongdai.privacy.models import Breach, Consent, DataRequest, PrivacyContact, RetentionRule
from tongdai.privacy.purposes import PROCESSING
from tongdai.privacy.retention import BY_TOPIC, days_of, set_days
from tongdai.shell.staff import StaffRequest, staff

from ..case.page import of_case, show
from ..flash import add_message

SHOWN = 50
MOST_DAYS, MOST_PEOPLE = 36_500, 99_999_999
CHANNELS = ("voice", "sms", "paper")


@require_GET
@staff(*KEEPS_DATA)
def page(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*KEEPS_DATA)
def receive(request: StaffRequest) -> HttpResponse:
    """A request that came by telephone, text or on paper."""
    given = request.POST
    code = codes.read(given.get("code", ""))
    case = Case.objects.filter(code=code, confidential=False).first() if code else None
    if code and case is None and request.user.role in INSPECTS_DENUNCIATIONS:
        case = queries.visible_cases(request.user).filter(code=code).first()
    kind, channel = given.get("kind", ""), given.get("channel", "")
    if case is None:
        return _page(request, typed=given, wrong=_("Không có phiếu mang mã này."), status=422)
    if kind not in DataRequest.Kind.values or channel not in CHANNELS:
        return _page(
            request, typed=given, wrong=_("Chọn điều người dân muốn, và họ yêu cầu bằng cách nào."), status=422
        )
    if not clean(given.get("words", "")):
        return _page(request, typed=given, wrong=_("Ghi lời người dân, và đã biết họ là ai bằng cách nào."), status=422)
    if wrong := too_long(clean(given["words"]), most=requests.LONGEST):
        return _page(request, typed=given, wrong=wrong, status=422)
    requests.receive(case, DataRequest.Kind(kind), words=given["words"], channel=channel, at=now(), by=request.user)
    return _back_with(request, _("Đã ghi yêu cầu."))


@require_POST
@staff(*KEEPS_DATA)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm, extend, finish or refuse one request."""
    asked = get_object_or_404(requests.shown_to(request.user), pk=pk)
    by, at, words, action = request.user, now(), request.POST.get("answer", ""), request.POST.get("action", "")
    try:
        if action == "confirm":
            requests.confirm(asked, by=by, at=at)
            message = _("Đã xác nhận với người dân.")
        elif action == "extend":
            requests.extend(asked, reason=words, by=by, at=at)
            message = _("Đã gia hạn.")
        elif action == "done":
            requests.finish(asked, answer=words, by=by, at=at)
            message = _("Đã làm xong.")
        elif action == "refuse":
            requests.refuse(asked, reason=words, by=by, at=at)
            message = _("Đã trả lời là không làm được.")
        else:
            return _page(request, status=422)
    except requests.Refused as why:
        return _page(request, wrong_request=(asked.pk, str(why), words), status=409)
    return _back_with(request, message)


@require_POST
@staff(*SETS_RETENTION)
def retention(request: StaffRequest) -> HttpResponse:
    """How many days; for cases and photos also of one topic alone. An empty topic's rule goes."""
    kind, topic_id, typed = (request.POST.get(name, "") for name in ("kind", "topic", "days"))
    topic = Topic.objects.filter(pk=read_id(topic_id) or 0).first() if topic_id else None
    if topic_id and topic is None:
        return _page(request, wrong_days=_("Không có lĩnh vực này."), typed=request.POST, status=422)
    if kind not in RetentionRule.Kind.values or (topic and kind not in BY_TOPIC):
        return _page(request, wrong_days=_("Chỉ lời kể và ảnh của phiếu có thời hạn riêng theo lĩnh vực."), status=422)
    if topic and not typed.strip():
        RetentionRule.objects.filter(kind=kind, topic=topic).delete()
        return _back_with(request, _("Đã bỏ thời hạn riêng."))
    length = read_number(typed, least=1, most=MOST_DAYS)
    if length is None:
        return _page(request, wrong_days=_("Ghi số ngày từ 1 đến 36500."), typed=request.POST, status=422)
    set_days(RetentionRule.Kind(kind), length, topic=topic)
    return _back_with(request, _("Đã lưu. Đêm nay những gì quá hạn được xóa."))


@require_POST
@staff(*KEEPS_DATA)
def breach(request: StaffRequest) -> HttpResponse:
    """Write down that something went wrong; the 72 hours run from when it was found."""
    given = request.POST
    try:
        found = read_moment(given.get("found_at", ""))
    except NotADay as why:
        wrong = _("Lúc phát hiện: {why}").format(why=why)
        return _page(request, typed=given, wrong_breach=wrong, status=422)
    what, which = clean(given.get("what", "")), clean(given.get("data", ""))
    if not what or not which:
        return _page(request, typed=given, wrong_breach=_("Ghi chuyện gì đã xảy ra và dữ liệu nào."), status=422)
    if found > now():
        return _page(request, typed=given, wrong_breach=_("Lúc phát hiện không thể ở tương lai."), status=422)
    people = read_number(given.get("people", "").strip() or "0", most=MOST_PEOPLE)
    if people is None:
        wrong = _("Khoảng bao nhiêu người: chỉ ghi chữ số, nhiều nhất 99999999; chưa biết thì để trống.")
        return _page(request, typed=given, wrong_breach=wrong, status=422)
    Breach.objects.create(
        found_at=found, what=what, data=which, people=people, measures=clean(given.get("measures", "")), by=request.user
    )
    return _back_with(request, _("Đã ghi sổ. Báo cơ quan chuyên trách trong 72 giờ kể từ lúc phát hiện."))


@require_POST
@staff(*KEEPS_DATA)
def breach_step(request: StaffRequest, pk: int) -> HttpResponse:
    """Reported, people notified, or closed: each is written once."""
    row, at = get_object_or_404(Breach, pk=pk), now()
    field = {"reported": "reported_at", "notified": "people_notified_at", "closed": "closed_at"}.get(
        request.POST.get("action", "")
    )
    if field is None:
        return _page(request, status=422)
    Breach.objects.filter(pk=row.pk, **{field: None}).update(**{field: at})
    return _back_with(request, _("Đã ghi."))


@require_POST
@staff(*SETS_RETENTION)
def contact(request: StaffRequest) -> HttpResponse:
    """Whom citizens ask; stands in the notice."""
    values = {name: clean(request.POST.get(name, "")) for name in ("name", "phone", "email", "address")}
    for name, value in values.items():
        if wrong := too_long(value, most=getattr(PrivacyContact._meta.get_field(name), "max_length")):  # noqa: B009
            return _page(request, contact=values, wrong_contact=wrong, status=422)
    PrivacyContact.objects.update_or_create(pk=1, defaults=values)
    return _back_with(request, _("Đã lưu."))


@require_GET
@staff(*KEEPS_DATA)
def register(request: StaffRequest) -> HttpResponse:
    """The register of processing as CSV, for the file the law asks for."""
    text, days = io.StringIO(), days_of()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([_("Hoạt động"), _("Dữ liệu"), _("Mục đích"), _("Căn cứ"), _("Người nhận"), _("Số ngày giữ")])
    for each in PROCESSING:
        days_retained = days[each.retention.value, None]
        sheet.writerow([each.name, each.data, each.purpose, each.basis, each.recipients, days_retained])
    headers = {"Content-Disposition": 'attachment; filename="hoat-dong-xu-ly.csv"'}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@staff(*HAS_CASES)
@of_case
def consent(request: StaffRequest, case: Case) -> HttpResponse:
    """What the citizen answered by telephone or on paper."""
    answers = {"give": Consent.Answer.GIVEN, "refuse": Consent.Answer.REFUSED, "withdraw": Consent.Answer.WITHDRAWN}
    if answer := answers.get(request.POST.get("answer", "")):
        consents.record_answer(case, answer, channel="voice", at=now(), by=request.user)
    return show(request, case)


def _back_with(request: StaffRequest, message: str) -> HttpResponse:
    add_message(request, message)
    return HttpResponseRedirect(reverse("desk:privacy"))


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    at, days = now(), days_of()
    asked = requests.shown_to(request.user)
    waiting = list(asked.filter(done_at=None).select_related("case__contact").order_by("due_at")[:SHOWN])
    for each in waiting:
        if each.words:
            disclose(to=request.user, what="request", contact=each.case.contact, reference=each.case.code, at=at)
    topics = {topic.pk: topic for topic in Topic.objects.all()}
    own = [(kind, topics[topic], length) for (kind, topic), length in days.items() if topic in topics]
    shown = {
        "at": at,
        "open": waiting,
        "ended": asked.exclude(done_at=None).order_by("-done_at")[:SHOWN],
        "kinds": DataRequest.Kind.choices,
        "rules": [(kind, label, days[kind, None]) for kind, label in RetentionRule.Kind.choices],
        "own_rules": [(RetentionRule.Kind(kind), topic, length) for kind, topic, length in own],
        "by_topic": [(kind.value, kind.label) for kind in BY_TOPIC],
        "topics": sorted(topics.values(), key=lambda topic: topic.sort_key),
        "breaches": [(row, report_by(row)) for row in Breach.objects.order_by("-found_at")[:SHOWN]],
        "register": [(each, days[each.retention.value, None]) for each in PROCESSING],
        "contact": PrivacyContact.objects.filter(pk=1).first() or PrivacyContact(),
        "sets": request.user.role in SETS_RETENTION,
    }
    return render(request, "desk/privacy/privacy.html", shown | more, status=status)
