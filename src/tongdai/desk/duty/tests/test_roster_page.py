"""The roster's page: entered, changed, swapped, ended; gaps in red; who is not rung is told; a button tries it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import City
from tests.reading import read
from tongdai.accounts.duty.roster import on_duty_now
from tongdai.accounts.models import DutyShift, Role
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actor import Actor
from tongdai.channels.duty import alarms
from tongdai.channels.duty.models import Alarm, Ring
from tongdai.channels.duty.registry import can_ring_out
from tongdai.people.models import Channel, Interaction
from tongdai.platform import clock

pytestmark = pytest.mark.django_db
PAGE = "/ban/truc/"
ALL_DAY = {"rank": "1", "name": "Đỗ Thu Hằng", "phones": "0912 000 201\n0225 3842 123", "weekdays": list("0123456"),
           "starts": "00:00", "ends": "00:00", "valid_from": "2020-01-01"}  # fmt: skip


@pytest.fixture
def desk(city: City) -> Client:
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    return client


def shown(desk: Client) -> str:
    return read(desk.get(PAGE))


def test_an_empty_roster_is_a_gap_and_without_an_exchange_nobody_is_rung(desk: Client) -> None:
    page = shown(desk)
    assert "chỉ nhắn tin, không ai được gọi" in page and "không ai trực" in page
    assert "Lúc ấy số 0912\u00a0000\u00a0115 của thành phố được báo." in page


def test_a_shift_is_entered_changed_and_ended(desk: Client) -> None:
    assert desk.post(f"{PAGE}them/", ALL_DAY).status_code == 302
    shift = DutyShift.objects.get()
    assert shift.phones == ["+84912000201", "+842253842123"] and shift.changed_by is not None
    page = shown(desk)
    assert "không ai trực" not in page and "mỗi ngày, cả ngày đêm" in page
    assert 'value="01/01/2020"' in desk.get(f"{PAGE}{shift.pk}/").content.decode()

    desk.post(f"{PAGE}{shift.pk}/", ALL_DAY | {"name": "Nguyễn Quang Huy", "kinds": ["fire"]})
    assert [each.name for each in on_duty_now(clock.now(), kind="fire")] == ["Nguyễn Quang Huy"]
    assert "; chỉ: cháy, nổ</p>" in shown(desk)

    desk.post(f"{PAGE}{shift.pk}/ket-thuc/")
    shift.refresh_from_db()
    assert shift.valid_to is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phones": "115"}, "Không gọi được số này: 115."),
        ({"phones": ""}, "Hãy ghi ít nhất một số để gọi."),
        ({"name": ""}, "Hãy chọn cán bộ, hoặc ghi tên."),
        ({"weekdays": []}, "Hãy chọn ít nhất một ngày."),
        ({"valid_to": "2019-01-01"}, "Ngày cuối phải sau ngày đầu."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(desk: Client, wrong: dict[str, object], said: str) -> None:
    answer = desk.post(f"{PAGE}them/", ALL_DAY | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and 'value="01/01/2020"' in page
    assert not DutyShift.objects.exists()


def test_a_holiday_and_a_swap_go_before(desk: Client) -> None:
    desk.post(f"{PAGE}them/", ALL_DAY)
    shift = DutyShift.objects.get()
    form = desk.get(f"{PAGE}{shift.pk}/doi/").content.decode()
    first = form.split('<option value="')[1].split('"')[0]
    desk.post(f"{PAGE}{shift.pk}/doi/", {"turn": first, "name": "Bùi Minh Tuấn", "phones": "0912000203"})
    assert [each.name for each in on_duty_now(clock.now())] == ["Bùi Minh Tuấn"]
    assert "Thay Đỗ Thu Hằng" in shown(desk)

    tet = {"from_at": "2022-01-31T00:00", "to_at": "2022-02-05T00:00", "reason": "Tết"}
    desk.post(f"{PAGE}them-mot-lan/", ALL_DAY | tet | {"name": "Vũ Thanh Bình"})
    assert DutyShift.objects.get(reason="Tết").from_at is not None
    assert 'value="31/01/2022 00:00"' in desk.get(f"{PAGE}{DutyShift.objects.get(reason='Tết').pk}/").content.decode()
    assert desk.get(f"{PAGE}them-mot-lan/?ngay=2022-01-31").content.decode().count("31/01/2022 00:00") == 1
    assert desk.get(f"{PAGE}them-mot-lan/?ngay=2022-99-31").status_code == 200


def test_trying_it_rings_the_first_and_shows_what_happens(desk: Client) -> None:
    with can_ring_out.replaced(lambda: True):
        desk.post(f"{PAGE}them/", ALL_DAY)
        page = desk.post(f"{PAGE}thu/", {"shift": ""}, follow=True).content.decode()
        desk.post(f"{PAGE}thu/", {"shift": ""})  # a second time
    assert "Đang gọi thử Đỗ Thu Hằng." in page and "sắp đổ chuông" in page
    assert Alarm.objects.count() == 1 and Ring.objects.get().phones[0] == "+84912000201"
    assert "gọi thử" not in Interaction.objects.get(address="+84912000201").body
    assert "1022 thử báo người trực" in Interaction.objects.get(address="+84912000201").body


def test_without_an_exchange_it_is_a_text_and_says_so(desk: Client) -> None:
    desk.post(f"{PAGE}them/", ALL_DAY)
    page = desk.post(f"{PAGE}thu/", {"shift": ""}, follow=True).content.decode()
    assert "Đang nhắn tin thử cho Đỗ Thu Hằng. Không ai được gọi." in page
    assert "không gọi được, tin nhắn đang chờ gửi" in page and "Nhắn thử" in page and "Gọi thử" not in page
    Interaction.objects.filter(address="+84912000201").update(state="sent")
    assert "không gọi được, đã nhắn tin" in read(desk.get(f"{PAGE}dang-goi/"))


def test_an_exchange_without_a_way_out_is_told_from_none(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Chưa có tổng đài điện thoại" in shown(desk)
    monkeypatch.setattr("tongdai.desk.duty.views.is_here", lambda: True)
    assert "Có tổng đài nhưng chưa có đường trung kế để gọi ra" in shown(desk)


def test_whoever_is_only_texted_is_not_said_to_be_called(city: City, desk: Client) -> None:
    desk.post(f"{PAGE}them/", ALL_DAY)
    case = city.case("Cháy nhà, có người kẹt bên trong", place="Lê Chân")
    alarms.raise_alarm(case.pk, at=clock.now())
    page = read(desk.get(f"{PAGE}dang-goi/"))
    assert "chỉ nhắn tin, chưa ai nhận" in page and "đang gọi" not in page
    assert "xin rút" not in page
    ask_to_withdraw(case, by=Actor.citizen(channel=Channel.SMS), at=clock.now())
    assert "người dân xin rút: cháy, nổ, Phường Lê Chân" in read(desk.get(f"{PAGE}dang-goi/"))


def test_what_rings_is_shown_with_the_cases_these_eyes_may_see(city: City, desk: Client) -> None:
    desk.post(f"{PAGE}them/", ALL_DAY)
    case = city.case("Cháy nhà, có người kẹt bên trong", place="Lê Chân")
    alarms.raise_alarm(case.pk, at=clock.now())
    assert "cháy, nổ, Phường Lê Chân" in read(desk.get(f"{PAGE}dang-goi/"))
    admin = Client()
    admin.force_login(city.admin)
    page = admin.get(f"{PAGE}dang-goi/").content.decode()
    assert "1 việc bạn không được xem" in page and "Lê Chân" not in page


def test_only_who_keeps_the_roster_comes_in(city: City) -> None:
    for user, status in ((city.coordinator, 200), (city.admin, 200), (city.call_taker, 403), (city.leader, 403)):
        client = Client()
        client.force_login(user)
        assert client.get(PAGE).status_code == status
