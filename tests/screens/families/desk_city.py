"""The administrator's pages: people, settings, calendar, what goes out, personal data, the record."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from tests.city import HONG_BANG, LE_CHAN
from tests.screens.states import There, state
from tests.screens.world import LONG_AGENCY, LONG_NAME, LONG_TEXT, UNBROKEN
from tongdai.accounts.models import Role
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.directory.changes.writing import write
from tongdai.directory.models import Agency, Change, Topic
from tongdai.people import held_back
from tongdai.people.disclosures import disclose
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now
from tongdai.privacy import requests
from tongdai.privacy.models import Breach, DataRequest

WEEK = {f"day{day}": "7:30-11:30, 13:00-17:00" for day in range(5)} | {"day5": "", "day6": ""}


@state("desk:people", "full")
def people(there: There) -> str:
    there.city.staff(Role.OFFICER, LONG_NAME, agency=LONG_AGENCY)
    there.sign_in("administrator")
    return reverse("desk:people")


@state("desk:people", "nobody found")
def nobody(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:people") + "?q=khong+co+ai"


@state("desk:people", "not for this role", status=403)
def not_yours(there: There) -> str:
    there.sign_in("call taker")
    return reverse("desk:people")


@state("desk:person_new", "empty")
def person_new(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:person_new")


@state("desk:person_new", "in error", status=422)
def person_wrong(there: There) -> HttpResponse:
    return there.client.post(person_new(there), {"full_name": "", "username": "", "role": "officer"})


@state("desk:person", "open")
def person(there: There) -> str:
    row = there.city.staff(Role.OFFICER, LONG_NAME, agency=LONG_AGENCY)
    there.sign_in("administrator")
    return reverse("desk:person", args=[row.pk])


@state("desk:person", "a link to hand over", words="Đường dẫn")
def handed(there: There) -> object:
    client = there.sign_in("administrator")
    row = there.people["officer"]
    return client.post(reverse("desk:person_do", args=[row.pk, "moi"]), follow=True)


@state("desk:topics", "full")
def topics(there: There) -> str:
    top = there.city.topics["waste"]
    for number, name in enumerate((LONG_AGENCY, "Vệ sinh môi trường ở chợ và nơi công cộng", "Bãi tập kết")):
        row = Topic(
            code=f"under-{number}",
            name=name,
            parent=top,
            urgent=number == 0,
            health=True,
            proof_required=True,
            hides_sender=True,
        )
        write(row, {"name": name, "parent": top}, how=Change.How.PAGE)
        top = row
    write(Topic(code="old"), {"name": "Hộ khẩu giấy", "valid_to": date(2022, 1, 1)}, how=Change.How.PAGE)
    there.sign_in("administrator")
    there.then(lambda page: page.locator("details.ended summary").click())
    return reverse("desk:topics")


@state("desk:topics", "nothing found")
def no_topic(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:topics") + "?q=khong+co"


@state("desk:topics", "not for this role", status=403)
def topics_not_yours(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:topics")


@state("desk:topic_new", "empty")
def topic_new(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:topic_new")


@state("desk:topic_new", "in error", status=422)
def topic_wrong(there: There) -> HttpResponse:
    wrong = {"name": "", "code": "Cây Xanh", "parent": "x", "agency": "x", "limit_hours": "nhiều", "wait_days": "",
             "keywords": LONG_TEXT, "valid_from": "hôm nào", "valid_to": "30/2/2025"}  # fmt: skip
    return there.client.post(topic_new(there), wrong)


@state("desk:topic", "with its changes", words="Trả lại như trước")
def topic(there: There) -> str:
    row = there.city.topics["lighting"]
    write(row, {"limit_hours": 24, "keywords": "đèn đường\nbóng đèn\n" + UNBROKEN}, how=Change.How.PAGE)
    write(row, {"name": LONG_AGENCY, "agency": there.city.agencies[LONG_AGENCY]}, how=Change.How.FILE)
    there.sign_in("administrator")
    return reverse("desk:topic", args=[row.pk])


@state("desk:topic", "what saving would mean", words="Lưu như vậy")
def topic_asks(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    row = there.city.topics["waste"]
    typed = {"name": row.name, "limit_hours": "16", "wait_days": "3", "confidential": "on", "urgent": "on", "seen": "0"}
    return client.post(reverse("desk:topic", args=[row.pk]), typed)


@state("desk:topic", "somebody was quicker", status=409, words="có người vừa đổi mục này")
def topic_meanwhile(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    row = there.city.topics["lighting"]
    write(row, {"limit_hours": 24, "legal_basis": LONG_TEXT[:200]}, how=Change.How.PAGE)
    typed = {"name": "Đèn đường", "limit_hours": "40", "wait_days": "5", "anonymous_allowed": "on", "seen": "0"}
    return client.post(reverse("desk:topic", args=[row.pk]), typed)


@state("desk:topic", "over", words="Dùng lại")
def topic_over(there: There) -> str:
    row = there.city.topics["lighting"]
    write(row, {"valid_to": date(2022, 1, 1)}, how=Change.How.PAGE)
    there.sign_in("administrator")
    return reverse("desk:topic", args=[row.pk])


@state("desk:agencies", "full")
def agencies(there: There) -> str:
    under = Agency(code="under")
    write(under, {"name": f"Đội 1 {LONG_AGENCY}", "parent": there.city.agencies[LE_CHAN]}, how=Change.How.PAGE)
    Agency.objects.filter(name=LONG_AGENCY).update(valid_to=date(2022, 1, 1))
    there.sign_in("administrator")
    there.then(lambda page: page.locator("details.ended summary").click())
    return reverse("desk:agencies")


@state("desk:agencies", "nothing found")
def no_agency(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:agencies") + "?q=khong+co"


@state("desk:agency_new", "empty")
def agency_new(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:agency_new")


@state("desk:agency_new", "in error", status=422)
def agency_wrong(there: There) -> HttpResponse:
    wrong = {"name": "", "kind": "x", "parent": "x", "phone": "0" * 30, "places": ["x"], "valid_to": "hôm nào"}
    return there.client.post(agency_new(there), wrong)


@state("desk:agency", "with cases and changes", words="phiếu đang mở")
def agency(there: There) -> str:
    row = there.city.agencies[HONG_BANG]
    write(row, {"phone": "0225 3838 383", "places": [*there.city.places.values()]}, how=Change.How.PAGE)
    there.sign_in("administrator")
    return reverse("desk:agency", args=[row.pk])


@state("desk:agency", "may not end yet", status=409, words="Chưa kết thúc được")
def agency_rests(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    row = there.city.agencies[HONG_BANG]
    return client.post(reverse("desk:agency_do", args=[row.pk, "ket-thuc"]), {"valid_to": "1/1/2022", "seen": "0"})


@state("desk:settings", "usual")
def settings(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:settings")


@state("desk:settings", "a file tried")
def tried(there: There) -> HttpResponse:
    return _import(there, f'code,name\nmoi-1,"{LONG_AGENCY}"\n')


@state("desk:settings", "a file with faults", status=422)
def faulty(there: There) -> HttpResponse:
    return _import(there, f"code,name,kind\n,{UNBROKEN},khong-co\n" * 8)


@state("desk:toll", "nothing held back")
def toll(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:toll")


@state("desk:toll", "texts held back")
def toll_held(there: There) -> str:
    for number in range(3):
        text = queue_outbound(channel=Channel.SMS, address=f"+8491234567{number}", body=LONG_TEXT, key=f"held:{number}",
                              purpose=Purpose.ANSWER, at=now())  # fmt: skip
        assert text
        held_back.hold_back([text.pk], at=now())
    there.sign_in("administrator")
    return reverse("desk:toll")


@state("desk:toll", "in error", status=422)
def toll_wrong(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    return client.post(reverse("desk:toll_decide"), {"texts_a_block": "-1", "texts_an_hour": "nhiều"})


@state("desk:calendar", "usual")
def calendar(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:calendar")


@state("desk:calendar", "what other hours would move", words="Chưa ghi")
def calendar_tried(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    return client.post(reverse("desk:calendar_hours"), WEEK | {"day0": "8:00-10:00", "day5": "8:00-9:00, 10:00-11:00"})


@state("desk:calendar", "in error", status=422)
def calendar_wrong(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    return client.post(reverse("desk:calendar_hours"), WEEK | {"day1": "7:30-muộn"})


@state("desk:privacy", "empty", empty=True)
def privacy_empty(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:privacy")


@state("desk:privacy", "full")
def privacy(there: There) -> str:
    for kind in (DataRequest.Kind.ERASURE, DataRequest.Kind.CORRECTION):
        requests.receive(there.rows["answered"], kind, words=LONG_TEXT, channel="web", at=now() - timedelta(days=9))
    Breach.objects.create(
        found_at=now() - timedelta(hours=80),
        what=LONG_TEXT,
        data=UNBROKEN,
        people=40_000,
        by=there.people["administrator"],
    )
    there.sign_in("administrator")
    return reverse("desk:privacy")


@state("desk:privacy", "in error", status=422)
def privacy_wrong(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    return client.post(reverse("desk:privacy_breach"), {"found_at": "hôm qua", "what": LONG_TEXT})


@state("desk:audit", "empty")
def audit_nothing(there: There) -> str:
    there.sign_in("inspector")
    return reverse("desk:audit") + "?viec=import"


@state("desk:audit", "full")
def audit(there: There) -> str:
    case = there.rows["long"]
    disclose(to=there.people["call taker"], what="phone", contact=case.contact, reference=case.code, at=now())
    record(Kind.PEOPLE, "changed", by=there.city.admin.pk, subject=there.city.call_taker.pk,
           detail={"role": ["officer", "leader"]})  # fmt: skip
    for number in range(60):
        record(Kind.EXPORT, "staff", by=there.city.admin.pk, what=f"row {number} {'x' * 60 * (number == 3)}")
    there.sign_in("inspector")
    return reverse("desk:audit")


@state("desk:audit", "of a number")
def audit_number(there: There) -> str:
    there.sign_in("inspector")
    return reverse("desk:audit") + "?nguoi=1"


@state("desk:audit", "no such person", status=422)
def audit_wrong(there: There) -> str:
    there.sign_in("inspector")
    return reverse("desk:audit") + "?ai=khong-co-ai&tu=x"


def _import(there: There, text: str) -> HttpResponse:
    client = there.sign_in("administrator")
    file = SimpleUploadedFile("co-quan.csv", text.encode())
    return client.post(reverse("desk:settings_import"), {"kind": "agencies", "file": file, "action": "preview"})
