"""A citizen asks, finds the answer at the right part, and leaves without a case."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import City, forget_snapshots
from tests.reading import read
from tongdai.cases.models import Case
from tongdai.directory.models import Topic
from tongdai.knowledge.models import Article, Inquiry, Procedure
from tongdai.scenarios import tables

pytestmark = pytest.mark.django_db


def test_a_question_without_accents_opens_the_procedure_at_the_papers(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "dang ky ket hon can giay to gi"}).content.decode()

    assert "Đăng ký kết hôn" in page
    assert "/thu-tuc/1.000894/?phan=papers" in page
    assert "#papers" in page and 'id="papers"' in client.get("/thu-tuc/1.000894/").content.decode()
    assert Case.objects.count() == 0


def opened(client: Client, typed: str) -> tuple[str, str]:
    """(the address of the first answer found, its page)."""
    address = str(client.post("/tim/", {"q": typed}).context["cards"][0].url)
    return address, read(client.get(address.partition("#")[0]))


def section(page: str, name: str) -> str:
    """What stands in the section of this name."""
    return page.split(f'<section id="{name}"')[1].split("</section>")[0]


def test_two_parts_asked_in_one_breath_stand_together_on_the_page(knowing: City, client: Client) -> None:
    address, page = opened(client, "đăng ký thường trú cần giấy tờ gì, lệ phí bao nhiêu")

    assert "phan=papers" in address and "va=fee" in address
    assert "20.000 đồng" in section(page, "papers")
    assert "20.000 đồng" not in section(read(client.get("/thu-tuc/1.004222/?phan=papers")), "papers")


def test_the_sentences_closest_to_the_question_stand_beside_the_part(knowing: City, client: Client) -> None:
    address, page = opened(
        client, "thanh niên đăng ký hộ kinh doanh cho người ủy quyền chưa có tài khoản định danh cần giấy tờ gì"
    )

    assert "cau=" in address and "danh" not in address  # never the words of the question
    assert "Hồ sơ gốc nói về điều bạn hỏi" in page


@pytest.mark.parametrize("numbers", ["x", "999999999999", "-1", "1.2.3.4.5", "²", "9999"])
def test_numbers_that_nobody_gave_show_the_page_all_the_same(knowing: City, client: Client, numbers: str) -> None:
    assert client.get("/thu-tuc/1.000894/", {"phan": "papers", "va": "x", "cau": numbers}).status_code == 200


def test_an_opened_answer_is_counted_as_one_without_a_case(knowing: City, client: Client) -> None:
    page = read(client.post("/tim/", {"q": "tách hộ mất bao lâu"}))
    address = page.split('<h2><a href="')[1].split('"')[0].replace("&amp;", "&")
    client.get(address)

    inquiry = Inquiry.objects.get()
    assert inquiry.opened == f"procedure:{Procedure.objects.get(code='1.010038').pk}"
    assert (inquiry.channel, inquiry.part, inquiry.to_person) == ("web", "time", False)


def test_what_the_base_cannot_answer_is_told_so_and_a_person_is_offered(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "đội tuyển bóng đá đá trận tiếp theo lúc mấy giờ"}).content.decode()

    assert "Chưa có câu trả lời sẵn" in page
    assert "Gửi câu hỏi này" in page
    assert Inquiry.objects.get().opened == ""


def test_words_that_found_nothing_go_with_one_to_the_person(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "xem bóng đá ở đâu"}).content.decode()
    action = page.split('action="/tim/hoi-nguoi/')[1].split('"')[0].replace("&amp;", "&")
    form = client.post(f"/tim/hoi-nguoi/{action}", {"q": "xem bóng đá ở đâu"}).content.decode()

    assert "xem bóng đá ở đâu</textarea>" in form
    assert Inquiry.objects.get().to_person


def test_a_matter_for_the_city_goes_straight_to_the_form(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "đèn đường trước nhà tôi tắt ba hôm nay"}).content.decode()

    assert "đèn đường trước nhà tôi tắt ba hôm nay</textarea>" in page


def test_a_code_leads_to_its_case(knowing: City, client: Client) -> None:
    case = knowing.case("Rác")

    assert client.post("/tim/", {"q": f" {case.code} "}).headers["Location"] == f"/p/{case.code}/"


@pytest.mark.parametrize(
    "typed", ["", "   ", "?!…", "😀", "\x00", "a" * 10_000, "lorem " * 2000, "<script>alert(1)</script>"]
)
def test_nonsense_is_answered_with_a_page(knowing: City, client: Client, typed: str) -> None:
    answer = client.post("/tim/", {"q": typed})

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_the_sheet_lists_the_papers_to_tick_off_with_a_code_to_scan(knowing: City, client: Client) -> None:
    page = client.get("/thu-tuc/1.001193/in/").content.decode()

    assert "Giấy chứng sinh (1 bản chính)" in page
    assert "<svg" in page.split('class="qr"')[1].split("</div>")[0]


def test_the_box_is_answered_as_json_while_one_types(knowing: City, client: Client) -> None:
    told = client.post("/tim/goi-y/", {"q": "khai sinh"}).json()

    assert told["answers"][0]["title"] == "Đăng ký khai sinh"
    assert told["answers"][0]["url"] == "/thu-tuc/1.001193/"
    assert Inquiry.objects.count() == 0


def test_a_part_in_doubt_is_said_to_be_so(knowing: City, client: Client) -> None:
    Procedure.objects.filter(code="1.001193").update(troubles=[{"at": "fee", "what": "Miễn phí(Lệ phí do HĐND…)"}])

    page = client.get("/thu-tuc/1.001193/").content.decode()

    assert "Nguồn ghi chưa rõ" in page.split('id="fee"')[1].split("</div>")[0]


def test_an_article_answers_a_question_about_the_service(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "quên mã phiếu rồi xem sao"}).content.decode()

    assert "Xem phiếu của tôi đang ở đâu bằng cách nào?" in page


def test_html_in_an_answer_is_shown_as_words(knowing: City, client: Client) -> None:
    article = Article.objects.first()
    Article.objects.filter(pk=article.pk).update(answer="<script>alert(1)</script> <b>đậm</b>\nhttps://example.vn")

    page = client.get(f"/hoi-dap/{article.pk}/").content.decode()

    assert "<script>alert" not in page and "&lt;b&gt;" in page
    assert 'href="https://example.vn"' in page


def test_a_table_is_searched_by_ward_and_tells_its_source_and_date(knowing: City, client: Client) -> None:
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-14 08:00"))

    page = client.get("/bang/covid-cham-soc/", {"q": "le chan"}).content.decode()

    assert "Trạm y tế phường Lê Chân" in page and "Trạm y tế phường Hồng Bàng" not in page
    assert "Nguồn: Dữ liệu mẫu của bản thử, số liệu ngày 14.2.2022." in page
    assert Inquiry.objects.get().opened.startswith("row:")


def test_the_nearest_row_comes_first_where_the_phone_tells_its_place(knowing: City, client: Client) -> None:
    for name, latitude in (("Lê Chân", 20.85), ("Hồng Bàng", 20.87)):
        place = knowing.places[name]
        place.latitude, place.longitude = latitude, 106.68
        place.save()
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-14 08:00"))

    page = client.post("/bang/mot-cua/", {"latitude": "20.871", "longitude": "106.68"}).content.decode()

    assert page.index("phường Hồng Bàng") < page.index("phường Lê Chân")
    assert "cách 0,1 km" in page


def test_everything_there_is_stands_on_one_page(knowing: City, client: Client) -> None:
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-14 08:00"))

    page = client.get("/tra-loi/").content.decode()

    for there in ("Đăng ký khai sinh", "Hộ tịch", "Điểm chăm sóc người mắc COVID-19", "1022 là số gì"):
        assert there in page


def test_words_that_denounce_somebody_are_kept_in_no_list_of_questions(knowing: City, client: Client) -> None:
    client.post("/tim/", {"q": "giám đốc công ty cấp nước giả chữ ký, ăn chặn tiền bảo hiểm của ba mươi công nhân"})
    client.post("/tim/", {"q": "khinh khí cầu đăng ký ở đâu"})
    assert [inquiry.question for inquiry in Inquiry.objects.exclude(question="")] == ["khinh khi cau dang ky o dau"]


@pytest.mark.parametrize("typed", ["làm thủ tục khai sinh cần giấy tờ gì", "nộp hồ sơ đăng ký kết hôn ở đâu"])
def test_beside_an_answer_nobody_is_told_the_name_of_a_field(knowing: City, client: Client, typed: str) -> None:
    topic = Topic(code="thu-tuc", name="Hỏi thủ tục hành chính", keywords="thủ tục\nnộp hồ sơ")
    topic.clean_names()
    topic.save()
    forget_snapshots()
    page = read(client.post("/tim/", {"q": typed}))

    assert '<ol class="hits">' in page
    assert "Hỏi thủ tục hành chính" not in page and "thuộc lĩnh vực" not in page
    assert "Gửi câu hỏi này cho người trực" in page and "Gửi phản ánh với lời này" not in page
