"""The call taker's form, and those to be rung back."""

from __future__ import annotations

import hashlib
import os
import zipfile
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.accounts.models import User
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.voice.models import Call, Callback, Recording
from tongdai.channels.voice.recordings import encrypted_files
from tongdai.channels.voice.records import call_records
from tongdai.people.models import Channel, Contact
from tongdai.platform.clock import now
from tongdai.platform.files import storage

CALL = {"key": "k" * 32, "phone": "0912 345 678", "text": "Đèn đường ngõ 47 hỏng cả tuần"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_number_typed_shows_who_it_is_and_what_they_brought_before(city: City) -> None:
    city.case("Rác tràn ra hè phố", phone="+84912345678", name="Bà Nhạn", channel=Channel.SMS, proven=True)
    city.case("Ai đó gõ số này vào cổng", phone="+84912345678")
    page = signed_in(city.call_taker).post("/ban/goi/ai/", {"phone": "0912.345.678"}).content.decode()
    assert "Bà Nhạn" in page
    assert "Rác tràn ra hè phố" in page
    assert "Ai đó gõ" not in page


def test_a_saved_call_leads_to_the_code_to_read_out(city: City) -> None:
    saved = signed_in(city.call_taker).post("/ban/goi/", CALL, follow=True)
    case = Case.objects.get()
    assert (case.channel, case.contact) == (Channel.VOICE, Contact.objects.get(phone="+84912345678"))
    assert f"{case.code[:4]}\u00a0{case.code[4:8]}" in saved.content.decode()


def test_a_double_click_saves_one_case_and_changed_words_another(city: City) -> None:
    client = signed_in(city.call_taker)
    client.post("/ban/goi/", CALL)
    twice = client.post("/ban/goi/", CALL, follow=True).content.decode()
    assert "không có phiếu thứ hai" in twice
    assert Case.objects.count() == 1
    client.post("/ban/goi/", CALL | {"text": "Nước chảy tràn đường"})
    assert Case.objects.count() == 2


def test_a_wrong_number_keeps_everything_else_that_was_typed(city: City) -> None:
    page = signed_in(city.call_taker).post("/ban/goi/", CALL | {"phone": "12"})
    assert page.status_code == 422
    assert CALL["text"] in page.content.decode()
    assert not Case.objects.exists()


def test_who_phoned_is_rung_back_and_told_the_answer(city: City) -> None:
    case = city.answered(channel=Channel.VOICE, phone="+84912345678", proven=True, answer_text="Đã thay bóng đèn.")
    notify_citizen(event_id=case.events.get(action="answer").pk)
    callback = Callback.objects.get()
    client = signed_in(city.call_taker)
    assert "Đã thay bóng đèn." in client.get(f"/ban/goi-lai/{callback.pk}/").content.decode()

    client.post(f"/ban/goi-lai/{callback.pk}/ket-qua/", {"result": "reached"})

    callback.refresh_from_db()
    assert callback.state == Callback.State.REACHED
    page = signed_in(city.coordinator).get(f"/ban/phieu/{case.code}/").content.decode()
    assert "gặp được, đã đọc cho họ nghe" in page  # whatever it was: an answer, or a question
    late = client.post(f"/ban/goi-lai/{callback.pk}/ket-qua/", {"result": "reached"})
    assert late.status_code == 409


def test_an_officer_takes_no_calls(city: City) -> None:
    page = signed_in(city.officer(HONG_BANG)).get("/ban/goi/")
    assert page.status_code == 403
    assert "không dành cho vai trò" in page.content.decode()


def test_a_denunciation_is_written_down_and_its_code_read_out_though_it_cannot_be_opened(
    city: City, client: Client
) -> None:
    client.force_login(city.call_taker)
    said = {"key": "k" * 20, "text": "Tôi tố cáo cán bộ nhận hối lộ", "phone": "0904123318"}
    saved = client.post("/ban/goi/", said, follow=True)
    case = Case.objects.get()
    assert saved.status_code == 200 and case.confidential
    assert spoken(case.code) in saved.content.decode() and "hối lộ" not in saved.content.decode()
    assert client.get(f"/ban/phieu/{case.code}/").status_code == 404


def test_what_a_hidden_number_left_is_heard_and_nobody_is_rung(city: City) -> None:
    call = call_records.came(channel="1.1", number="", dialled="1022").pk
    call_records.ended(call, path=["message"], outcome=Call.Outcome.MESSAGE)
    client = signed_in(city.call_taker)
    task = Callback.objects.get()
    page = client.get(f"/ban/goi-lai/{task.pk}/").content.decode()
    assert "không hiện số" in page and "đang được cất" in page and 'value="no_answer"' not in page
    assert "Không hiện số" in client.get("/ban/goi-lai/").content.decode()
    left = Recording.objects.create(
        call_id=call, kind="message", file="x", seconds=9, size=1, sha256="0", made_at=now()
    )
    assert f"/ban/ghi-am/{left.pk}/" in client.get(f"/ban/goi-lai/{task.pk}/").content.decode()
    assert "không hiện số" in client.post(f"/ban/goi-lai/{task.pk}/so/").content.decode()
    assert client.get(f"/ban/goi/?goi-lai={task.pk}").status_code == 200
    assert client.post(f"/ban/goi-lai/{task.pk}/ket-qua/", {"result": "no_answer"}).status_code == 422
    heard = client.post(f"/ban/goi-lai/{task.pk}/ket-qua/", {"result": "reached"}, follow=True)
    assert "đã nghe lời nhắn" in heard.content.decode()
    task.refresh_from_db()
    assert (task.state, task.tries) == (Callback.State.REACHED, 1)


def test_a_message_of_silence_is_told_as_such(city: City) -> None:
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022").pk
    call_records.ended(call, path=["message"], outcome=Call.Outcome.MESSAGE)
    Recording.objects.create(
        call_id=call, kind="message", file="x", seconds=9, size=1, sha256="0", silent=True, made_at=now()
    )
    client = signed_in(city.call_taker)
    assert "lời nhắn im lặng" in client.get("/ban/goi-lai/").content.decode()
    page = client.get(f"/ban/goi-lai/{Callback.objects.get().pk}/").content.decode()
    assert "Không nghe thấy tiếng nói" in page


def test_an_encrypted_recording_is_heard_in_any_part_and_handed_out_as_it_was(
    city: City, tmp_path: Path, settings
) -> None:
    settings.STORAGES = settings.STORAGES | {"default": storage.default(str(tmp_path / "stored"), home=tmp_path)}
    said = os.urandom(150_000)
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.ended(call.pk, path=[], outcome=Call.Outcome.ANSWERED)
    name, key = encrypted_files.save("recordings/2022/02/14/1-talk", ContentFile(said))
    made = Recording.objects.create(
        call=call, file=name, key=key, seconds=9, size=len(said), sha256=hashlib.sha256(said).hexdigest(), made_at=now()
    )
    client = signed_in(city.coordinator)
    whole = client.get(f"/ban/ghi-am/{made.pk}/")
    assert (whole.status_code, whole["Content-Length"], b"".join(whole.streaming_content)) == (200, "150000", said)
    for asked, part in {"bytes=0-": said, "bytes=65000-66000": said[65_000:66_001], "bytes=-9": said[-9:]}.items():
        answer = client.get(f"/ban/ghi-am/{made.pk}/", headers={"Range": asked})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, part)
        assert answer["Content-Range"].endswith("/150000")
    assert client.get(f"/ban/ghi-am/{made.pk}/", headers={"Range": "bytes=150000-"}).status_code == 416
    packed = zipfile.ZipFile(BytesIO(client.get(f"/ban/ghi-am/{made.pk}/tai/").content))
    assert packed.read(packed.namelist()[0]) == said

    Recording.objects.update(key="0" * 16)
    (storage.folder() / name).write_bytes(b"x" * 21 + b"0" * 16 + b"x" * 40)  # of a key that isn't here
    assert client.get(f"/ban/ghi-am/{made.pk}/").status_code == 503
