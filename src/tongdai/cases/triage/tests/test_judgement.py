"""One judgement for every door: danger in many words, its harmless cousins, and how it comes to the case."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path

import pytest

from tests.city import City
from tongdai.cases.actions.raise_danger import raise_danger
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused
from tongdai.cases.triage import jobs, training
from tongdai.cases.triage.danger import EMERGENCY_NUMBERS, Kind, Level
from tongdai.cases.triage.features import features
from tongdai.cases.triage.judgement import NOTHING, judge, topics_of
from tongdai.cases.triage.rules import claims_urgency
from tongdai.cases.triage.second_look import look_again
from tongdai.cases.triage.trained import model
from tongdai.language.text import fold

LONG = (
    "Tôi xin góp ý về việc thu gom rác ở ngõ 47 phường Lê Chân. Xe chỉ vào hai lần một tuần, rác chất ngay cổng trường, "
    "bà con đã nói với tổ trưởng nhiều lần mà chưa thay đổi. Ngoài ra đèn đầu ngõ cũng hỏng từ tháng trước. {} "
    "Vài lời như vậy, mong thành phố xem xét và trả lời cho bà con chúng tôi được biết. Tôi cảm ơn."
)


@pytest.mark.parametrize(
    "text",
    [
        LONG.format("Ngay lúc này nhà số 12 đang cháy, khói mù mịt, còn hai đứa trẻ kêu cứu trên gác."),
        "Hỏi thủ tục xin phép xây nhà. Mà mẹ em vừa ngã gục, gọi không thưa, thở khò khè",
        "co nguoi dung tren lan can cau Binh doi nhay xuong",
        "My wife is unconscious and not breathing, please send an ambulance to 12 Tran Phu",
    ],
)
def test_danger_is_heard_wherever_it_stands_and_in_english(text: str) -> None:
    judged = judge(text)
    assert judged.shown and judged.level is Level.LIFE


@pytest.mark.parametrize(
    "text",
    [
        LONG.format("Rác để lâu, mùi nồng nặc."),
        "Cho tôi hỏi cháy nhà thì gọi số nào",
        "mệt muốn chết vì cái thủ tục này",
        "Quán nhậu Cháy Quá mở nhạc to đến một giờ đêm",
        "Tối qua xem phim có cảnh giết người ghê quá, xin hỏi rạp có kiểm tra tuổi không",
        "năm ngoái nhà tôi cháy, nay xin làm lại sổ hộ khẩu",
    ],
)
def test_nobody_is_rung_for_words_that_only_sound_like_it(text: str) -> None:
    assert not judge(text).rung


def test_one_sentence_of_danger_at_the_end_of_a_very_long_letter_is_heard() -> None:
    letter = "Tôi góp ý về rác ở ngõ 47, xe vào hai lần một tuần, bà con đã nói với tổ trưởng mà chưa thay đổi. " * 130
    assert not judge(letter).shown
    assert judge(letter + "Nhà bên cạnh đang cháy to, có người kêu cứu.").shown


def test_what_is_hidden_between_letters_or_written_wide_hides_no_danger() -> None:
    for text in ("cháy\u200b nhà rồi, cứu với", "ＣＨＡＹ ＮＨＡ ＣＵＵ ＶＯＩ"):
        assert judge(text).rung, text
    assert judge("🆘 ở ngõ 5").shown and judge("SOS").shown


def test_with_accents_or_without_it_is_the_same_danger() -> None:
    for text in ("Bố tôi bất tỉnh, không thở", "Có người bị điện giật ở cột điện ngã tư"):
        assert judge(text).level is judge(fold(text)).level is Level.LIFE


def test_a_denunciation_needs_no_word_for_it_and_the_word_alone_makes_none() -> None:
    told = judge("Ông chủ tịch phường lấy của nhà tôi hai mươi triệu mới ký giấy cho làm sổ đỏ, không có biên lai gì")
    asks = judge("Cho hỏi đơn tố cáo thì nộp ở đâu, cần giấy tờ gì")
    assert told.denunciation and told.asked
    assert not asks.denunciation


def test_an_empty_text_and_odd_signs_are_nothing() -> None:
    for text in ("", "   ", "🔥", "?", "\u200b", "1234567"):
        assert judge(text).level is Level.NONE


@pytest.mark.parametrize("text", ["123 456 789 01", "291.417.776.31", "0912 345 678", "291", "15/3, 16/3", "… ?!"])
def test_a_code_a_telephone_number_or_a_date_alone_is_nothing(text: str) -> None:
    assert judge(text) == NOTHING


def test_who_texts_an_emergency_number_alone_is_told_to_ring_it() -> None:
    for number in EMERGENCY_NUMBERS:
        assert judge(number).shown and judge(number).number == number and not judge(number).rung


@pytest.mark.parametrize(("text", "so"), [("KHẨN: cháy", True), ("khan cap", True), ("SOS", True), ("KHAN nha chay", True),
                                          ("Khẩn trương sửa đường", False), ("khan giấy bán ở đâu", False)])  # fmt: skip
def test_who_begins_by_saying_urgent_says_so(text: str, so: bool) -> None:
    assert claims_urgency(text) is so


def test_its_scores_are_those_of_scikit_learns_own_arithmetic() -> None:
    by, text = model(), "Nắp cống ngõ 5 vỡ, trẻ con đi học suýt ngã"
    counted = {by.vocabulary[name]: times for name, times in Counter(features(text)).items() if name in by.vocabulary}
    weighed = {row: (1 + math.log(times)) * by.idf[row] for row, times in counted.items()}
    length = math.sqrt(sum(value**2 for value in weighed.values()))
    by_hand = sum(value / length * float(by.weights[row, 0]) for row, value in weighed.items()) + by.bias[0]
    assert by.scores(text)[0] == pytest.approx(by_hand, abs=0.01)


def test_every_labelled_text_can_be_learned_from() -> None:
    texts = training.texts()
    assert len(texts) >= 4000 and len({each.hand for each in texts}) >= 8
    for each in texts:
        assert each.level in Level.values and (each.kind == "") == (each.level == "none")
        assert each.kind == "" or Kind(each.kind)


def test_the_subject_is_one_of_the_labels() -> None:
    assert topics_of("Đèn đường ngõ 47 Lê Lai hỏng")[0] == "lighting_electricity"


@pytest.mark.django_db
def test_the_second_look_raises_a_case_and_a_second_run_changes_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.report("Bác ấy nằm im từ sáng, gọi mãi không trả lời")
    event = Case.objects.get().events.get()
    Case.objects.update(danger_level=Level.NONE, danger_kind="", urgent=False)  # as if it hadn't been heard at first
    jobs.look_again_at(event.pk)
    jobs.look_again_at(event.pk)

    case = Case.objects.get()
    judged = look_again(case.text)
    assert judged.level is Level.LIFE and case.in_danger and case.urgent and case.danger_kind == judged.kind
    assert [each.action for each in case.events.all()] == ["register", "raise_danger"]


@pytest.mark.django_db
def test_a_case_that_is_over_is_not_raised(city: City) -> None:
    case = city.answered("Rác", answer_text="Đã dọn.")
    with pytest.raises(ActionRefused):
        raise_danger(case, by=Actor.system(), level=Level.LIFE, kind=Kind.FIRE, at=city.at("2022-02-14 12:00"))


def test_the_command_judges_a_file(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from tongdai.cases.triage.commands import app

    given, made = tmp_path / "texts.jsonl", tmp_path / "out.jsonl"
    given.write_text('{"id": "a", "text": "Cháy nhà số 5 Lạch Tray"}\n{"id": 2, "text": "Đèn đường hỏng"}\n')
    assert CliRunner().invoke(app, ["judge", str(given), "--json", str(made)]).exit_code == 0
    first, second = map(json.loads, made.read_text().splitlines())
    assert (first["id"], first["level"], first["kind"], first["number"], first["shown"], first["rung"]) == (
        "a", "life", "fire", "114", True, True,
    )  # fmt: skip
    assert (second["id"], second["level"], second["shown"], second["number"]) == (2, "none", False, "")
    assert set(first) == {"id", "level", "shown", "rung", "kind", "number", "denunciation", "asked", "topics"}

    given.write_text("no JSON\n")
    assert CliRunner().invoke(app, ["judge", str(given), "--json", str(made)]).exit_code == 2
