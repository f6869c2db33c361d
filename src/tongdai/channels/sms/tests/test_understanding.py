"""A text is understood once: the value that comes out says what is to be done, and nothing was written for it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.city import City
from tongdai.cases.triage.kind import Kind
from tongdai.channels.sms.conversation.automatic import Automatic
from tongdai.channels.sms.conversation.grammar import Choice, Help, KeywordAlone, Matter, NoReply, Refuse, WrongCode
from tongdai.channels.sms.conversation.text import Text
from tongdai.channels.sms.conversation.todo import Add, Answer, AnswerRows, AnswerStatus, Courtesy, ToDo, Wait, Warn
from tongdai.channels.sms.conversation.understanding import Understanding, understand
from tongdai.channels.sms.models import Offer, Part
from tongdai.directory.freshness import forget
from tongdai.people.models import Channel
from tongdai.scenarios import tables

from .network import LAN, MINH, MONDAY


def text_of(body: str, *, sender: str = LAN, **how: bool) -> Text:
    return Text(body, (Part(pk=1, sender=f"+{sender}", destination="1022"),), f"+{sender}", **how)


def understood(text: Text) -> Understanding:
    """As it is understood where nothing can be written."""
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    found = understand(text, at=MONDAY)
    transaction.savepoint_rollback(before)
    return found


@pytest.mark.parametrize(
    ("body", "todo"),
    [
        ("Rác tràn ra hè phố Cầu Đất", Matter("Rác tràn ra hè phố Cầu Đất")),
        ("alo", Help()),
        ("cảm ơn", Courtesy(Kind.THANKS)),
        ("ok", NoReply()),
        ("TC", Refuse(refused=True)),
        ("TTHC", KeywordAlone("tthc")),
        ("TRA 123", WrongCode("123")),
        ("2", Choice(2)),
        ("0", Choice(0)),
        ("Tin nhắn của bạn không gửi được", Automatic.BOUNCE),
    ],
)
def test_words_alone_say_what_is_to_be_done(knowing: City, body: str, todo: ToDo) -> None:
    assert understood(text_of(body)).todo == todo


def test_the_answer_to_a_question_is_found_while_it_is_understood(knowing: City) -> None:
    todo = understood(text_of("TTHC dang ky ket hon can giay to gi")).todo

    assert isinstance(todo, Answer) and todo.reply.answers[0].answer.title == "Đăng ký kết hôn"
    assert not todo.bare


def test_a_question_without_a_keyword_is_one_where_the_answer_is_surely_known(knowing: City) -> None:
    todo = understood(text_of("mat can cuoc lam o dau")).todo

    assert isinstance(todo, Answer) and todo.bare


def test_the_rows_of_a_table_are_found_while_it_is_understood(knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=MONDAY)
    forget()
    todo = understood(text_of("COVID le chan")).todo

    assert isinstance(todo, AnswerRows) and todo.by_place
    assert [row.name for row in todo.rows] == ["Trạm y tế phường Lê Chân"]


def test_a_code_is_told_in_full_to_its_own_number_alone(city: City) -> None:
    case = city.case(channel=Channel.SMS, phone=f"+{LAN}", proven=True)
    own, strange = text_of(f"TRA {case.code}"), text_of(f"TRA {case.code}", sender=MINH)
    more, more_strange = text_of(f"TRA {case.code} mãi chưa ai đến"), text_of(f"{case.code} tôi cũng bị", sender=MINH)

    assert understood(own).todo == AnswerStatus(case.code, case.pk)
    assert understood(strange).todo == AnswerStatus(case.code)
    assert understood(more).todo == AnswerStatus(case.code, case.pk, adds=True)
    assert understood(more_strange).todo == Matter(more_strange.body)


def test_a_zero_after_an_offer_is_the_question_it_was_about(knowing: City) -> None:
    Offer.objects.create(phone=f"+{LAN}", question="chay nha thi goi ai", offered_at=MONDAY)
    found = understood(text_of("0"))

    assert found.todo == Matter("chay nha thi goi ai") and found.text.body == "chay nha thi goi ai"
    assert found.judged.shown


def test_danger_is_known_whatever_is_asked(knowing: City) -> None:
    assert understood(text_of("HOI toi bi chong danh thi lam sao")).judged.shown
    assert not understood(text_of("TTHC khai sinh")).judged.shown


def test_the_first_part_of_a_long_text_warns_or_waits(knowing: City) -> None:
    assert understood(text_of("Cháy nhà rồi cứu với", begun=True)).todo == Warn()
    assert understood(text_of("Đèn đường ngõ 5", begun=True)).todo == Wait()


def test_a_late_part_is_added_and_asks_for_nothing(knowing: City) -> None:
    assert understood(text_of("TTHC khai sinh", late=True)).todo == Add(None)
