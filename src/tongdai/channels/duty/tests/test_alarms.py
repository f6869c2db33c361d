"""An alarm from the first ring to the key: who is rung when, what joins it, and what ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from tests.city import HONG_BANG, City
from tongdai.accounts.duty.roster import on_duty_now
from tongdai.accounts.models import DutyShift
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused
from tongdai.channels.duty import alarms, ringing, words
from tongdai.channels.duty.jobs import ring_on_duty, stop_ringing, sweep
from tongdai.channels.duty.models import Alarm, Ring
from tongdai.channels.duty.queries import Reach, outcome, reach, with_texts
from tongdai.channels.duty.registry import can_ring_out
from tongdai.channels.notifications.template import template_of
from tongdai.channels.sms.encoding import splitting
from tongdai.people.models import Channel, Interaction
from tongdai.platform import clock

pytestmark = pytest.mark.django_db
HANG, HUY, MAI, HAI = "+84912000201", "+84912000202", "+84912000203", "+84912000204"
FIRE = "Cháy nhà, có người kẹt bên trong"


@pytest.fixture(autouse=True)
def rings_out() -> Iterator[None]:
    """There is an exchange, unless the test says otherwise."""
    with can_ring_out.replaced(lambda: True):
        yield


def shift(rank: int, name: str, *phones: str, **more: object) -> DutyShift:
    how = {"weekdays": list(range(7)), "starts": time(0), "ends": time(0), "valid_from": date(2020, 1, 1)}
    return DutyShift.objects.create(rank=rank, name=name, phones=list(phones), changed_at=clock.now(), **how | more)


@pytest.fixture
def roster(city: City) -> City:
    shift(1, "Đỗ Thu Hằng", HANG)
    shift(2, "Nguyễn Quang Huy", HUY)
    shift(3, "Lê Thị Mai", MAI)
    shift(4, "Trần Văn Hải", HAI)
    return city


def fire(city: City, n: int = 1, **more: object) -> Case:
    case = city.case(f"{FIRE} {n}", place="Lê Chân", **more)
    assert case.untaken
    return case


def alarm(case: Case) -> Alarm:
    ring_on_duty(case.events.first().pk)
    return Alarm.objects.get(waiting__case=case, waiting__left_at=None)


def rung(found: Alarm) -> list[str]:
    return [ring.name.split(" ")[-1] for ring in found.rings.all()]


def texts(phone: str) -> list[str]:
    return list(
        Interaction.objects.filter(address=phone, direction="out").order_by("pk").values_list("body", flat=True)
    )


def actions(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("action", flat=True))


def test_one_after_the_other_is_rung_then_round_again_and_all_of_it_is_on_record(roster: City) -> None:
    case = fire(roster)
    found = alarm(case)
    for after in range(5):
        alarms.ring_next(found.pk, after=after, at=clock.now())
    assert rung(found) == ["Hằng", "Huy", "Mai", "Hải", "Hằng", "Huy"]
    assert actions(case) == ["register"] + ["ring_duty"] * 6
    assert [len(texts(phone)) for phone in (HANG, HUY, MAI, HAI)] == [2, 2, 1, 1]


def test_a_job_run_twice_or_late_rings_nobody_twice(roster: City) -> None:
    case = fire(roster)
    found = alarm(case)
    ring_on_duty(case.events.first().pk)
    alarms.ring_next(found.pk, after=0, at=clock.now())
    assert alarms.ring_next(found.pk, after=0, at=clock.now()) is None
    assert rung(found) == ["Hằng", "Huy"] and Alarm.objects.count() == 1


def test_key_1_ends_it_and_who_comes_second_is_told_that_it_is_taken(roster: City) -> None:
    case = fire(roster)
    found = alarm(case)
    first = found.rings.get()
    assert ringing.claim(first.pk) and not ringing.claim(first.pk)
    ringing.answered(first.pk)
    alarms.ring_next(found.pk, after=0, at=clock.now())  # she is still listening when her time is over
    second = found.rings.last()
    assert ringing.take(second.pk, (case.pk,), clock.now())
    assert not ringing.take(first.pk, (case.pk,), clock.now())
    assert ringing.take(second.pk, (case.pk,), clock.now())  # she presses twice
    case.refresh_from_db()
    assert actions(case).count("take_duty") == 1 and case.taken_at and not case.untaken
    assert [ring.state for ring in found.rings.all()] == ["stopped", "taken"]
    assert ringing.announcement(first.pk) is None and not ringing.goes_on(first.pk)


def test_key_2_rings_the_next_at_once(roster: City) -> None:
    found = alarm(fire(roster))
    first = found.rings.get()
    ringing.claim(first.pk)
    ringing.pass_on(first.pk)
    ringing.pass_on(first.pk)
    assert [(ring.name.split()[-1], ring.state) for ring in found.rings.all()] == [
        ("Hằng", "passed_on"), ("Huy", "waiting"),
    ]  # fmt: skip


def test_several_cases_make_one_call_and_one_text_and_what_joins_later_one_more(roster: City) -> None:
    first, *others = (fire(roster, n) for n in range(1, 6))
    found = alarm(first)
    for case in others:
        assert alarm(case) == found
    ring = found.rings.get()
    said = ringing.announcement(ring.pk)
    assert said and len(said.cases) == 5 and len(said.sentences) == 6 and "2 việc khẩn khác" in said.sentences[4]
    for _ in range(2):
        alarms.text_more(ring.pk, at=clock.now())
    first_text, more = texts(HANG)
    assert first_text.startswith("KHẨN: ") and more.startswith("KHẨN, 5 việc: ")
    assert ringing.take(ring.pk, said.cases, clock.now())
    assert not any(Case.objects.get(pk=case.pk).untaken for case in (first, *others))


def test_what_joined_after_it_was_said_is_not_taken_with_it(roster: City) -> None:
    first, second = fire(roster, 1), fire(roster, 2)
    found = alarm(first)
    ring = found.rings.get()
    said = ringing.announcement(ring.pk)
    alarm(second)
    assert said and ringing.take(ring.pk, said.cases, clock.now())
    assert Case.objects.get(pk=second.pk).untaken
    again = Alarm.objects.get(state="ringing")
    assert rung(again) == ["Hằng"] and again != found


def test_the_desk_ends_it(roster: City) -> None:
    taken, accepted = fire(roster, 1), fire(roster, 2)
    found = alarm(taken)
    alarm(accepted)
    take_duty(taken, by=Actor.staff(roster.coordinator), at=clock.now())
    stop_ringing(taken.pk)
    found.refresh_from_db()
    assert found.state == "ringing"
    case = assign(accepted, by=Actor.staff(roster.coordinator), agency=roster.agencies[HONG_BANG], at=clock.now())
    assert case.untaken
    accept(case, by=Actor.staff(roster.officer(HONG_BANG)), at=clock.now())
    stop_ringing(accepted.pk)
    found.refresh_from_db()
    assert found.state == "over" and found.rings.get().state == "stopped"
    assert alarms.ring_next(found.pk, after=0, at=clock.now()) is None


def test_taken_on_the_desk_once(roster: City) -> None:
    case = fire(roster)
    take_duty(case, by=Actor.staff(roster.coordinator), at=clock.now())
    with pytest.raises(ActionRefused) as refused:
        take_duty(case, by=Actor.staff(roster.call_taker), at=clock.now())
    assert "đã có người nhận" in refused.value.why


def test_an_urgent_case_that_is_handed_back_rings_again(roster: City) -> None:
    case = fire(roster)
    alarms.settled(case.pk, at=clock.now())
    take_duty(case, by=Actor.staff(roster.coordinator), at=clock.now())
    case = assign(case, by=Actor.staff(roster.coordinator), agency=roster.agencies[HONG_BANG], at=clock.now())
    case = hand_back(case, by=Actor.staff(roster.officer(HONG_BANG)), reason="Nơi khác", at=clock.now())
    assert case.untaken and rung(alarm(case)) == ["Hằng"]


def test_the_sweep_takes_up_what_no_job_has(roster: City) -> None:
    found = alarm(fire(roster))
    found.rings.update(until=clock.now() - timedelta(minutes=3))
    sweep(0)
    sweep(0)
    assert rung(found) == ["Hằng", "Huy"]
    assert found.rings.first().state == Ring.State.NOT_RUNG  # the voice process was away


def test_the_sweep_rings_for_an_urgent_case_whose_job_was_lost(roster: City) -> None:
    case = fire(roster)
    sweep(0)
    sweep(0)
    assert rung(Alarm.objects.get(waiting__case=case)) == ["Hằng"]


def test_a_gap_rings_the_citys_number_and_without_one_it_is_looked_again(city: City) -> None:
    case = fire(city)
    found = alarm(case)
    assert [ring.phones for ring in found.rings.all()] == [["+84912000115"]]


def test_nobody_to_ring_until_somebody_is_entered(city: City) -> None:
    from tests.city import CityRow, forget_snapshots

    CityRow.objects.update(on_duty_phone="")
    forget_snapshots()
    found = alarm(fire(city))
    for _ in range(3):
        alarms.ring_next(found.pk, after=0, at=clock.now())
    assert [ring.state for ring in found.rings.all()] == ["nobody"]
    shift(1, "Đỗ Thu Hằng", HANG)
    alarms.ring_next(found.pk, after=0, at=clock.now())
    assert rung(found)[-1:] == ["Hằng"]


def test_other_people_are_rung_for_another_ward(roster: City) -> None:
    ward = shift(1, "Phạm Minh Đức", "+84912000209")
    ward.places.add(roster.places["Hồng Bàng"])
    here, there = fire(roster, 1), roster.case(f"{FIRE} 2", place="Hồng Bàng")
    assert rung(alarm(here)) == ["Hằng"] and rung(alarm(there)) == ["Đức"]


def test_without_an_exchange_people_are_texted_and_the_ring_says_so(roster: City) -> None:
    with can_ring_out.replaced(lambda: False):
        found = alarm(fire(roster))
    assert [ring.state for ring in found.rings.all()] == ["not_rung"] and len(texts(HANG)) == 1
    assert ringing.waiting() == []
    alarms.ring_next(found.pk, after=0, at=clock.now())
    assert len(texts(HUY)) == 1


def test_the_citizens_page_says_what_was_truly_done(roster: City) -> None:
    def shown(case: Case) -> str:
        lines = [template_of(step.action).line_of(step) for step in history(case) if step.action == "ring_duty"]
        assert lines[0] is not None
        return lines[0].sentence

    with can_ring_out.replaced(lambda: False):
        case = fire(roster, 1)
        found = alarm(case)
    assert shown(case) == "Đang nhắn tin cho người trực của thành phố"
    Interaction.objects.filter(key=f"duty:{found.rings.get().pk}").update(state="failed")
    assert shown(case) == "Chưa báo được người trực của thành phố"
    Interaction.objects.filter(key=f"duty:{found.rings.get().pk}").update(state="sent")
    assert shown(case) == "Đã nhắn tin cho người trực của thành phố"

    other = roster.case(f"{FIRE} 2", place="Hồng Bàng", phone="+84904123999")
    shift(1, "Phạm Minh Đức", "+84912000209").places.add(roster.places["Hồng Bàng"])
    ring = alarm(other).rings.get()
    assert shown(other) == "Đang gọi người trực của thành phố"
    ringing.claim(ring.pk)
    ringing.dials(ring.pk)
    assert shown(other) == "Đã gọi người trực của thành phố"


def test_who_was_neither_rung_nor_texted_is_not_said_to_be(city: City) -> None:
    shift(1, "Đỗ Thu Hằng", "+842253842123")  # a desk telephone takes no texts
    with can_ring_out.replaced(lambda: False):
        found = alarm(fire(city))
    step = rings_with_texts(found)[0]
    assert outcome(step) == "không gọi được, không nhắn tin được" and reach([step]) is Reach.NOTHING


def rings_with_texts(found: Alarm) -> list[Ring]:
    return list(with_texts(found.rings.all()))


def test_a_wish_to_withdraw_stands_in_what_is_texted_and_said_next(roster: City) -> None:
    case = fire(roster)
    found = alarm(case)
    ask_to_withdraw(case, by=Actor.citizen(channel=Channel.SMS), at=clock.now())
    second = alarms.ring_next(found.pk, after=0, at=clock.now())
    assert second is not None
    assert "xin rút" not in texts(HANG)[0] and "Người dân xin rút. Phiếu" in texts(HUY)[0]
    assert len(texts(HUY)[0]) <= words.TEXT_FITS
    said = ringing.announcement(second.pk)
    assert said and said.sentences[1].endswith("Người dân đã nhắn xin rút việc này.")
    other = fire(roster, 2)
    assert "(người dân xin rút)" in words.text([Case.objects.get(pk=case.pk), other])


def test_trying_it_rings_one_person_and_no_one_after(roster: City) -> None:
    person = on_duty_now(clock.now())[0]
    found = alarms.try_it(roster.admin, person=person, at=clock.now())
    ring = found.rings.get()
    said = ringing.announcement(ring.pk)
    assert said and "gọi thử" in said.sentences[0] and said.cases == ()
    ringing.claim(ring.pk)
    assert ringing.take(ring.pk, (), clock.now())
    assert Ring.objects.count() == 1 and Alarm.objects.get().state == "taken"


def test_a_confidential_case_is_neither_said_nor_texted(roster: City) -> None:
    case = roster.case(
        f"Tố cáo chủ tịch phường nhận hối lộ, dọa giết tôi. {FIRE}", place="Lê Chân", topic="denunciation"
    )
    Case.objects.filter(pk=case.pk).update(urgent=True)
    case.refresh_from_db()
    assert case.confidential and case.untaken
    found = alarm(case)
    told = " ".join([*texts(HANG), *ringing.announcement(found.rings.get().pk).sentences])  # type: ignore[union-attr]
    assert "một việc mật" in told and not any(word in told for word in ("cháy", "Lê Chân", case.code[:4]))


LONG = "Ngã tư đối diện cửa hàng tạp hóa nhà bà Nguyễn Thị Hồng Nhung cạnh cây đa to, gọi 0912 345 678"


@pytest.mark.parametrize("address", ["", "12 Lạch Tray", LONG])
def test_a_text_is_two_segments_at_most_and_never_holds_a_number(roster: City, address: str) -> None:
    case = Case.objects.select_related("place").get(pk=fire(roster, address=address).pk)
    text = words.text([case])
    assert len(splitting.split(text).parts) <= 2 and not re.search(r"345\D?678", text)
    assert "cháy, nổ" in text and "Phường Lê Chân" in text and case.code[:4] in text
    many = words.text([case] * 4)
    assert len(splitting.split(many).parts) <= 2 and "4 việc" in many
    assert not re.search(r"345\D?678", " ".join(words.announcement([case])))
