"""The list of cases, the search, what the strip of the telephone says above any of them."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import Page

from tests.screens.states import There, state
from tests.screens.telephone import an_exchange, came, talking
from tongdai.accounts.models import Role
from tongdai.cases.actions.ask import ask
from tongdai.cases.actor import Actor
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Agent, Call
from tongdai.channels.voice.records import call_records
from tongdai.platform.clock import now

INBOX = "desk:inbox"


@state(INBOX, "empty", empty=True)
def empty(there: There) -> str:
    there.sign_in("coordinator")
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
