"""The form says whom to ring while one types, beside the send button and after sending; a life gets no date."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.models import Case

pytestmark = pytest.mark.django_db
FIRE = "Nhà số 12 ngõ 5 đang cháy to, còn người mắc kẹt trên tầng hai, cứu với"
FORM = {"phone": "0904 123 318", "visibility": "private"}


def send(client: Client, text: str, **fields: str) -> str:
    answer = client.post(
        "/phan-anh/", FORM | {"text": text, "key": f"k{abs(hash(text)):021d}"[:22]} | fields, follow=True
    )
    return str(answer.content.decode())


def test_while_typing_the_number_is_there_and_an_ordinary_matter_shows_none(city: City, client: Client) -> None:
    hints = "/phan-anh/goi-y/"
    danger = client.post(hints, {"text": FIRE}).json()["danger"]
    assert 'href="tel:114"' in danger and "Gọi 114 ngay" in danger
    assert client.post(hints, {"text": "Đèn đường hỏng"}).json()["danger"] == ""
    assert "Call 114 now" in client.post(hints, {"text": "my house is on fire and people are trapped"}).json()["danger"]


def test_a_form_that_comes_back_still_says_so_without_any_script(city: City, client: Client) -> None:
    page = send(client, FIRE, keep="1")
    assert (
        Case.objects.count() == 0 and page.count('href="tel:114"') >= 3
    )  # the line, beside the words, before the button
    ticked = send(client, "", urgent="1")
    assert Case.objects.count() == 0 and ticked.count("115 cấp cứu") >= 2


def test_danger_is_never_sent_back_for_a_wrong_number_or_ward(city: City, client: Client) -> None:
    page = send(client, FIRE, phone="12", place="chỗ cầu vượt")
    case = Case.objects.get()
    assert case.in_danger and case.contact is None and "chỗ cầu vượt" in case.address
    assert case.links.get().interaction.address == "12"
    assert "Gọi 114 ngay" in page


def test_after_sending_the_number_stands_first_and_no_date_is_promised(city: City, client: Client) -> None:
    page = send(client, FIRE)
    assert Case.objects.get().in_danger
    assert "Gọi 114 ngay" in page and "Người trực của thành phố đang được báo" in page
    assert "Hạn trả lời" not in page

    follow = client.get(f"/p/{Case.objects.get().code}/").content.decode()
    assert "đang được báo" in follow and "Hạn trả lời" not in follow and "chậm nhất" not in follow


def test_an_ordinary_case_has_its_date(city: City, client: Client) -> None:
    page = send(client, "Đèn đường ngõ 47 Lê Lai hỏng")
    assert "Hạn trả lời" in page and "Gọi 114 ngay" not in page


def test_whoever_ticks_urgent_is_believed(city: City, client: Client) -> None:
    page = send(client, "Có chuyện ở ngõ 5, không tiện nói", urgent="1")
    case = Case.objects.get()
    assert case.in_danger and case.urgent
    assert "114 cứu hỏa" in page and "đang được báo" in page


def test_the_quiet_line_stands_on_every_page(city: City, client: Client) -> None:
    for path in ("/", "/phan-anh/", "/tim/?q=khai+sinh", "/tra-cuu/", "/tra-loi/"):
        page = client.get(path, follow=True).content.decode()
        assert all(f'href="tel:{number}"' in page for number in (111, 113, 114, 115)), path


def test_the_box_answers_danger_with_the_number_and_no_procedure(knowing: City, client: Client) -> None:
    page = client.post("/tim/", {"q": "tôi không muốn sống nữa, tôi đã uống hết lọ thuốc"}).content.decode()
    assert 'href="tel:115"' in page and "khai tử" not in page.lower() and "Chưa có câu trả lời sẵn" not in page
    suggested = client.post("/tim/goi-y/", {"q": "tôi không muốn sống nữa, tôi đã uống thuốc"}).json()
    assert suggested["answers"] == [] and "115" in suggested["danger"]


def test_a_life_goes_before_secrecy_a_denunciation_in_danger_rings_and_promises_no_date(
    city: City, client: Client
) -> None:
    page = send(client, "Giám đốc công ty nhốt mười công nhân trong kho, kho đang cháy, họ kêu cứu")
    case = Case.objects.get()
    assert case.confidential and case.urgent and case.in_danger
    assert "Gọi 114 ngay" in page and "đang được báo" in page and "Hạn trả lời" not in page


@pytest.mark.parametrize("text", ["chi con nuoc nhay lau", "con ko dam noi voi me, chu hay so vao nguoi con"])
def test_no_date_stands_on_any_page_of_one_who_may_not_live_to_see_it(city: City, client: Client, text: str) -> None:
    before, after = send(client, text, keep="1"), send(client, text)
    for page in (before, after, client.get(f"/p/{Case.objects.get().code}/").content.decode()):
        assert "Hạn trả lời" not in page and "chậm nhất" not in page.lower()


def test_a_child_that_cannot_ring_is_shown_no_number_to_tap_and_is_asked_where_it_is(
    city: City, client: Client
) -> None:
    page = send(client, "chú hay sờ vào người con, con không gọi được")
    assert "Bạn đang ở đâu?" in page and 'btn act" href="tel:111"' not in page and "gọi ngay các số trên" not in page
