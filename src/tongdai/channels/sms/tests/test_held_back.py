"""One bad number never stops the line: whose trouble it is, how long a text waits, and how that ends."""

from __future__ import annotations

import itertools
import math
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from tests.city import City
from tongdai.channels.sms import status
from tongdai.channels.sms.models import Backlog, HeldBack, Link, Submission
from tongdai.channels.sms.outbound import backlog, expiry, held_back, queue
from tongdai.channels.sms.outbound.congestion import Troubles, Whose
from tongdai.channels.sms.outbound.throttle import Throttle
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

from .network import LAN, Network

INVALID, SYSTEM, FULL, THROTTLED = 0x0B, 0x08, 0x14, 0x58
LONG = "Phiếu của bà đã được chuyển đến UBND phường Hồng Bàng. Hạn trả lời: 17 giờ thứ Sáu, 4.3.2022. " * 2
keys = itertools.count()


def queued(
    network: Network, to: str = LAN, purpose: Purpose = Purpose.RECEIPT, words: str = "Đã dọn xong."
) -> Interaction:
    made = queue_outbound(
        channel=Channel.SMS, address=f"+{to}", body=words, key=f"h:{next(keys)}", purpose=purpose, at=network.at
    )
    assert made
    return made


def claimed(network: Network) -> list[int]:
    """The texts that go now; each is taken by the SMSC."""
    ready = queue.claim(link=network.link, most=200, at=network.at)
    names = {each.submission_id: str(each.submission_id) for each in ready}
    queue.accepted(names, link=network.link, at=network.at)
    return [each.interaction_id for each in ready]


def refuse(network: Network) -> HeldBack:
    """The first in line goes out, and is refused."""
    (ready,) = queue.claim(link=network.link, most=1, at=network.at)
    return held_back.hold_back(ready.submission_id, error="0x0b Invalid Dest Addr", at=network.at)


def aged(text: Interaction, **by: int) -> None:
    Interaction.objects.filter(pk=text.pk).update(recorded_at=F("recorded_at") - timedelta(**by))


def state(text: Interaction) -> str:
    text.refresh_from_db()
    return text.state


# ── a text the SMSC refuses ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_text_waits_alone_while_the_others_go(network: Network) -> None:
    bad, good = queued(network, purpose=Purpose.ANSWER), queued(network, to="84911111111")
    held = refuse(network)
    assert (held.tries, state(bad)) == (1, "queued")
    assert claimed(network) == [good.pk]
    HeldBack.objects.update(until=Now())
    assert claimed(network) == [bad.pk] and state(bad) == "sent"
    assert not HeldBack.objects.exists()


def test_it_is_tried_later_and_later_and_ends_where_a_person_sees_it(network: Network) -> None:
    bad = queued(network)
    pauses = []
    for _ in held_back.PAUSES:
        held = refuse(network)
        held.refresh_from_db()
        assert held.until is not None
        pauses.append(held.until - held.at)
        HeldBack.objects.update(until=Now() - timedelta(seconds=1))
    assert pauses == sorted(pauses) and len(set(pauses)) == len(pauses)
    assert refuse(network).state == HeldBack.State.GIVEN_UP
    assert state(bad) == "failed" and claimed(network) == []
    (shown,) = status.held_back()
    assert shown.is_over and "0x0b" in shown.why and "345" not in shown.to.replace("\u00a0", "")


def test_a_person_sends_it_again_or_puts_it_away(network: Network) -> None:
    bad, other = queued(network), queued(network, to="84911111111")
    first, second = refuse(network), refuse(network)
    held_back.put_away(second.pk, at=network.at)
    assert state(other) == "failed" and [each.id for each in status.held_back()] == [first.pk]
    held_back.send_again(first.pk)
    assert claimed(network) == [bad.pk]
    with pytest.raises(HeldBack.DoesNotExist):
        held_back.put_away(second.pk, at=network.at)


def test_a_refused_part_is_sent_again_without_those_that_were_taken(network: Network) -> None:
    long = queued(network, words=LONG)
    first, second, third = queue.claim(link=network.link, most=10, at=network.at)
    queue.accepted({first.submission_id: "1", third.submission_id: "3"}, link=network.link, at=network.at)
    held_back.hold_back(second.submission_id, error="0x14", at=network.at)
    assert state(long) == "queued" and claimed(network) == []
    HeldBack.objects.update(until=Now())
    (again,) = queue.claim(link=network.link, most=10, at=network.at)
    assert again.user_data == second.user_data
    queue.accepted({again.submission_id: "2"}, link=network.link, at=network.at)
    assert state(long) == "sent"


# ── whose trouble it is ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("busy", [SYSTEM, FULL])
def test_what_recurs_for_one_number_while_others_pass_is_that_texts_own(busy: int) -> None:
    troubles = Troubles()
    assert troubles.busy(1, "+841", status=busy)[0] is Whose.PERHAPS_THE_TEXTS
    troubles.taken(2)
    assert troubles.busy(1, "+841", status=busy)[0] is Whose.TEXTS


@pytest.mark.parametrize("busy", [SYSTEM, FULL])
def test_what_several_numbers_meet_with_while_nothing_passes_is_the_binds(busy: int) -> None:
    troubles = Troubles()
    troubles.busy(1, "+841", status=busy)
    assert troubles.busy(2, "+842", status=busy)[0] is Whose.BINDS
    assert troubles.busy(1, "+841", status=busy)[0] is Whose.BINDS


def test_a_lone_text_that_is_not_taken_steps_aside_longer_and_longer_and_is_never_given_up_for_it() -> None:
    troubles = Troubles()
    pauses = [troubles.busy(1, "+841", status=FULL) for _ in range(10)]
    assert {whose for whose, _ in pauses} == {Whose.PERHAPS_THE_TEXTS}
    assert pauses[0][1] < pauses[3][1] and max(pause for _, pause in pauses) == timedelta(minutes=1)


def test_throttling_is_the_binds_unless_it_never_ends_for_one_text() -> None:
    troubles = Troubles()
    for _ in range(3):
        assert troubles.busy(1, "+841", status=THROTTLED)[0] is Whose.BINDS
        troubles.taken(2)
    assert troubles.busy(1, "+841", status=THROTTLED)[0] is Whose.PERHAPS_THE_TEXTS


# ── how fast ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Seconds:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize("tps", [0.5, 1, 7, 40, 300])
def test_no_second_has_more_than_the_rate_and_the_rate_is_nearly_reached(tps: float) -> None:
    clock = Seconds()
    pace, sent = Throttle(tps, clock=clock), list[float]()
    while clock.at < 20:
        for _ in range(pace.room()):
            pace.spend()
            sent.append(clock.at)
        clock.at += 0.05
    assert max(sum(at <= each < at + 1 for each in sent) for at in sent) <= max(tps, 1)
    assert len(sent) >= 0.8 * tps * 20


@pytest.mark.parametrize("tps", [0, 40])
def test_throttling_slows_and_never_stops_and_the_rate_comes_back(tps: float) -> None:
    clock = Seconds()
    pace = Throttle(tps, clock=clock)
    for _ in range(40):
        pace.spend()
    for _ in range(30):
        clock.at += 1.1
        pace.slow_down()
    assert pace.slowed_to is not None and pace.slowed_to >= 1
    clock.at += 1.1
    assert pace.room() >= 1
    for _ in range(60):
        clock.at += 1
        pace.room()
    assert pace.slowed_to is None and pace.limit == (tps or math.inf)


def test_the_refusals_of_one_window_slow_down_once() -> None:
    clock = Seconds()
    pace = Throttle(40, clock=clock)
    for _ in range(20):
        pace.slow_down()
    assert pace.slowed_to == 20


# ── how late ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_stale_text_is_not_sent_and_says_why(network: Network, purpose: Purpose) -> None:
    old, fresh = queued(network, purpose=purpose), queued(network, to="84911111111", purpose=purpose)
    aged(old, days=3)
    assert claimed(network) == [fresh.pk]
    assert state(old) == "failed"
    (shown,) = status.held_back()
    assert shown.is_over and shown.words == str(HeldBack.State.EXPIRED.label)


def test_every_purpose_has_its_validity() -> None:
    assert {*expiry.LASTS} == {*Purpose}
    assert all(timedelta(minutes=5) <= lasts <= timedelta(days=2) for lasts in expiry.LASTS.values())


def test_stale_texts_however_many_do_not_hold_up_what_stands_behind_them(network: Network) -> None:
    for _ in range(30):
        aged(queued(network, purpose=Purpose.ANSWER), days=3)
    fresh = queued(network, to="84911111111")
    ready = queue.claim(link=network.link, most=10, at=network.at)
    assert [each.interaction_id for each in ready] == [fresh.pk]


def test_the_smsc_is_told_how_long_a_text_is_worth_delivering(network: Network) -> None:
    aged(queued(network), hours=20)
    (ready,) = queue.claim(link=network.link, most=1, at=network.at)
    assert timedelta(hours=3, minutes=55) < ready.left <= timedelta(hours=4)
    assert expiry.as_validity_period(timedelta(hours=26)) == "000001020000000R"
    assert expiry.as_validity_period(timedelta(seconds=3)) == "000000000100000R"


def test_what_a_person_sends_again_is_fresh_again(network: Network) -> None:
    old = queued(network)
    aged(old, days=3)
    assert claimed(network) == []
    held_back.send_again(status.held_back()[0].id)
    assert claimed(network) == [old.pk] and state(old) == "sent"


# ── how many ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def joined(network: Network) -> Backlog | None:
    """A carrier is bound for the first time in long."""
    Link.objects.update(bound_at=None)
    return backlog.ask_first(carrier="viettel", numbers=None, at=network.at)


def test_when_a_carrier_is_joined_many_waiting_texts_are_asked_about_and_danger_passes(
    network: Network, city: City
) -> None:
    old = [queued(network) for _ in range(60)]
    danger, code = queued(network, purpose=Purpose.DANGER), queued(network, purpose=Purpose.CODE)
    question = joined(network)
    assert question is not None and question.texts == 60
    later = queued(network, to="84911111111")
    assert claimed(network) == [danger.pk, code.pk, later.pk]
    assert any("60" in words for _, _, words in status.for_doctor())

    assert backlog.decide(question.pk, send=True, by=city.coordinator, at=network.at) == 60
    assert claimed(network) == [each.pk for each in old]
    with pytest.raises(Backlog.DoesNotExist):
        backlog.decide(question.pk, send=False, by=city.coordinator, at=network.at)


def test_texts_that_are_not_to_go_end_with_their_reason(network: Network, city: City) -> None:
    old = [queued(network) for _ in range(60)]
    question = joined(network)
    assert question is not None
    assert backlog.decide(question.pk, send=False, by=city.coordinator, at=network.at) == 60
    assert claimed(network) == [] and state(old[0]) == "failed"
    assert HeldBack.objects.filter(state=HeldBack.State.DROPPED).count() == 60


def test_few_texts_and_a_line_that_was_only_just_away_go_without_asking(network: Network) -> None:
    for _ in range(40):
        queued(network)
    assert joined(network) is None
    for _ in range(40):
        queued(network)
    Link.objects.update(bound_at=network.at, last_seen_at=Now() - timedelta(minutes=20))
    assert backlog.ask_first(carrier=network.link.carrier, numbers=None, at=network.at) is None


def test_what_waited_too_long_is_not_asked_about(network: Network) -> None:
    for _ in range(60):
        aged(queued(network), days=3)
    assert joined(network) is None
    assert not Submission.objects.exists() and Interaction.objects.filter(state="failed").count() == 60
