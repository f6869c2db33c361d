"""What the base tells: an answer, a choice, or honestly nothing; and where a ward is named, what is there."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.directory.freshness import forget
from tongdai.directory.models import Place
from tongdai.knowledge.answer_key import AnswerKey, Kind, Part
from tongdai.knowledge.answers.short_answers import in_short
from tongdai.knowledge.ask import Reply, ask, plain_before_qualified
from tongdai.knowledge.models import Procedure, State
from tongdai.knowledge.search import cache
from tongdai.knowledge.search.certainty.result import Certainty, Hit
from tongdai.knowledge.search.entry import Entry
from tongdai.knowledge.search.lexicon import Lexicon
from tongdai.knowledge.starter.files import Expression
from tongdai.scenarios import tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(knowing: City) -> City:
    """What a new city knows, with the tables of the demo."""
    tables.build(list(Place.objects.order_by("pk")), at=knowing.at("2022-02-01 08:00"))
    forget()
    return knowing


def names(reply: Reply) -> list[str]:
    return [str(found.answer) for found in reply.answers]


@pytest.mark.parametrize(
    "typed",
    [
        "đăng ký kết hôn với người nước ngoài",
        "đăng ký thành lập công ty cổ phần",
        "làm căn cước cho bé 5 tuổi",
        "nhận con nuôi nước ngoài",
        "cap lai so do bi mat",
    ],
)
def test_a_sister_is_not_told_in_the_stead_of_a_procedure_that_is_not_here(base: City, typed: str) -> None:
    assert ask(typed).certainty is not Certainty.FOUND


def test_once_it_is_here_it_is_told(base: City) -> None:
    typed = "lấy chồng hàn quốc cần giấy tờ gì"
    assert ask(typed).certainty is Certainty.NOT_FOUND
    row = Procedure.objects.get(code="1.000894")
    row.pk, row.code, row.name = None, "2.000806", "Đăng ký kết hôn có yếu tố nước ngoài"
    row.state = State.PUBLISHED
    row.save()
    row.aliases.create(phrase="lấy chồng hàn quốc")

    cache.read_anew()

    assert names(ask(typed))[0] == "Đăng ký kết hôn có yếu tố nước ngoài"


def test_a_code_leads_to_its_procedure(base: City) -> None:
    assert names(ask(" 1.001193 ")) == ["Đăng ký khai sinh"]
    assert ask("9.999999").certainty is Certainty.NOT_FOUND


def test_where_a_ward_is_named_the_rows_there_are_told(base: City) -> None:
    assert names(ask("covid le chan")) == ["Trạm y tế phường Lê Chân"]
    assert names(ask("xét nghiệm covid phường Lê Chân"))[0] == "Trạm y tế phường Lê Chân"
    assert names(ask("một cửa phường hồng bàng ở đâu"))[0].endswith("phường Hồng Bàng")


@pytest.mark.parametrize(
    "typed", ["Số nhà 5 phường Lê Chân mất điện", "so 5 le chan", "covid o le chan khong ai den giup"]
)
def test_a_sentence_that_only_begins_like_a_keyword_is_no_look_up(base: City, typed: str) -> None:
    assert ask(typed).certainty is not Certainty.FOUND


@pytest.mark.parametrize(
    "typed",
    [
        "đăng ký khai sinh ở đâu phường Lê Chân",
        "dang ky khai tu o phuong le chan nop o dau",
        "đăng ký khai sinh cần giấy gì, nộp ở đâu, phường Lê Chân",
        "đăng ký kết hôn nộp ở đâu, tôi ở phường Lê Chân",
    ],
)
def test_where_papers_of_the_ward_are_handed_in_is_told_with_the_wards_own_counter(base: City, typed: str) -> None:
    reply = ask(typed)
    assert reply.certainty is Certainty.FOUND and reply.matters == 2
    assert names(reply)[1] == "Trung tâm Phục vụ hành chính công phường Lê Chân"


@pytest.mark.parametrize(
    "typed",
    [
        "mất bằng lái làm lại ở đâu phường Lê Chân",
        "đăng ký tạm trú ở đâu phường Lê Chân",
        "đăng ký khai sinh phường Lê Chân mất bao lâu",
        "đăng ký khai sinh ở đâu",
    ],
)
def test_no_counter_is_told_of_what_goes_elsewhere_or_was_not_asked_for(base: City, typed: str) -> None:
    assert not [name for name in names(ask(typed)) if name.startswith("Trung tâm")]


def test_what_was_nearly_found_is_not_lost_for_a_wards_name(base: City) -> None:
    assert names(ask("đất ở phường Lê Chân"))


def test_a_table_is_found_by_what_it_is_about(base: City) -> None:
    assert names(ask("covid")) == ["Điểm chăm sóc người mắc COVID-19"]
    assert names(ask("đi xét nghiệm covid ở đâu"))[0] == "Điểm chăm sóc người mắc COVID-19"


def test_a_wards_name_alone_offers_what_is_there(base: City) -> None:
    reply = ask("Lê Chân")
    assert reply.certainty is Certainty.PERHAPS and len(reply.answers) == 2
    assert all("Lê Chân" in name for name in names(reply))


def test_a_word_that_several_answers_hold_is_a_choice(base: City) -> None:
    reply = ask("đất")
    assert reply.certainty is Certainty.PERHAPS and len(reply.answers) > 1


def test_beside_a_sure_answer_stands_nothing_that_is_not_meant(base: City) -> None:
    reply = ask("phiếu lý lịch tư pháp mất bao lâu")
    assert reply.certainty is Certainty.FOUND and len(reply.answers) == 1


def test_a_fine_is_not_told_as_a_fee(base: City) -> None:
    """Who is late reads how long there was."""
    assert ask("khai sinh trễ hạn bị phạt bao nhiêu").part is Part.DEADLINE


def test_a_death_registered_late_is_told_with_its_fifteen_days(base: City) -> None:
    reply = ask("khai tử quá hạn")

    assert names(reply)[0] == "Đăng ký khai tử"
    assert "15 ngày" in in_short(reply.answers[0].answer, reply.part)


def test_who_marries_a_foreigner_is_not_offered_what_citizens_pay(base: City) -> None:
    found = Procedure.objects.get(code="1.000894")
    found.pk, found.code, found.name, found.plain = None, "2.000806", "Đăng ký kết hôn có yếu tố nước ngoài", {}
    found.state = State.PUBLISHED
    found.save()
    found.aliases.create(phrase="kết hôn với người nước ngoài")
    cache.read_anew()

    asked = names(ask("đăng ký kết hôn với người nước ngoài lệ phí bao nhiêu"))

    assert "Đăng ký kết hôn có yếu tố nước ngoài" in asked and "Đăng ký kết hôn" not in asked
    assert "Đăng ký kết hôn" in names(ask("đăng ký kết hôn lệ phí bao nhiêu"))


@pytest.mark.parametrize(
    "typed",
    [
        "Trung tâm hành chính công phường Lê Chân",
        "một cửa phường Lê Chân thứ bảy có làm việc không",
        "giờ làm việc ủy ban phường lê chân",
        "opening hours of the one-stop counter in Le Chan ward",
        "is the people's committee of Lê Chân ward open on Saturday",
    ],
)
def test_the_wards_counter_is_told_to_who_asks_for_it_alone(base: City, typed: str) -> None:
    reply = ask(typed)

    assert names(reply) == ["Trung tâm Phục vụ hành chính công phường Lê Chân"]
    assert "thứ Hai đến thứ Sáu" in in_short(reply.answers[0].answer)


def test_hours_of_no_ward_are_those_that_all_counters_keep(base: City) -> None:
    reply = ask("thứ bảy có làm việc không")

    assert reply.certainty is Certainty.PERHAPS
    assert "7:30–11:30, 13:00–17:00, thứ Hai đến thứ Sáu" in in_short(reply.answers[0].answer)


def test_a_procedure_asked_for_at_the_counter_stays_the_answer(base: City) -> None:
    assert names(ask("khai sinh ở một cửa phường Lê Chân cần giấy tờ gì"))[0] == "Đăng ký khai sinh"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_ward_written_in_vietnamese_leaves_a_question_english(base: City, language: str) -> None:
    reply = ask("birth registration in phường Lê Chân", language=language)

    assert reply.language == "en"
    assert names(reply)[:2] == ["Đăng ký khai sinh", "Trung tâm Phục vụ hành chính công phường Lê Chân"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dang ky khai xinh cho con", "Đăng ký khai sinh"),
        ("đăng kí tạm chú cho người thuê nhà", "Đăng ký tạm trú"),
        ("xin dấy xác nhận tình chạng hôn nhân", "Cấp giấy xác nhận tình trạng hôn nhân"),
    ],
)
def test_words_written_as_they_are_said_find_what_is_meant(base: City, written: str, meant: str) -> None:
    assert meant.lower() in [name.lower() for name in names(ask(written))]


@pytest.mark.parametrize(
    "typed",
    [
        "mở quán karaoke cần giấy phép gì",
        "xin tạm hoãn nghĩa vụ quân sự cần giấy gì",
        "nhà mới xây xin gắn biển số nhà ở đâu",
        "con tôi vào lớp 1 trái tuyến thì nộp hồ sơ thế nào",
    ],
)
def test_what_others_settle_is_not_answered_with_something_near(base: City, typed: str) -> None:
    assert ask(typed).certainty is not Certainty.FOUND


def test_sisters_are_offered_together(base: City) -> None:
    """New, renewed or given anew: who didn't say which is not told one of them."""
    found = Procedure.objects.get(code="1.000894")
    for number, name in enumerate(("Cấp mới thẻ đò ngang", "Cấp lại thẻ đò ngang", "Gia hạn thẻ đò ngang"), start=1):
        found.pk, found.code, found.name, found.plain = None, f"9.00000{number}", name, {}
        found.state = State.PUBLISHED
        found.save()
        found.aliases.create(phrase=name.lower())
    cache.read_anew()

    reply = ask("thẻ đò ngang thì làm thế nào")

    assert reply.certainty is Certainty.PERHAPS
    assert {"Cấp mới thẻ đò ngang", "Cấp lại thẻ đò ngang", "Gia hạn thẻ đò ngang"} <= set(names(reply))


def test_an_abbreviation_means_what_stands_beside_it() -> None:
    lexicon = Lexicon.of([Expression("ck", ("chồng", "cam kết"))], [])

    def expanded(words: str) -> str:
        pairs = [(word, word) for word in words.split()]
        beside = {("ban", "cam"), ("lay", "chong")}
        return " ".join(lexicon.expanded(pairs, is_word=lambda _word: False, together=lambda *two: two in beside)[0])

    assert expanded("lay ck nguoi nuoc ngoai") == "lay chong nguoi nuoc ngoai"
    assert expanded("viet ban ck") == "viet ban cam ket"
    assert expanded("ck toi") == "chong toi"


def test_the_plain_procedure_stands_before_its_sisters_with_a_word_that_nobody_said() -> None:
    plain, mobile, again = (
        Hit(Entry(AnswerKey(Kind.PROCEDURE, number), name), 1.0, 0.34)
        for number, name in enumerate(("Đăng ký khai tử", "Đăng ký khai tử lưu động", "Đăng ký lại khai tử"), start=1)
    )

    assert plain_before_qualified("khai tu", [mobile, again, plain]) == [plain, mobile, again]
    assert plain_before_qualified("khai tu luu dong", [mobile, again, plain]) == [mobile, plain, again]


def test_of_a_long_story_the_clause_that_names_the_matter_is_offered_and_never_told(base: City) -> None:
    reply = ask(
        "Tôi làm lại giấy khai sinh cho cháu. Nghe bà con lối xóm bên kia sông kể lể đủ thứ chuyện hồi nảo hồi nào "
        "chẳng đâu vào đâu, rối hết cả lên, chẳng rành mạch chút xíu nào hết trơn hết trọi vậy đó, rốt cuộc tốn mấy đồng?"
    )

    assert reply.certainty is Certainty.PERHAPS
    assert "Đăng ký lại khai sinh" in names(reply)


def test_a_form_that_is_named_in_one_of_two_matters_leaves_the_other_told(base: City) -> None:
    reply = ask(
        "Mình đăng ký tạm trú trên VNeID thì mất bao nhiêu tiền, xong rồi xin giấy xác nhận thông tin cư trú CT07 thì mấy ngày có?"
    )

    assert reply.matters == 2
    assert names(reply) == ["Đăng ký tạm trú", "Xác nhận thông tin về cư trú"]
    assert [each.part for each in reply.answers] == [Part.FEE, Part.TIME]
