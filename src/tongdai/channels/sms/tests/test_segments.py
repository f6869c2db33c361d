"""Texts cut for the wire and put together again, whatever letters they are made of."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tongdai.channels.sms.encoding import gsm7, legacy, segments
from tongdai.channels.sms.encoding.segments import GSM7, LATIN1, UCS2, UDHI, Place, join, read, sar, take_header
from tongdai.channels.sms.encoding.splitting import TooLong, split

GSM_LETTERS = "".join(char for char in map(chr, range(0x20, 0x2030)) if gsm7.encode(char)) + "\n€"
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵĐƯỚ ,.0123\n"


def put_together(out: segments.Outgoing) -> tuple[str, bool]:
    pieces = []
    for user_data in out.parts:
        place, octets = take_header(user_data, out.esm_class)
        assert (place is None) == (len(out.parts) == 1)
        pieces.append((octets, out.data_coding))
    return join(pieces)


@given(st.text(GSM_LETTERS, max_size=1000))
def test_a_text_of_the_default_alphabet_goes_out_in_it_and_comes_back_as_it_was(text: str) -> None:
    out = split(text)
    assert out.data_coding == GSM7
    assert put_together(out) == (text, True)


@given(st.text(max_size=700).filter(lambda text: not text.startswith(("\ufeff", "\ufffe"))))
@example("Ì\x85Ü")  # TCVN3 of two letters that stand alone
def test_any_text_comes_back_as_it_was_but_for_signs_that_mean_the_same(text: str) -> None:
    assume(legacy.recognised(text) is None)  # what was written before Unicode: test_legacy.py
    got, whole = put_together(split(text))
    composed = unicodedata.normalize("NFC", text)
    same = (composed, gsm7.plainer(composed))
    assert got in {unicodedata.normalize("NFC", each) for each in same}
    assert whole == ("\ufffd" not in got)


@given(st.text(VIETNAMESE + "🙂🚒", min_size=71, max_size=900), st.integers(0, 255))
def test_no_part_is_longer_than_a_phone_takes_and_none_begins_or_ends_within_a_letter(
    text: str, reference: int
) -> None:
    out = split(text, reference=reference)
    for number, user_data in enumerate(out.parts, 1):
        place, octets = take_header(user_data, out.esm_class)
        assert len(octets) <= (160 if out.data_coding == GSM7 else 140)
        if place:
            assert place == Place(reference, len(out.parts), number)
            assert len(octets) <= (153 if out.data_coding == GSM7 else 134)
            assert out.data_coding == GSM7 or octets.decode("utf-16-be", "strict")


@given(st.text(VIETNAMESE, max_size=600))
def test_a_city_that_chose_plain_letters_never_pays_for_ucs2(text: str) -> None:
    out = split(text, style="plain")
    assert out.data_coding == GSM7
    assert len(out.parts) <= 1 + len(text) // 153


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [
        ("a" * 160, GSM7, 1),
        ("a" * 161, GSM7, 2),
        ("a" * 306, GSM7, 2),
        ("a" * 307, GSM7, 3),
        ("€" * 80, GSM7, 1),  # two septets each
        ("€" * 81, GSM7, 2),
        ("a" * 152 + "€" + "b" * 20, GSM7, 2),  # the escape pair is not cut
        ("ữ" * 70, UCS2, 1),
        ("ữ" * 71, UCS2, 2),
        ("ữ" * 134, UCS2, 2),
        ("ữ" * 135, UCS2, 3),
        ("🙂" * 35, UCS2, 1),
        ("🙂" * 36, UCS2, 2),
        ("🙂" * 67, UCS2, 3),  # 33 whole pairs a part, not 33½
    ],
)
def test_the_lengths_of_the_standard(text: str, coding: int, parts: int) -> None:
    out = split(text)
    assert (out.data_coding, len(out.parts)) == (coding, parts)
    assert put_together(out) == (text, True)


def test_signs_without_meaning_of_their_own_do_not_make_a_text_cost_double() -> None:
    out = split("1022: phieu 7304\u00a01859\u00a0261 – xem “trang” …")
    assert out.data_coding == GSM7
    assert put_together(out)[0] == '1022: phieu 7304 1859 261 - xem "trang" ...'


def test_what_has_no_plain_form_is_sent_as_it_is_even_by_a_city_that_chose_plain_letters() -> None:
    assert put_together(split("Đã dọn xong 🙂", style="plain"))[0] == "Đã dọn xong 🙂"


def test_a_text_over_255_parts_is_refused() -> None:
    with pytest.raises(TooLong):
        split("a" * (153 * 255 + 1))
    assert len(split("a" * 153 * 255).parts) == 255


def test_headers_of_both_sizes_and_sar_say_where_a_part_stands() -> None:
    assert take_header(b"\x05\x00\x03\x2a\x03\x02xin", UDHI) == (Place(0x2A, 3, 2), b"xin")
    assert take_header(b"\x06\x08\x04\x01\x2a\x03\x02xin", UDHI) == (Place(0x12A, 3, 2), b"xin")
    assert take_header(b"\x08\x24\x01\x03\x00\x03\x2a\x03\x02xin", UDHI)[0] == Place(0x2A, 3, 2)
    assert sar(7, 2, 1) == Place(7, 2, 1)
    assert sar(7, None, 1) is None


@pytest.mark.parametrize(
    "data", [b"\x05\x00\x03\x2a\x03\x00x", b"\x05\x00\x03\x2a\x01\x01x", b"\x05\x00\x03\x2a\x02\x03x"]
)
def test_a_part_that_cannot_be_counts_as_a_whole_text(data: bytes) -> None:
    assert take_header(data, UDHI) == (None, b"x")


@given(st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255))
def test_whatever_octets_arrive_are_read_without_an_error(data: bytes, coding: int, esm_class: int) -> None:
    _place, octets = take_header(data, esm_class)
    assert octets in data
    text, whole = read(octets, coding)
    assert whole == ("\ufffd" not in text)
    assert unicodedata.is_normalized("NFC", text)


def test_vietnamese_in_nfd_is_composed() -> None:
    typed = unicodedata.normalize("NFD", "Đường ngập sâu, xe không đi được")
    assert read(typed.encode("utf-16-be"), UCS2) == ("Đường ngập sâu, xe không đi được", True)


def test_a_pair_cut_in_two_by_the_phone_is_whole_again() -> None:
    octets = "Cháy nhà 🔥".encode("utf-16-be")
    assert join([(octets[:-2], UCS2), (octets[-2:], UCS2)]) == ("Cháy nhà 🔥", True)
    assert join([(b"gia 5\x1b", GSM7), (b"e", GSM7)]) == ("gia 5€", True)


def test_other_codings_and_their_quirks() -> None:
    assert read("Xin chào".encode("latin-1"), LATIN1)[0] == "Xin chào"
    assert read(b"ban@1022 ~ [x]", 1)[0] == "ban@1022 ~ [x]"
    assert read(b"ban\x001022 \x1b=", 1)[0] == "ban@1022 ~"  # GSM-7 under ASCII's number, as several centres do
    assert read("Nước tràn".encode(), 0) == ("Nước tràn", True)  # UTF-8 under GSM-7's number
    assert read("Mất điện".encode("utf-16-be"), 0x18)[0] == "Mất điện"  # class given, UCS-2
    assert read(b"xin chao", 0xF1)[0] == "xin chao"


def test_broken_octets_leave_a_mark_and_the_rest_readable() -> None:
    assert read("Nước".encode()[:-2], 0) == ("Nư\ufffd", False)
    assert read("Mất điện".encode("utf-16-be") + b"\x01", UCS2) == ("Mất điện\ufffd", False)
    assert read(b"\xd8\x3d\x00a", UCS2)[1] is False
