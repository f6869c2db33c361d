"""A denunciation leaves no trace: every page, feed and export, as everybody, with one and without one.

The addresses come from the table of addresses itself, so that a new page is walked the day it is made. What may differ is
listed in `MAY_DIFFER`, each with its reason; figures of the whole city stand in elements marked `data-city-total`.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import signals as auth
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from tests import starter
from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City, forget_snapshots
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.actions.register import Matter, Photo, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case
from tongdai.channels.duty.alarms import raise_alarm, settled
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.voice.agents import lines, states
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Agent, Call, Recording
from tongdai.channels.voice.records import call_records
from tongdai.desk.tests.walking import World, body_of, client_of, undone
from tongdai.desk.tests.walking import addresses as walked
from tongdai.knowledge.models import Article
from tongdai.people.models import Channel, Contact
from tongdai.platform import clock
from tongdai.platform.live.registry import known_to
from tongdai.portal import citizen
from tongdai.portal.home import counted
from tongdai.reports.figures import count
from tongdai.reports.period import Period

pytestmark = [pytest.mark.django_db, pytest.mark.long(seconds=230)]

PHONE, NAME = "+84905556677", "Nguyễn Thị Kín"
WORDS = "Tôi tố cáo chủ tịch phường nhận hối lộ khi cấp phép xây nhà ở ngõ Giếng Mắt Rồng"
ORDINARY = "Rác tràn ra hè phố Điện Biên Phủ, không ai dọn"
NOON = "2022-02-16 12:00"

# address (by its name) → why it may tell somebody of the very case
MAY_DIFFER = {
    "portal:case": "whoever has the code may know state and deadline; what is shown is looked at below",
    "desk:call_saved": "the call taker who has just written it down reads the code out, for half an hour",
}
# addresses that end the walker's own session, or belong to no page of the house
NOT_WALKED = {"desk:sign_out": "ends the session", "handset": "the trial's telephone, in a demo alone"}


@pytest.fixture
def people(city: City, monkeypatch: pytest.MonkeyPatch) -> dict[str, User | None]:
    """A city at noon with some of everything, and one of each who may come; the clock stands still."""
    for signal in (auth.user_logged_in, auth.user_logged_out):  # the walk's own steps are no part of what it looks at
        monkeypatch.setattr(signal, "receivers", [])
    real = datetime.now(UTC)
    monkeypatch.setattr(clock, "_turned", clock._Turned(real, city.at(NOON), 0.0))
    monkeypatch.setattr(clock, "_look_at", float("inf"))
    usual_or_own()
    starter.begin(city.at("2022-02-01 08:00"))
    everybody: dict[str, User | None] = {
        "anybody": None,
        "call taker": city.call_taker,
        "coordinator": city.coordinator,
        "supervisor": city.staff(Role.SUPERVISOR, "Lê Giám Sát"),
        "leader": city.leader,
        "administrator": city.admin,
        "officer": city.officer(HONG_BANG),
        "approver": city.staff(Role.APPROVER, "Cán bộ duyệt", agency=HONG_BANG),
        "officer elsewhere": city.officer(LE_CHAN),
    }
    for user in (city.call_taker, city.coordinator, everybody["supervisor"]):
        assert user
        lines.line_of(user)
        states.set_state(user, Agent.State.READY)
    for text, more in (
        (ORDINARY, {"place": "Hồng Bàng", "topic": "waste"}),
        ("Đèn đường ngõ 47 hỏng", {"topic": "lighting", "channel": Channel.SMS, "phone": "+84904000001"}),
    ):
        city.case(text, received="2022-02-16 11:50", **more)
    _told(city.case("Nước thải tràn ra ngõ", lead=HONG_BANG, accepted=True, received="2022-02-16 08:00", topic="waste"))
    said = city.answered("Rác ở chợ", channel=Channel.VOICE, phone="+84904000002", received="2022-02-14 08:00")
    _told(said)
    _with_a_photo(said)
    for file in ("t/a.flac", f"t/{said.pk}.jpg"):
        if not default_storage.exists(file):
            default_storage.save(file, ContentFile(b"as it was"))
    _recorded(_called(city, phone="+84904000003"))
    return everybody


def _told(case: Case) -> None:
    for event in case.events.all():
        notify_citizen(event_id=event.pk)


def _with_a_photo(case: Case) -> None:
    Attachment.objects.create(
        case=case, file=f"t/{case.pk}.jpg", content_type="image/jpeg", size=1, width=1, height=1, sha256="0" * 64,
        created_at=datetime(2022, 2, 14, tzinfo=UTC),
    )  # fmt: skip


def _called(city: City, *, phone: str, takes: bool = False) -> Call:
    """Somebody rings, and meets nobody; or is answered by the call taker."""
    call = call_records.came(channel=f"c.{phone}", number=phone, dialled="1022", at=city.at("2022-02-16 11:40"))
    call_records.waits(call.pk, queue=None, path=["wait"])
    if takes:
        call_records.talks(call.pk, agent=city.call_taker.pk)
    else:
        call_records.ended(call.pk, path=["wait"], outcome=Call.Outcome.MESSAGE)
    call.refresh_from_db()
    return call


def _recorded(call: Call) -> None:
    Recording.objects.create(
        call=call, kind=Recording.Kind.MESSAGE if call.outcome == "message" else Recording.Kind.TALK, file="t/a.flac",
        seconds=9, size=9, sha256="0" * 64, made_at=datetime(2022, 2, 16, 4, 45, tzinfo=UTC),
    )  # fmt: skip


# --- the denunciation, by each way in ---------------------------------------------------------------------------------


def _by_web(city: City, phone: str) -> Case:
    photo = Photo(file="t/secret.jpg", content_type="image/jpeg", size=1, width=1, height=1, sha256="1" * 64)
    return _brought(city, phone, Channel.WEB, photos=(photo,), visibility=Case.Visibility.PUBLIC)


def _by_text(city: City, phone: str) -> Case:
    return _seen_through(city, _brought(city, phone, Channel.SMS, proven=True))


def _by_call(city: City, phone: str) -> Case:
    call = _called(city, phone=phone, takes=True)
    case = _brought(city, phone, Channel.VOICE, proven=True, by=Actor.staff(city.call_taker))
    call_records.conclude(call, by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=case)
    states.hung_up(city.call_taker.pk)
    call_records.ended(call.pk, path=["wait"], outcome=Call.Outcome.ANSWERED)
    _recorded(call)
    states.set_state(city.call_taker, Agent.State.READY)
    return _seen_through(city, case)


def _by_message_on_tape(city: City, phone: str) -> Case:
    call = _called(city, phone=phone)
    _recorded(call)
    case = _brought(city, phone, Channel.VOICE, by=Actor.staff(city.call_taker))
    call_records.conclude(call, by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=case)
    return case


def _marked_after_it_was_answered(city: City, phone: str) -> Case:
    case = city.answered(
        "Loa kéo hát to đến nửa đêm", lead=HONG_BANG, phone=phone, place="Hồng Bàng", topic="waste",
        received="2022-02-15 08:00",
    )  # fmt: skip
    _told(case)
    client = Client()
    client.force_login(city.coordinator)
    client.post("/ban/kho/hoi-dap/moi/", {"case": case.code})
    assert Article.objects.filter(question__startswith="Loa kéo").exists()
    return mark_denunciation(case, by=Actor.staff(city.coordinator), at=city.at(NOON))


def _marked_while_it_rang(city: City, phone: str) -> Case:
    case = city.case("Loa kéo hát to đến nửa đêm", phone=phone, declared_urgent=True, received="2022-02-16 11:58")
    assert case.untaken
    raise_alarm(case.pk, at=city.at("2022-02-16 11:59"))
    case = mark_denunciation(case, by=Actor.staff(city.coordinator), at=city.at(NOON))
    settled(case.pk, at=city.at(NOON))
    return case


def _brought(city: City, phone: str, channel: Channel, *, by: Actor | None = None, **more: Any) -> Case:
    made = register(
        Matter(text=WORDS, channel=channel, phone=phone, name=NAME, place=city.places["Hồng Bàng"], **more),
        key=f"test:{phone}", by=by or Actor.citizen(channel=channel), at=city.at("2022-02-16 11:00"),
    )  # fmt: skip
    case = Case.objects.get(pk=made.case_id)
    assert case.confidential
    _told(case)
    return case


def _seen_through(city: City, case: Case) -> Case:
    by, at = Actor.staff(city.inspector), city.at(NOON)
    case = name_denounced(case, by=by, agency=city.agencies[HONG_BANG], at=at)
    case = assign(case, by=by, agency=city.agencies[INSPECTORATE], at=at)
    case = answer(accept(case, by=by, at=at), by=by, text="Thanh tra đã kết luận.", at=at)
    for event in case.events.exclude(action="register"):
        notify_citizen(event_id=event.pk)
    return case


SECRETS = {
    "by the portal": _by_web,
    "by text": _by_text,
    "by telephone": _by_call,
    "by a message on tape": _by_message_on_tape,
    "marked after it was answered": _marked_after_it_was_answered,
    "marked while it rang": _marked_while_it_rang,
}


# --- the walk ---------------------------------------------------------------------------------------------------------

Page = tuple[int, tuple[str, ...]]  # status, lines: what pages have in common is held once
Seen = dict[tuple[str, str, str], Page]  # who, method, address → what came


def test_no_page_feed_or_export_tells_of_a_denunciation(city: City, people: dict[str, User | None]) -> None:
    with undone():
        secrets = [make(city, f"+8490555667{number}") for number, make in enumerate(SECRETS.values())]
        world = World.read()
        world.acted_on = [world.codes[0], *(case.code for case in (secrets[0], secrets[-1]))]  # guarded alike for each
        with_them, feeds_with_them = _walk(people, world, secrets), _feeds(people, world) | _figures()
    without, feeds = _walk(people, world, secrets), _feeds(people, world) | _figures()
    differing = [
        f"{' '.join(key)}: {_difference(page, without[key])}"
        for key, page in with_them.items()
        if page != without[key] and not _may_differ(key[2], secrets)
    ]
    differing += [
        f"{key}: {feeds_with_them[key]}, without {feeds[key]}" for key in feeds if feeds[key] != feeds_with_them[key]
    ]
    assert not differing, "\n".join([f"{len(differing)} differ", *differing[:30]])
    known = [
        "\n".join(lines)
        for status, lines in (with_them[key] for key in with_them if _may_differ(key[2], secrets))
        if status == 200
    ]
    assert known
    for page in known:  # whoever may know of the case at all, by its code: none of this
        assert not any(words in page for words in (WORDS[:30], NAME, "Tố cáo", INSPECTORATE, HONG_BANG)), page


def _may_differ(address: str, secrets: list[Case]) -> bool:
    return any(address.startswith(reverse(name, args=[case.code])) for name in MAY_DIFFER for case in secrets)


def _walk(people: dict[str, User | None], world: World, secrets: list[Case]) -> Seen:
    seen: Seen = {}
    refused: set[tuple[str, str]] = set()  # methods that an address doesn't know, whoever asks
    for who, user in people.items():
        counted.forget()
        forget_snapshots()
        client = client_of(user)
        for address in _addresses(world, secrets):
            if user and not address.startswith(("/ban/", "/bao-cao/")):
                continue  # the portal knows nobody of the staff
            for method in ("GET", "POST"):
                route = re.sub(r"\d+", "#", address.split("?")[0])
                if (method, route) in refused:
                    continue
                client.cookies.pop(citizen.COOKIE, None)  # what this walk itself has sent
                with undone():
                    response = client.get(address) if method == "GET" else client.post(
                        address, _words(secrets[len(seen) % len(secrets)]), headers={"HX-Request": "true"}
                    )  # fmt: skip
                    seen[who, method, address] = _page(response)
                if response.status_code == 405:
                    refused.add((method, route))
    return seen


def _words(secret: Case) -> dict[str, str]:
    """What a POST may carry that leads to a case: its code, its number, its words."""
    assert secret.contact
    phone, code = secret.contact.phone, secret.code
    return {
        "text": WORDS, "q": WORDS, "phone": phone, "number": phone, "case": code, "code": code, "ma": code,
        "outcome": "added", "reason": "x", "digits": "9999", "result": "reached", "kind": "agencies",
    }  # fmt: skip


def _page(response: Any) -> Page:
    body = body_of(response)
    where = re.sub(r"\d+", "#", response.headers.get("Location", ""))  # a new row's id, a new case's code
    return response.status_code, tuple(map(sys.intern, (where + _plain(body)).splitlines()))


MADE_ANEW = (
    r'name="csrfmiddlewaretoken" value="[^"]*"',
    r'"token": "\w{64}"',  # the same, for pages that were open before signing in again
    r'name="key"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="key"',
    r'nonce="[^"]*"',
    r'name="kept" value="[^"]*"',
    r"[?&]h=[\w%-]+",
    r'data-drawn="[^"]*"',  # when the page was drawn, by the machine's clock
    r"khoi-dau/[\w-]+",
    r"moi-\d+",
    r'"(?:secret|token)": "[^"]*"',
    r'"(?:keyPrefix|nonce|salt|signature|expiresAt)": "?\w+"?',  # of a challenge, portal.proof
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00",  # the machine's clock; the city's stands still
)
CITY_TOTAL = re.compile(r"<(\w+)[^>]*\bdata-city-total\b[^>]*>.*?</\1>", re.S)


def _plain(page: str) -> str:
    for pattern in MADE_ANEW:
        page = re.sub(pattern, "", page)
    return CITY_TOTAL.sub("…", page) if "data-city-total" in page else page


def _difference(one: Page, other: Page) -> str:
    if one[0] != other[0]:
        return f"{one[0]} with it, {other[0]} without"
    return " ¦ ".join([line.strip()[:200] for line in one[1] if line not in other[1]][:2]) or "a line is missing"


def _addresses(world: World, secrets: list[Case]) -> list[str]:
    """Every address of the table, with each value its parts may have; the lists also as they are asked for the case."""
    found = [address for _name, address in walked(world, but=NOT_WALKED)]
    days = "tu=1.2.2022&den=28.2.2022"
    phones = [case.contact.phone for case in secrets if case.contact]
    codes = [case.code for case in secrets]
    asked = [*codes, *phones, WORDS, NAME, "to cao", "denunciation"]
    views = ("inbox", "urgent", "handed_back", "soon", "late", "with_agencies", "to_accept", "in_progress", "to_mend",
             "to_approve", "answered", "drafted", "merged")  # fmt: skip
    figures = ("nhan", "tra-loi", "dung-han", "xet-han", "chua-den-han", "chua-thanh-cong")
    return [
        *found,
        *(f"/ban/tim/?q={quote(each)}" for each in asked),
        *(f"/tim/?q={quote(each)}" for each in asked[-4:]),
        *(f"/ban/?khung={view}" for view in views),
        f"/ban/goi/?so={quote(phones[0])}",
        "/ban/phong/lich-su/?ngay=2022-02-16",
        f"/bao-cao/?{days}",
        *(f"/bao-cao/phieu/?{days}&so={which}" for which in figures),
        f"/bao-cao/phieu/?{days}&linh-vuc=denunciation&so=nhan",
        *(f"/bao-cao/phieu/?{days}&kenh={channel}&so=nhan" for channel in Channel.values),
    ]


def _feeds(people: dict[str, User | None], world: World) -> dict[str, Any]:
    """What the live stream may name to each."""
    ids = {"cases": world.cases, "callbacks": world.callbacks}
    return {
        f"stream of {who}, {channel}": sorted(known_to.get(channel)(user, ids[channel]))
        for who, user in people.items()
        for channel in ids
        if user
    }


def _figures() -> dict[str, Any]:
    """The data of the report: all but the totals of the city."""
    february = Period(date(2022, 2, 1), date(2022, 2, 28))
    totals = {"received", "answered", "success_rate", "on_time_rate", "median_hours_to_answer", "messages"}
    totals |= {"undue", "unsuccessful", "unlisted", "first_answers"}
    return {f"figures, {key}": said for key, said in count(february).as_json().items() if key not in totals}


def test_the_citys_totals_are_the_same_for_everyone(city: City, people: dict[str, User | None]) -> None:
    """And hold every case, those too that no list shows."""
    _by_web(city, PHONE)
    everybody = Case.objects.count()
    for user in (city.coordinator, people["supervisor"], city.leader, city.inspector):
        assert user
        client = Client()
        client.force_login(user)
        page = client.get("/bao-cao/?tu=1.2.2022&den=28.2.2022").content.decode()
        totals = [re.sub(r"<[^>]+>", "", found[0]) for found in re.finditer(CITY_TOTAL, page)]
        assert any(str(everybody) in total for total in totals), user.role
        assert "gồm cả phiếu không liệt kê" in page


def test_a_contact_whose_only_case_is_secret_was_never_here(city: City, people: dict[str, User | None]) -> None:
    _by_call(city, PHONE)
    client = Client()
    client.force_login(city.call_taker)
    page = client.post("/ban/goi/ai/", {"phone": PHONE}).content.decode()
    assert "Chưa từng liên hệ" in page and NAME not in page
    assert Contact.objects.get(phone=PHONE).name == ""
