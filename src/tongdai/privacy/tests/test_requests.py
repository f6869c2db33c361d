"""What people ask about their data is answered by the law's days; consent is given and withdrawn by one button."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.city import INSPECTORATE, City
from tongdai.accounts.models import Role
from tongdai.cases.actions.reject import reject
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, Rejection
from tongdai.platform.clock import CITY_TZ
from tongdai.privacy import consents, requests
from tongdai.privacy.models import Consent, DataRequest

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, tzinfo=CITY_TZ)
Kind, State = DataRequest.Kind, DataRequest.State


@pytest.mark.parametrize(
    ("kind", "days"),
    [(Kind.COPY, 10), (Kind.CORRECTION, 10), (Kind.OBJECTION, 15), (Kind.WITHDRAWAL, 15), (Kind.ERASURE, 20)],
)
def test_each_kind_has_the_laws_days(city: City, kind: DataRequest.Kind, days: int) -> None:
    asked = requests.receive(city.case(), kind, words="xin", channel="web", at=MONDAY)
    assert asked.confirm_by == datetime(2026, 11, 26, 9, tzinfo=CITY_TZ)  # two working days; 24.11 is a day off
    assert asked.due_at == MONDAY + timedelta(days=days)


def test_asked_twice_it_is_one_request_with_both_words(city: City) -> None:
    case = city.case()
    first = requests.receive(case, Kind.CORRECTION, words="Tên tôi là Hoa", channel="web", at=MONDAY)
    again = requests.receive(case, Kind.CORRECTION, words="Không phải Hoà", channel="web", at=MONDAY)
    assert again.pk == first.pk and again.words == "Tên tôi là Hoa\nKhông phải Hoà"


def test_it_is_extended_once_and_only_with_a_reason(city: City) -> None:
    asked = requests.receive(city.case(), Kind.OBJECTION, words="x", channel="web", at=MONDAY)
    with pytest.raises(requests.Refused):
        requests.extend(asked, reason=" ", by=city.admin, at=MONDAY)
    longer = requests.extend(asked, reason="Chờ cơ quan khác", by=city.admin, at=MONDAY)
    assert longer.due_at == MONDAY + timedelta(days=30) and longer.answer == "Chờ cơ quan khác"
    with pytest.raises(requests.Refused):
        requests.extend(asked, reason="Nữa", by=city.admin, at=MONDAY)


def test_an_erasure_waits_for_the_case_to_end(city: City) -> None:
    case = city.case("Rác tràn ra ngõ Xoài")
    asked = requests.receive(case, Kind.ERASURE, words="", channel="web", at=MONDAY)
    with pytest.raises(requests.Refused, match="đang xử lý"):
        requests.finish(asked, answer="", by=city.admin, at=MONDAY)
    assert Case.objects.get(pk=case.pk).text == "Rác tràn ra ngõ Xoài"
    reject(case, by=Actor.staff(city.coordinator), ground=Rejection.Ground.NO_CONTENT, reason="-", at=MONDAY)
    done = requests.finish(asked, answer="", by=city.admin, at=MONDAY)
    assert done.state == State.DONE and not Case.objects.get(pk=case.pk).text
    with pytest.raises(requests.Refused):
        requests.refuse(asked, reason="muộn", by=city.admin, at=MONDAY)


def test_requests_about_a_denunciation_are_for_the_inspectorate_alone(city: City) -> None:
    requests.receive(city.case("Tố cáo ông Mười nhận hối lộ"), Kind.COPY, words="", channel="web", at=MONDAY)
    plain = requests.receive(city.case(), Kind.COPY, words="", channel="web", at=MONDAY)
    assert [each.pk for each in requests.shown_to(city.admin)] == [plain.pk]
    assert requests.shown_to(city.staff(Role.SUPERVISOR, "Giám sát")).count() == 1
    assert requests.shown_to(city.inspector).count() == 2


def test_health_is_asked_about_and_taken_back_by_the_same_button(city: City) -> None:
    city.topics["covid-help"].health = True
    city.topics["covid-help"].save()
    case = city.case("Bố tôi sốt cao, cần thuốc", topic="covid-help")
    assert consents.asked_of(case) == Consent.Purpose.HEALTH and consents.last(case) is None
    consents.record_answer(case, Consent.Answer.WITHDRAWN, channel="web", at=MONDAY)
    assert consents.last(case) is None  # nothing was given that could be taken back
    consents.record_answer(case, Consent.Answer.GIVEN, channel="web", at=MONDAY)
    consents.record_answer(case, Consent.Answer.GIVEN, channel="web", at=MONDAY)
    consents.record_answer(case, Consent.Answer.WITHDRAWN, channel="web", at=MONDAY)
    assert list(case.consents.order_by("pk").values_list("answer", flat=True)) == ["given", "withdrawn"]
    [asked] = case.data_requests.all()
    assert asked.kind == Kind.WITHDRAWAL and asked.due_at == MONDAY + timedelta(days=15)
    assert consents.asked_of(city.case()) is None


def test_who_denounced_stays_with_the_inspectorate_until_they_agree(city: City) -> None:
    case = city.case("Tố cáo ông Mười nhận hối lộ", phone="+84904123318", name="Hoa")
    officer = city.staff(Role.OFFICER, "Cán bộ", agency=INSPECTORATE)
    assert consents.hides_sender(case, officer) and not consents.hides_sender(case, city.inspector)
    consents.record_answer(case, Consent.Answer.GIVEN, channel="web", at=MONDAY)
    assert not consents.hides_sender(case, officer)
    consents.record_answer(case, Consent.Answer.WITHDRAWN, channel="web", at=MONDAY)
    assert consents.hides_sender(case, officer)
