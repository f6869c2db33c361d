"""The part that was asked for is answered with what the record says of it, or it is said that the record doesn't."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.city import City
from tongdai.directory.models import Agency
from tongdai.knowledge import matters
from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import short_links
from tongdai.knowledge.answers.short_answers import in_short
from tongdai.knowledge.ask import ask
from tongdai.knowledge.models import Inquiry, Procedure
from tongdai.knowledge.search.question import read_question
from tongdai.knowledge.usage.gaps import gaps
from tongdai.language.text import fold

pytestmark = pytest.mark.django_db


def procedure(**said: object) -> Procedure:
    return Procedure(code="9.000001", name="Đăng ký thử", **said)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("trong bao lâu thì phải đi khai sinh cho con", Part.DEADLINE),
        ("phải báo phường trước bao nhiêu ngày", Part.DEADLINE),
        ("chậm nhất là mấy ngày phải nộp", Part.DEADLINE),
        ("khai sinh mất bao lâu thì xong", Part.TIME),
        ("nộp rồi phải chờ mấy ngày", Part.TIME),
        ("nhận con nuôi cần điều kiện gì", Part.CONDITIONS),
        ("điền mẫu đơn nào", Part.FORM),
        ("viết đơn theo mẫu số mấy", Part.FORM),
        ("cần giấy tờ gì và tờ khai theo mẫu nào", Part.PAPERS),
        ("đăng ký qua mạng được không", Part.ONLINE),
        ("xong thì được giấy gì", Part.RESULT),
        ("giấy chứng nhận đủ điều kiện kinh doanh", None),
    ],
)
def test_which_part_is_asked_for(typed: str, part: Part | None) -> None:
    assert read_question(fold(typed).split()).part is part


def test_the_citizens_deadline_is_never_the_time_the_office_takes() -> None:
    row = procedure(
        steps=[
            "Trong thời hạn 60 ngày kể từ ngày sinh con, cha hoặc mẹ có trách nhiệm đăng ký khai sinh cho con.",
            "Trong thời hạn 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Ủy ban nhân dân cấp xã trả kết quả.",
        ],
        ways=[{"way": "in_person", "time_limit": "5 ngày làm việc", "fee": "", "note": ""}],
    )

    deadline = in_short(row, Part.DEADLINE)

    assert "60 ngày kể từ ngày sinh" in deadline
    assert "5 ngày làm việc" not in deadline
    assert "5 ngày làm việc" in in_short(row, Part.TIME) and "60 ngày" not in in_short(row, Part.TIME)


@pytest.mark.parametrize(
    "step",
    [
        "Thời hạn giải quyết: Không quá 15 ngày, người nộp hồ sơ nhận kết quả tại nơi nộp.",
        "Bước 3: Thẩm định hồ sơ, cấp giấy chứng nhận trong thời hạn 08 ngày làm việc.",
        "Việc kiểm tra, đánh giá thực tế tại cơ sở được thực hiện trong thời hạn 08 ngày.",
        "Trong thời hạn 10 ngày kể từ ngày các bên có ý kiến khác thì Chủ tịch Ủy ban nhân dân cấp xã thực hiện hòa giải lại.",
        "Cá nhân đăng ký có ít nhất 03 năm kinh nghiệm.",
    ],
)
def test_what_the_office_must_do_is_no_deadline_of_the_citizens(step: str) -> None:
    assert "trong kho" in in_short(procedure(steps=[step]), Part.DEADLINE)


def test_a_deadline_that_no_record_holds_is_said_to_be_unknown_with_a_number() -> None:
    row = procedure(ways=[{"way": "in_person", "time_limit": "5 ngày làm việc", "fee": "", "note": ""}])

    said = in_short(row, Part.DEADLINE)

    assert "trong kho" in said and "1022" in said
    assert "5 ngày" not in said


def test_who_knows_is_the_agency_that_answers_for_it_with_its_number(city: City) -> None:
    agency = Agency.objects.first()
    assert agency is not None
    agency.phone = "0225 3822 616"

    said = in_short(procedure(owner=agency), Part.CONDITIONS)

    assert agency.name in said and "0225 3822 616" in said


def test_conditions_forms_the_net_and_the_result_come_from_their_own_fields() -> None:
    row = procedure(
        requirements="Người nhận con nuôi hơn con nuôi từ 20 tuổi trở lên.",
        papers=[
            {"name": "Tờ khai nhận con nuôi (Mẫu số 01)", "originals": 1, "copies": 0, "form": "TK01.docx", "note": ""},
            {"name": "Căn cước", "originals": 0, "copies": 1, "form": "", "note": ""},
        ],
        steps=["Nộp trực tuyến trên Cổng dịch vụ công quốc gia.", "Nhận giấy."],
        result="Giấy chứng nhận nuôi con nuôi",
    )

    assert "20 tuổi" in in_short(row, Part.CONDITIONS)
    assert "Mẫu số 01" in in_short(row, Part.FORM) and "Căn cước" not in in_short(row, Part.FORM)
    assert "Cổng dịch vụ công" in in_short(row, Part.ONLINE)
    assert "Giấy chứng nhận nuôi con nuôi" in in_short(row, Part.RESULT)


def test_a_paper_that_not_everybody_needs_says_when_and_comes_last() -> None:
    row = procedure(
        papers=[
            {
                "name": "Biên bản trẻ bị bỏ rơi",
                "originals": 1,
                "copies": 0,
                "form": "",
                "note": "Chỉ khi trẻ bị bỏ rơi",
            },
            {"name": "Giấy ủy quyền", "originals": 1, "copies": 0, "form": "", "note": "Khi nhờ người khác đi"},
            {"name": "Tờ khai", "originals": 1, "copies": 0, "form": "", "note": "Điền tại chỗ cũng được"},
        ]
    )

    said = in_short(row, Part.PAPERS)

    assert said.index("Tờ khai") < said.index("Biên bản trẻ bị bỏ rơi")
    assert "chỉ khi trẻ bị bỏ rơi" in said and "chỉ khi nhờ người khác đi" in said
    assert "Điền tại chỗ" not in said


def test_a_fee_in_doubt_is_told_in_the_sources_own_words() -> None:
    row = procedure(
        troubles=[{"at": "fee", "what": "Trực tiếp: Miễn phí (Mức cụ thể do Hội đồng nhân dân quyết định)"}]
    )

    said = in_short(row, Part.FEE)

    assert "Mức cụ thể do Hội đồng nhân dân quyết định" in said and "1022" in said
    assert "Miễn phí" not in said


def test_a_fee_that_the_council_sets_is_told_with_who_knows_the_sum() -> None:
    row = procedure(
        ways=[{"way": "in_person", "time_limit": "", "fee": "Theo nghị quyết của HĐND thành phố", "note": ""}]
    )

    said = in_short(row, Part.FEE)

    assert "HĐND thành phố" in said and "Chưa có mức cụ thể trong kho" in said and "1022" in said


@pytest.mark.parametrize(
    "fee", ["Miễn phí", "8.000 đồng", "145 USD", "Không mất phí; thuộc diện phải nộp thì theo quy định"]
)
def test_a_fee_that_is_known_leaves_nothing_to_ask(fee: str) -> None:
    row = procedure(ways=[{"way": "in_person", "time_limit": "", "fee": fee, "note": ""}])

    assert "Xin hỏi" not in in_short(row, Part.FEE)


def test_beside_the_net_the_other_ways_are_told_that_are_recorded() -> None:
    ways = [{"way": way, "time_limit": "", "fee": "", "note": ""} for way in ("online", "post", "in_person")]

    assert "bưu điện" in in_short(procedure(ways=ways), Part.ONLINE)
    assert "trực tiếp" in in_short(procedure(ways=ways), Part.ONLINE)
    assert "bưu điện" not in in_short(procedure(ways=ways[:1]), Part.ONLINE)


def test_a_fee_that_is_only_noted_of_a_way_is_told() -> None:
    note = (
        "- 05 ngày làm việc kể từ ngày nhận đủ hồ sơ - Lệ phí : 20.000 Đồng (Cấp lại chứng chỉ chuyên môn: 20.000 đồng/giấy.); "
        "- Lệ phí : 50.000 Đồng (Cấp lại bằng thuyền trưởng: 50.000 đồng/giấy;)"
    )
    row = procedure(
        ways=[{"way": name, "time_limit": "5 ngày", "fee": "", "note": note} for name in ("online", "in_person")]
    )

    said = in_short(row, Part.FEE)

    assert said.count("20.000 Đồng") == 1 and said.count("50.000 Đồng") == 1
    assert said.startswith("Lệ phí: 20.000 Đồng (Cấp lại chứng chỉ")
    assert "05 ngày" not in said and "trong kho" not in said


def test_a_note_that_names_no_sum_is_no_fee() -> None:
    row = procedure(
        ways=[{"way": "in_person", "time_limit": "", "fee": "", "note": "Phí: theo quy định; nộp tại: 12 Lê Lợi"}]
    )

    assert in_short(row, Part.FEE).startswith("Chưa có mức phí, lệ phí trong kho.")


def test_what_insurance_costs_is_not_what_its_procedure_costs() -> None:
    row = procedure(
        field="Bảo hiểm y tế", ways=[{"way": "in_person", "time_limit": "", "fee": "Không thu phí", "note": ""}]
    )

    said = in_short(row, Part.FEE)

    assert said.startswith("Chưa có mức đóng bảo hiểm trong kho")
    assert "Riêng việc nộp hồ sơ: không thu phí" in said


@pytest.mark.parametrize("part", list(Part))
def test_every_part_has_a_short_address(part: Part) -> None:
    key = Procedure(pk=7).answer_key
    address = short_links.read(short_links.short(key, part).rsplit("/", 1)[1])

    assert address is not None and (address.key, address.part) == (key, part)


def test_a_part_that_is_asked_for_and_not_there_is_a_gap_until_somebody_writes_it(knowing: City) -> None:
    at = knowing.at("2026-03-01 08:00")
    row = Procedure.objects.get(code="1.001193")
    asked = {"channel": "web", "question": "x", "certainty": "found", "found": str(row.answer_key), "at": at}
    Procedure.objects.filter(pk=row.pk).update(result="", plain={})
    for _each in range(2):
        Inquiry.objects.create(**asked, part=Part.RESULT)
    Inquiry.objects.create(**asked, part=Part.PAPERS)

    found = gaps(at=at + timedelta(days=1))

    assert [(each.procedure.pk, each.part, each.times) for each in found] == [(row.pk, Part.RESULT, 2)]
    Procedure.objects.filter(pk=row.pk).update(result="Giấy khai sinh")
    assert gaps(at=at + timedelta(days=1)) == []


def test_two_matters_in_one_question_have_two_answers_each_at_its_part(knowing: City) -> None:
    reply = ask("Đăng ký khai sinh cho con cần giấy tờ gì, với lại đăng ký kết hôn thì mất bao lâu?")

    assert [(each.answer.title, each.part) for each in reply.answers] == [
        ("Đăng ký khai sinh", Part.PAPERS), ("Đăng ký kết hôn", Part.TIME),
    ]  # fmt: skip


def test_two_brief_parts_asked_in_one_breath_are_both_known() -> None:
    question = read_question(fold("đăng ký giám hộ mấy ngày thì xong và hết bao nhiêu tiền").split())

    assert {question.part, question.also} == {Part.TIME, Part.FEE}


def test_a_way_is_parted_where_a_joining_word_stands() -> None:
    halves = list(matters.halves("làm căn cước ở đâu vậy, với lại đổi bằng lái hết bao nhiêu"))

    assert all(first.startswith("làm căn cước ở đâu vậy") for first, _second in halves)
    assert any(second.endswith("đổi bằng lái hết bao nhiêu") for _first, second in halves)


# ── by the net ───────────────────────────────────────────────────────────────────────────────────────────────────────


def way(name: str, **said: str) -> dict[str, str]:
    return {"way": name, "time_limit": "", "fee": "", "note": ""} | said


def test_whether_it_can_be_done_online_is_answered_with_yes_and_the_portal_and_no_counter() -> None:
    row = procedure(
        place="Trung tâm Phục vụ hành chính công; hoặc Cổng dịch vụ công quốc gia, ứng dụng VNeID",
        ways=[way("in_person"), way("online")],
    )

    said = in_short(row, Part.ONLINE)

    assert said == "Nộp trực tuyến được, tại Cổng dịch vụ công quốc gia, ứng dụng VNeID. Nộp trực tiếp cũng được."


def test_a_way_by_the_net_is_a_yes_where_no_place_is_named() -> None:
    assert "Nộp trực tuyến được." in in_short(procedure(place="Công an cấp xã", ways=[way("online")]), Part.ONLINE)


def test_what_the_record_does_not_deny_is_not_denied() -> None:
    said = in_short(procedure(place="Công an cấp xã", ways=[way("in_person"), way("post")]), Part.ONLINE)

    assert said.startswith("Trong kho chưa có thông tin nộp trực tuyến, chỉ có: nộp trực tiếp, gửi bưu điện.")
    assert "Công an cấp xã" not in said and "1022" in said


# ── the time of a side step ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "step",
    [
        "Trong thời hạn 01 ngày làm việc kể từ ngày nhận đủ hồ sơ, công chức chuyển hồ sơ đến Sở để cấp giấy phép.",
        "Trong thời hạn 02 ngày kể từ ngày nhận hồ sơ, Sở gửi văn bản lấy ý kiến trước khi quyết định.",
        "Trong thời hạn 03 ngày làm việc kể từ khi nhận hồ sơ hợp lệ, phòng chuyên môn trình Chủ tịch phê duyệt.",
    ],
)
def test_the_time_of_a_side_step_is_not_told_as_the_time_of_the_whole(step: str) -> None:
    said = in_short(procedure(steps=[step]), Part.TIME)

    assert said.startswith("Chưa có thời hạn giải quyết trong kho.") and " ngày" not in said


def test_the_time_in_which_the_matter_is_settled_is_told_from_the_steps() -> None:
    step = "Trong thời hạn 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở xem xét, cấp giấy phép."
    assert in_short(procedure(steps=[step]), Part.TIME) == step


# ── both halves ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "part", "also"),
    [
        ("đăng ký kết hôn cần giấy tờ gì và hết bao nhiêu tiền", Part.PAPERS, Part.FEE),
        ("làm căn cước cần giấy tờ gì, nộp online được không", Part.PAPERS, Part.ONLINE),
        ("nhận con nuôi cần điều kiện gì, mất bao lâu", Part.CONDITIONS, Part.TIME),
        ("đăng ký kết hôn cần giấy tờ gì", Part.PAPERS, None),
        ("trong bao lâu thì phải đi khai sinh cho con", Part.DEADLINE, None),
    ],
)
def test_both_halves_of_a_question_are_known(typed: str, part: Part, also: Part | None) -> None:
    question = read_question(fold(typed).split())
    assert (question.part, question.also) == (part, also)
