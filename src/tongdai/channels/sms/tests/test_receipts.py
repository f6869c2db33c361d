"""A receipt settles its own message only, however it is written; what only looks like one settles nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from tongdai.cases.models import Case
from tongdai.channels.sms import status
from tongdai.channels.sms.inbound import dead_letters
from tongdai.channels.sms.inbound.pdus import Report
from tongdai.channels.sms.models import Part, Receipt, Submission
from tongdai.channels.sms.outbound import queue
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

from .network import LAN, MINH, Network, deliver_sm, receipt

TLV_ID, TLV_STATE = b"\x00\x1e", b"\x04\x27"


def sent(network: Network, message_id: str, *, to: str = LAN, words: str = "Đã dọn xong.") -> Interaction:
    """A text the SMSC has taken, and what it calls it."""
    text = queue_outbound(
        channel=Channel.SMS,
        address=f"+{to}",
        body=words,
        key=f"t:{to}:{message_id}:{network.link.pk}",
        purpose=Purpose.RECEIPT,
        at=network.at,
    )
    assert text
    (ready,) = queue.claim(link=network.link, most=1, at=network.at)
    queue.accepted({ready.submission_id: message_id}, link=network.link, at=network.at)
    return text


def state(text: Interaction) -> str:
    text.refresh_from_db()
    return text.state


def later(minutes: int) -> None:
    Receipt.objects.update(recorded_at=F("recorded_at") - timedelta(minutes=minutes))


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_of_the_same_number_for_another_recipient_settles_nothing(network: Network) -> None:
    text = sent(network, "4d2", to=MINH)  # 1234 in hexadecimal
    padded = sent(network, "1234", to=LAN)
    network.brings(receipt("0000001234", "UNDELIV", of="84900000001"))
    assert state(text) == state(padded) == "sent"
    network.brings(receipt("0000001234", "UNDELIV", of=LAN))
    assert (state(text), state(padded)) == ("sent", "failed")


@pytest.mark.parametrize("of", ["84912345678", "+84912345678", "0912345678", "912345678"])
def test_a_recipient_is_the_same_however_the_centre_writes_the_number(network: Network, of: str) -> None:
    text = sent(network, "77")
    network.brings(receipt("77", of=of))
    assert state(text) == "delivered"


def test_a_centre_that_leaves_the_addresses_as_we_sent_them_is_understood(network: Network) -> None:
    text = sent(network, "77")
    network.brings(receipt("77", of="1022", ton=0, to=LAN))
    assert state(text) == "delivered"


def test_the_same_id_at_another_carrier_is_another_message(network: Network) -> None:
    ours = sent(network, "77")
    network.new_link(carrier="vina")
    network.brings(receipt("77", "UNDELIV"))
    assert state(ours) == "sent"
    theirs = sent(network, "77")
    assert (state(ours), state(theirs)) == ("sent", "failed")


@pytest.mark.parametrize(
    ("receipt_ids", "answered", "written"),
    [("same", "0000001234", "1234"), ("same", "A1f", "a1F"), ("same", "7d1c-99e0", "7d1c-99e0"),
     ("hex", "1234", "000004D2"), ("dec", "4d2", "0000001234")],
)  # fmt: skip
def test_ids_in_another_base_are_told_apart_by_the_bind(
    network: Network, receipt_ids: str, answered: str, written: str
) -> None:
    text = sent(network, answered)
    network.brings(receipt(written, receipt_ids=receipt_ids))
    assert state(text) == "delivered"


def test_a_decimal_bind_never_takes_a_hexadecimal_id_for_its_own(network: Network) -> None:
    text = sent(network, "10", to=LAN)
    network.brings(receipt("10", "UNDELIV", receipt_ids="dec"))  # 10 is `a` where answers are hexadecimal
    assert state(text) == "sent"


@pytest.mark.parametrize(
    ("answered", "other", "written"),
    [("a", "10", "10"), ("10", "16", "10"), ("4d2", "1234", "0000001234"), ("1234", "4d2", "4D2")],
)
def test_a_receipt_that_may_be_of_two_texts_of_one_recipient_settles_neither(
    network: Network, answered: str, other: str, written: str
) -> None:
    one, two = sent(network, answered), sent(network, other)
    network.brings(receipt(written, "UNDELIV"))
    assert state(one) == state(two) == "sent"
    later(minutes=3)
    assert dead_letters.store_strays() == 1


def test_once_the_other_is_settled_there_is_no_doubt(network: Network) -> None:
    one = sent(network, "4660")
    network.brings(receipt("4660"))
    two = sent(network, "1234")  # 0x1234 is 4660
    network.brings(receipt("1234", "UNDELIV"))
    assert (state(one), state(two)) == ("delivered", "failed")


@pytest.mark.parametrize(
    ("answered", "written", "fits"), [("1234", "4d2", "hex"), ("4d2", "1234", "dec"), ("77", "9999", "")]
)
def test_receipts_of_nothing_say_which_base_would_fit(network: Network, answered: str, written: str, fits: str) -> None:
    sent(network, answered)
    network.brings(receipt(written))
    later(minutes=3)
    dead_letters.store_strays()
    assert status.receipt_ids_that_fit() == fits


@pytest.mark.parametrize("ended", [b"", b"\x00"])
def test_an_id_in_the_parameters_loses_no_digit_whether_it_ends_in_nul_or_not(network: Network, ended: bytes) -> None:
    text, shorter = sent(network, "1234", to=LAN), sent(network, "123", to=LAN)
    value = b"1234" + ended
    tail = TLV_ID + len(value).to_bytes(2, "big") + value + TLV_STATE + b"\x00\x01\x02"
    network.brings(deliver_sm(LAN, b"", esm_class=4, tail=tail))
    assert (state(text), state(shorter)) == ("delivered", "sent")


def test_parameters_our_library_knows_from_other_commands_do_no_harm(network: Network) -> None:
    text = sent(network, "1234")
    tail = b"\x04\x25\x00\x01\x00" + b"\x00\x1d\x00\x03no\x00" + b"\x14\x01\x00\x02xy" + TLV_ID + b"\x00\x041234"
    network.brings(receipt("1234", tail=tail))
    assert state(text) == "delivered" and not Part.objects.exists()


# ── how it is written ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "stat", "becomes"),
    [
        ("id:{id} sub:001 dlvrd:001 submit date:2202140801 stat:{stat} err:{err} text:", "DELIVERED", "delivered"),
        ("id:{id},sub:001,dlvrd:001,done date:2202140801,stat:{stat},err:{err},text:x", "DELIVRD", "delivered"),
        ("ID:{id} Stat:{stat} Err:{err} Text:", "delivrd", "delivered"),
        ("id:{id} sub:001 dlvrd:001 stat:{stat} err:000 text:", "0", "delivered"),
        ("id:{id} stat:{stat} err:000", "2", "delivered"),
        ("id: {id} stat: {stat} err: 034", "UNDELIVERABLE", "failed"),
        ("id:{id} dlvrd:000 stat:{stat} err:075 text:", "FAILED", "failed"),
        ("id:{id} stat:{stat}", "REJECTED", "failed"),
        ("id:{id} sub:001 dlvrd:000 stat:{stat} err:000 text:", "0", "sent"),
        ("id:{id} stat:{stat}", "ACCEPTED", "sent"),
        ("id:{id} stat:{stat}", "NGHIENCUU", "sent"),
        ("stat:{stat} id:{id}", "DELIVRD", "delivered"),
    ],
)  # fmt: skip
def test_other_spellings_are_read(network: Network, words: str, stat: str, becomes: str) -> None:
    text = sent(network, "77")
    network.brings(receipt("77", stat, words=words))
    assert state(text) == becomes and not Case.objects.exists()


def test_what_our_own_text_says_is_never_taken_for_a_field(network: Network) -> None:
    mine, other = sent(network, "77"), sent(network, "88")
    network.brings(receipt("77", text="id:88 stat:UNDELIV err:099"))
    assert (state(mine), state(other)) == ("delivered", "sent")


def test_a_receipt_in_ucs2_is_one_too(network: Network) -> None:
    text = sent(network, "77")
    network.brings(deliver_sm(LAN, "id:77 stat:DELIVRD err:000 text:Đã".encode("utf-16-be"), data_coding=8))
    assert state(text) == "delivered" and not Case.objects.exists()


@pytest.mark.parametrize("esm_class", [0x00, 0x04, 0x08, 0x10, 0x20])
@pytest.mark.parametrize("by", ["words", "parameters"])
def test_a_receipt_is_known_whatever_its_esm_class_and_makes_no_case(network: Network, esm_class: int, by: str) -> None:
    text = sent(network, "77")
    if by == "words":
        network.brings(receipt("77", esm_class=esm_class))
    else:
        network.brings(deliver_sm(LAN, b"", esm_class=esm_class, receipted_message_id="77", message_state=2))
    assert state(text) == "delivered"
    assert not Case.objects.exists() and not Part.objects.exists()
    assert Interaction.objects.count() == 1  # nobody was answered


def test_an_error_code_is_read_from_words_or_parameters() -> None:
    assert receipt("42", "UNDELIV", err="034").error == "034"  # type: ignore[union-attr]
    named = deliver_sm(
        LAN, b"", esm_class=4, receipted_message_id="2a", message_state=5, tail=b"\x04\x23\x00\x03\x03\x00\x4b"
    )
    assert isinstance(named, Report) and (named.message_id, named.state, named.error) == ("2a", "UNDELIV", "75")


# ── what only looks like one ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("esm_class", [0x00, 0x04, 0x08, 0x10, 0x20])
def test_a_look_alike_that_fits_no_text_of_ours_becomes_a_dead_letter_and_no_case(
    network: Network, esm_class: int
) -> None:
    network.brings(receipt("4711", esm_class=esm_class))
    assert not Case.objects.exists() and status.stray_receipts() == (0, [])  # its answer may be on its way
    later(minutes=3)
    assert dead_letters.store_strays() == 1
    count, (shown,) = status.stray_receipts()
    assert count == 1 and "id:4711" in shown.text and "912" not in shown.sender[6:]
    assert not Case.objects.exists() and not Interaction.objects.exists()
    assert status.dead_letters() == []  # they don't bury the letters of people
    assert dead_letters.store_strays() == 0


def test_an_early_receipt_is_matched_and_never_becomes_a_dead_letter(network: Network) -> None:
    network.brings(receipt("77", esm_class=0))
    text = sent(network, "77")
    later(minutes=3)
    assert dead_letters.store_strays() == 0 and state(text) == "delivered"


@pytest.mark.parametrize("esm_class", [0x08, 0x10, 0x18, 0x20])
def test_what_the_network_calls_no_text_and_says_nothing_known_waits_for_a_person(
    network: Network, esm_class: int
) -> None:
    network.brings(deliver_sm(LAN, b"OK", esm_class=esm_class))
    (shown,) = status.dead_letters()
    assert shown.text == "OK" and not Case.objects.exists() and not Interaction.objects.exists()


def test_a_cry_for_help_passes_whatever_it_is_marked_as_or_looks_like(network: Network) -> None:
    fire = "Chay nha 12 Le Loi, co nguoi mac ket, cuu voi"
    network.brings(deliver_sm(LAN, fire.encode(), esm_class=0x10))
    network.brings(receipt("5", esm_class=0, of=MINH, text=fire))
    network.brings(deliver_sm("84900000003", f"{fire} id:1 sub:001 stat:DELIVRD err:000 text:".encode()))
    assert Case.objects.count() == 3
    assert all(case.in_danger for case in Case.objects.all())


def test_our_own_words_of_danger_quoted_by_a_receipt_are_no_cry_for_help(network: Network) -> None:
    words = "Goi 114 ngay (cuu hoa, cuu nan). Nha chay, co nguoi mac ket: ra ngoai ngay."
    text = sent(network, "77", words=words)
    network.brings(receipt("9999", esm_class=0, text=words[:60]))
    network.brings(receipt("77", esm_class=0, text=words[:60]))
    assert state(text) == "delivered" and not Case.objects.exists()


def test_a_citizen_who_quotes_a_receipt_is_heard(network: Network) -> None:
    quoted = "Tôi nhận được tin lạ ghi id:5 stat:DELIVRD, không biết có phải của 1022 không, nhờ kiểm tra giúp"
    network.texts(LAN, quoted)
    assert Case.objects.get().text == quoted


@pytest.mark.parametrize(
    "words",
    [
        "Undeliverable: your message to 0912345678",
        "Message could not be delivered to +84912345678",
        "Tin nhắn của quý khách chưa gửi được đến thuê bao 0912345678",
        "Thuê bao quý khách vừa gọi tạm thời không liên lạc được",
        "Auto-reply: I am out of the office until Monday",
        "I'm driving right now, I'll get back to you later",
        "Đây là tin nhắn tự động. Vui lòng không trả lời tin nhắn này.",
        "Tôi đang lái xe, sẽ gọi lại sau",
        "Xin lỗi, tôi đang họp. Tôi sẽ liên lạc lại.",
        "Cảm ơn quý khách đã liên hệ, chúng tôi sẽ phản hồi trong 24 giờ",
        "Tin nhắn tự động: tôi đang nghỉ phép, gọi 0912345678 nếu gấp",
        "Sorry, I can't talk right now. Call me later",
        "Thanks for your message, we will reply. In an emergency call 115",
    ],
)
def test_a_bounce_or_an_answering_machine_makes_no_case_and_is_not_answered(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert not Case.objects.exists() and not Interaction.objects.exists()
    (shown,) = status.dead_letters()
    assert shown.text == words and shown.trouble
    network.later(minutes=5)
    network.texts(LAN, words)
    assert len(status.dead_letters()) == 1  # a machine says the same to every text: once a day is enough


@pytest.mark.parametrize(
    "words",
    [
        "Đang bán hàng rong trước cổng trường, đuổi rồi lại quay lại",
        "Hotline điện lực không trả lời tin nhắn của dân",
        "Thuê bao số 0912345678 đang quấy rối tôi cả ngày",
        "Đang họp chợ cóc giữa đường Cầu Đất, đề nghị dẹp sau 7 giờ",
        "Tin nhắn của tôi hôm qua không gửi được, nay gửi lại: rác ngõ 5 chưa dọn",
        "I am away from home and my neighbour burns plastic every day",
        "Cảm ơn 1022 đã giúp, nhưng đèn ngõ 12 lại tắt",
        "Stat phường không làm việc, id hồ sơ của tôi mất",
    ],
)
def test_a_person_who_only_writes_like_a_machine_is_heard(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.get().text == words


@pytest.mark.parametrize(
    "words",
    [
        "Tôi đang lái xe thì xe phía trước bốc cháy, có người bị thương nặng, gọi lại cho tôi ngay",
        "Tôi đang lái xe bị tai nạn, gọi lại cho tôi",
        "Toi dang hop thi chay nha, goi lai cho toi",
    ],
)
def test_danger_passes_though_it_reads_like_an_answering_machine(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.get().in_danger


def test_one_report_never_becomes_a_loop_of_receipts_as_texts(network: Network) -> None:
    network.texts(LAN, "Mất nước ba ngày nay")
    for number in range(20):
        for ready in queue.claim(link=network.link, most=10, at=network.at):
            queue.accepted({ready.submission_id: f"{number}"}, link=network.link, at=network.at)
        network.brings(receipt(str(number), esm_class=0))
    assert Case.objects.count() == 1
    assert Submission.objects.count() <= 1
