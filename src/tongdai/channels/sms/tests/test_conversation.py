"""A text is part of a conversation: what follows a matter belongs to it, a question is answered, and only a matter is a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.city import City
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case, CaseInteraction, Rating
from tongdai.cases.states import State
from tongdai.channels import outbound
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.conversation.stars import stars_of
from tongdai.channels.sms.encoding import lengths
from tongdai.channels.sms.models import Part
from tongdai.knowledge.models import Inquiry
from tongdai.people.models import Contact, Interaction
from tongdai.people.purposes import Purpose

from .network import LAN, MINH, Network, text_of

LAMP = "Đèn đường ngõ 12 Cát Cụt phường Lê Chân hỏng ba hôm nay"


@pytest.fixture
def network(knowing: City) -> Network:
    return Network()


def replies(phone: str = LAN) -> list[str]:
    sent = Interaction.objects.filter(direction="out", address=f"+{phone}").order_by("pk")
    return [each.body.replace("\u00a0", " ") for each in sent]


def history(case: Case) -> list[str]:
    """The citizen's own words in the case, in order."""
    links = CaseInteraction.objects.filter(case=case, interaction__direction="in").order_by("pk")
    return list(links.values_list("interaction__body", flat=True))


def a_case(network: Network, words: str = LAMP) -> Case:
    network.texts(LAN, words)
    network.later(minutes=20)
    return Case.objects.get()


def answered(network: Network, city: City) -> Case:
    case = a_case(network)
    answer(case, by=Actor.staff(city.coordinator), text="Đã thay bóng đèn.", at=network.at)
    network.later(hours=2)
    return case


@pytest.mark.parametrize(
    "more",
    ["chỗ gần trường mầm non ấy", "vẫn chưa thấy ai đến", "tên tôi là Hùng", "sáng nay có người ngã rồi",
     "em quên, bên phải đường ạ", "0912345678"],
)  # fmt: skip
def test_more_about_a_matter_joins_its_case_and_is_said_so(network: Network, more: str) -> None:
    case = a_case(network)
    network.texts(LAN, more)

    assert Case.objects.count() == 1 and history(case) == [LAMP, more]
    assert "Đã ghi thêm" in replies()[-1] and spoken(case.code).replace("\u00a0", " ") in replies()[-1]
    assert lengths.fits(replies()[-1])


def test_four_texts_of_one_matter_are_one_case_even_in_one_window(network: Network) -> None:
    more = ["đoạn từ nhà văn hoá ra miếu", "4 cột liền tắt cả 4", "hỏng từ hôm bão đấy"]
    network.brings(*text_of(LAN, LAMP), *(pdu for words in more for pdu in text_of(LAN, words)))

    assert history(Case.objects.get()) == [LAMP, *more]


@pytest.mark.parametrize(
    "other",
    ["À còn cái cống trước nhà số 40 Miếu Hai Xã bị vỡ, nước thải tràn ra đường",
     "Tôi muốn báo việc khác: rác chất đống ở cổng chợ Đôn Niệm",
     "Rác thải chất đống bốc mùi ở cổng chợ Đôn Niệm phường Kiến An"],
)  # fmt: skip
def test_a_truly_different_matter_is_another_case(network: Network, other: str) -> None:
    a_case(network)
    network.texts(LAN, other)

    assert [case.text for case in Case.objects.order_by("pk")] == [LAMP, other]


def test_an_accusation_stands_in_no_history_that_others_read(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, "hay phai dua phong bi nhu ong Tuan chu tich phuong nhan 50tr cua nha thau thi moi lam?")
    assert Case.objects.exclude(pk=case.pk).get().confidential
    assert history(case) == [LAMP]


def test_what_is_added_to_a_case_without_an_answer_is_for_somebody_to_read(network: Network) -> None:
    case = a_case(network)
    withdraw(case, by=Actor.citizen(channel="sms"), at=network.at)
    network.texts(LAN, "tôi không đồng ý, đèn vẫn tối om")
    assert Case.objects.exclude(pk=case.pk).get().text == "tôi không đồng ý, đèn vẫn tối om"


def test_a_matter_told_weeks_later_is_another_case(network: Network) -> None:
    a_case(network)
    network.later(days=20)
    network.texts(LAN, "Đèn ở bến phà Đồng Bài cũng hỏng 2 bóng rồi, tối quá")

    assert Case.objects.count() == 2


@pytest.mark.parametrize("asked", ["đến đâu rồi ạ", "dau roi?", "hỏi kết quả", "cho hỏi bao giờ sửa"])
def test_how_it_stands_is_told_without_a_code(network: Network, asked: str) -> None:
    case = a_case(network)
    network.texts(LAN, asked)

    assert Case.objects.count() == 1 and history(case) == [LAMP, asked]
    assert replies()[-1].startswith(f"Phiếu {spoken(case.code)}".replace("\u00a0", " "))


def test_who_has_no_case_and_asks_how_it_stands_is_told_so(network: Network) -> None:
    network.texts(LAN, "đến đâu rồi ạ")

    assert Case.objects.count() == 0 and "chưa thấy phiếu nào của số này" in replies()[-1]


def test_a_code_within_a_sentence_is_found(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, f"Các anh cho hỏi mã {spoken(case.code)} của tôi đến đâu rồi")

    assert Case.objects.count() == 1 and len(history(case)) == 2
    assert f"Phiếu {spoken(case.code)}".replace("\u00a0", " ") in replies()[-1]


def test_a_strangers_code_within_a_sentence_tells_what_anyone_may_know(network: Network) -> None:
    case = a_case(network)
    network.texts(MINH, f"hỏi hộ mã {case.code} đến đâu rồi")

    assert Case.objects.count() == 1 and history(case) == [LAMP]
    assert spoken(case.code).replace("\u00a0", " ") in replies(MINH)[-1] and "http" not in replies(MINH)[-1]


@pytest.mark.parametrize(
    "words", ["đèn đã sáng rồi, xin huỷ", "thôi không cần nữa, người ta sửa rồi", "xin huỷ {code}"]
)
def test_a_withdrawal_ends_the_case_and_is_on_record_with_it(network: Network, words: str) -> None:
    case = a_case(network)
    said = words.format(code=case.code)
    network.texts(LAN, said)

    assert Case.objects.count() == 1 and history(case) == [LAMP, said]
    ended = Case.objects.get()
    assert ended.state == State.CLOSED and ended.withdrawn_at and ended.events.last().action == "withdraw"
    assert "đã xong hoặc không cần nữa" in replies()[-1] and lengths.fits(replies()[-1])
    network.texts(LAN, "cảm ơn nhé")
    assert Case.objects.count() == 1


def test_who_has_two_open_cases_is_asked_which_one_and_neither_ends(network: Network) -> None:
    first = a_case(network)
    network.later(days=20)
    network.texts(LAN, "Rác đổ đầy ngõ 12 phố Lạch Tray, bốc mùi mấy hôm nay không ai dọn")
    assert Case.objects.count() == 2
    network.texts(LAN, "thôi không cần nữa, người ta sửa rồi")

    assert not Case.objects.filter(state=State.CLOSED).exists() and "xin huỷ và mã phiếu" in replies()[-1]
    assert lengths.fits(replies()[-1])
    network.texts(LAN, f"xin huỷ {first.code}")
    assert list(Case.objects.filter(state=State.CLOSED)) == [first]


def test_what_was_answered_is_not_withdrawn_by_text(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(LAN, "thôi không cần nữa, người ta sửa rồi")

    assert Case.objects.get().state == State.ANSWERED and len(history(case)) == 2


@pytest.mark.parametrize("so", [{"urgent": True, "danger_level": "life"}, {"confidential": True}])
def test_a_life_in_danger_or_a_denunciation_is_asked_to_be_withdrawn_and_goes_on(
    network: Network, so: dict[str, object]
) -> None:
    case = a_case(network)
    Case.objects.update(**so)
    for words in (f"xin huỷ {case.code}", f"xin huỷ nhé {case.code}"):
        network.texts(LAN, words)

    case = Case.objects.get()
    assert case.state == State.RECEIVED and case.withdrawal_asked_at and len(history(case)) == 3
    assert [event.action for event in case.events.all()].count("ask_to_withdraw") == 1
    assert lengths.fits(replies()[-1]) and "tố cáo" not in " ".join(replies())


@pytest.mark.parametrize(
    "words",
    ["vẫn chưa sáng", "Sao các anh bảo đã thay mà bóng vẫn tối om", "thay rồi nhưng vẫn nhấp nháy suốt đêm"],
)
def test_what_the_answer_has_not_settled_reopens_its_case(network: Network, knowing: City, words: str) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    again = Case.objects.get()
    assert again.state == State.RECEIVED and history(case) == [LAMP, words]  # no agency answered: the coordinator did
    assert "Đã mở lại" in replies()[-1] and spoken(case.code).replace("\u00a0", " ") in replies()[-1]
    assert lengths.fits(replies()[-1])
    network.texts(LAN, "chỗ gần trường mầm non ấy")
    assert len(history(case)) == 3 and Case.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    ["Thay bóng mới mà đêm qua bóng lại cháy, cả ngõ tối mò",
     "Bóng mới thay lại nhấp nháy cả đêm",
     "den ngo 12 van nhap nhay suot dem khong ai ngu duoc"],
)  # fmt: skip
def test_the_same_told_anew_after_its_answer_reopens_it(network: Network, knowing: City, words: str) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    assert Case.objects.get().state == State.RECEIVED and history(case) == [LAMP, words]


@pytest.mark.parametrize(
    "words",
    ["Đèn ngõ 5 Lê Lai phường Gia Viên tắt cả tuần nay, tối om",
     "Rác chất đống bốc mùi hôi thối cả tuần không ai dọn",
     "den duong Tran Phu tat ca day tu hom qua"],
)  # fmt: skip
def test_another_place_or_another_subject_after_an_answer_is_a_case_of_its_own(
    network: Network, knowing: City, words: str
) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    assert Case.objects.exclude(pk=case.pk).get().text == words and history(case) == [LAMP]


@pytest.mark.parametrize("words", ["từ hôm qua nhé", "nhắc nhở thì ăn thua gì, sáng nay vẫn y nguyên"])
def test_what_only_sounds_urgent_after_an_answer_reopens_its_case(network: Network, knowing: City, words: str) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    assert Case.objects.get().state == State.RECEIVED and history(case) == [LAMP, words]


def test_a_wish_to_die_after_an_answer_is_a_case_of_its_own(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(LAN, "em mệt quá, em không muốn sống nữa")

    assert Case.objects.exclude(pk=case.pk).get().in_danger and history(case) == [LAMP]


def test_stars_with_a_reason_rate_the_answer(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(LAN, "2 sao, trả lời chậm")

    assert Case.objects.count() == 1 and Rating.objects.get().stars == 2 and len(history(case)) == 2


def test_more_of_a_case_in_danger_joins_it_the_day_after_too(network: Network) -> None:
    case = a_case(network, "Cây trước số 12 Lê Lợi nghiêng quá, xin cho người xem")
    Case.objects.update(urgent=True, danger_level="urgent")
    network.later(days=1, hours=2)
    network.texts(LAN, "cay van chua ai cat, mai lai co bao ve")

    assert Case.objects.count() == 1 and len(history(case)) == 2


def test_its_code_reopens_it_too_and_a_new_matter_or_danger_opens_a_case(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(LAN, "À còn cái cống trước nhà số 40 Miếu Hai Xã bị vỡ, nước thải tràn ra đường")
    network.texts(LAN, f"{case.code} cháy cột điện rồi, lửa bén sang nhà, có người bị thương")
    assert Case.objects.count() == 3 and Case.objects.get(pk=case.pk).state == State.ANSWERED
    network.texts(LAN, f"{case.code} đèn vẫn hỏng")
    assert Case.objects.count() == 3 and Case.objects.get(pk=case.pk).state == State.RECEIVED


def test_an_accusation_under_its_code_opens_a_case_of_its_own(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(LAN, f"{case.code} tôi tố cáo cán bộ nhận hối lộ 5 triệu đồng nên không sửa đèn")
    assert history(case) == [LAMP] and Case.objects.exclude(pk=case.pk).get().confidential


def test_too_late_it_is_a_matter_and_a_strangers_number_reopens_nothing(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(MINH, f"{case.code} vẫn chưa sáng")
    assert Case.objects.get(pk=case.pk).state == State.ANSWERED
    network.later(days=16)
    network.texts(LAN, "vẫn chưa sáng")
    assert (
        Case.objects.get(pk=case.pk).state == State.ANSWERED and Case.objects.filter(contact=case.contact).count() == 2
    )


@pytest.mark.parametrize(
    ("words", "stars"),
    [("4 sao", 4), ("5", 5), ("rất hài lòng", 5), ("chưa hài lòng", 2), ("⭐⭐⭐", 3), ("👎", 2)],
)
def test_a_rating_is_kept_once_with_the_answer(network: Network, knowing: City, words: str, stars: int) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    assert Case.objects.count() == 1 and history(case) == [LAMP, words]
    assert Rating.objects.get().stars == stars
    assert f"Đã ghi đánh giá {stars}/5" in replies()[-1] and lengths.fits(replies()[-1])
    network.texts(LAN, "1")
    assert Rating.objects.get().stars == stars and len(history(case)) == 3
    assert "đã có đánh giá" in replies()[-1] and lengths.fits(replies()[-1])


@pytest.mark.parametrize("words", ["0", "6", "6 sao"])
def test_a_number_that_is_no_rating_is_answered_from_1_to_5(network: Network, knowing: City, words: str) -> None:
    case = answered(network, knowing)
    network.texts(LAN, words)

    assert not Rating.objects.exists() and history(case) == [LAMP, words]
    assert "từ 1 (rất chưa hài lòng) đến 5" in replies()[-1] and lengths.fits(replies()[-1])


def test_a_strangers_number_rates_nothing(network: Network, knowing: City) -> None:
    case = answered(network, knowing)
    network.texts(MINH, f"5 sao {case.code}")
    network.texts(MINH, "5")

    assert not Rating.objects.exists() and history(case) == [LAMP]


@pytest.mark.parametrize(
    ("words", "stars"),
    [
        ("đánh giá 5", 5), ("cho 4 điểm", 4), ("9/10", 5), ("10/10 luôn", 5), ("1/5", 1), ("5 stars", 5), ("0 sao", 0),
        ("rất không hài lòng", 1), ("Toi khong hai long", 2), ("chưa hài lòng lắm", 2), ("hài lòng", 4), ("tam duoc", 3),
        ("không được tốt", None), ("làm ăn thế này", None), ("hài lòng nhưng chậm", None), ("very good", 5),
        ("số nhà 5 ngõ 12", None), ("phiếu 73041859261", None), ("", None),
    ],
)  # fmt: skip
def test_how_many_stars_words_give_in_doubt_none(words: str, stars: int | None) -> None:
    assert stars_of(words) == stars


@pytest.mark.parametrize("words", ["cảm ơn nhé", "Dạ em cám ơn", "Thank you very much"])
def test_thanks_are_on_record_and_answered_once_a_day(network: Network, words: str) -> None:
    case = a_case(network)
    before = len(replies())
    for _ in range(2):
        network.texts(LAN, words)
        network.later(minutes=20)

    assert Case.objects.count() == 1 and history(case) == [LAMP, words, words]
    assert len(replies()) == before + 1 and spoken(case.code).replace("\u00a0", " ") in replies()[-1]
    network.later(days=1)
    network.texts(LAN, words)
    assert len(replies()) == before + 2


@pytest.mark.parametrize("words", ["ok", "👍", "vâng ạ", "🙏🙏"])
def test_a_nod_is_on_record_and_not_answered(network: Network, words: str) -> None:
    case = a_case(network)
    before = len(replies())
    network.texts(LAN, words)

    assert Case.objects.count() == 1 and history(case) == [LAMP, words] and len(replies()) == before


@pytest.mark.parametrize("words",
    ["..", "🤬", "ok", "vâng", "mẹ ơi con tan ca 8 giờ nhé, để phần cơm con", "gọi mãi sao em không nghe máy vậy",
     "Mobifone: Quý khách được tặng 3GB, soạn DK gửi 999"],
)  # fmt: skip
def test_without_a_case_there_is_nothing_to_be_done(network: Network, words: str) -> None:
    network.texts(LAN, words)

    assert Case.objects.count() == 0 and replies() == []
    assert Interaction.objects.get(direction="in").body == words


@pytest.mark.parametrize(
    ("words", "said"),
    [("cảm ơn nhé", "Cảm ơn bạn"), ("Thank you very much", "Thank you")],
)
def test_whoever_waits_for_a_word_gets_one_at_once_and_once_a_day(network: Network, words: str, said: str) -> None:
    for _ in range(3):
        network.texts(LAN, words)
        network.later(minutes=5)

    assert Case.objects.count() == 0 and len(replies()) == 1 and said in replies()[0] and lengths.fits(replies()[0])


@pytest.mark.parametrize("sender", ["VIETTEL", "191"])
def test_a_name_and_a_short_code_get_no_word(network: Network, sender: str) -> None:
    network.brings(*text_of(sender, "Thank you very much", ton=5 if sender.isalpha() else 1))
    network.brings(*text_of(LAN, "Thank you for your message. We will get back to you soon."))

    assert not Interaction.objects.filter(direction="out").exists()


def test_a_lone_digit_beside_an_open_case_rates_nothing_and_is_kept(network: Network) -> None:
    a_case(network)
    before = len(replies())
    network.texts(LAN, "3")
    assert len(replies()) == before and not Rating.objects.exists()


def test_the_answers_text_invites_to_a_rating_which_a_newer_case_does_not_keep_out(
    network: Network, knowing: City
) -> None:
    case = answered(network, knowing)
    notify_citizen(case.events.get(action="answer").pk)
    assert replies()[-1].endswith("Chấm câu trả lời: nhắn 1 (kém) đến 5 (tốt).")
    network.texts(LAN, "Rác đổ đầy ngõ 12 phố Lạch Tray, bốc mùi mấy hôm nay không ai dọn")
    assert Case.objects.count() == 2
    network.texts(LAN, "4")
    assert Rating.objects.get().stars == 4 and Rating.objects.get().answer.case == case
    network.texts(LAN, "5")  # a second time, once it has its rating
    assert Rating.objects.count() == 1


def test_a_question_without_a_keyword_is_no_case_though_the_answer_is_not_known(network: Network) -> None:
    network.texts(LAN, "Xe buýt số 3 mấy giờ có chuyến cuối vậy ạ")

    assert Case.objects.count() == 0 and Inquiry.objects.count() == 1
    assert "Nhắn 0" in replies()[-1]
    network.texts(LAN, "0")
    assert Case.objects.get().text == "Xe buýt số 3 mấy giờ có chuyến cuối vậy ạ"


@pytest.mark.parametrize(
    "asked",
    ["thẻ tạm trú quá hạn nửa tháng thì có bị phạt không ạ",
     "Tôi muốn chuyển khẩu cho con nhưng chồng cũ giữ sổ thì phải làm thế nào"],
)  # fmt: skip
def test_who_plainly_asks_may_say_but_and_has_no_case_opened(network: Network, asked: str) -> None:
    network.texts(LAN, asked)

    assert Case.objects.count() == 0 and replies()


def test_a_complaint_that_says_but_is_a_matter_though_it_begins_with_thanks(network: Network) -> None:
    network.texts(LAN, "Cảm ơn các anh nhưng nắp cống trước nhà tôi lại bị mất")

    assert Case.objects.count() == 1


def test_what_stands_still_elsewhere_is_a_matter_of_who_has_no_case(network: Network) -> None:
    network.texts(LAN, "Hồ sơ tôi nộp ở phường quá hạn mười ngày, kiểm tra giúp tôi đến đâu rồi")

    assert Case.objects.count() == 1


@pytest.mark.parametrize("words", ["Phà Bính giờ có còn chạy không", "chợ hoa đêm nay còn mở ko"])
def test_a_question_without_a_word_that_asks_but_the_last_is_no_case(network: Network, words: str) -> None:
    network.texts(LAN, words)

    assert Case.objects.count() == 0 and replies()


def test_a_question_beside_an_open_case_is_answered(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, "cho em hỏi đăng ký kết hôn cần giấy tờ gì")

    assert replies()[-1].startswith("Đăng ký kết hôn") and history(case) == [LAMP]


def test_words_that_fold_to_a_keyword_of_ours_are_no_command(network: Network) -> None:
    case = a_case(network, "Xưởng cá khô ngõ 4 Ngọc Hải mùi hôi bay khắp khu")
    network.texts(LAN, "hôi hơn hôm qua nữa ạ")

    assert len(history(case)) == 2 and Inquiry.objects.count() == 0


@pytest.mark.parametrize("words", ["STOP", "TC", "từ chối nhận tin", "đừng nhắn tin cho tôi nữa"])
def test_who_refuses_is_sent_nothing_of_our_own_accord_until_they_want_it_again(network: Network, words: str) -> None:
    def remind(key: str) -> outbound.Queued:
        return outbound.send(f"+{LAN}", "1022", purpose=Purpose.REMINDER, key=key, at=network.at)

    network.texts(LAN, words)
    assert Case.objects.count() == 0 and "không tự nhắn" in replies()[-1]
    assert remind("one").text is None
    network.texts(LAN, LAMP)
    assert Case.objects.count() == 1  # what they ask for is done, and answered

    network.texts(LAN, "cho tôi nhận tin lại nhé")
    assert remind("two").text is not None


def test_who_asks_for_english_gets_it_until_they_write_vietnamese(network: Network) -> None:
    network.texts(LAN, "EN")
    assert Contact.objects.get(phone=f"+{LAN}").language == "en" and "procedure" in replies()[-1].lower()
    network.texts(LAN, "hi")
    assert "procedure" in replies()[-1].lower()
    network.texts(LAN, "xin chào ạ, có ai không")
    assert "thủ tục" in replies()[-1]


@pytest.mark.parametrize(
    "words", ["cháy nhà rồi cứu với", "có người rơi xuống sông", "nó cầm dao đuổi chém tôi, cứu với"]
)
def test_danger_is_never_taken_for_more_of_an_old_matter(network: Network, words: str) -> None:
    a_case(network)
    network.later(days=1)
    network.texts(LAN, words)

    assert Case.objects.count() == 2 and Case.objects.latest("pk").urgent


def test_danger_told_at_once_raises_the_case_that_it_goes_on_with(network: Network) -> None:
    case = a_case(network, "Cây trước số 12 Lê Lợi nghiêng quá, xin cho người xem")
    network.texts(LAN, "cây đổ đè vào người rồi, cứu với")

    case.refresh_from_db()
    assert Case.objects.count() == 1 and case.urgent and len(history(case)) == 2
    assert replies()[-1].startswith("Gọi 11")


def test_a_companys_name_is_put_aside_for_a_person_and_opens_nothing(network: Network) -> None:
    network.brings(*text_of("VIETTEL", "Quy khach con 2GB du lieu", ton=5))

    assert Case.objects.count() == 0 and Part.objects.get().state == Part.State.DEAD_LETTER


def test_a_follow_up_of_a_question_is_asked_with_it(network: Network) -> None:
    network.texts(LAN, "Xe buýt số 3 mấy giờ có chuyến cuối vậy ạ")
    network.later(minutes=2)
    network.texts(LAN, "chiều cầu Rào về ấy")

    assert Case.objects.count() == 0 and Inquiry.objects.count() == 2


def test_an_old_case_is_not_gone_on_with(network: Network) -> None:
    a_case(network)
    network.later(days=45)
    network.texts(LAN, "vẫn chưa thấy ai đến, tối quá")

    assert Case.objects.count() == 2
    assert Case.objects.latest("pk").received_at - Case.objects.earliest("pk").received_at > timedelta(days=44)
