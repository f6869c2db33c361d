"""The pages of the answers on a telephone at night: nothing dials wrong, ends nowhere, or is cut without a word."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.city import City
from tests.reading import read
from tongdai.cases.models import Case
from tongdai.knowledge.answers import english
from tongdai.knowledge.models import Article, Inquiry, LookupRow, LookupTable, Procedure, Translation
from tongdai.portal.answers.paging import Page
from tongdai.portal.answers.prepared import MOST, prepared
from tongdai.portal.answers.shown import dial
from tongdai.portal.answers.ways import ways
from tongdai.scenarios import tables

pytestmark = pytest.mark.django_db
LONG = (
    "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ theo quy định của pháp luật " * 2
)


@pytest.fixture
def tabled(knowing: City) -> City:
    for name, latitude in (("Lê Chân", 20.85), ("Hồng Bàng", 20.87)):
        place = knowing.places[name]
        place.latitude, place.longitude = latitude, 106.68
        place.save()
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-14 08:00"))
    return knowing


def many_rows(slug: str, count: int) -> LookupTable:
    """The table with `count` more rows, each like its first."""
    table = LookupTable.objects.get(slug=slug)
    first = table.rows.order_by("number").first()
    table.rows.bulk_create(
        LookupRow(table=table, generation=table.generation, number=1000 + number, name=f"Dòng {number}",
                  values=first.values, place=first.place)
        for number in range(count)
    )  # fmt: skip
    return table


@pytest.mark.parametrize("path", ["/thu-tuc/%00/", "/thu-tuc/%00/in/", "/thu-tuc/1.001193%00/"])
def test_a_code_with_a_nul_is_refused_in_words(knowing: City, client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    ("said", "dialled"),
    [("113", "tel:113"), ("1022", "tel:1022"), ("1 022", "tel:1022"), ("0225 3842 123", "tel:+842253842123"),
     ("không có", ""), ("12", ""), ("123456", "")],
)  # fmt: skip
def test_a_number_is_dialled_as_it_is_rung(said: str, dialled: str) -> None:
    assert dial(said) == dialled


def test_the_numbers_to_remember_are_rung_by_a_tap(tabled: City, client: Client) -> None:
    page = client.get("/bang/so-can-nho/").content.decode()

    for number in ("111", "112", "113", "114", "115", "1022"):
        assert f'<dd><a href="tel:{number}">{number}</a></dd>' in page


def test_who_comes_without_a_search_says_whether_it_was_of_use(knowing: City, client: Client) -> None:
    number = Procedure.objects.get(code="1.001193").pk
    page = client.get("/thu-tuc/1.001193/").content.decode()
    assert f'name="answer" value="procedure:{number}"' in page and 'name="useful" value="1"' in page

    thanks = client.post("/tim/co-ich/", {"answer": f"procedure:{number}", "useful": "1", "back": "/thu-tuc/1.001193/"})

    assert "Cảm ơn bạn" in thanks.content.decode()
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.opened, inquiry.useful, inquiry.question) == (
        "web",
        f"procedure:{number}",
        True,
        "",
    )


def test_an_answer_of_no_use_does_not_count_as_an_answer(knowing: City, client: Client) -> None:
    article = Article.objects.first()
    client.post("/tim/co-ich/", {"answer": f"article:{article.pk}", "useful": "0"})

    inquiry = Inquiry.objects.get()
    assert (inquiry.found, inquiry.opened, inquiry.useful) == (f"article:{article.pk}", "", False)


@pytest.mark.parametrize(
    "posted",
    [{"useful": "1"}, {"useful": "1", "h": "17:forged"}, {"useful": "1", "answer": "procedure:999999"},
     {"useful": "1", "answer": "x:1"},
     {"useful": "1", "answer": "procedure:1\x00"}, {"useful": "perhaps", "answer": "article:1"}],
)  # fmt: skip
def test_a_word_on_nothing_is_not_thanked_for(knowing: City, client: Client, posted: dict[str, str]) -> None:
    answer = client.post("/tim/co-ich/", posted | {"back": "//example.com/"})

    assert answer.status_code == 400
    assert "Cảm ơn" not in answer.content.decode() and "example.com" not in answer.content.decode()
    assert Inquiry.objects.count() == 0


def test_what_every_way_says_is_said_once(knowing: City) -> None:
    procedure = Procedure(
        ways=[
            {"way": "in_person", "time_limit": "5 ngày", "fee": "8.000 đồng", "note": "Theo nghị quyết"},
            {"way": "online", "time_limit": "5 ngày", "fee": "Không mất phí", "note": "Theo nghị quyết"},
        ]
    )
    said = ways(procedure)

    assert (said.of_all.time_limit, said.of_all.fee, said.of_all.note) == ("5 ngày", "", "Theo nghị quyết")
    assert [(each.way, each.time_limit, each.fee) for each in said.each] == [
        ("nộp trực tiếp", "", "8.000 đồng"),
        ("nộp trực tuyến", "", "Không mất phí"),
    ]


def test_a_fee_in_doubt_is_said_to_be_so_once(knowing: City) -> None:
    procedure = Procedure(
        ways=[{"way": "in_person", "fee": "Miễn phí("}, {"way": "post", "fee": ""}], troubles=[{"at": "fee"}]
    )

    assert ways(procedure).of_all.fee == "đang kiểm tra"


def test_a_place_has_a_map_its_table_and_a_person(tabled: City, client: Client) -> None:
    row = LookupRow.objects.get(table__slug="mot-cua", place=tabled.places["Lê Chân"])
    page = client.get(f"/diem/{row.pk}/").content.decode()

    assert "https://www.openstreetmap.org/?mlat=20.85000&amp;mlon=106.68000#map=17/20.85000/106.68000" in page
    assert 'href="geo:20.85000,106.68000"' in page
    assert 'href="/bang/mot-cua/"' in page and "Hỏi người trực" in page
    main = page.split("<main")[1].split("</main>")[0]
    assert "Vĩ độ" not in main and main.lower().count("phường lê chân") == 1


def test_a_found_row_does_not_spell_out_its_coordinates(tabled: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "covid lê chân"}).content.decode()

    assert "Trạm y tế phường Lê Chân" in page and "Vĩ độ" not in page


def test_a_procedure_of_the_ward_leads_to_the_wards_counters(tabled: City, client: Client) -> None:
    registered = read(client.get("/thu-tuc/1.001193/?phan=where"))
    assert "Địa chỉ, giờ nhận, điện thoại ở phường, xã của bạn" in registered
    page = client.post("/tim/", {"q": "đăng ký khai sinh nộp ở đâu phường Lê Chân"})
    first, counter, *_others = page.context["cards"]
    assert first.title == "Đăng ký khai sinh"
    assert counter.title == "Trung tâm Phục vụ hành chính công phường Lê Chân"
    assert "7:30–11:30" in counter.short and "trụ sở Ủy ban nhân dân" in counter.short


def test_a_procedure_of_the_police_leads_to_no_counter(tabled: City, client: Client) -> None:
    lodging = Procedure.objects.get(name="Đăng ký tạm trú")
    assert "ở phường, xã của bạn" not in read(client.get(f"/thu-tuc/{lodging.code}/"))


def test_a_long_table_shows_twenty_and_says_so_above_and_below(tabled: City, client: Client) -> None:
    many_rows("covid-cham-soc", 40)
    total = LookupRow.objects.filter(table__slug="covid-cham-soc").count()
    page = read(client.get("/bang/covid-cham-soc/"))

    assert page.count("<h2><a href=") == 20
    assert page.count(f"Mục 1–20 trong {total} mục.") == 2
    assert "Gõ tên phường, xã vào ô tìm" in page and 'href="?tu=21"' in page
    assert f"Mục 41–{total} trong {total} mục." in client.get("/bang/covid-cham-soc/?tu=41").content.decode()


@pytest.mark.parametrize("given", ["", "0", "-3", "x", "²"])
def test_a_page_that_is_none_is_the_first(given: str) -> None:
    assert Page.of(given, total=45) == Page(total=45, first=1)


@pytest.mark.parametrize(("given", "total", "first"), [("46", 45, 41), ("99", 40, 21), ("9" * 40, 45, 41), ("5", 0, 1)])
def test_what_lies_beyond_the_end_is_the_last_page(given: str, total: int, first: int) -> None:
    page = Page.of(given, total=total)
    assert page == Page(total=total, first=first)
    assert page.next == 0 and page.last == total


def test_a_table_without_wards_does_not_ask_for_one(tabled: City, client: Client) -> None:
    page = client.get("/bang/so-can-nho/").content.decode()
    assert "Tìm trong bảng" in page and "tên phường" not in page

    page = client.get("/bang/covid-cham-soc/").content.decode()
    assert "Phường, xã hoặc tên" in page and "nhắn COVID và tên phường" in page


def test_a_name_of_the_law_stands_small_below_what_it_means(knowing: City, client: Client) -> None:
    Procedure.objects.filter(code="1.001193").update(name=LONG, summary="Xin phép xây nhà.")
    page = client.get("/thu-tuc/1.001193/").content.decode()

    assert '<h1 lang="vi">Xin phép xây nhà.</h1>' in page
    assert LONG.strip() in page.split('class="legal"')[1]

    Procedure.objects.filter(code="1.001193").update(summary="")
    assert '<h1 lang="vi" class="long">' in client.get("/thu-tuc/1.001193/").content.decode()


def test_a_suggestion_is_two_lines_long(knowing: City, client: Client) -> None:
    Procedure.objects.filter(code="1.001193").update(name="Đăng ký khai sinh " + LONG)
    told = client.post("/tim/goi-y/", {"q": "khai sinh"}).json()["answers"]

    assert max(len(each["title"]) for each in told) <= 67


def test_an_unanswered_question_goes_to_a_form_for_questions(knowing: City, client: Client) -> None:
    form = client.post("/tim/hoi-nguoi/", {"q": "xem bóng đá ở đâu"}).content.decode()

    assert "<h1>Gửi câu hỏi</h1>" in form and "Gửi phản ánh</h1>" not in form
    assert "Chưa có câu trả lời sẵn. Gửi đi, người trực sẽ trả lời." in form
    assert 'name="because" value="question"' in form
    again = client.post("/phan-anh/", {"text": "xem bóng đá ở đâu", "because": "question"}).content.decode()
    assert "<h1>Gửi câu hỏi</h1>" in again


def test_asking_a_person_opens_a_form_for_questions(knowing: City, client: Client) -> None:
    form = client.get("/tim/hoi-nguoi/", follow=True).content.decode()

    assert "<h1>Gửi câu hỏi</h1>" in form and "Chưa có câu trả lời sẵn" not in form


def test_asking_a_person_from_an_answer_keeps_it_and_the_officer_sees_which_it_was(
    knowing: City, client: Client
) -> None:
    page = client.get("/thu-tuc/1.000894/").content.decode()
    [ask] = re.findall(r'href="(/tim/hoi-nguoi/[^"]*)"', page)
    form = client.get(html.unescape(ask), follow=True).content.decode()
    name = Procedure.objects.get(code="1.000894").name
    assert "<h1>Gửi câu hỏi</h1>" in form and name in form and 'href="/thu-tuc/1.000894/"' in form
    [about] = re.findall(r'name="about" value="([^"]+)"', form)

    question = {"text": "Con tôi sinh ở nước ngoài thì làm thế nào?", "because": "question", "about": about}
    back = client.post("/phan-anh/", question | {"phone": "12"}).content.decode()
    assert name in back and f'name="about" value="{about}"' in back
    assert client.post("/phan-anh/", question | {"phone": "0912345678"}).status_code == 303
    case = Case.objects.get()
    assert case.text == question["text"]  # her words alone
    client.force_login(knowing.coordinator)
    assert name in client.get(f"/ban/phieu/{case.code}/").content.decode()


@pytest.mark.parametrize("about", ["procedure:999999", "procedure", "case:1", "<b>", "x" * 500])
def test_an_answer_that_is_none_is_left_out(knowing: City, client: Client, about: str) -> None:
    form = client.get("/phan-anh/", {"vi": "question", "about": about})
    assert form.status_code == 200 and 'name="about"' not in form.content.decode()
    sent = client.post("/phan-anh/", {"text": "Hỏi giờ làm việc", "phone": "0912345678", "about": about})
    assert sent.status_code == 303


def test_a_matter_in_the_box_is_told_why_it_stands_in_the_form(knowing: City, client: Client) -> None:
    form = client.post("/tim/", {"q": "đèn đường trước nhà tôi tắt ba hôm nay"}).content.decode()

    assert "<h1>Gửi phản ánh</h1>" in form
    assert "Chưa có câu trả lời sẵn. Gửi đi, người trực sẽ trả lời." in form
    assert "Chưa có câu trả lời sẵn" not in client.get("/phan-anh/").content.decode()


@pytest.mark.parametrize(
    "asked",
    ["đèn đường hỏng thì gọi ai", "rác nhà tôi mấy giờ thu", "nộp tiền rác ở đâu", "khinh khí cầu đăng ký ở đâu"],
)
def test_a_question_that_finds_nothing_gets_the_calm_page_whatever_it_is_about(
    knowing: City, client: Client, asked: str
) -> None:
    Article.objects.all().delete()
    page = client.post("/tim/", {"q": asked}).content.decode()
    assert "<h1>Gửi phản ánh</h1>" not in page and "Gửi câu hỏi này cho người trực" in page
    form = client.post("/tim/hoi-nguoi/", {"q": asked}).content.decode()
    assert "<h1>Gửi câu hỏi</h1>" in form
    assert 'name="urgent"' not in form and 'name="photos"' not in form


def test_of_a_question_and_a_report_in_one_both_are_offered(knowing: City, client: Client) -> None:
    words = "Khinh khí cầu đăng ký ở đâu? Đèn đường ngõ 12 Cát Cụt hỏng ba hôm"
    page = client.post("/tim/", {"q": words}).content.decode()
    assert "Gửi câu hỏi này cho người trực" in page and "Gửi phản ánh với lời này" in page
    asked = client.post("/tim/hoi-nguoi/", {"q": words}).content.decode()
    assert "<h1>Gửi câu hỏi</h1>" in asked and words in html.unescape(asked)
    told = client.post("/tim/hoi-nguoi/", {"q": words, "report": "1"}).content.decode()
    assert "<h1>Gửi phản ánh</h1>" in told and words in html.unescape(told)
    assert 'name="urgent"' in told and 'name="photos"' in told


def test_an_empty_box_is_told_what_to_type(tabled: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "  "}).content.decode()

    assert "Bạn chưa gõ gì" in page and "khai sinh cần giấy tờ gì" in page
    assert 'href="/tra-loi/#procedures"' in page and 'href="/bang/covid-cham-soc/"' in page


def test_words_beyond_what_is_searched_are_said_to_be_left_out_and_go_whole_to_the_person(
    knowing: City, client: Client
) -> None:
    words = "bóng đá " * 300
    page = client.post("/tim/", {"q": words}).content.decode()

    assert "chỉ tìm theo 2000 chữ cái đầu" in page
    assert f'name="q" value="{words.strip()}"' in page


def test_the_sheet_of_a_very_long_procedure_says_where_the_rest_is(knowing: City, client: Client) -> None:
    papers = [{"name": f"Giấy tờ số {number} " + "rất dài " * 30, "originals": 1} for number in range(40)]
    Procedure.objects.filter(code="1.001193").update(papers=papers)
    sheet = prepared(Procedure.objects.get(code="1.001193"))

    assert sheet.cut and 0 < len(sheet.papers) < 40
    assert sum(len(paper) for paper, _note in sheet.papers) < MOST
    assert "Phần còn lại không vừa một trang" in client.get("/thu-tuc/1.001193/in/").content.decode()


def test_the_starter_procedures_stand_whole_on_their_sheets(knowing: City) -> None:
    assert [each.code for each in Procedure.objects.all() if prepared(each).cut] == []


def test_vietnamese_is_marked_as_such_on_the_english_pages(tabled: City, client: Client) -> None:
    client.get("/ngon-ngu/en/?ve=/")

    Translation.objects.all().delete()
    english.forget()
    assert '<ul class="ticks"><li lang="vi">' in read(client.get("/thu-tuc/1.001193/in/"))
    listed = read(client.get("/tra-loi/"))
    assert (
        'href="/thu-tuc/1.001193/" lang="en"><span class="three-lines">Register a birth (“Đăng ký khai sinh”)' in listed
    )
    assert '<dl class="cells" lang="vi">' in client.get("/bang/mot-cua/").content.decode()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("Cháy nhà ở 12 Lạch Tray, cứu với", "114"), ("toi muon tu tu", "115"), ("con tôi bị xâm hại", "111")],
)
def test_who_is_in_danger_reads_first_whom_to_call(knowing: City, client: Client, typed: str, number: str) -> None:
    page = client.post("/tim/", {"q": typed}).content.decode()

    assert page.index(f'href="tel:{number}"') < page.index('role="search"')
    assert client.post("/tim/goi-y/", {"q": typed}).json()["answers"] == []


def test_who_asks_for_a_permit_is_not_told_to_call_the_fire_brigade(knowing: City, client: Client) -> None:
    assert "Gọi 114 ngay" not in client.post("/tim/", {"q": "giấy phép phòng cháy chữa cháy"}).content.decode()
