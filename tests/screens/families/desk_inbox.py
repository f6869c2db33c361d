"""The list of cases, the search, what the strip of the telephone says above any of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page

from tests.city import HONG_BANG
from tests.screens.states import There, state
from tests.screens.telephone import an_exchange, came, talking
from tests.screens.world import with_draft
from tongdai.accounts.models import Role
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.merge import merge
from tongdai.cases.actor import Actor
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Agent, Call
from tongdai.channels.voice.records import call_records
from tongdai.desk.models import SavedView
from tongdai.directory.models import Agency, Topic
from tongdai.platform.clock import now

Row = TypeVar("Row", Agency, Topic)
INBOX = "desk:inbox"


@state(INBOX, "empty", empty=True)
def empty(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(INBOX)


@state(INBOX, "others follow one", words="phiếu ghép")
def leads_others(there: There) -> str:
    there.sign_in("coordinator")
    by = Actor.staff(there.people["coordinator"])
    for name in ("by text", "accepted"):
        merge(there.rows[name], into=there.rows["new"], by=by, at=now())
    return reverse(INBOX)


@state(INBOX, "full")
def full(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(INBOX)


@state(INBOX, "connection lost", words="Mất kết nối")
def connection_lost(there: There) -> str:
    there.away = True
    there.sign_in("coordinator")
    return reverse(INBOX)


@state(INBOX, "of an officer")
def officer(there: There) -> str:
    there.sign_in("officer")
    return reverse(INBOX)


@state(INBOX, "drafts to approve, of an approver", words="Chờ duyệt")
def to_approve(there: There) -> str:
    Topic.objects.update(approval_required=True)
    with_draft(there.rows["late"], by=there.people["officer"], text="Đã nạo vét cống.", at=now())
    there.sign_in("approver")
    return reverse(INBOX)


@state(INBOX, "drafts that wait at the agencies", words=HONG_BANG)
def drafted(there: There) -> str:
    Topic.objects.update(approval_required=True)
    with_draft(there.rows["late"], by=there.people["officer"], text="Đã nạo vét cống.", at=now())
    there.sign_in("coordinator")
    return reverse(INBOX) + "?khung=drafted"


@state(INBOX, "those that follow another", words="Theo phiếu chính")
def merged(there: There) -> str:
    leads_others(there)
    return reverse(INBOX) + "?khung=merged"


@state(INBOX, "late")
def late(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(INBOX) + "?khung=late"


@state(INBOX, "with the agencies")
def with_agencies(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(INBOX) + "?khung=with_agencies"


@state(INBOX, "waiting for their citizens", words="Chờ người dân")
def waiting(there: There) -> str:
    there.sign_in("coordinator")
    ask(there.rows["accepted"], by=Actor.staff(there.city.coordinator), words="Ở đoạn nào?", at=now())
    return reverse(INBOX) + "?khung=waiting"


def _narrowed(there: There, **asked: str) -> str:
    there.sign_in("coordinator")
    return f"{reverse(INBOX)}?{urlencode({'khung': 'all', **asked})}"


def _a_long_row_of(rows: Iterable[Row]) -> Row:
    return max(rows, key=lambda row: len(str(row.name)))


@state(INBOX, "every case", words="Mọi phiếu")
def every_case(there: There) -> str:
    return _narrowed(there)


@state(INBOX, "narrowed by long names", words="Bỏ mọi bộ lọc")
def narrowed(there: There) -> str:
    topic, agency = _a_long_row_of(Topic.objects.all()), _a_long_row_of(Agency.objects.all())
    return _narrowed(there, **{"linh-vuc": topic.code, "co-quan": agency.code, "tu": "21/01/2022", "han": "late"})


@state(INBOX, "its filters open", words="Nhận đến hết ngày")
def filters_open(there: There) -> str:
    return _narrowed(there, kenh="web", loc="1")


@state(INBOX, "filters that can't be meant", words="không có trong danh mục")
def filters_wrong(there: There) -> str:
    return _narrowed(there, **{"linh-vuc": "khong-co-linh-vuc-nao-ten-dai-nhu-the", "tu": "31/02/2022", "loc": "1"})


@state(INBOX, "nothing fits all filters", words="Không phiếu nào hợp")
def nothing_fits(there: There) -> str:
    return _narrowed(there, den="01/01/2001", muc="life", kenh="sms")


@state(INBOX, "a list is saved", words="Tên danh sách")
def saving(there: There) -> str:
    there.then(lambda page: page.locator(".narrow details > summary").click())
    return _narrowed(there, kenh="web")


@state(INBOX, "with saved lists", words="Sửa danh sách lưu")
def with_saved(there: There) -> str:
    _saved(there)
    return _narrowed(there, kenh="web")


@state("desk:views", "none yet", words="Chưa có")
def no_saved(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:views")


@state("desk:views", "some, with long names", words="Dùng chung với")
def some_saved(there: There) -> str:
    _saved(there)
    there.sign_in("coordinator")
    return reverse("desk:views")


@state("desk:views", "of the administrator", words="Đang dùng chung")
def saved_for_admin(there: There) -> str:
    _saved(there)
    there.sign_in("administrator")
    return reverse("desk:views")


@state("desk:views", "a name that is taken", words="Chọn tên khác", status=422)
def name_taken(there: There) -> HttpResponse:
    _saved(there)
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:view_save"), {"name": "Cổng, mọi phiếu", "query": "khung=late"})


def _saved(there: There) -> None:
    coordinator, at = there.people["coordinator"], now()
    for name, query, role in (
        ("Cổng, mọi phiếu", "khung=all&kenh=web", ""),
        ("Người dân đã rút và những việc còn phải gọi lại trong tuần", "khung=inbox&kenh=sms", "officer"),
    ):
        SavedView.objects.create(owner=coordinator, name=name, query=query, shared_with=role, saved_at=at)


@state(INBOX, "nothing to see")
def nothing(there: There) -> str:
    there.client.force_login(
        there.city.staff(Role.INTEGRATION if hasattr(Role, "INTEGRATION") else Role.CALL_TAKER, "Ai đó")
    )
    return reverse(INBOX)


@state(INBOX, "menu open")
def menu(there: There) -> str:
    there.sign_in("coordinator")
    there.then(lambda page: page.locator("details.me > summary").click())
    return reverse(INBOX)


@state(INBOX, "keys open")
def keys(there: There) -> str:
    def press(page: Page) -> None:
        page.set_viewport_size({"width": 1440, "height": 900})  # a telephone has no keys
        page.keyboard.press("?")
        page.locator("dialog[open]").first.wait_for()

    there.sign_in("coordinator")
    there.then(press)
    return reverse(INBOX)


@state(INBOX, "out of the shift")
def out(there: There) -> str:
    an_exchange(there)
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "ready for calls")
def ready(there: There) -> str:
    an_exchange(there)
    states.set_state(there.people["call taker"], Agent.State.READY)
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "paused")
def paused(there: There) -> str:
    an_exchange(there)
    states.set_state(there.people["call taker"], Agent.State.PAUSED, reason="no_microphone")
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "held, muted, with a third at the other end")
def third(there: There) -> str:
    call = talking(there)
    call_records.note(call.pk, held=True, consulting="+842253842123", third=Call.Third.APART)
    Agent.objects.filter(call=call).update(muted=True)
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "a call rings")
def ringing(there: There) -> str:
    an_exchange(there)
    call = came(there, phone="+84904000005")
    states.set_state(there.people["call taker"], Agent.State.READY)
    call_records.rings(call.pk, agent=there.people["call taker"].pk)
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "in a call")
def in_a_call(there: There) -> str:
    talking(there)
    there.sign_in("call taker")
    return reverse(INBOX)


@state(INBOX, "in a call, to whom it may be handed")
def handing_over(there: There) -> str:
    talking(there)
    there.sign_in("call taker")
    there.then(lambda page: page.locator("#strip details:has-text('Chuyển') > summary").first.click())
    return reverse(INBOX)


@state(INBOX, "after a call")
def after_a_call(there: There) -> str:
    call = talking(there)
    states.hung_up(there.people["call taker"].pk)
    call_records.ended(call.pk, path=["wait"], outcome="answered")
    there.sign_in("call taker")
    return reverse(INBOX)


@state("desk:search", "found", words="Loa kéo")
def found(there: There) -> str:
    return _search(there, "loa keo")


@state("desk:search", "nothing found")
def nothing_found(there: There) -> str:
    return _search(there, "khongcogi" * 12)


def _search(there: There, words: str) -> str:
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:search"), {"q": words})["Location"]
