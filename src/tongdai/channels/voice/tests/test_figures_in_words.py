"""Figures as one says them, from pieces that a person has recorded, or by the machine as a whole."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.city import HONG_BANG, City
from tongdai.platform.clock import CITY_TZ

from ..asterisk.exchange import Exchange
from ..models import Prompt
from ..speech import fragments, phrases, prompts


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path / "exchange", tmp_path / "none", "", "127.0.0.1", 0, 0, 0, 0)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the machine was asked to say."""
    said: list[str] = []

    def sound_of(text: str, *, language: str, it: Exchange) -> Path:
        said.append(text)
        return Path(f"/machine/{len(said)}.wav")

    monkeypatch.setattr(fragments, "sound_of", sound_of)
    return said


def record_all(language: str, *, but: str = "") -> None:
    for code, each, text in fragments.usual():
        if each == language and code != but:
            name = f"prompts/test-{code}-{language}.wav"
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(_silence()))
            Prompt.objects.create(code=code, language=language, text=text, recording=name)


def _silence() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    return out.getvalue()


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "kept"}}
    }


def named(sounds: list[Path]) -> list[str]:
    return [sound.stem.removeprefix("test-").removesuffix("-vi").removesuffix("-en") for sound in sounds]


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [
        (0, "không", "zero"), (4, "bốn", "four"), (5, "năm", "five"), (10, "mười", "ten"), (11, "mười một", "eleven"),
        (14, "mười bốn", "fourteen"), (15, "mười lăm", "fifteen"), (20, "hai mươi", "twenty"),
        (21, "hai mươi mốt", "twenty-one"), (24, "hai mươi tư", "twenty-four"), (25, "hai mươi lăm", "twenty-five"),
        (31, "ba mươi mốt", "thirty-one"), (44, "bốn mươi tư", "forty-four"), (55, "năm mươi lăm", "fifty-five"),
        (90, "chín mươi", "ninety"), (99, "chín mươi chín", "ninety-nine"),
    ],
)  # fmt: skip
def test_a_number_is_said_as_one_says_it(number: int, vietnamese: str, english: str) -> None:
    assert (fragments.in_words(number, "vi"), fragments.in_words(number, "en")) == (vietnamese, english)


def test_every_number_has_words_of_its_own_and_no_more_than_three_syllables() -> None:
    for language in ("vi", "en"):
        said = [fragments.in_words(number, language) for number in range(100)]
        assert len(set(said)) == 100
    assert max(len(fragments.in_words(number, "vi").split()) for number in range(100)) == 3


def test_the_fourth_month_is_thang_tu(city: City) -> None:
    months = [text for code, language, text in fragments.usual() if code.startswith("month-") and language == "vi"]
    assert (months[0], months[3], months[10]) == ("tháng một", "tháng tư", "tháng mười một")


def test_each_piece_is_known_for_one_and_no_prompt_of_the_menu_is() -> None:
    assert all(fragments.is_piece(code) for code, _language, _text in fragments.usual())
    assert not any(fragments.is_piece(code) for code, _language, _text in prompts.usual())
    codes = [(code, language) for code, language, _text in fragments.usual()]
    assert len(codes) == len(set(codes))


def test_the_machine_says_a_sentence_whole_while_a_piece_is_not_recorded(city: City, it: Exchange, machine) -> None:
    record_all("vi", but="number-4")
    assert len(phrases.wait(place=4, minutes=12, language="vi", it=it)) == 1
    assert machine == ["Ông bà đang ở vị trí số bốn trong hàng chờ. Thời gian chờ khoảng mười hai phút."]


def test_a_place_and_minutes_are_played_from_the_pieces(city: City, it: Exchange, machine) -> None:
    record_all("vi")
    assert named(phrases.wait(place=4, minutes=12, language="vi", it=it)) == [
        "place", "number-4", "in-the-line", "about", "number-12", "minute"
    ]  # fmt: skip
    assert named(phrases.wait(place=1, minutes=None, language="vi", it=it)) == ["place", "number-1", "in-the-line"]
    assert named(phrases.wait(place=30, minutes=16, language="vi", it=it))[-1] == "longer"
    assert machine == []


def test_a_code_is_said_digit_by_digit_twice(city: City, it: Exchange, machine) -> None:
    record_all("vi")
    said = named(phrases.code("20221", language="vi", it=it))
    digits = [f"number-{digit}" for digit in "20221"]
    assert said == ["your-code", *digits, "again", *digits]


def test_a_case_is_told_from_pieces_and_its_agency_by_the_machine(city: City, it: Exchange, machine) -> None:
    record_all("vi")
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, received="2022-02-14 08:00")
    said = phrases.status(case.code, language="vi", it=it)
    assert said is not None
    assert machine == [HONG_BANG]
    assert [sound for sound in said if sound.parent == Path("/machine")] == [Path("/machine/1.wav")]
    day = case.due_at.astimezone(CITY_TZ)
    tail = named(said)[-6:]
    assert tail[:2] == ["due", "day"] and tail[3:5] == [f"month-{day.month}", "century"] and tail[5] == "number-22"


def test_the_words_of_a_whole_sentence_are_the_machines(city: City, it: Exchange, machine) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, received="2022-02-14 08:00")
    phrases.status(case.code, language="vi", it=it)
    digits = ", ".join(fragments.ONES[int(digit)] for digit in case.code)
    assert machine[0].startswith(f"Phiếu {digits}: đã chuyển cơ quan. Cơ quan xử lý: {HONG_BANG}. Hạn trả lời ngày ")
    assert machine[0].endswith("năm hai nghìn không trăm hai mươi hai.")
    phrases.status(case.code, language="en", it=it)
    assert machine[1].startswith("Case ") and machine[1].endswith("twenty twenty-two.")
