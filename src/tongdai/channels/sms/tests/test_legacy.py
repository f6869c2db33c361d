"""Old ways to write Vietnamese are turned into Unicode, and what people write otherwise stays as it is.

`written_as.jsonl` was written before the rule; every third line of it was kept aside until the rule was done. What it has
in VNI and TCVN3 was encoded by others' programs: npm `vietnamese-conversion` (but for Ỷ, which it has wrong) and glibc's
iconv (TCVN5712-1).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tongdai.channels.sms.encoding import legacy, segments
from tongdai.channels.sms.encoding.legacy import Scheme, recognised
from tongdai.language.syllables import is_syllable

ROWS = [json.loads(line) for line in Path(__file__).with_name("written_as.jsonl").read_text("utf-8").splitlines()]
ORDINARY = [row["text"] for row in ROWS if not row["as"]]
SCHEMES = {"tcvn3": Scheme.TCVN3, "vni": Scheme.VNI, "viqr": Scheme.VIQR, "vni keys": Scheme.VNI_KEYS}
WRITTEN = [(row["as"], row["text"], row["means"]) for row in ROWS if row["as"]]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert recognised(text) is None


@pytest.mark.parametrize(("scheme", "text", "means"), WRITTEN)
def test_old_ways_to_write_are_read(scheme: str, text: str, means: str) -> None:
    found = recognised(text)
    assert found is not None
    assert (found.text, found.scheme) == (means, SCHEMES[scheme])


@pytest.mark.parametrize("scheme", ["tcvn3", "vni"])
@pytest.mark.parametrize("coding", [segments.GSM7, segments.LATIN1, segments.UCS2])
def test_eight_bit_letters_are_read_whatever_the_carrier_makes_of_their_octets(scheme: str, coding: int) -> None:
    text, means = next((text, means) for each, text, means in WRITTEN if each == scheme)
    octets = text.encode("utf-16-be" if coding == segments.UCS2 else "latin-1")
    found = segments.reading([(octets, coding)])
    assert (found.text, found.whole, found.scheme) == (means, True, SCHEMES[scheme])


def test_a_text_is_recognised_over_its_parts() -> None:
    octets = b"Mat 2 xe, nha o so 3. Dde^` nghi. co^ng an phu+o+`ng ddie^`u tra"
    found = segments.reading([(octets[:25], segments.ASCII), (octets[25:], segments.ASCII)])
    assert found.text == "Mat 2 xe, nha o so 3. Đề nghị công an phường điều tra"


@pytest.mark.parametrize(
    "word", ["đường", "nghiêng", "khuya", "gì", "giếng", "quỳnh", "ỷ", "toi", "hòa", "hoà", "quốc"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nưoc", "street", "óclock", "đuờng", "cảt", "áa", "", "w", "thểe", "cafộ"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_the_letters_of_tcvn3_are_those_of_the_standard() -> None:
    """TCVN 5712:1993, VN3: all that VN1 has from 0xA1 to 0xAE and its small letters, none of them twice."""
    assert sorted(legacy._TCVN3.values()) == sorted("ĂÂÊÔƠƯĐ" + "".join(sorted(set(_SMALL))))


_SMALL = "ăắằẳẵặâấầẩẫậáàảãạđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"
