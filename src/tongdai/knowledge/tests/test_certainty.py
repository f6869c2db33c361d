"""How sure the first answer may be told: what speaks for and against it, and what the learnt model makes of that."""

from __future__ import annotations

import pytest

from tongdai.knowledge.answer_key import AnswerKey, Kind
from tongdai.knowledge.search.certainty import model
from tongdai.knowledge.search.certainty.judgement import stands_out
from tongdai.knowledge.search.certainty.result import Certainty, Hit
from tongdai.knowledge.search.certainty.signs import CLEAR, FAR, signs_of
from tongdai.knowledge.search.entry import Entry
from tongdai.knowledge.search.finder import Finder
from tongdai.knowledge.search.index import Index
from tongdai.knowledge.search.lexicon import Lexicon

NAMES = (
    "Đăng ký tập sự hành nghề công chứng",
    "Đăng ký tập sự hành nghề thừa phát lại",
    "Cấp giấy phép chặt hạ cây xanh",
    "Đăng ký khai sinh",
    "Đăng ký khai tử",
    "Cấp hộ chiếu phổ thông",
)


@pytest.fixture(scope="module")
def search() -> Finder:
    here = [Entry(AnswerKey(Kind.PROCEDURE, number), name) for number, name in enumerate(NAMES, start=1)]
    elsewhere = Entry(None, "", aliases=("chứng chỉ hành nghề dược",), settled_by="Sở Y tế")
    return Finder(Index([*here, elsewhere]), Lexicon())


def signs(search: Finder, typed: str, name: str) -> dict[str, float]:
    """Of the answer with this name, as if it came first."""
    asked = search.understand(typed)
    looked = search.look(typed, asked)
    return signs_of(next(hit for hit in looked if hit.entry.name == name), looked, asked)


def test_the_model_has_a_weight_for_every_sign_and_no_other(search: Finder) -> None:
    assert model.MODEL.weights.keys() == signs(search, "đăng ký khai sinh", "Đăng ký khai sinh").keys()


def test_words_that_only_a_sister_has_speak_against_it(search: Finder) -> None:
    typed = "học xong muốn tập sự công chứng"
    right = signs(search, typed, "Đăng ký tập sự hành nghề công chứng")
    sister = signs(search, typed, "Đăng ký tập sự hành nghề thừa phát lại")

    assert right["others_words"] == right["others_pairs"] == 0
    assert sister["others_words"] == 2 and sister["others_pairs"] >= 1
    assert sister["ahead"] < 0 < right["ahead"]
    assert model.MODEL.probability(sister) < model.MODEL.probability(right)


def test_how_far_it_is_ahead_counts_up_to_a_bound(search: Finder) -> None:
    found = signs(search, "đăng ký khai sinh", "Đăng ký khai sinh")

    assert found["whole"] == 1.0 and found["covered"] > 0.9
    assert 0 <= found["ahead"] <= 1.0 and found["ahead_of_others_matter"] <= FAR
    assert CLEAR < FAR


def test_what_nobody_here_answers_speaks_against_what_is_near_it(search: Finder) -> None:
    typed = "xin chứng chỉ hành nghề dược"

    assert signs(search, typed, "Đăng ký tập sự hành nghề công chứng")["ahead_of_others_matter"] < 0
    assert search.find(typed).certainty is not Certainty.FOUND


def test_the_probability_lies_between_none_and_all_and_rises_with_what_speaks_for_it() -> None:
    small = model.Model({"likely": 2.0}, constant=-1.0, told=0.7)

    assert small.probability({"likely": -1000.0}) < 1e-9
    assert small.probability({"likely": 0.5}) == 0.5
    assert small.probability({"likely": 1000.0}) > 1 - 1e-9


def test_one_that_does_not_stand_out_is_not_told_however_probable(search: Finder) -> None:
    asked = search.understand("đăng ký khai sinh")
    first, second = (Hit(search.index.entries[place], 10.0, 0.99, by_words=10.0) for place in (3, 4))

    assert not stands_out([first, second], [first, second], asked)
    assert stands_out([first], [first], asked)


def test_a_whole_name_is_told_and_a_word_of_two_is_a_choice(search: Finder) -> None:
    assert search.find("đăng ký khai sinh").certainty is Certainty.FOUND
    assert search.find("đăng ký tập sự").certainty is not Certainty.FOUND


def test_a_name_said_whole_goes_before_what_only_has_its_words(search: Finder) -> None:
    """`đăng ký thường trú` was refused: a long name whose aliases have the same words had the higher score."""
    longer = Entry(
        AnswerKey(Kind.PROCEDURE, 90),
        "Xác nhận về điều kiện diện tích để đăng ký khai tử tại nơi ở thuê",
        aliases=("đăng ký khai tử ở trọ", "đăng ký khai tử ở nhờ", "đăng ký khai tử nhà thuê"),
    )
    wider = Finder(Index([*search.index.entries, longer]), Lexicon())

    assert [hit.entry.name for hit in wider.find("đăng ký khai tử").hits][0] == "Đăng ký khai tử"


def test_what_is_hardly_likely_is_no_rival_of_a_name_said_whole(search: Finder) -> None:
    asked = search.understand("đăng ký khai sinh")
    first = Hit(search.index.entries[3], 10.0, 0.8, whole=True, by_words=10.0)
    unlikely, likely = (Hit(search.index.entries[4], 12.0, sure, by_words=12.0) for sure in (0.2, 0.7))

    assert stands_out([first], [first, unlikely], asked)
    assert not stands_out([first], [first, likely], asked)
