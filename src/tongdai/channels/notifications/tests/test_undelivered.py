"""Not delivered is not answered: what becomes of a text that did not arrive, and what the officer's page says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, City
from tongdai.cases.models import Case, Event
from tongdai.channels import outbound
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.notifications.undelivered import go_on
from tongdai.channels.sms.models import HeldBack
from tongdai.channels.sms.outbound import backlog, failures, held_back, queue
from tongdai.channels.sms.tests.network import LAN, Network, receipt
from tongdai.channels.voice import callbacks
from tongdai.channels.voice.models import Callback
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
DONE = "Đã dọn xong."  # so short that the text is one segment


class Story:
    """A case that was answered, and a carrier that says what became of its texts."""

    def __init__(self, city: City, *, channel: Channel = Channel.SMS, **more: object) -> None:
        self.city = city
        how: dict[str, object] = {"phone": f"+{LAN}", "channel": channel, "proven": True}
        self.case = city.answered("Rác tràn ra hè phố", answer_text=DONE, **how | more)
        self.network = Network()
        self.ran: set[int] = set()
        self._ids = iter(range(1, 100))

    def notify(self, action: str = "answer") -> None:
        notify_citizen(Event.objects.get(case=self.case, action=action).pk)

    def send(self) -> list[str]:
        """What is queued goes out; the carrier's names for its parts."""
        names = {
            ready.submission_id: f"m{next(self._ids)}"
            for ready in queue.claim(link=self.network.link, most=5, at=self.network.at)
        }
        queue.accepted(names, link=self.network.link, at=self.network.at)
        return list(names.values())

    def fails(self, stat: str, err: str = "034") -> None:
        for name in self.send():
            self.network.brings(receipt(name, stat, err=err, of=LAN))
        self.work()

    def refused(self, error: str) -> None:
        """By the carrier, each time it is tried, until it is given up."""
        for _try in range(len(held_back.PAUSES) + 1):
            HeldBack.objects.update(until=None)
            first, *_parts = queue.claim(link=self.network.link, most=5, at=self.network.at)
            held_back.hold_back(first.submission_id, error=error, at=self.network.at)
        self.work()

    def work(self) -> None:
        """Run the jobs that wait, each once and once more."""
        for job in ProcrastinateJob.objects.filter(task_name=outbound.NOT_DELIVERED).exclude(pk__in=self.ran):
            self.ran.add(job.pk)
            go_on(**job.args)
            go_on(**job.args)

    def texts(self) -> list[Interaction]:
        return list(Interaction.objects.filter(direction="out", channel="sms").order_by("pk"))

    def page(self) -> str:
        client = Client()
        client.force_login(self.city.officer(HONG_BANG))
        return client.get(f"/ban/phieu/{self.case.code}/").content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("stat", ["EXPIRED", "UNDELIV"])
def test_a_telephone_that_was_off_gets_another_text_then_a_call(city: City, stat: str) -> None:
    story = Story(city)
    story.notify()
    assert "đang chờ gửi, người dân chưa nhận được" in story.page()

    story.fails(stat)
    first, second = story.texts()
    assert (first.state, second.state, second.body) == ("failed", "queued", first.body)
    assert second.case_link.event == first.case_link.event and not Callback.objects.exists()
    assert f"không gửi được, {failures.in_words(f'{stat} 034')}" in story.page() and f"({stat} 034)" in story.page()

    story.fails(stat)
    assert len(story.texts()) == 2
    callback = Callback.objects.get()
    assert callback.state == "waiting" and DONE in callback.words and callback.event == first.case_link.event
    page = story.page()
    assert f"không đến được máy người dân: {failures.in_words(f'{stat} 034')}" in page
    assert "Đang chờ gọi lại để đọc kết quả, người dân chưa được báo." in page

    callbacks.record_result(callback, by=city.call_taker, result="reached", at=now())
    assert "Đã gọi và đọc kết quả cho người dân" in story.page()


@pytest.mark.parametrize("stat", ["REJECTD", "DELETED"])
def test_what_the_carrier_will_never_take_goes_to_a_call_at_once(city: City, stat: str) -> None:
    story = Story(city)
    story.notify()
    story.fails(stat)
    assert len(story.texts()) == 1 and Callback.objects.get().state == "waiting"


def test_a_number_that_is_refused_goes_to_a_call_with_its_status_on_the_page(city: City) -> None:
    story = Story(city)
    story.notify()
    story.refused("0x0b Invalid Dest Addr")
    assert Callback.objects.get().case == story.case
    assert "thôi gửi: nhà mạng không nhận: số nhận không hợp lệ (0x0b)" in story.page()


def test_a_text_that_waited_too_long_goes_to_a_call_and_one_that_a_person_dropped_does_not(city: City) -> None:
    story = Story(city)
    story.notify()
    Interaction.objects.update(recorded_at=F("recorded_at") - timedelta(days=3))
    backlog.drop_stale(at=now())
    story.work()
    assert "quá hạn, không gửi nữa" in story.page() and Callback.objects.count() == 1
    Callback.objects.all().delete()
    backlog.end(Interaction.objects.filter(direction="out"), HeldBack.State.DROPPED, at=now())
    story.work()
    assert not Callback.objects.exists() and "người trực quyết định không gửi" in story.page()


def test_a_text_whose_fate_nobody_knows_goes_to_a_call(city: City) -> None:
    story = Story(city)
    story.notify()
    for _try in range(queue.TRIES):
        parts = queue.claim(link=story.network.link, most=5, at=story.network.at)
        queue.lost(at=story.network.at, submission_ids=[part.submission_id for part in parts])
    story.work()
    assert Callback.objects.count() == 1 and "chưa được báo" in story.page()


def test_what_arrived_says_so_and_what_is_only_sent_says_no_more(city: City) -> None:
    story = Story(city)
    story.notify()
    parts = story.send()
    assert "đã gửi, nhà mạng chưa báo là đã đến máy" in story.page()
    for name in parts:
        story.network.brings(receipt(name, "DELIVRD", of=LAN))
    story.work()
    assert "Tin báo kết quả đã đến máy người dân" in story.page()
    assert len(story.texts()) == 1 and not Callback.objects.exists()


def test_a_receipt_that_did_not_arrive_rings_nobody(city: City) -> None:
    story = Story(city)
    story.notify("register")
    story.fails("UNDELIV")
    assert [each.purpose for each in story.texts()] == ["receipt"] and not Callback.objects.exists()


def test_to_a_number_that_is_not_proven_nothing_of_the_answer_is_read_out(city: City) -> None:
    story = Story(city, channel=Channel.WEB, proven=False)
    story.notify()
    story.fails("REJECTD")
    assert DONE not in Callback.objects.get().words


def test_whoever_left_no_number_is_said_to_have_been_texted_nothing(city: City) -> None:
    case = city.answered("Rác tràn", phone="", channel=Channel.WEB)
    client = Client()
    client.force_login(city.officer(HONG_BANG))
    assert "không có tin nhắn nào đã gửi" in client.get(f"/ban/phieu/{case.code}/").content.decode()
    assert Case.objects.get(pk=case.pk).contact is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("0x0b Invalid Dest Addr", "số nhận không hợp lệ (0x0b)"),
        ("0x63 Specified Deliver Failure", "mã 0x63"),
        ("UNDELIV 034", "nhà mạng không chuyển được đến máy (UNDELIV 034)"),
        ("UNDELIV", "nhà mạng không chuyển được đến máy (UNDELIV)"),
    ],
)
def test_a_code_stands_with_its_meaning_where_it_has_one(error: str, words: str) -> None:
    assert failures.in_words(error) == words
