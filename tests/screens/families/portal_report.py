"""The report form, and the page with the code after it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page

from tests.city import doubtful
from tests.screens.states import There, state
from tests.screens.world import LONG_NAME, LONG_TEXT, UNBROKEN, photo
from tongdai.knowledge.models import Procedure
from tongdai.portal.follow.number import strangers

FORM = {"text": "Nắp cống ngõ 61 Tam Bạc vỡ", "phone": "0904 123 318", "visibility": "private", "key": "k" * 22}


@state("portal:report", "empty", empty=True)
def report(there: There) -> str:
    return reverse("portal:report")


@state("portal:report", "from a question")
def question(there: There) -> str:
    return reverse("portal:report") + "?vi=question"


@state("portal:report", "asked from a procedure", words="kèm theo mục đang đọc")
def from_a_procedure(there: There) -> str:
    return reverse("portal:report") + f"?vi=question&about={Procedure.objects.order_by('pk')[0].answer_key}"


@state("portal:report", "nothing filled in", status=422, words="Chưa gửi được")
def nothing_filled_in(there: There) -> HttpResponse:
    return _sent(there, text="", phone="12")


@state("portal:report", "long words and photos in error", status=422)
def long_words(there: There) -> HttpResponse:
    photos = [SimpleUploadedFile(f"anh-{n}.jpg", photo((1600, 1200), n), "image/jpeg") for n in range(2)]
    files = [*photos, SimpleUploadedFile("không phải ảnh " + "x" * 60 + ".jpg", b"x" * 900, "image/jpeg")]
    return _sent(there, text=f"{LONG_TEXT} {UNBROKEN}", phone="09", name=LONG_NAME, place="x" * 80, photos=files)


@state("portal:report", "asked whether it denounces", words="Việc này có tố cáo một người hay cơ quan không?")
def doubt_while_typing(there: There) -> str:
    there.then(lambda page: page.locator("textarea[name=text]").press_sequentially(doubtful()))
    there.then(lambda page: page.get_by_text("Việc này có tố cáo").wait_for())
    return reverse("portal:report")


@state("portal:report", "danger while typing", words="115")
def danger_while_typing(there: There) -> str:
    there.then(lambda page: page.locator("textarea[name=text]").press_sequentially("Nhà đang cháy, có người kẹt"))
    there.then(lambda page: page.locator("[data-danger], .danger-now").first.wait_for())
    return reverse("portal:report")


@state("portal:report", "wards that a name may mean", words="Phường Lê Chân")
def wards(there: There) -> str:
    there.then(lambda page: page.locator("input[name=place]").press_sequentially("le ch"))
    there.then(lambda page: page.get_by_text("Phường Lê Chân").first.wait_for())
    return reverse("portal:report")


@state("portal:report", "a draft taken back", words="Lời bạn viết dở đã được lấy lại")
def draft(there: There) -> str:
    def come_back(page: Page) -> None:
        page.fill("#text", LONG_TEXT)
        page.goto(page.url)
        page.get_by_text("Lời bạn viết dở").wait_for()

    there.then(come_back)
    return reverse("portal:report")


@state("portal:report", "no network", words="Máy đang mất mạng")
def no_network(there: There) -> str:
    def send(page: Page) -> None:
        page.fill("#text", "Nắp cống ngõ 61 Tam Bạc vỡ")
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
        page.click(".send button.main")
        page.get_by_text("Máy đang mất mạng").wait_for()

    there.then(send)
    return reverse("portal:report")


@state("portal:report", "too long in four fields", status=422, words="Chữ bạn gõ vẫn còn")
def too_long(there: There) -> HttpResponse:
    return _sent(there, text=LONG_TEXT * 60, place="x" * 201, landmark="y" * 201, name="z" * 121)


@state("portal:report", "outside the province", words="Vị trí của bạn không thuộc Hải Phòng")
def outside(there: There) -> str:
    def ask(page: Page) -> None:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 20.951, "longitude": 107.08})
        page.get_by_text("Dùng vị trí của tôi").click()
        page.get_by_text("Vị trí của bạn không thuộc").wait_for()

    there.then(ask)
    return reverse("portal:report")


@state("portal:report", "photos chosen")
def photos_chosen(there: There) -> str:
    def choose(page: Page) -> None:
        files: Any = [
            {"name": f"anh-{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(size, n)}
            for n, size in enumerate(((1600, 1200), (900, 1600), (1600, 500)))
        ]
        page.set_input_files("input[type=file]", files)
        page.locator(".shots canvas").nth(2).wait_for()

    there.then(choose)
    return reverse("portal:report")


@state("portal:report", "the same words once more", status=409, words="Bạn vừa gửi lời này rồi")
def sent_twice(there: There) -> HttpResponse:
    _sent(there)
    return _sent(there, key="m" * 22)


@state("portal:sent", "just sent")
def sent(there: There) -> str:
    return _sent(there)["Location"]


@state("portal:sent", "with photos", printed=True)
def sent_with_photos(there: There) -> str:
    files = [SimpleUploadedFile(f"anh-{n}.jpg", photo((1600, 1200), n), "image/jpeg") for n in range(3)]
    return _sent(there, text=LONG_TEXT, photos=files, name=LONG_NAME)["Location"]


@state("portal:sent", "without a number", words="Mã PIN chỉ hiện một lần này", printed=True)
def sent_without_a_number(there: There) -> str:
    return _sent(there, visibility="anonymous")["Location"]


@state("portal:sent", "pin shown already", words="Làm mã PIN mới")
def pin_shown(there: There) -> str:
    address = _sent(there, visibility="anonymous")["Location"]
    there.client.get(address)
    return address


@state("portal:sent", "changed and sent again")
def sent_again(there: There) -> str:
    _sent(there)
    return _sent(there, text="Nắp cống ngõ 61 vỡ to hơn")["Location"]


@state("portal:sent", "asked whether it denounces", words="Việc này có tố cáo một người hay cơ quan không?")
def sent_doubtful(there: There) -> str:
    return _sent(there, text=doubtful())["Location"]


@state("portal:sent", "somebody in danger", words="115")
def sent_in_danger(there: There) -> str:
    return _sent(there, text="Bố tôi là F0, khó thở, tím tái, cần cấp cứu ngay", urgent="1")["Location"]


@state("portal:sent", "number to be proven")
def to_be_proven(there: There) -> str:
    there.set(SMSC="smpp://1022:x@127.0.0.1:2775")
    return _sent(there)["Location"]


@state("portal:number", "asked")
def number(there: There) -> str:
    return _number(there)


@state("portal:number", "code sent")
def code_sent(there: There) -> str:
    address = _number(there)
    there.client.post(address, {"do": "send"})
    return address


@state("portal:number", "wrong code", status=422)
def wrong_code(there: There) -> HttpResponse:
    address = code_sent(there)
    return there.client.post(address, {"digits": "000000"})


@state("portal:number", "enough codes for today", status=429)
def enough(there: There) -> HttpResponse:
    address = _number(there)
    for _time in range(3):
        there.client.post(address, {"do": "send"})
    return there.client.post(address, {"do": "send"})


def _number(there: There) -> str:
    there.set(SMSC="smpp://1022:x@127.0.0.1:2775")
    there.patch.setattr(strangers, "why_no_text", lambda request: "")
    case = there.rows["accepted"]
    there.remember(case)
    return reverse("portal:number", args=[case.code])


def _sent(there: There, **more: Any) -> Any:
    return there.client.post(reverse("portal:report"), FORM | more)
