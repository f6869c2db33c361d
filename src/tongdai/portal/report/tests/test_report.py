"""A citizen reports something: sent once, kept whatever goes wrong, photos without their secrets."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.city import City
from tongdai.cases.models import Attachment, Case

pytestmark = pytest.mark.django_db
FORM = {"text": "Nắp cống ngõ 61 Tam Bạc vỡ", "phone": "0904 123 318", "visibility": "private", "key": "k" * 22}


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def photo(name: str = "anh.jpg", *, size: tuple[int, int] = (800, 600)) -> SimpleUploadedFile:
    """A picture as a phone makes it: turned on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned
    exif[0x010F] = "Máy của bà Nhạn"
    exif.get_ifd(0x8825)[2] = (20.0, 51.0, 30.0)  # GPS latitude
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def send(client: Client, **fields: object):
    return client.post("/phan-anh/", FORM | fields)


def test_a_report_becomes_a_case_and_the_code_stands_on_the_next_page(city: City, client: Client) -> None:
    answer = send(client, place="phuong le chan", landmark="Đầu ngõ")
    case = Case.objects.get()
    assert answer.status_code == 303 and case.code in answer["Location"]
    assert (case.place, case.address) == (city.places["Lê Chân"], "Đầu ngõ")
    page = client.get(answer["Location"]).content.decode()
    assert f"{case.code[:4]}\u00a0{case.code[4:8]}" in page and "thứ" in page


def test_a_form_sent_without_files_is_taken_as_well(city: City, client: Client) -> None:
    fields = urlencode(FORM)
    answer = client.post("/phan-anh/", fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303 and Case.objects.count() == 1


def test_a_double_click_is_the_same_case_and_changed_words_are_another(city: City, client: Client) -> None:
    first, second = send(client), send(client)
    assert Case.objects.count() == 1 and "lai=1" in second["Location"]
    third = send(client, text="Nắp cống ngõ 61 vỡ to hơn")
    assert Case.objects.count() == 2 and "moi=1" in third["Location"]
    assert first["Location"].split("&")[0] != third["Location"].split("&")[0]


def test_a_stale_form_comes_back_with_everything_kept_the_photos_too_and_a_fresh_token(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/phan-anh/")
    back = send(client, photos=[photo()], csrfmiddlewaretoken="x" * 64, landmark="Đầu ngõ")
    page = back.content.decode()
    assert back.status_code == 403 and Case.objects.count() == 0
    assert "Nắp cống ngõ 61 Tam Bạc vỡ" in page and "Đầu ngõ" in page and "0904 123 318" in page
    [ticket] = re.findall(r'name="kept" value="([^"]+)"', page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    done = send(client, kept=ticket, csrfmiddlewaretoken=token[1], landmark="Đầu ngõ")
    assert done.status_code == 303 and Case.objects.get().attachments.count() == 1


def test_a_photo_is_drawn_anew_upright_without_place_and_maker(city: City, client: Client) -> None:
    send(client, photos=[photo()])
    kept = Attachment.objects.get()
    with default_storage.open(kept.file) as file:
        raw = file.read()
    picture = Image.open(io.BytesIO(raw))
    assert (kept.width, kept.height) == picture.size == (600, 800)
    assert not picture.getexif() and "Nhạn".encode() not in raw


@pytest.mark.parametrize("content", [b"", b"not a photo", b"\xff\xd8\xff\xe0broken", b"<svg onload=alert(1)>"])
def test_a_photo_that_is_none_is_told_and_the_words_and_other_photos_stay(
    city: City, client: Client, content: bytes
) -> None:
    bad = SimpleUploadedFile("virus.jpg", content or b"\0", content_type="image/jpeg")
    back = send(client, photos=[photo(), bad])
    page = back.content.decode()
    assert back.status_code == 422 and Case.objects.count() == 0
    assert "virus.jpg" in page and "Nắp cống" in page and page.count('name="kept"') == 1


def test_a_photo_of_fifty_megabytes_is_told_and_the_words_stay(city: City, client: Client) -> None:
    heavy = SimpleUploadedFile("to.jpg", b"\xff\xd8" + b"0" * 50_000_000, content_type="image/jpeg")
    back = send(client, photos=[heavy])
    assert back.status_code == 422
    assert "to.jpg" in back.content.decode() and "Nắp cống" in back.content.decode()


def test_a_photo_is_shown_to_those_alone_who_may_see_its_case(city: City, client: Client) -> None:
    there = send(client, photos=[photo()])["Location"]
    code = Case.objects.get().code
    assert code in there
    [address] = re.findall(r'src="(/anh/\d+/)"', client.get(f"/p/{code}/").content.decode())
    mine = client.get(address)
    assert mine.status_code == 200 and "private" in mine["Cache-Control"]
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("phone", "says"),
    [("091 234 567", "9"), ("1022", "1022"), ("abc", "0912"), ("", "điện thoại"), ("0123456789012", "13")],
)
def test_a_number_that_cannot_be_is_told_what_is_wrong_and_all_is_kept(
    city: City, client: Client, phone: str, says: str
) -> None:
    back = send(client, phone=phone, name="Thuyên")
    page = back.content.decode()
    assert back.status_code == 422 and Case.objects.count() == 0
    assert says in page and "Thuyên" in page and "Nắp cống" in page


def test_no_words_no_case(city: City, client: Client) -> None:
    assert send(client, text=" \u200b ").status_code == 422 and Case.objects.count() == 0


def test_too_many_words_are_told_and_kept(city: City, client: Client) -> None:
    back = send(client, text="a" * 10_001)
    assert back.status_code == 422 and "a" * 10_001 in back.content.decode()


def test_hostile_and_strange_texts_are_kept_as_said_and_shown_as_text(city: City, client: Client) -> None:
    evil = '<script>alert("x")</script>'
    nfd = unicodedata.normalize("NFD", "Hải Phòng ngập")
    for number, text in enumerate((evil, "🚑 cứu 🚑", nfd, "\u202eđảo ngược\u202c")):
        send(client, text=text, name=evil, landmark=evil, key=f"{number:022d}")
    texts = set(Case.objects.values_list("text", flat=True))
    assert texts == {evil, "🚑 cứu 🚑", "Hải Phòng ngập", "đảo ngược"}
    case = Case.objects.get(text=evil)
    assert evil not in client.get(f"/p/{case.code}/").content.decode()


def test_an_anonymous_report_keeps_no_number_and_no_name(city: City, client: Client) -> None:
    send(client, visibility="anonymous", phone="0904123318", name="Thuyên")
    case = Case.objects.get()
    assert case.contact is None and case.visibility == "anonymous"


def test_broken_utf8_is_taken_as_far_as_it_can_be_read(city: City, client: Client) -> None:
    body = b"text=Rac%FF%FE%20day&phone=0904123318&visibility=private&key=" + b"k" * 22
    answer = client.post("/phan-anh/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303 and Case.objects.get().text.startswith("Rac")


def test_english_is_one_click_away(city: City, client: Client) -> None:
    client.get("/ngon-ngu/en/?ve=/phan-anh/")
    page = client.get("/phan-anh/").content.decode()
    assert 'lang="en"' in page and "What is the matter?" in page


def test_pages_for_everyone_need_no_session_and_few_queries(
    city: City, client: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(6):
        for page in ("/", "/phan-anh/", "/tra-cuu/", "/quy-tac/", "/tro-nang/"):
            answer = client.get(page)
            assert answer.status_code == 200 and "sessionid" not in answer.cookies
