"""A question is kept without who asks: no name, number, day or door, however it is written; and for thirty days."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.city import City
from tongdai.knowledge.models import Inquiry
from tongdai.knowledge.usage import questions
from tongdai.knowledge.usage.scrubbing import scrub
from tongdai.language.text import fold
from tongdai.privacy.retention import let_go

FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh", "Quách"]
MIDDLES = ["Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh"]
GIVEN = ["Nhạn", "Xoan", "Tuấn", "Huệ", "Kín", "Quyên", "Bắc"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguyễn Văn Nhạn bị tâm thần có được trợ cấp không", "# bi tam than co duoc tro cap khong"),
        ("con tôi tên là Trần Thị Xoan bị HIV học trường nào", "con toi ten la # bi hiv hoc truong nao"),
        ("nguyen van nhan bi lao uong thuoc o dau", "# bi lao uong thuoc o dau"),
        ("mẹ tôi, bà Huệ, sinh 12/3/1950, ung thư giai đoạn cuối", "me toi, ba #, sinh #, ung thu giai doan cuoi"),
        ("số 0912 345 678 của ai, căn cước 031090001234", "so # cua ai, can cuoc #"),
        ("nhà số 12 ngõ 47 tổ 5 mất nước", "nha so # ngo # to # mat nuoc"),
        ("gửi kq về lan.nguyen@example.com", "gui kq ve #"),
        ("tiền trợ cấp người khuyết tật nặng là bao nhiêu", "tien tro cap nguoi khuyet tat nang la bao nhieu"),
        ("đổi tên khai sinh như thế nào", "doi ten khai sinh nhu the nao"),
        ("làm căn cước cho con ở Hồng Bàng", "lam can cuoc cho con o hong bang"),
        ("mức phạt không đội mũ bảo hiểm năm 2022", "muc phat khong doi mu bao hiem nam 2022"),
        ("1.001193", "1.001193"),
    ],
)
def test_what_is_asked_stays_and_who_asks_goes(city: City, typed: str, kept: str) -> None:
    questions._known.forget()
    assert questions.without_names(typed) == kept


FRAMES = ["{} bị bệnh gì", "hồ sơ của {} đến đâu", "cho hỏi ông {} ở đâu", "tôi là {}, xin giấy", "{}"]


@pytest.mark.parametrize(
    "spell", [str, str.upper, str.lower, fold], ids=["as-written", "capitals", "small", "no-accents"]
)
def test_no_full_name_is_left_in_whatever_spelling(spell: Callable[[str], str]) -> None:
    for parts in itertools.product(FAMILIES, MIDDLES, GIVEN):
        for frame in FRAMES:
            left = fold(scrub(spell(frame.format(" ".join(parts)))))
            assert fold(parts[-1]) not in left.split(), left


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="0123456789 .-/abcđ", max_size=60))
def test_no_long_number_is_left(text: str) -> None:
    left = scrub(text)
    assert not any(len(run) > 4 for run in left.replace(".", " ").replace("-", " ").split() if run.isdigit())


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_through_and_no_long_number_is_left(text: str) -> None:
    typed = f"{text} 0912345678 {text}"
    assert not re.search(r"\d{5}", scrub(typed))


def test_words_go_after_thirty_days_and_the_count_stays(city: City) -> None:
    at = city.at("2022-03-31 02:00")
    for days in (0, 29, 30, 31, 400):
        Inquiry.objects.create(
            channel="web", question=f"hoi {days}", certainty="not_found", at=at - timedelta(days=days)
        )
    assert {row["question"] for row in questions.unanswered(at=at)} == {"hoi 0", "hoi 29"}
    assert let_go(at=at)["question"] == 2  # what is older than thirty days
    assert Inquiry.objects.count() == 5 and Inquiry.objects.exclude(question="").count() == 3
