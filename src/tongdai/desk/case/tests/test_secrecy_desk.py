"""A denunciation on the desk: the doubt with its two buttons, marking with one key, naming, recalling."""

from __future__ import annotations

from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, City, doubtful
from tests.reading import read
from tongdai.accounts.models import User
from tongdai.audit.models import Entry, Kind
from tongdai.cases.models import Attachment, Case
from tongdai.cases.states import State
from tongdai.people.models import Channel

PART = {"HX-Request": "true"}
SURE = "Tôi tố cáo ông trưởng phòng lấy đất công"
LOUD = "Loa kéo hát to đến nửa đêm"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, case: Case) -> str:
    return read(client.get(f"/ban/phieu/{case.code}/", headers=PART))


def test_a_doubt_stands_before_all_else_and_no_agency_is_offered(city: City) -> None:
    case = city.case(doubtful(), topic="waste", place="Hồng Bàng", channel=Channel.SMS)
    client = signed_in(city.coordinator)
    page = page_of(client, case)
    assert "Có thể là tố cáo" in page and "Là tố cáo" in page and "Không phải" in page
    assert HONG_BANG not in page and 'data-key="c"' not in page
    assert "chỉ thanh tra xem được phiếu" in page
    refused = client.post(f"/ban/phieu/{case.code}/chuyen/", {"agency": city.agencies[HONG_BANG].pk, "note": "Gấp"})
    assert refused.status_code == 409 and "Gấp" in refused.content.decode()
    client.post(f"/ban/phieu/{case.code}/da-xem/")
    assert HONG_BANG in page_of(client, case)


def test_others_see_that_there_is_a_doubt_and_have_no_say(city: City) -> None:
    case = city.case(doubtful())
    client = signed_in(city.call_taker)
    page = page_of(client, case)
    assert "điều phối viên xem rồi mới chuyển" in page and "/da-xem/" not in page
    assert client.post(f"/ban/phieu/{case.code}/da-xem/").status_code == 409


def test_one_key_opens_what_will_be_so_and_afterwards_nothing_is_left_but_where_it_went(city: City) -> None:
    case = city.case(LOUD, lead=HONG_BANG, accepted=True)
    for user in (city.officer(HONG_BANG),):
        client = signed_in(user)
        assert 'data-key="t"' in page_of(client, case)
        before = client.get(f"/ban/phieu/{case.code}/danh-dau/", headers=PART).content.decode()
        assert "chỉ thanh tra xem được phiếu: bạn, cơ quan đang giữ" in before
        after = client.post(f"/ban/phieu/{case.code}/danh-dau/", headers=PART).content.decode()
        assert "Đã chuyển thanh tra." in after
        assert not any(words in after for words in (case.code, case.text, HONG_BANG))
        assert client.get(f"/ban/phieu/{case.code}/").status_code == 404
        assert case.code not in client.get("/ban/").content.decode()


def test_what_was_read_before_stays_on_record(city: City) -> None:
    case = city.case(LOUD, lead=HONG_BANG)
    signed_in(city.coordinator).post(f"/ban/phieu/{case.code}/hien-so/")
    signed_in(city.officer(HONG_BANG)).post(f"/ban/phieu/{case.code}/danh-dau/")
    assert Entry.objects.get(kind=Kind.READ, case_code=case.code).by == city.coordinator.pk


def test_an_open_tab_that_asks_again_is_told_that_there_is_none_and_drops_its_draft(city: City) -> None:
    case = city.case(LOUD, lead=HONG_BANG, accepted=True)
    officer = signed_in(city.officer(HONG_BANG))
    signed_in(city.coordinator).post(f"/ban/phieu/{case.code}/danh-dau/")
    for asked in (officer.get(f"/ban/phieu/{case.code}/", headers=PART), officer.get(f"/ban/phieu/{case.code}/")):
        assert asked.status_code == 404
        assert f'data-draft-gone="{case.code}"' in asked.content.decode()
        assert asked.headers["Cache-Control"] == "private, no-store"
    late = officer.post(f"/ban/phieu/{case.code}/tra-loi/", {"text": "Đã dọn."}, headers=PART)
    assert late.status_code == 404 and not case.answers.exists()


def test_a_photo_seen_before_is_in_no_cache(city: City, tmp_path, settings) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    case = city.case(LOUD)
    name = default_storage.save("t/seen.jpg", ContentFile(b"x"))
    photo = Attachment.objects.create(
        case=case, file=name, content_type="image/jpeg", size=1, width=1, height=1, sha256="0" * 64,
        created_at=case.received_at,
    )  # fmt: skip
    client = signed_in(city.coordinator)
    assert "no-store" in client.get(f"/ban/anh/{photo.pk}/").headers["Cache-Control"]
    client.post(f"/ban/phieu/{case.code}/danh-dau/")
    assert client.get(f"/ban/anh/{photo.pk}/").status_code == 404


def test_the_inspector_names_sends_and_recalls_and_is_offered_nobody_who_may_not_get_it(city: City) -> None:
    case = city.case(SURE, place="Hồng Bàng")
    client = signed_in(city.inspector)
    assert "chưa ghi" in page_of(client, case)
    choices = client.get(f"/ban/phieu/{case.code}/lien-quan/", headers=PART).content.decode()
    assert HONG_BANG in choices and "Người hay nơi khác" in choices
    assert client.post(f"/ban/phieu/{case.code}/lien-quan/", {}).status_code == 422
    assert client.post(f"/ban/phieu/{case.code}/lien-quan/", {"denounced": "999999"}).status_code == 422
    client.post(f"/ban/phieu/{case.code}/lien-quan/", {"denounced": city.agencies[HONG_BANG].pk})
    assert f"<dd>{HONG_BANG}</dd>" in page_of(client, case)
    offered = client.get(f"/ban/phieu/{case.code}/chuyen/", headers=PART).content.decode()
    assert INSPECTORATE in offered and f"<span>{HONG_BANG}</span>" not in offered
    assert client.post(f"/ban/phieu/{case.code}/chuyen/", {"agency": city.agencies[HONG_BANG].pk}).status_code == 409
    client.post(f"/ban/phieu/{case.code}/chuyen/", {"agency": city.agencies[INSPECTORATE].pk})
    assert 'data-key="h"' in page_of(client, case)
    client.post(f"/ban/phieu/{case.code}/lay-lai/")
    case.refresh_from_db()
    assert (case.state, case.lead) == (State.HANDED_BACK, None)
    assert f"Thu hồi từ {INSPECTORATE}" in page_of(client, case)


def test_the_body_it_was_sent_to_isnt_told_whom_the_inspectorate_named(city: City) -> None:
    city.agencies[HONG_BANG].handles_denunciations = True
    city.agencies[HONG_BANG].save()
    from tests.city import LE_CHAN, forget_snapshots

    forget_snapshots()
    case, inspector = city.case(SURE), signed_in(city.inspector)
    inspector.post(f"/ban/phieu/{case.code}/lien-quan/", {"denounced": city.agencies[LE_CHAN].pk})
    inspector.post(f"/ban/phieu/{case.code}/chuyen/", {"agency": city.agencies[HONG_BANG].pk})
    page = page_of(signed_in(city.officer(HONG_BANG)), case)
    assert case.text in page and LE_CHAN not in page and "Bị tố cáo" not in page


def test_who_gave_it_by_telephone_is_rung_back_by_the_inspectorate_alone(city: City) -> None:
    from tongdai.cases.actions.accept import accept
    from tongdai.cases.actions.answer import answer
    from tongdai.cases.actor import Actor
    from tongdai.channels.notifications.notify import notify_citizen

    case, by = (
        city.case(SURE, channel=Channel.VOICE, lead=INSPECTORATE, phone="+842253842123"),
        Actor.staff(city.inspector),
    )
    case = answer(accept(case, by=by, at=case.received_at), by=by, text="Đã kết luận.", at=case.received_at)
    notify_citizen(event_id=case.events.last().pk)
    assert (
        "đã có câu trả lời"
        in signed_in(city.inspector).get(f"/ban/goi-lai/{case.callbacks.get().pk}/").content.decode()
    )
    assert signed_in(city.call_taker).get(f"/ban/goi-lai/{case.callbacks.get().pk}/").status_code == 404


def test_the_administrator_says_who_handles_denunciations(city: City) -> None:
    client = signed_in(city.admin)
    chosen = [city.agencies[INSPECTORATE].pk, city.agencies[HONG_BANG].pk]
    assert "Đã lưu." in client.post("/ban/cai-dat/co-quan-to-cao/", {"agency": chosen}).content.decode()
    city.agencies[HONG_BANG].refresh_from_db()
    assert city.agencies[HONG_BANG].handles_denunciations
    table = client.get("/ban/cai-dat/xuat/agencies.csv").content.decode()
    assert "handles_denunciations" in table.splitlines()[0]
    assert any(HONG_BANG in line and "có" in line for line in table.splitlines())
    client.post("/ban/cai-dat/co-quan-to-cao/", {"agency": [chosen[0]]})
    city.agencies[HONG_BANG].refresh_from_db()
    assert not city.agencies[HONG_BANG].handles_denunciations
