"""Whoever may not open a case reads its words nowhere: every address, as everybody who may not, looked at for its marks.

One case of agency A is full of words that stand nowhere else: in what was told, the name, the place, the notes between staff, the
answer, the article that was begun from it, the call back. A's own people and the coordinator see each of them somewhere, so
that the walk is known to look where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests import starter
from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City, forget_snapshots
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.register import Matter, Photo, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case, Support
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Call, Callback, Recording
from tongdai.channels.voice.records import call_records
from tongdai.desk.tests.walking import World, addresses, body_of, client_of, undone
from tongdai.knowledge.models import Article
from tongdai.people.models import Channel, Contact
from tongdai.platform import clock
from tongdai.platform.live.registry import known_to
from tongdai.portal import citizen

pytestmark = [pytest.mark.django_db, pytest.mark.long(seconds=80)]

PHONE = "+84905771234"
MARKS = {
    "told": "giếng cổ nhà họ Mạc bị lấp bằng xà bần",
    "name": "Quản Thị Nhẫn",
    "place": "sau lò gốm Dưỡng Động",
    "note": "xin đến trước mười bốn giờ gặp tổ trưởng Xuyến",
    "handed_back": "cột này của xí nghiệp thủy nông An Kim",
    "answer": "đã múc hết xà bần và đậy nắp bê tông mác ba trăm",
    "number": "0905\u00a0771\u00a0234",
    "draft": "Giếng công cộng bị lấp thì báo phòng nào",
}
NOT_WALKED = {"desk:sign_out": "ends the session", "handset": "the trial's telephone, in a demo alone"}


@pytest.fixture
def marked(city: City, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Agency A's case, answered, with everything that may hang on one."""
    monkeypatch.setattr(clock, "_turned", clock._Turned(datetime.now(UTC), city.at("2022-02-16 12:00"), 0.0))
    monkeypatch.setattr(clock, "_look_at", float("inf"))
    usual_or_own()
    starter.begin(city.at("2022-02-01 08:00"))
    coordinator, at = Actor.staff(city.coordinator), city.at("2022-02-16 11:00")
    city.case("Đèn đường ngõ 47 hỏng", lead=LE_CHAN, accepted=True, received="2022-02-16 08:00", topic="lighting")
    call = call_records.came(channel="c.marked", number=PHONE, dialled="1022", at=at)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    photo = Photo(file="t/marked.jpg", content_type="image/jpeg", size=1, width=1, height=1, sha256="2" * 64)
    made = register(
        Matter(
            text=f"Cái {MARKS['told']}", channel=Channel.VOICE, phone=PHONE, name=MARKS["name"], proven=True,
            place=city.places["Hồng Bàng"], address=MARKS["place"], topic=city.topics["waste"], photos=(photo,),
        ),
        key="test:marked", by=Actor.staff(city.call_taker), at=at,
    )  # fmt: skip
    case = Case.objects.get(pk=made.case_id)
    call_records.conclude(call, by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=case)
    states.hung_up(city.call_taker.pk)
    call_records.ended(call.pk, path=["wait"], outcome=Call.Outcome.ANSWERED)
    Recording.objects.create(
        call=call, kind=Recording.Kind.TALK, file="t/marked.flac", seconds=9, size=9, sha256="0" * 64, made_at=at,
    )  # fmt: skip
    for file in ("t/marked.flac", "t/marked.jpg"):
        if not default_storage.exists(file):
            default_storage.save(file, ContentFile(b"as it was"))
    case = assign(case, by=coordinator, agency=city.agencies[LIGHTING], at=at)
    case = hand_back(case, by=Actor.staff(city.officer(LIGHTING)), reason=MARKS["handed_back"], competent=None, at=at)
    case = assign(case, by=coordinator, agency=city.agencies[HONG_BANG], note=MARKS["note"], at=at)
    officer = Actor.staff(city.officer(HONG_BANG))
    case = answer(accept(case, by=officer, at=at), by=officer, text=f"Phường {MARKS['answer']}.", at=at)
    for event in case.events.all():
        notify_citizen(event_id=event.pk)
    _article_of(case, city)
    return case


def _article_of(case: Case, city: City) -> None:
    """A's officer begins an article from it, and saves a draft."""
    client = client_of(city.officer(HONG_BANG))
    there = client.post("/ban/kho/hoi-dap/moi/", {"case": case.code}).headers["Location"]
    form = client.get(there).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"question": MARKS["draft"]}
    assert client.post(there, typed).status_code == 302


def _those_who_may_not(city: City) -> dict[str, User | None]:
    return {
        "a stranger": None,
        "an officer of B": city.officer(LE_CHAN),
        "an approver of B": city.staff(Role.APPROVER, "Duyệt Lê Chân", agency=LE_CHAN),
        "an officer of the agency that handed it back": city.officer(LIGHTING),
        "an inspector": city.staff(Role.INSPECTOR, "Thanh tra viên", agency=INSPECTORATE),
        "an administrator": city.admin,
    }


def _those_who_may(city: City) -> dict[str, User | None]:
    return {"its officer": city.officer(HONG_BANG), "the coordinator": city.coordinator}


def _asked_for(case: Case, own: Case | None) -> Iterator[str]:
    """The lists as somebody asks them who knows what to ask for."""
    article = Article.objects.get(key=f"case-{case.pk}").pk
    asked = [case.code, PHONE, *MARKS.values()]
    yield from (f"/ban/tim/?q={quote(each)}" for each in asked)
    yield from (f"/ban/kho/?q={quote(each)}" for each in (MARKS["told"][:60], MARKS["draft"]))
    yield from (f"/ban/?khung={view}" for view in ("answered", "in_progress", "late", "handed_back", "with_agencies"))
    yield from (f"/ban/kho/xuat/{what}/" for what in ("articles", "procedures", "aliases"))
    yield from (f"/ban/goi/?cuoc={call}" for call in Call.objects.values_list("pk", flat=True))
    yield from (f"/ban/nhat-ky/?phieu={case.code}", "/ban/nhat-ky/xuat.csv")
    yield from (f"/bao-cao/?{days}" for days in ("tu=1.2.2022&den=28.2.2022",))
    yield f"/bao-cao/phieu/?tu=1.2.2022&den=28.2.2022&so=nhan&trang=1&q={case.code}"
    yield from (f"/t/{each}" for each in (f"h{article}", f"a{article}"))
    if own is not None:
        yield f"/ban/phieu/{own.code}/tra-loi/?mau=article:{article}"


def _words(case: Case) -> dict[str, str]:
    article = Article.objects.get(key=f"case-{case.pk}").pk
    return {
        "q": MARKS["draft"], "phone": PHONE, "number": PHONE, "so": PHONE, "case": case.code, "code": case.code,
        "ma": case.code, "phieu": case.code, "answer": f"article:{article}", "words": "x", "outcome": "added",
        "result": "reached", "digits": "9999", "kind": "listen", "call": str(Call.objects.latest("pk").pk), "action": "restore",
        "version": "1", "seen": "1.1", "callback": str(Callback.objects.latest("pk").pk),
    }  # fmt: skip


def _walk(who: str, user: User | None, case: Case, own: Case | None) -> Iterator[tuple[str, str]]:
    """(where, what came) of every address, asked and sent to."""
    client, refused, said = client_of(user), set(), _words(case)
    found = [address for _name, address in addresses(World.read(), but=NOT_WALKED)]
    for address in dict.fromkeys([*found, *_asked_for(case, own)]):
        if user and not address.startswith(("/ban/", "/bao-cao/")):
            continue
        route = re.sub(r"\d+", "#", address.split("?")[0])
        for method in ("GET", "POST"):
            if (method, route) in refused:
                continue
            client.cookies.pop(citizen.COOKIE, None)
            with undone():
                response = client.get(address) if method == "GET" else client.post(
                    address, said, headers={"HX-Request": "true"}
                )  # fmt: skip
                body = body_of(response) + response.headers.get("Location", "")
            if response.status_code == 405:
                refused.add((method, route))
            yield f"{who}: {method} {address} ({response.status_code})", _without_what_was_sent(body)


def _without_what_was_sent(body: str) -> str:
    """A page may show what was just typed into its own boxes."""
    return re.sub(r'<input[^>]*\bvalue="[^"]*"|<title>.*?</title>|<textarea.*?</textarea>', "", body, flags=re.S)


def test_no_word_of_a_case_reaches_who_may_not_open_it(city: City, marked: Case) -> None:
    found = []
    for who, user in _those_who_may_not(city).items():
        forget_snapshots()
        own = Case.objects.filter(lead=user.agency_id).first() if user and user.agency_id else None
        for where, body in _walk(who, user, marked, own):
            found += [f"{where}: {name}" for name, mark in MARKS.items() if mark in body]
    assert not found, "\n".join(found[:40])


def test_the_walk_looks_where_the_words_stand(city: City, marked: Case) -> None:
    """Each mark is seen by somebody who may: a walk that never meets them would prove nothing."""
    seen: set[str] = set()
    for who, user in _those_who_may(city).items():
        for _where, body in _walk(who, user, marked, marked):
            seen |= {name for name, mark in MARKS.items() if mark in body}
    assert seen == set(MARKS)


def test_who_helps_reads_the_matter_and_nowhere_who_sent_it(city: City, marked: Case) -> None:
    asked = {
        "case": marked,
        "agency": city.agencies[LE_CHAN],
        "task": "Đo độ sâu",
        "words": "Sáu mét",
        "outcome": "provided",
    }
    at = city.at("2022-02-16 11:30")
    Support.objects.create(**asked, asked_at=at, due_at=at, ended_at=at)
    Case.objects.filter(pk=marked.pk).update(state="in_progress")  # who has helped reads on until the case is answered
    seen: set[str] = set()
    for where, body in _walk("who helps", city.officer(LE_CHAN), marked, marked):
        found = {name for name, mark in MARKS.items() if mark in body}
        assert not found & {"name", "number", "draft", "note", "handed_back"}, where
        seen |= found
    assert {"told", "place", "answer"} <= seen


def test_no_stream_names_a_case_or_a_call_back_to_who_may_not_open_it(city: City, marked: Case) -> None:
    callbacks = list(Callback.objects.filter(case=marked).values_list("pk", flat=True))
    for who, user in _those_who_may_not(city).items():
        if user:
            for channel, ids in {
                "cases": [marked.pk],
                "callbacks": callbacks,
                "calls": [1],
                "agents": [city.call_taker.pk],
            }.items():
                assert list(known_to.get(channel)(user, ids)) == [], (who, channel)


def test_no_file_of_a_case_is_had_by_who_may_not_open_it(city: City, marked: Case) -> None:
    photo, tape = Attachment.objects.get(case=marked).pk, Recording.objects.get(call__case=marked).pk
    staffs = (f"/ban/anh/{photo}/", f"/ban/ghi-am/{tape}/", f"/ban/ghi-am/{tape}/tai/")
    for who, user in _those_who_may_not(city).items():
        client, refusals = client_of(user), {403, 404} if user else {302}
        for address in staffs:
            answer = client.get(address)
            assert answer.status_code in refusals, (who, address)
            assert user or answer.headers["Location"].startswith("/ban/vao/"), (who, address)
        assert client.get(f"/anh/{photo}/").status_code == 404, who


def test_the_export_of_answers_holds_what_one_may_edit_and_no_more(city: City, marked: Case) -> None:
    """An article drafted from A's case was read by B's officers in the export."""
    told = {who: body_of(client_of(user).get("/ban/kho/xuat/articles/")) for who, user in (
        ("a", city.officer(HONG_BANG)), ("b", city.officer(LE_CHAN)), ("coordinator", city.coordinator),
    )}  # fmt: skip
    assert MARKS["told"] in told["a"] and MARKS["told"] in told["coordinator"]
    assert MARKS["told"] not in told["b"] and MARKS["answer"] not in told["b"]


def test_a_draft_is_told_to_nobody_by_its_number(city: City, marked: Case) -> None:
    """`?mau=article:7` took the words of any draft into an answer, `answer=article:7` sent them to any phone."""
    article = Article.objects.get(key=f"case-{marked.pk}").pk
    sent = client_of(city.call_taker).post("/ban/goi-y/gui/", {"answer": f"article:{article}", "phone": "0904 000 111"})
    assert sent.status_code == 404 and MARKS["answer"] not in body_of(sent)


def test_an_ended_call_shows_its_number_to_nobody_by_its_own_number(city: City) -> None:
    """`/ban/goi/?cuoc=7` showed the number of any call that had met nobody, and of any call one ever had."""
    at = city.at("2022-02-16 09:00")
    missed = call_records.came(channel="c.missed", number=PHONE, dialled="1022", at=at)
    call_records.waits(missed.pk, queue=None, path=["wait"])
    call_records.ended(missed.pk, path=["wait"], outcome=Call.Outcome.ABANDONED)
    taken = call_records.came(channel="c.taken", number="+84905779999", dialled="1022", at=at)
    call_records.talks(taken.pk, agent=city.call_taker.pk)
    call_records.ended(taken.pk, path=["wait"], outcome=Call.Outcome.ANSWERED)
    Call.objects.filter(pk=taken.pk).update(ended_at=city.at("2022-02-16 10:00"))

    client = client_of(city.call_taker)
    for call in (missed, taken):
        page = client.get(f"/ban/goi/?cuoc={call.pk}").content.decode()
        assert not re.search(r"0?905\D?77[17]", page), call.channel

    callback = Callback.objects.get(call=missed)
    page = client.get(f"/ban/goi/?goi-lai={callback.pk}").content.decode()
    assert "0905\u00a0771\u00a0234" in page  # whose task it is to ring her back; and the reading is on record
    assert Contact.objects.get(phone=PHONE).pk in {each.contact for each in _readings(city.call_taker)}


def _readings(user: User) -> list[Any]:
    from tongdai.people.disclosures import readings

    return readings(user)


def test_a_form_begun_from_a_call_back_still_ends_at_its_call(city: City) -> None:
    """The number isn't told by the call's own number any more; what was written in it is still that call's."""
    missed = call_records.came(channel="c.missed", number=PHONE, dialled="1022", at=city.at("2022-02-16 09:00"))
    call_records.waits(missed.pk, queue=None, path=["wait"])
    call_records.ended(missed.pk, path=["wait"], outcome=Call.Outcome.ABANDONED)
    client = client_of(city.call_taker)
    client.post("/ban/goi/", {"key": "k1", "call": missed.pk, "phone": PHONE, "text": "Rác ở chợ chưa ai dọn"})
    missed.refresh_from_db()
    assert missed.case is not None and missed.case.number_proven_at is not None


def test_a_supervisor_listens_to_no_call_about_a_case_hidden_from_them(city: City) -> None:
    supervisor = city.staff(Role.SUPERVISOR, "Giám Sát")
    call = call_records.came(channel="c.secret", number=PHONE, dialled="1022")
    call_records.talks(call.pk, agent=city.call_taker.pk)
    secret = city.case("Tôi tố cáo chủ tịch phường nhận hối lộ", topic="denunciation", phone=PHONE)
    assert secret.confidential
    Call.objects.filter(pk=call.pk).update(case=secret)
    answered = client_of(supervisor).post(
        "/ban/may/lenh/", {"kind": "listen", "call": call.pk}, headers={"HX-Request": "true"}
    )
    assert answered.status_code == 422 and not _readings(supervisor)


def test_texts_that_no_case_was_made_of_are_read_by_who_may_make_one(city: City) -> None:
    from tongdai.channels.sms.models import Link, Part

    link = Link.objects.create(smsc="127.0.0.1:2775", started_at=city.at("2022-02-16 08:00"))
    octets = "gửi cô Nhẫn ở lò gốm".encode("utf-16-be")
    Part.objects.create(
        link=link, turn=1, key="k" * 64, sender="+84904000009", destination="1022", octets=octets, data_coding=8,
        state=Part.State.DEAD_LETTER, trouble="x", received_at=city.at("2022-02-16 09:00"),
    )  # fmt: skip
    assert "lò gốm" in body_of(client_of(city.coordinator).get("/ban/cong-ket-noi/"))
    admin = client_of(city.admin)
    page = body_of(admin.get("/ban/cong-ket-noi/"))
    assert "lò gốm" not in page and "1 tin đang chờ" in page
    piece = Part.objects.get().pk
    assert admin.post(f"/ban/cong-ket-noi/tin/{piece}/", {"action": "put_away"}).status_code == 403
