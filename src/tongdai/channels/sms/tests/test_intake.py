"""What arrives becomes cases: once each, nothing lost, whatever order and shape it comes in."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tongdai.cases.models import Case
from tongdai.channels.sms.inbound import overdue
from tongdai.channels.sms.inbound.pdus import Arrival
from tongdai.channels.sms.inbound.pdus import read as read_pdu
from tongdai.channels.sms.inbound.retention import forget
from tongdai.channels.sms.models import Part
from tongdai.channels.sms.protocol.wire import Unreadable
from tongdai.people.models import Contact, Interaction
from tongdai.platform.database.postgres import Cluster

from .network import LAN, MINH, Network, deliver_sm, in_parts, text_of

LONG = "Đường Lê Lợi ngập sâu nửa mét, xe máy chết la liệt 🌊, đề nghị 1022 cho người xuống xem ngay. " * 4
RUBBISH = "Rác tràn ra hè phố Cầu Đất, mấy hôm nay không ai dọn"


def incoming() -> list[Interaction]:
    return list(Interaction.objects.filter(direction="in").order_by("pk"))


def replies() -> list[str]:
    return list(Interaction.objects.filter(direction="out").order_by("pk").values_list("body", flat=True))


@pytest.fixture
def poison(postgres_server: Cluster, django_db_setup: None) -> Iterator[str]:
    """A word: while it stands, the database refuses every text that has it. Taken back after the test's transaction."""
    with postgres_server.connect() as owner:
        owner.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                      " RAISE 'no' USING ERRCODE = '22000'; END $$")  # fmt: skip
        owner.execute("CREATE TRIGGER refuse BEFORE INSERT ON people_interaction FOR EACH ROW"
                      " WHEN (NEW.body LIKE '%độc%') EXECUTE FUNCTION refuse()")  # fmt: skip
        yield "độc"
        owner.execute("DROP FUNCTION refuse() CASCADE")


def test_a_text_becomes_a_case_of_the_number_it_came_from(network: Network) -> None:
    network.texts(LAN, RUBBISH)
    case = Case.objects.get()
    assert (case.text, case.channel, case.received_at) == (RUBBISH, "sms", network.at)
    assert case.contact == Contact.objects.get(phone="+84912345678", proven_at=network.at)
    (heard,) = incoming()
    assert heard.case_link.case == case and heard.our_address == "1022"


@pytest.mark.parametrize("header", ["udh8", "udh16", "sar"])
@pytest.mark.parametrize("seed", range(3))
def test_parts_are_joined_in_whatever_order_and_windows_they_come(network: Network, header: str, seed: int) -> None:
    parts = list(in_parts(LAN, LONG.strip(), header))
    chance = random.Random(seed)
    chance.shuffle(parts)
    while parts:
        some = chance.randint(1, 7)
        network.brings(*parts[:some])
        parts = parts[some:]
        network.later(seconds=2)
    assert Case.objects.get().text == LONG.strip()
    assert Part.objects.exclude(state=Part.State.TAKEN).count() == 0


def test_two_citizens_whose_phones_number_alike_are_kept_apart(network: Network) -> None:
    lans, minhs = in_parts(LAN, LONG, "udh8"), in_parts(MINH, LONG.upper(), "udh8")
    network.brings(*[part for pair in zip(lans, minhs, strict=True) for part in pair])
    assert {case.text for case in Case.objects.all()} == {LONG.strip(), LONG.upper().strip()}


def test_a_part_that_comes_twice_makes_nothing_twice(network: Network) -> None:
    first, second, *rest = in_parts(LAN, LONG, "udh8")
    network.brings(first, second, second)
    network.brings(second)
    network.brings(*rest)
    network.brings(rest[0])
    network.later(hours=1)
    overdue.give_up_waiting(at=network.at)
    assert Case.objects.get().text == LONG.strip()
    assert len(incoming()) == 1


def test_a_part_that_never_comes_leaves_a_case_that_says_so(network: Network) -> None:
    parts = in_parts(LAN, "Cây đổ chắn ngang đường Trần Phú rồi", "udh8", size=24)
    network.brings(parts[0], parts[2])
    overdue.give_up_waiting(at=network.at)
    assert Case.objects.count() == 0

    network.later(minutes=16)
    assert overdue.give_up_waiting(at=network.at) == 1
    assert Case.objects.get().text == "Cây đổ chắn [… thiếu phần 2/3 …] Trần Phú rồi"
    assert incoming()[0].detail["incomplete"] is True
    assert overdue.give_up_waiting(at=network.at) == 0


def test_a_part_that_comes_hours_late_joins_the_case_of_the_others(network: Network) -> None:
    parts = in_parts(LAN, "Cây đổ chắn ngang đường Trần Phú rồi", "udh8", size=24)
    network.brings(parts[0], parts[2])
    network.later(minutes=16)
    overdue.give_up_waiting(at=network.at)
    network.later(hours=3)
    network.brings(parts[1])
    case = Case.objects.get()
    assert [link.interaction.body for link in case.links.order_by("pk")][-1] == "ngang đường"
    network.later(hours=1)
    assert overdue.give_up_waiting(at=network.at) == 0


def test_the_same_words_within_a_day_join_the_first_case_and_each_is_kept(network: Network) -> None:
    network.texts(LAN, RUBBISH)
    network.later(hours=5)
    network.texts(LAN, f"  {RUBBISH.upper()}! ")
    network.texts(MINH, RUBBISH)
    hers = Case.objects.get(contact__phone="+84912345678")
    assert [link.interaction.body for link in hers.links.order_by("pk")] == [RUBBISH, f"{RUBBISH.upper()}!"]
    assert Case.objects.count() == 2
    assert hers.code[:4] in replies()[-1]

    network.later(days=20)
    network.texts(LAN, RUBBISH + " ngập cả đường Lạch Tray phường Lê Chân")
    assert Case.objects.count() == 3


def test_the_same_words_twice_in_one_window_are_one_case(network: Network) -> None:
    network.brings(*text_of(LAN, RUBBISH + " ạ"), *text_of(LAN, RUBBISH + " Ạ"))
    assert Case.objects.get().links.count() == 2


def test_what_the_smsc_sends_again_for_want_of_an_answer_is_the_same_text(network: Network) -> None:
    network.texts(LAN, RUBBISH, sound=False)
    network.new_link()
    network.texts(LAN, RUBBISH, sound=False)
    network.new_link()
    network.texts(LAN, RUBBISH)
    assert len(incoming()) == 1 and replies() == []
    assert Part.objects.get().retries == 2

    network.later(minutes=2)
    network.texts(LAN, RUBBISH)  # now she says it again herself
    assert Case.objects.count() == 1 and len(incoming()) == 2


def test_a_text_that_cannot_be_processed_is_kept_and_its_neighbours_commit(poison: str, network: Network) -> None:
    texts = ["Mất điện ngõ 5", "Nước có vị lạ", f"tin {poison}", "Đèn đường hỏng", "Ổ gà to"]
    network.brings(*[part for n, text in enumerate(texts) for part in text_of(f"8491234560{n}", text)])
    assert sorted(case.text for case in Case.objects.all()) == sorted(set(texts) - {texts[2]})
    kept = Part.objects.get(state=Part.State.DEAD_LETTER)
    assert bytes(kept.octets).decode("utf-16-be") == texts[2]
    assert kept.trouble == "DataError"


def test_parts_that_cannot_be_processed_when_given_up_are_kept_too(poison: str, network: Network) -> None:
    network.brings(*in_parts(LAN, f"một tin {poison} và dài nữa", "udh8")[:2])
    network.brings(*in_parts(MINH, "Cây đổ chắn ngang đường", "udh8")[:2])
    network.later(minutes=16)
    overdue.give_up_waiting(at=network.at)
    assert Part.objects.filter(state=Part.State.DEAD_LETTER).count() == 2
    assert Case.objects.count() == 1


def test_a_pdu_nobody_can_parse_is_kept_whole(network: Network) -> None:
    network.brings(read_pdu(Unreadable("deliver_sm", 9, b"\x00\x00\x00\x15junk!")), *text_of(LAN, RUBBISH))
    assert bytes(Part.objects.get(state=Part.State.DEAD_LETTER).octets) == b"\x00\x00\x00\x15junk!"
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("sender", "ton"), [("VIETTEL", 5), ("Viettel", 0), ("191", 0), ("1022", 3), ("9029", 1)])
def test_a_name_or_a_short_code_is_put_aside_and_never_answered(network: Network, sender: str, ton: int) -> None:
    network.brings(*text_of(sender, "alo", ton=ton))
    network.brings(*text_of(sender, "Quy khach con 2GB du lieu", ton=ton))
    assert Case.objects.count() == 0 and replies() == []
    assert {(part.sender, part.state) for part in Part.objects.all()} == {(sender, Part.State.DEAD_LETTER)}


def test_a_hidden_sender_is_taken_in_and_not_answered(network: Network) -> None:
    network.brings(*text_of("", RUBBISH, ton=0))
    assert Case.objects.get().contact is None and replies() == []


@pytest.mark.parametrize(
    ("sender", "ton"),
    [("84912345678", 1), ("+84912345678", 1), ("0912345678", 2), ("0912345678", 0), ("84912345678", 0)],
)
def test_a_number_is_the_same_citizen_however_the_carrier_writes_it(network: Network, sender: str, ton: int) -> None:
    network.brings(*text_of(sender, RUBBISH, ton=ton))
    assert Case.objects.get().contact == Contact.objects.get(phone="+84912345678")


def test_a_greeting_is_helped_opting_out_is_confirmed_an_ok_is_not_and_none_is_a_case(network: Network) -> None:
    for text in ("Alo", "", "ok", "TC"):
        network.texts(LAN, text)
    assert Case.objects.count() == 0
    assert len(incoming()) == 4
    assert len(replies()) == 3 and all("TRA" in reply for reply in replies()[:2]) and "START" in replies()[2]


def test_a_number_gets_at_most_ten_replies_an_hour(network: Network) -> None:
    for number in range(14):
        network.texts(LAN, "alo" + "!" * number)
    network.texts(MINH, "alo")
    assert Interaction.objects.filter(direction="out", address="+84912345678").count() == 10
    assert Interaction.objects.filter(direction="out", address="+84987654321").count() == 1
    network.later(minutes=61)
    network.texts(LAN, "alo")
    assert Interaction.objects.filter(direction="out", address="+84912345678").count() == 11


def test_ten_thousand_characters_arrive_whole(network: Network) -> None:
    text = ("Kính gửi 1022, chúng tôi ở ngõ 12 Lạch Tray xin trình bày: " * 200)[:9_999] + "."
    parts = text_of(LAN, text)
    assert len(parts) > 100
    network.brings(*parts[:100])
    network.brings(*parts[100:])
    assert Case.objects.get().text == text
    assert incoming()[0].body == text


def test_a_text_in_message_payload_arrives_whole(network: Network) -> None:
    network.brings(deliver_sm(LAN, b"", message_payload=(LONG * 3).encode("utf-16-be"), data_coding=8))
    assert Case.objects.get().text == (LONG * 3).strip()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cháy to ở chợ Sắt 🔥🚒", "Cháy to ở chợ Sắt 🔥🚒"),
        ("Mất nước\u202e ở ngõ 3\u200f", "Mất nước ở ngõ 3"),
        ("Mất\x00 nước", "Mất nước"),
        (unicodedata.normalize("NFD", "Đường ngập"), "Đường ngập"),
        ("<script>alert(1)</script> mất nước ở ngõ 3", "<script>alert(1)</script> mất nước ở ngõ 3"),
    ],
)
def test_strange_signs_do_no_harm(network: Network, typed: str, kept: str) -> None:
    octets = typed.encode("utf-16-be")
    network.brings(deliver_sm(LAN, octets, data_coding=8))
    assert Case.objects.get().text == kept


def test_broken_octets_are_readable_as_far_as_they_go_and_kept_raw(network: Network) -> None:
    broken = "Nước tràn vào nhà".encode()[:-2] + b"\xff\xfe"
    network.brings(deliver_sm(LAN, broken, data_coding=4))
    case = Case.objects.get()
    assert case.text.startswith("Nước tràn vào n") and "\ufffd" in case.text
    piece = Part.objects.get()
    assert bytes(piece.octets) == broken and piece.trouble == "unreadable octets"
    assert incoming()[0].detail["unreadable"] is True


def test_a_clock_moved_back_loses_nothing(network: Network) -> None:
    network.texts(LAN, RUBBISH)
    network.later(days=-2)
    network.texts(LAN, RUBBISH + " nữa")
    network.texts(LAN, RUBBISH)
    assert Case.objects.get().links.count() == 2


def test_keys_tell_texts_apart_by_who_to_whom_coding_and_octets() -> None:
    def key(sender: str = LAN, octets: bytes = b"a", **fields: object) -> str:
        arrival = deliver_sm(sender, octets, **fields)
        assert isinstance(arrival, Arrival)
        return arrival.key

    different = [key(), key(MINH), key(octets=b"b"), key(data_coding=3), key(octets=b"", message_payload=b"ab")]
    sar = [key(sar_msg_ref_num=1, sar_total_segments=2, sar_segment_seqnum=n) for n in (1, 2)]
    assert len({*different, *sar}) == 7
    assert key() == key()


def test_raw_texts_go_after_a_month_but_not_those_a_person_has_still_to_see(network: Network) -> None:
    network.texts(LAN, RUBBISH)
    Part.objects.create(
        key="k", link=network.link, turn=0, sender=MINH, destination="1022", data_coding=0, octets=b"\xff",
        state=Part.State.DEAD_LETTER, received_at=network.at,
    )  # fmt: skip
    assert forget(at=network.at + timedelta(days=29)) == 0
    assert forget(at=network.at + timedelta(days=31)) == 1
    assert dict(Part.objects.values_list("state", "octets")) == {"taken": b"", "kept": b"\xff"}
    assert incoming()[0].body == RUBBISH
