"""A supervisor changes what callers hear; a recording is heard before it is used, and one goes back to the one before."""

from __future__ import annotations

import io
import math
import shutil
import struct
import wave
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.channels.voice.asterisk.exchange import exchange
from tongdai.channels.voice.menu.menu import write_the_usual_one
from tongdai.channels.voice.models import Prompt, Step, Take
from tongdai.channels.voice.speech import prompt_recordings, studio_import

PAGE = "/ban/loi-may/loi/goodbye/vi/"

reads_sounds = pytest.mark.skipif(
    not (exchange().is_installed() or shutil.which("sox")), reason="no sox here: tongdai exchange install"
)


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "kept"}}
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def spoken(seconds: float = 1.0, hertz: int = 300, loud: float = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        most = int(16000 * seconds)
        samples = (round(loud * math.sin(2 * math.pi * hertz * n / 16000)) for n in range(most))
        file.writeframes(b"".join(struct.pack("<h", max(-32768, min(32767, sample))) for sample in samples))
    return out.getvalue()


def send(client: Client, content: bytes, *, page: str = PAGE, name: str = "x.wav") -> str:
    response = client.post(f"{page}thu/", {"recording": SimpleUploadedFile(name, content)}, follow=True)
    return str(response.content.decode())


def test_an_announcement_is_switched_on_and_off(city: City) -> None:
    write_the_usual_one()
    client = signed_in(city.coordinator)
    assert "Đã bật" in client.post("/ban/loi-may/buoc/notice/", follow=True).content.decode()
    assert Step.objects.get(code="notice").active
    client.post("/ban/loi-may/buoc/notice/")
    assert not Step.objects.get(code="notice").active
    assert client.post("/ban/loi-may/buoc/greeting/").status_code == 404  # no branch can be switched off by mistake


def test_other_words_are_kept_and_none_are_refused(city: City) -> None:
    client = signed_in(city.coordinator)
    client.post(PAGE, {"text": "Cảm ơn ông bà."})
    assert Prompt.objects.get(code="goodbye", language="vi").text == "Cảm ơn ông bà."
    page = client.post(PAGE, {"text": "x" * 601})
    assert page.status_code == 422 and "nhiều nhất 600 chữ" in page.content.decode()
    assert client.post(PAGE, {"text": " "}).status_code == 422
    assert client.post("/ban/loi-may/loi/number-21/vi/", {"text": "hai mốt"}).status_code == 404  # a figure is a figure


def test_a_call_taker_hears_it_and_changes_nothing(city: City) -> None:
    client = signed_in(city.staff(Role.CALL_TAKER, "Ai đó"))
    for address in ("/ban/loi-may/", PAGE, "/ban/loi-may/to-thu/", "/ban/loi-may/nhieu-tep/", f"{PAGE}may/"):
        assert client.get(address).status_code == 403
    for address in (f"{PAGE}thu/", f"{PAGE}dung/", "/ban/loi-may/dung-het/", "/ban/loi-may/nhieu-tep/"):
        assert client.post(address).status_code == 403


@reads_sounds
def test_a_recording_is_heard_before_it_is_used_and_one_goes_back(city: City) -> None:
    client, row = signed_in(city.coordinator), lambda: Prompt.objects.get(code="goodbye", language="vi")
    assert "Dùng bản này" in send(client, spoken())
    first = Take.objects.get()
    assert row().recording == ""  # callers hear the machine still
    assert "có bản mới chưa dùng" in client.get("/ban/loi-may/").content.decode()
    heard = client.get(f"/ban/loi-may/ban-thu/{first.pk}/")
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)

    client.post(f"{PAGE}dung/", {"take": first.pk})
    assert row().recording == first.file
    send(client, spoken(hertz=500))
    second = Take.objects.exclude(pk=first.pk).get()
    assert row().recording == first.file
    client.post(f"{PAGE}dung/", {"take": second.pk})
    assert row().recording == second.file
    assert "Quay lại bản này" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}dung/", {"take": first.pk})
    assert row().recording == first.file
    client.post(f"{PAGE}dung/", {"take": ""})
    assert row().recording == "" and Take.objects.count() == 2
    assert client.post(f"{PAGE}dung/", {"take": "999999"}).status_code == 404


@reads_sounds
def test_what_is_wrong_with_a_recording_is_said(city: City) -> None:
    client = signed_in(city.coordinator)
    assert "Tiếng quá nhỏ" in send(client, spoken(loud=300))
    assert "Tiếng bị vỡ" in send(client, spoken(loud=90_000))
    assert "Không nghe thấy tiếng nói" in send(client, spoken(loud=5))
    assert "Bản thu dài 30 giây" in send(client, spoken(seconds=30))
    assert "không phải tiếng nói" in send(client, b"this is no sound")
    assert "Chưa chọn tệp" in client.post(f"{PAGE}thu/").content.decode()
    assert Take.objects.count() == 2


@reads_sounds
def test_words_changed_after_the_recording_are_told(city: City) -> None:
    client = signed_in(city.coordinator)
    send(client, spoken())
    client.post(f"{PAGE}dung/", {"take": Take.objects.get().pk})
    page = client.post(PAGE, {"text": "Chào ông bà."}, follow=True).content.decode()
    assert "Người gọi vẫn nghe bản thu" in page and "Lúc thu, lời là: “Cảm ơn, xin chào.”" in page
    assert "lời đã đổi sau khi thu" in client.get("/ban/loi-may/").content.decode()


def test_the_list_names_every_text_with_its_state_and_its_file(city: City) -> None:
    page = signed_in(city.coordinator).get("/ban/loi-may/").content.decode()
    texts = prompt_recordings.texts()
    assert len(texts) > 300 and f"0 trong {len(texts)} lời có giọng người" in page
    for text in texts:
        assert f"<code>{text.file_name}</code>" in page
    assert "chưa thu" in page and "hai mươi mốt" in page
    sheet = signed_in(city.coordinator).get("/ban/loi-may/to-thu/").content.decode()
    assert all(text.file_name in sheet for text in texts)


@reads_sounds
def test_a_studios_zip_is_taken_file_by_file_and_used_when_all_were_heard(city: City) -> None:
    client = signed_in(city.coordinator)
    files = {
        "thu/greeting.vi.wav": spoken(2), "thu/number-21.vi.WAV": spoken(1, 400), "thu/number-21.en.wav": b"no sound",
        "thu/chao.vi.wav": spoken(), "__MACOSX/thu/._greeting.vi.wav": b"x", "../../greeting.en.wav": spoken(2, 600),
    }  # fmt: skip
    page = client.post("/ban/loi-may/nhieu-tep/", {"archive": packed(files)}).content.decode()
    assert "Đã giữ 3 bản thu" in page and "chao.vi.wav" in page and "number-21.en.wav" in page
    assert not Prompt.objects.exclude(recording="").exists()
    again = client.post("/ban/loi-may/nhieu-tep/", {"archive": packed(files)}).content.decode()
    assert "Đã giữ 3 bản thu" in again and Take.objects.count() == 3
    client.post("/ban/loi-may/dung-het/")
    used = set(Prompt.objects.exclude(recording="").values_list("code", "language"))
    assert used == {("greeting", "vi"), ("number-21", "vi"), ("greeting", "en")}
    assert all(default_storage.exists(take.file) for take in Take.objects.all())


def test_a_hostile_zip_is_refused_in_words(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(city.coordinator)

    def said(file: SimpleUploadedFile) -> str:
        response = client.post("/ban/loi-may/nhieu-tep/", {"archive": file})
        assert response.status_code == 422
        return str(response.content.decode())

    assert "không phải ZIP" in said(SimpleUploadedFile("x.zip", b"PK\x03\x04 nothing"))
    assert "quá nhiều" in said(packed({f"number-{n}.vi.wav": b"" for n in range(studio_import.MOST_FILES + 1)}))
    monkeypatch.setattr(studio_import, "MOST_UNPACKED", 1_000_000)
    bomb = packed({"greeting.vi.wav": bytes(2_000_000)})
    assert len(bomb) < 10_000 and "quá nhiều" in said(bomb)
    assert not Take.objects.exists()


def packed(files: dict[str, bytes]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(name, content)
    return SimpleUploadedFile("thu.zip", out.getvalue())
