"""Photos have a limit and the disk has an end; words have neither."""

from __future__ import annotations

import errno
import io
import os
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.city import City
from tongdai.cases.models import Attachment, Case
from tongdai.people.models import Contact
from tongdai.portal.report.photos import limit

pytestmark = pytest.mark.django_db

TEXT, FIRE = "Đèn đường hỏng ở Cát Dài", "Cháy nhà, có người mắc kẹt trên tầng ba"


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{__name__}.Disk", "OPTIONS": {"location": tmp_path}}
    }
    Disk.full = False


class Disk(FileSystemStorage):
    """A disk that can be full."""

    full = False

    def _save(self, name: str, content: object) -> str:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return str(super()._save(name, content))


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def send(text: str = TEXT, *, photos: bool = True, by: str = "203.0.113.7", **more: str):  # type: ignore[no-untyped-def]
    fields = {"text": text, "phone": "0912345678"} | ({"photos": photo()} if photos else {}) | more
    return Client(REMOTE_ADDR=by).post("/phan-anh/", fields)


def test_a_network_that_pours_photos_in_is_told_to_wait_its_words_pass_and_nobody_else_waits(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, "MOST", 3)
    assert [send(f"{TEXT} số {number}").status_code for number in range(3)] == [303] * 3

    refused = send("Ổ gà to ở Cát Dài")
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "Ổ gà to ở Cát Dài" in page and "không kèm ảnh" in page and "Lời kể của bạn vẫn còn nguyên" in page
    assert Attachment.objects.count() == 3

    assert send("Ổ gà to ở Cát Dài", photos=False).status_code == 303
    assert send("Rác ở chợ Sắt", by="203.0.113.8").status_code == 303


def test_a_household_of_ipv6_is_one_network(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "MOST", 1)
    assert send(by="2001:db8:1:2::1").status_code == 303
    assert send("Ổ gà", by="2001:db8:1:2:aaaa::9").status_code == 429
    assert send("Rác", by="2001:db8:1:3::1").status_code == 303


def test_somebody_in_danger_is_taken_without_the_photos_that_had_to_wait(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, "MOST", 0)
    taken = send(FIRE)
    assert taken.status_code == 303 and taken.headers["Location"].endswith("&anh=0")
    assert Case.objects.get().text == FIRE


def test_photos_kept_from_an_earlier_try_count_like_new_ones(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    page = send(phone="12").content.decode()
    ticket = page.split('name="kept" value="')[1].split('"')[0]
    monkeypatch.setattr(limit, "MOST", 3)
    tries = [send(f"Việc số {number}", photos=False, kept=ticket).status_code for number in range(3)]
    assert tries == [303, 303, 429]


def test_the_limit_ends_with_its_ten_minutes(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "MOST", 1)
    request = Client(REMOTE_ADDR="203.0.113.7").get("/").wsgi_request
    at = city.at("2022-02-14 08:01")
    assert [limit.comes_too_often(request, at=at) for _ in range(2)] == [False, True]
    assert not limit.comes_too_often(request, at=at + timedelta(minutes=10))


def test_a_full_disk_costs_the_photo_and_keeps_the_words(city: City) -> None:
    Disk.full = True
    answer = send()
    page = answer.content.decode()
    assert answer.status_code == 503 and TEXT in page and "chưa lưu được ảnh" in page
    assert not Case.objects.exists() and not Contact.objects.exists()
    assert send(photos=False).status_code == 303


def test_a_form_with_a_mistake_on_a_full_disk_comes_back_with_its_words(city: City) -> None:
    Disk.full = True
    answer = send(phone="12")
    assert TEXT in answer.content.decode() and answer.status_code == 422


def test_somebody_in_danger_is_taken_though_the_disk_is_full(city: City) -> None:
    Disk.full = True
    taken = send(FIRE)
    assert taken.status_code == 303
    assert Case.objects.get().text == FIRE and not Attachment.objects.exists()
    assert default_storage.listdir("") == ([], [])
