"""Several carriers, and one bad number among many: the line goes on, each bind for itself."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms import smsc as process
from tongdai.channels.sms import status
from tongdai.channels.sms.models import Backlog, HeldBack, Link, Receipt, Submission
from tongdai.channels.sms.outbound import backlog
from tongdai.channels.sms.outbound.routes import Board
from tongdai.channels.sms.protocol import wire
from tongdai.channels.sms.protocol.address import read_binds
from tongdai.peers.smsc.peer import Control, Peer, start_peer
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from .smsc import GENTLE, STARTS_WITHIN, SmsProcess, all_acked, until

LAN = "84912345678"
LONG = "Phiếu của bà đã được chuyển đến UBND phường Hồng Bàng. Hạn trả lời: 17 giờ thứ Sáu. "
_keys = itertools.count()


def queue(words: str, to: str = LAN, purpose: Purpose = Purpose.RECEIPT) -> Interaction:
    key = f"carriers:{next(_keys)}"
    made = queue_outbound(channel=Channel.SMS, address=f"+{to}", body=words, key=key, purpose=purpose, at=now())
    assert made
    return made


def numbers(count: int, beginning: str = "8491") -> list[str]:
    return [f"{beginning}{1_000_000 + n}" for n in range(count)]


def has_become(text: Interaction, state: str) -> bool:
    text.refresh_from_db()
    return text.state == state


def all_delivered(texts: list[Interaction]) -> bool:
    return not Interaction.objects.filter(pk__in=[each.pk for each in texts]).exclude(state="delivered").exists()


@pytest.fixture(scope="session")
def second_peer() -> Iterator[Peer]:
    peer = start_peer()
    yield peer
    peer.stop()


@pytest.fixture
def vina(second_peer: Peer) -> Iterator[Control]:
    """Another carrier's SMSC, in a good mood."""
    second_peer.control.behave(**GENTLE)
    second_peer.control.forget()
    yield second_peer.control
    second_peer.control.behave(**GENTLE)


# ── one bad number ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_bad_numbers_never_stop_the_line(sms: SmsProcess, smsc: Control) -> None:
    refused = {"84900000000": 0x0B, "84900000001": 0x08, "84900000002": 0x14}
    smsc.behave(refuse=refused)
    bad = {refusal: queue("Xấu số", to, Purpose.ANSWER) for to, refusal in refused.items()}
    good = [queue(f"Tin {n}", to) for n, to in enumerate(numbers(60))]
    sms.start(query="enquire=2&window=10")
    until(lambda: smsc.counts()["links"] == 1)
    until(lambda: all_delivered(good), within=10)
    late = queue("Tin sau cùng", "84911111111")
    until(lambda: HeldBack.objects.filter(interaction__in=bad.values(), tries=1).count() == len(bad))
    until(lambda: has_become(late, "delivered"), within=5)
    for refusal, text in bad.items():
        assert has_become(text, "queued") and f"0x{refusal:02x}" in HeldBack.objects.get(interaction=text).why


def test_a_bad_number_is_tried_again_and_given_up_and_stands_on_the_page(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(reject="84900000000")
    bad = queue("Xấu số", "84900000000")
    for tries in range(1, 6):
        until(lambda tries=tries: HeldBack.objects.filter(tries=tries).exists())
        HeldBack.objects.update(until=Now())
    assert has_become(bad, "failed") and status.held_back()[0].is_over
    assert Submission.objects.filter(interaction=bad, state="refused").count() == 5


def test_throttling_slows_the_bind_and_every_text_gets_there(sms: SmsProcess, smsc: Control) -> None:
    smsc.behave(perSecond=8)
    texts = [queue(f"Tin {n}", to) for n, to in enumerate(numbers(40))]
    sms.start(query="enquire=2&window=20")
    until(lambda: Link.objects.filter(slowed_to__gte=1).exists())
    until(lambda: all_delivered(texts), within=40)
    counts = smsc.counts()
    assert counts["submits"] < 3 * 40 and not HeldBack.objects.filter(tries__gt=0).exists()


# ── windows, rates, parts ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_window_counts_parts_and_a_text_of_many_arrives_whole(sms: SmsProcess, smsc: Control) -> None:
    smsc.behave(answerAfter=20)
    endless = queue(LONG * 90)
    sms.start(query="enquire=2&window=20")
    until(lambda: has_become(endless, "delivered"))
    assert smsc.counts()["mostUnanswered"] <= 20 and endless.parts > 100
    assert smsc.received_by(LAN)[0]["text"] == endless.body


def test_no_part_that_was_acknowledged_is_sent_again_after_the_line_broke(sms: SmsProcess, smsc: Control) -> None:
    smsc.behave(answerAfter=5, dieAfterSubmits=17)
    texts = [queue(f"{n} {LONG * 3}", to) for n, to in enumerate(numbers(12))]
    sms.start(query="enquire=2&window=20")
    for binds in (2, 3):
        until(lambda binds=binds: smsc.counts()["binds"] >= binds)
        smsc.behave(dieAfterSubmits=11)
    until(lambda: all_delivered(texts))
    assert smsc.counts()["partsTwice"] == 0
    assert all(got["parts"] > 1 for got in smsc.received_by())


def test_a_busy_part_is_put_back_and_its_neighbours_are_not_sent_twice(sms: SmsProcess, smsc: Control) -> None:
    smsc.behave(throttle=3, answerAfter=5)
    texts = [queue(f"{n} {LONG * 3}", to) for n, to in enumerate(numbers(4))]
    sms.start(query="enquire=2&window=10")
    until(lambda: all_delivered(texts))
    assert smsc.counts()["partsTwice"] == 0


def test_a_rate_is_kept_and_told_how_long_a_text_is_worth(sms: SmsProcess, smsc: Control) -> None:
    texts = [queue(f"Tin {n}", to) for n, to in enumerate(numbers(40))]
    sms.start(query="enquire=2&tps=10")
    until(lambda: all_delivered(texts))
    assert smsc.counts()["mostASecond"] <= 11  # of two clocks
    validity = datetime.fromisoformat(smsc.received_by(numbers(1)[0])[0]["validity"])
    assert timedelta(hours=23) < validity - datetime.now(UTC) < timedelta(hours=25)


# ── when a carrier is joined ─────────────────────────────────────────────────────────────────────────────────────────


def test_many_texts_that_waited_for_a_carrier_are_asked_about_first(sms: SmsProcess, smsc: Control) -> None:
    old = [queue(f"Tin {n}", to) for n, to in enumerate(numbers(60))]
    danger = queue("Gọi 114 ngay (cứu hỏa, cứu nạn).", "84911111111", Purpose.DANGER)
    sms.start(ask_above=50)
    until(lambda: has_become(danger, "delivered"))
    after = queue("Phiếu mới", "84911111112")
    until(lambda: has_become(after, "delivered"))
    assert smsc.counts()["mt"] == 2
    backlog.decide(Backlog.objects.get().pk, send=True, by=City().coordinator, at=now())
    until(lambda: all_delivered(old))


def test_a_bind_nobody_answers_is_tried_more_and_more_seldom(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "CONNECT_WITHIN", 0.05)
    monkeypatch.setattr(process, "SOUND_AFTER", 0.02)  # each try takes longer than that

    class Stop(threading.Event):
        pauses: list[float] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.pauses.append(timeout or 0)
            if len(self.pauses) == 5:
                self.set()
            return self.is_set()

    with socket.create_server(("127.0.0.1", 0)) as nobody:
        (bind,) = read_binds(f"smpp://a:b@127.0.0.1:{nobody.getsockname()[1]}").usable
        stop, ready = Stop(), process._Readiness(1)
        process.BindKeeper(bind, binds=[bind], board=Board([bind]), ready=ready, stop=stop).run()
    assert stop.pauses[4] > 4 > 2 > stop.pauses[1]
    assert Link.objects.latest("pk").why == "nobody answered the bind in time"


# ── several binds ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pair_sends_by_one_line_and_hears_by_the_other(sms: SmsProcess, smsc: Control, smsc_peer: Peer) -> None:
    pair = [f"{smsc_peer.url}?name=viettel&bind={mode}&enquire=2" for mode in ("tx", "rx")]
    sms.start_with(*pair)
    until(lambda: (smsc.counts()["links"], smsc.counts()["senders"]) == (1, 1))
    text = queue("Đã dọn xong")
    until(lambda: has_become(text, "delivered"))
    until(all_acked(smsc, [smsc.text(LAN, "Mất nước ba ngày nay ở ngõ 12 Lạch Tray")]))
    assert Case.objects.count() == 1
    assert {*Link.objects.values_list("bind", flat=True)} == {"viettel tx", "viettel rx"}


def test_two_carriers_number_alike_and_each_receipt_settles_its_own(
    sms: SmsProcess, smsc: Control, vina: Control, smsc_peer: Peer, second_peer: Peer
) -> None:
    smsc.behave(answerBase=16, idBase=10)
    vina.behave(receipts="UNDELIV", receiptClass=0, receiptParameters=False,
                receiptWords="ID:{id},stat:FAILED,err:034,text:id:1 stat:DELIVRD")  # fmt: skip
    sms.start_with(
        f"{smsc_peer.url}?name=viettel&routes=096,097,098&receipt_ids=dec&enquire=2",
        f"{second_peer.url}?name=vina&enquire=2&tps=20",
    )
    until(lambda: smsc.counts()["links"] == vina.counts()["links"] == 1)
    ours = [queue(f"A {n}", to) for n, to in enumerate(numbers(20, "8496"))]
    theirs = [queue(f"B {n}", to) for n, to in enumerate(numbers(20, "8491"))]
    until(lambda: all_delivered(ours))
    until(lambda: all(has_become(text, "failed") for text in theirs))
    assert smsc.counts()["mt"] == vina.counts()["mt"] == 20
    assert not Case.objects.exists() and not Receipt.objects.filter(submission=None).exists()
    assert [bind.standing for bind in status.gateway(at=now()).binds] == []  # this process has no such setting


def test_while_a_carrier_is_away_another_takes_its_numbers_until_it_is_back(
    sms: SmsProcess, smsc: Control, vina: Control, smsc_peer: Peer, second_peer: Peer
) -> None:
    vina.behave(refuseBind=0x0D)
    sms.start_with(
        f"{smsc_peer.url}?name=viettel&routes=096&enquire=2",
        f"{second_peer.url}?name=vina&routes=091&enquire=2&failover=2",
        f"{smsc_peer.url}?name=spare&enquire=2",
    )
    until(lambda: smsc.counts()["links"] == 2)
    text = queue("Không chờ mãi", "84911111111")
    until(lambda: has_become(text, "delivered"), within=15)
    assert smsc.counts()["mt"] == 1
    vina.behave(refuseBind=0)
    until(lambda: vina.counts()["senders"] == 1)
    back = queue("Đã nối lại", "84911111111")
    until(lambda: has_become(back, "delivered"))
    assert vina.counts()["mt"] == 1


def test_danger_goes_by_another_carrier_where_the_first_is_bound_and_answers_nothing(
    sms: SmsProcess, smsc: Control, vina: Control, smsc_peer: Peer, second_peer: Peer
) -> None:
    smsc.behave(deaf=True)
    sms.start_with(
        f"{smsc_peer.url}?name=viettel&routes=097&enquire=2&window=5", f"{second_peer.url}?name=vina&enquire=2"
    )
    until(lambda: smsc.counts()["links"] == vina.counts()["links"] == 1)
    before = [queue(f"A {n}", to) for n, to in enumerate(numbers(12, "8497"))]
    until(lambda: Interaction.objects.filter(pk__in=[each.pk for each in before], state="sending").exists())
    danger = queue("Gọi ngay 114", "84975999999", Purpose.DANGER)
    until(lambda: has_become(danger, "delivered"), within=45)  # ten seconds, then the other
    assert vina.counts()["mt"] >= 1


def test_parts_of_a_text_spread_over_two_binds_are_one_case(sms: SmsProcess, smsc: Control, smsc_peer: Peer) -> None:
    both = f"{smsc_peer.url}?name=viettel&enquire=2"
    sms.start_with(both, both)
    until(lambda: smsc.counts()["links"] == 2)
    smsc.behave(window=1)
    said = ("Đường Lê Lợi ngập sâu nửa mét, đề nghị cho người xuống xem. " * 6).strip()
    ids = [smsc.text(f"8491{7_000_000 + n}", f"{n} {said}") for n in range(5)]
    until(all_acked(smsc, ids))
    until(lambda: Case.objects.count() == 5)
    assert {case.text for case in Case.objects.all()} == {f"{n} {said}" for n in range(5)}


def test_receipts_that_come_as_texts_make_no_cases_and_no_loop(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(receiptClass=0, receiptParameters=False)
    until(all_acked(smsc, [smsc.text(LAN, "Mất nước ba ngày nay ở ngõ 12 Lạch Tray")]))
    text = queue("Phiếu của bạn đã được tiếp nhận")
    until(lambda: has_become(text, "delivered"))
    assert Case.objects.count() == 1 and Interaction.objects.filter(direction="out").count() == 1


def test_a_password_is_never_printed_whatever_goes_wrong(sms: SmsProcess, smsc: Control, smsc_peer: Peer) -> None:
    at = f"127.0.0.1:{smsc_peer.port}"
    addresses = f"smpp://tongdai:XXX#YYY@{at}?enquire=2\nsmpp://tongdai:XXX#YYY@{at}?widow=1\nsmpp://a:XXX#YYY:{at}"
    sms.start_with(addresses, binds=False)
    until(lambda: smsc.counts()["refusedBinds"] >= 1, within=STARTS_WITHIN)
    until(lambda: Link.objects.exclude(why="").exists())
    doctor = subprocess.run(
        [sys.executable, "-m", "tongdai", "doctor"], env=os.environ | {"TONGDAI_SMSC": addresses},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "sms.bad_address" in sms.printed()
    printed = "".join([sms.printed(), doctor.stdout, doctor.stderr, *Link.objects.values_list("why", flat=True)])
    assert "SMS" in doctor.stdout and "window" in doctor.stdout and "XXX" not in printed and "YYY" not in printed
