"""A supervisor changes what callers hear."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.channels.voice.menu import write_the_usual_one
from tongdai.channels.voice.models import Prompt, Step


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_announcement_is_switched_on_and_off(city: City) -> None:
    write_the_usual_one()
    client = signed_in(city.coordinator)
    assert "Đã bật" in client.post("/ban/loi-may/buoc/notice/", follow=True).content.decode()
    assert Step.objects.get(code="notice").active
    client.post("/ban/loi-may/buoc/notice/")
    assert not Step.objects.get(code="notice").active
    assert client.post("/ban/loi-may/buoc/greeting/").status_code == 404  # no branch can be switched off by mistake


def test_other_words_are_kept_and_a_file_that_is_no_sound_is_refused_with_them(city: City) -> None:
    write_the_usual_one()
    client, found = signed_in(city.coordinator), Prompt.objects.get(code="goodbye", language="vi")
    client.post(f"/ban/loi-may/loi/{found.pk}/", {"text": "Cảm ơn ông bà."})
    found.refresh_from_db()
    assert found.text == "Cảm ơn ông bà."
    bad = SimpleUploadedFile("x.wav", b"this is no sound")
    page = client.post(f"/ban/loi-may/loi/{found.pk}/", {"text": "Lời vừa gõ", "recording": bad})
    assert page.status_code == 422 and "Lời vừa gõ" in page.content.decode()
    found.refresh_from_db()
    assert (found.text, found.recording) == ("Cảm ơn ông bà.", "")
    assert client.post(f"/ban/loi-may/loi/{found.pk}/", {"text": " "}).status_code == 422


def test_a_call_taker_hears_it_and_changes_nothing(city: City) -> None:
    assert signed_in(city.staff(Role.CALL_TAKER, "Ai đó")).get("/ban/loi-may/").status_code == 403
