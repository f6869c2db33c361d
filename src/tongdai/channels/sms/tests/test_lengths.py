"""How long a text is, counted by the server and by the browser alike; and what stays of letters and signs."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tongdai
from tongdai.channels.length import lengths
from tongdai.channels.sms.encoding import gsm7
from tongdai.channels.sms.encoding.segments import GSM7, UCS2, join, take_header
from tongdai.channels.sms.encoding.splitting import Style, split

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("segment_vectors.json").read_text())
ROOT = Path(tongdai.__file__).parents[2]
SCRIPT = """
const { lengthOf } = require(process.argv[1]);
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(([text, plain]) => lengthOf(text, plain))));
"""


def words_of(vector: dict[str, Any]) -> str:
    return str(vector["text"]) * int(vector.get("times", 1))


def sent(text: str, style: Style = "accents") -> tuple[int, str]:
    out = split(text, style=style)
    parts = [(take_header(each, out.esm_class)[1], out.data_coding) for each in out.parts]
    return out.data_coding, join(parts)[0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["text"][:12] or "nothing")
def test_the_server_counts_as_the_standard_has_it(settings, vector: dict[str, Any]) -> None:
    settings.SMS_ALPHABET = "gsm" if vector.get("plain") else "unicode"
    found = lengths().of(words_of(vector))
    assert (found.alphabet, found.units, found.segments) == (vector["alphabet"], vector["units"], vector["segments"])


def test_the_browser_counts_the_same_and_knows_the_same_letters(settings, tmp_path: Path) -> None:
    node, compiler = shutil.which("node"), ROOT / "node_modules/.bin/tsc"
    if node is None or not compiler.exists():
        pytest.skip("no Node here, or what builds the pages is not installed")
    how = ["--outDir", tmp_path, "--module", "commonjs", "--target", "es2022", "--skipLibCheck", "--ignoreConfig"]
    subprocess.run([compiler, *how, ROOT / "frontend/islands/segments.ts"], check=True, timeout=120)
    settings.SMS_ALPHABET = "unicode"
    letters = [chr(at) for at in range(1, 0x2200) if not unicodedata.combining(chr(at))]  # a lone mark joins nothing
    asked = [(words_of(each), bool(each.get("plain"))) for each in VECTORS] + [(each, False) for each in letters]
    run = subprocess.run(
        [node, "-e", SCRIPT, str(tmp_path / "segments.js")], input=json.dumps(asked), capture_output=True, text=True, check=True,
        timeout=120,
    )  # fmt: skip
    counted = json.loads(run.stdout)
    assert len(counted) == len(asked)
    for each, vector in zip(counted, VECTORS, strict=False):
        assert {key: vector[key] for key in each} == each, vector["text"]
    for each, letter in zip(counted[len(VECTORS) :], letters, strict=True):
        found = lengths().of(letter)
        assert (each["alphabet"], each["units"]) == (found.alphabet, found.units), f"U+{ord(letter):04X}"


def test_words_longer_than_any_text_can_be_are_measured_and_cut_all_the_same() -> None:
    long = "Bạn mang giấy tờ tùy thân đến bộ phận một cửa. " * 1000
    assert lengths().of(long).segments > 255
    cut = lengths().cut(long, most=3)
    assert cut.endswith("một cửa.") and lengths().of(cut).segments == 3


def test_what_a_segment_costs_is_shown_only_where_the_city_said_it(settings) -> None:
    settings.SMS_SEGMENT_COST = None
    assert lengths().of("a" * 161).cost is None
    settings.SMS_SEGMENT_COST = 350
    assert lengths().of("a" * 161).cost == 700


@pytest.mark.parametrize("sign", "₫²³°×→≥≤″′–—…“”‘’•\u00a0")
def test_a_sign_that_the_alphabet_lacks_does_not_make_a_text_cost_double(sign: str) -> None:
    coding, text = sent(f"phi 8.000{sign} moi to")
    assert coding == GSM7 and sign not in text and text.startswith("phi 8.000") and text.endswith(" moi to")


@pytest.mark.parametrize("sign", "₫²°×→≥″–…")
def test_a_text_that_has_to_go_in_ucs2_keeps_its_signs(sign: str) -> None:
    assert sent(f"Phí {sign} mỗi tờ") == (UCS2, f"Phí {sign} mỗi tờ")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Đã sửa lề đò, cà phê ở Hải Phòng", "Da sua le do, ca phe o Hai Phong"),  # è, ò and à are in the alphabet
        (unicodedata.normalize("NFD", "Ðường Nguyễn Đức Cảnh"), "Duong Nguyen Duc Canh"),
        ("Hồ sơ của José Müller", "Ho so cua Jose Muller"),
        ("José Müller", "José Müller"),  # fits as it is
        ("Đường 北京", "Đường 北京"),  # cannot fit: nothing is taken off
        ("Й и đường", "Й и đường"),
    ],
)
def test_plain_letters_lose_all_their_marks_or_none(written: str, plain: str) -> None:
    assert sent(written, "plain")[1] == plain


@given(st.text("aàảãáạăằâầđĐeèéêềiìoòôồơờuùưừyỳ bcnhg.", max_size=200))
def test_no_word_is_half_accented(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    said = sent(text, "plain")[1]
    assert said == whole or not any(unicodedata.combining(each) for each in unicodedata.normalize("NFD", said) + "")
    assert said == whole or (said.isascii() and len(said) == len(whole))


def test_the_table_of_signs_holds_only_what_the_alphabet_lacks_and_gives_what_it_has() -> None:
    assert all(gsm7.encode(sign) is None and gsm7.encode(same) is not None for sign, same in gsm7.SAME.items())
