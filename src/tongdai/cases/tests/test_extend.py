"""A longer deadline: for a reason, to a day of work, and its citizen is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.cases.actions.extend import extend
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, Remark
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.notifications.template import template_of
from tongdai.people.models import Channel, Interaction
from tongdai.privacy.erasure import erase

NB = "\u00a0"


def case_in_hand(city: City, **more: object) -> Case:
    """Received on Monday 14 February 8:00, due on the next Monday 8:00."""
    return city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=True, received="2022-02-14 08:00", **more)


def extended(city: City, case: Case, until: date = date(2022, 2, 25)) -> Case:
    by, at = Actor.staff(city.coordinator), city.at("2022-02-18 10:00")
    return extend(case, by=by, until=until, reason="Chờ kết quả giám định.", at=at)


def test_the_deadline_moves_to_the_end_of_work_on_that_day_and_nothing_else_changes(city: City) -> None:
    case = extended(city, case_in_hand(city))
    assert (case.state, case.lead) == (State.IN_PROGRESS, city.agencies[HONG_BANG])
    assert case.due_at == city.at("2022-02-25 17:00")
    assert history(case)[-1].deadline_change == (city.at("2022-02-21 08:00"), city.at("2022-02-25 17:00"))


@pytest.mark.parametrize("until", [date(2022, 2, 26), date(2022, 2, 18), date(2022, 2, 17)])
def test_a_day_off_or_one_before_the_deadline_is_refused_and_nothing_is_written(city: City, until: date) -> None:
    case = case_in_hand(city)
    with pytest.raises(ActionRefused):
        extended(city, case, until)
    assert case.events.count() == 3 and not Remark.objects.exists()


def test_the_reason_stands_in_no_event_and_goes_with_the_words_of_the_case(city: City) -> None:
    case = extended(city, case_in_hand(city))
    assert "giám định" not in str(case.events.get(action="extend").changed)
    assert history(case)[-1].remark == "Chờ kết quả giám định."
    Case.objects.update(state=State.CLOSED)
    assert erase(Case.objects.get(), because="request", at=city.at("2022-04-01 08:00"))
    assert Remark.objects.get().text == ""


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WEB, Channel.VOICE])
def test_its_citizen_is_texted_the_new_date_by_whatever_channel_they_came(city: City, channel: Channel) -> None:
    case = extended(city, case_in_hand(city, channel=channel))
    event = case.events.get(action="extend")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"{channel}-extend:{event.pk}")
    assert f"lùi đến 17{NB}giờ thứ{NB}Sáu, 25.2.2022." in text.body
    assert "giám định" not in text.body  # the number isn't proven


def test_both_timelines_draw_it_the_citizens_with_the_short_form_of_the_text(city: City) -> None:
    case = extended(city, case_in_hand(city))
    template, step = template_of("extend"), history(case)[-1]
    line = template.line_of(step)
    assert (
        line and template.short and line.sentence == template.short(step) and line.words == ["Chờ kết quả giám định."]
    )


def test_on_the_desk_a_coordinator_extends_with_one_form(city: City) -> None:
    case = case_in_hand(city)
    client = Client()
    client.force_login(city.coordinator)
    address = f"/ban/phieu/{case.code}/gia-han/"
    form = client.get(address).content.decode()
    assert "Gia hạn trả lời" in form and 'placeholder="ngày/tháng/năm"' in form and "Lý do" in form
    missing = client.post(address, {"until": "", "reason": ""})
    assert missing.status_code == 422 and "Hãy chọn ngày." in missing.content.decode()
    for wrong, why in (
        ("18/02/2022", "Hạn mới phải sau hạn đang có, và sau lúc này."),
        ("26/2/2022", "Ngày ấy thành phố nghỉ. Chọn một ngày làm việc."),  # a Saturday
    ):
        beside = client.post(address, {"until": wrong, "reason": "Chờ giám định"})
        assert beside.status_code == 422 and beside.context["form"].errors == {"until": [why]}
        page = beside.content.decode()
        assert why in page and f'value="{wrong}"' in page and "Chờ giám định" in page
    page = client.post(address, {"until": "24/02/2040", "reason": "Chờ giám định"}, follow=True).content.decode()
    assert "Đã gia hạn phiếu" in page and "Chờ giám định" in page
    officer = Client()
    officer.force_login(city.officer(HONG_BANG))
    assert officer.post(address, {"until": "2040-02-27", "reason": "Chờ"}).status_code == 409
