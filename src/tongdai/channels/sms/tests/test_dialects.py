"""How carriers write is each one's own: alphabets, the order of octets, binary data, references that change."""

from __future__ import annotations

import socket
import struct

import pytest

from tongdai.cases.models import Case
from tongdai.channels.sms.encoding import splitting
from tongdai.channels.sms.encoding.segments import GSM7, UCS2
from tongdai.channels.sms.inbound import overdue
from tongdai.channels.sms.inbound.pdus import Arrival, Data, Report
from tongdai.channels.sms.models import Part
from tongdai.channels.sms.outbound import queue
from tongdai.channels.sms.protocol.address import read_smsc
from tongdai.channels.sms.protocol.connection import Connection
from tongdai.channels.sms.protocol.wire import Unreadable, Wire
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

from .network import LAN, MINH, Network, deliver_sm

RUBBISH = "Rác tràn ra hè phố Cầu Đất, mấy hôm nay không ai dọn"
TREE = "Cây đổ chắn ngang đường Trần Phú rồi"


def incoming() -> list[Interaction]:
    return list(Interaction.objects.filter(direction="in").order_by("pk"))


# ── alphabets ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mark", "order"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-16-be")]
)
def test_ucs2_is_read_in_the_order_that_its_mark_says(network: Network, mark: bytes, order: str) -> None:
    network.brings(deliver_sm(LAN, mark + RUBBISH.encode(order), data_coding=UCS2))
    assert Case.objects.get().text == RUBBISH and "unreadable" not in incoming()[0].detail


@pytest.mark.parametrize("marked", ["the first", "each"])
def test_a_long_text_in_the_other_order_is_joined(network: Network, marked: str) -> None:
    octets = TREE.encode("utf-16-le")
    cut = [octets[:30], octets[30:60], octets[60:]]
    for number, part in enumerate(cut, 1):
        mark = b"\xff\xfe" if marked == "each" or number == 1 else b""
        network.brings(deliver_sm(LAN, bytes([5, 0, 3, 9, 3, number]) + mark + part, data_coding=UCS2, esm_class=0x40))
    assert Case.objects.get().text == TREE


@pytest.mark.parametrize(
    ("alphabet", "octets", "means"),
    [
        ("gsm7", b"Rac @ ngo 5 \x00 \x1b<x\x1b>", "Rac ¡ ngo 5 @ [x]"),
        ("latin1", b"B\xe0 c\xf3 \xe1o m\xe0 b\xe1n @ ch\xf2i [x]", "Bà có áo mà bán @ chòi [x]"),
        ("ascii", b"Rac @ ngo 5 $ _ [x]", "Rac @ ngo 5 $ _ [x]"),
    ],
)
def test_alphabet_zero_is_what_the_bind_says(network: Network, alphabet: str, octets: bytes, means: str) -> None:
    network.brings(deliver_sm(LAN, octets, alphabet=alphabet))
    assert [each.body for each in incoming()] == [means]


@pytest.mark.parametrize(
    ("alphabet", "text", "octets"),
    [
        ("gsm7", "Hoi: a@b_c.vn [1]", b"Hoi: a\x00b\x11c.vn \x1b<1\x1b>"),
        ("latin1", "Hoi: a@b_c.vn [1] é", b"Hoi: a@b_c.vn [1] \xe9"),
        ("ascii", "Hoi: a@b_c.vn [1]", b"Hoi: a@b_c.vn [1]"),
    ],
)
def test_what_we_send_under_zero_is_in_the_carriers_alphabet(
    network: Network, alphabet: splitting.Alphabet, text: str, octets: bytes
) -> None:
    queue_outbound(channel=Channel.SMS, address=f"+{LAN}", body=text, key="t", purpose=Purpose.ANSWER, at=network.at)
    (ready,) = queue.claim(link=network.link, most=1, at=network.at, alphabet=alphabet)
    assert (ready.data_coding, ready.user_data) == (GSM7, octets)


@pytest.mark.parametrize(("alphabet", "text"), [("latin1", "Phí 5 € một lần"[:8] + "Ω"), ("ascii", "café")])
def test_what_the_carriers_alphabet_lacks_goes_in_ucs2(alphabet: splitting.Alphabet, text: str) -> None:
    assert splitting.split(text, alphabet=alphabet).data_coding == UCS2


def test_parts_are_as_long_as_the_phone_counts_whatever_the_carriers_alphabet() -> None:
    text = "[" * 100  # two septets each with the phone, an octet each with the carrier
    assert len(splitting.split(text, alphabet="latin1").parts) == len(splitting.split(text).parts) == 2


def test_the_alphabet_stands_in_the_address() -> None:
    smsc = read_smsc("smpp://a:b@c.vn?alphabet=latin1")
    assert smsc is not None and smsc.alphabet == "latin1"


def test_tcvn3_becomes_a_case_in_unicode_and_says_how_it_was_written(network: Network) -> None:
    network.brings(deliver_sm(LAN, "R¸c ë ngâ 5 CÇu §Êt ch­a ai dän".encode("latin-1"), data_coding=3))
    assert Case.objects.get().text == "Rác ở ngõ 5 Cầu Đất chưa ai dọn"
    assert incoming()[0].detail["written_in"] == "TCVN3"


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WAP_PUSH = bytes.fromhex("0b05040b8423f00003070201") + bytes.fromhex(
    "29060603ae81eac38cca81ec02056a0045c60c036578616d706c652e766e2f"
)
PICTURE = bytes.fromhex("30000000ff81bd0042008100a5008100a5009900420024003c0018")


@pytest.mark.parametrize("coding", [0x02, 0x04, 0x14, 0xF4, 0xF5, 0xF7, 0x21])
def test_binary_data_is_no_text(coding: int) -> None:
    assert deliver_sm(LAN, PICTURE, data_coding=coding) == Data(coding, len(PICTURE))


@pytest.mark.parametrize("header", ["0605040b8423f0", "0404020b0b", "0b05040b8423f00003070201"])
@pytest.mark.parametrize("coding", [0x00, 0x04, 0x08, 0xF5])
def test_what_goes_to_a_port_is_no_text_whatever_it_is_written_in(header: str, coding: int) -> None:
    user_data = bytes.fromhex(header) + b"BEGIN:VCARD"
    assert isinstance(deliver_sm(LAN, user_data, data_coding=coding, esm_class=0x40), Data)


def test_a_port_in_the_parameters_is_one_too() -> None:
    assert isinstance(deliver_sm(LAN, b"BEGIN:VCARD", tail=b"\x02\x0b\x00\x02\x23\xf4"), Data)
    assert isinstance(deliver_sm(LAN, b"xin chao", tail=b"\x02\x0b\x00\x02\x00\x00"), Arrival)


@pytest.mark.parametrize(("coding", "codec"), [(0x02, "utf-8"), (0x04, "utf-8"), (0xF5, "utf-8"), (0x04, "utf-16-be")])
def test_a_text_that_is_only_called_data_is_taken_in(network: Network, coding: int, codec: str) -> None:
    network.brings(deliver_sm(LAN, RUBBISH.encode(codec), data_coding=coding))  # type: ignore[arg-type]
    assert Case.objects.get().text == RUBBISH


def test_a_receipt_under_the_coding_of_data_is_a_receipt() -> None:
    assert isinstance(deliver_sm(LAN, b"id:77 stat:DELIVRD err:000 text:", data_coding=4, esm_class=4), Report)


def test_data_is_rejected_for_good_and_its_neighbours_are_acknowledged() -> None:
    smsc = read_smsc("smpp://a:b@127.0.0.1")
    assert smsc is not None
    wire = Wire(smsc)
    wire._socket, centre = socket.socketpair()
    connection = Connection(wire)
    window = [Unreadable("deliver_sm", sequence, b"") for sequence in (1, 2, 3)]
    connection.acknowledge(window, turn=4, rejected={1})
    answers = struct.iter_unpack(">LLLLx", centre.recv(1000))
    assert [(status, sequence) for _length, _command, status, sequence in answers] == [(0, 1), (0x66, 2), (0, 3)]
    assert connection.acked == 4
    wire.close()
    centre.close()


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def parts(text: str, *, references: list[int], sender: str = LAN) -> list[Arrival]:
    """A text in as many parts as there are references, each with its own."""
    total, size = len(references), -(-len(text) // len(references))
    cut = [text[at * size : (at + 1) * size].encode("utf-16-be") for at in range(total)]
    made = []
    for number, (reference, part) in enumerate(zip(references, cut, strict=True), 1):
        header = bytes([5, 0, 3, reference, total, number])
        arrival = deliver_sm(sender, header + part, data_coding=UCS2, esm_class=0x40)
        assert isinstance(arrival, Arrival)
        made.append(arrival)
    return made


def waited(network: Network, *, seconds: int) -> int:
    network.later(seconds=seconds)
    return overdue.give_up_waiting(at=network.at)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0, 1)])
def test_parts_whose_references_change_are_one_matter(network: Network, order: tuple[int, ...]) -> None:
    arrived = parts(TREE, references=[7, 8, 9])
    for at in order:
        network.brings(arrived[at])
        network.later(seconds=2)
    assert waited(network, seconds=10) == 0  # the rest of their own references may still come
    assert waited(network, seconds=60) == 1
    assert Case.objects.get().text == TREE
    assert set(Part.objects.values_list("state", flat=True)) == {"taken"}
    assert waited(network, seconds=3600) == 0


def test_a_reference_that_changes_midway_leaves_one_matter(network: Network) -> None:
    network.brings(*parts(TREE, references=[7, 7, 8]))
    waited(network, seconds=70)
    assert Case.objects.get().text == TREE


def test_two_texts_of_one_sender_that_come_together_are_not_mixed(network: Network) -> None:
    one, other = parts(TREE, references=[7, 7]), parts(RUBBISH, references=[8, 8])
    network.brings(one[0], other[1])
    network.later(seconds=5)
    network.brings(one[1], other[0])
    assert {each.body for each in incoming()} == {TREE, RUBBISH}


def test_two_senders_are_never_mixed(network: Network) -> None:
    network.brings(parts(RUBBISH, references=[7, 8])[0], parts(RUBBISH, references=[7, 8], sender=MINH)[1])
    assert waited(network, seconds=70) == 0


def test_parts_far_apart_are_two_texts(network: Network) -> None:
    network.brings(parts(TREE, references=[7, 8])[0])
    network.later(minutes=5)
    network.brings(parts(RUBBISH, references=[9, 10])[1])
    assert waited(network, seconds=70) == 0


def test_one_that_never_comes_leaves_one_case_and_when_late_it_joins_that(network: Network) -> None:
    arrived = parts("Cây đổ chắn ngang đường nhé", references=[7, 8, 9])
    network.brings(arrived[0], arrived[2])
    waited(network, seconds=16 * 60)
    case = Case.objects.get()
    assert "[… thiếu phần 2/3 …]" in case.text

    network.later(minutes=30)
    network.brings(arrived[1])
    waited(network, seconds=16 * 60)
    assert Case.objects.count() == 1
    assert [link.interaction.detail.get("late") for link in case.links.order_by("pk") if link.interaction.direction == "in"] == [
        None, True,
    ]  # fmt: skip


def test_danger_in_a_part_waits_a_minute_and_takes_all_that_is_there_along(network: Network) -> None:
    arrived = parts("Cháy nhà 12 Lê Lợi, có người mắc kẹt, cứu với, lửa to lắm rồi", references=[7, 8, 9])
    network.brings(arrived[0], arrived[1])
    waited(network, seconds=70)
    case = Case.objects.get()
    assert case.in_danger and "thiếu phần 3/3" in case.text


def test_a_part_that_comes_again_under_another_reference_is_no_text_of_its_own(network: Network) -> None:
    network.brings(*parts(TREE, references=[7, 7]))
    network.later(minutes=2)
    network.brings(parts(TREE, references=[9, 9])[1])
    waited(network, seconds=16 * 60)
    assert Case.objects.get().text == TREE and len(incoming()) == 1
