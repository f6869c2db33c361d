"""The call taker's form, the page with the code, and who is to be rung back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page

from tests.city import forget_snapshots
from tests.screens.states import There, state
from tests.screens.telephone import an_exchange, came, message, talking
from tests.screens.world import LONG_NAME, LONG_TEXT
from tongdai.channels.voice.models import Call, Callback
from tongdai.channels.voice.records import call_records
from tongdai.directory.models import Place


@state("desk:call", "empty")
def call(there: There) -> str:
    there.sign_in("call taker")
    return reverse("desk:call")


@state("desk:call", "somebody known, in a call")
def known(there: There) -> str:
    hand = talking(there, phone="+84904000002")
    there.sign_in("call taker")
    return reverse("desk:call") + f"?cuoc={hand.pk}&so=0904000002"


@state("desk:call", "danger in the words")
def danger(there: There) -> str:
    there.sign_in("call taker")
    there.then(lambda page: page.locator("textarea[name=text]").press_sequentially("Nhà đang cháy, có người kẹt"))
    there.then(lambda page: page.locator(".danger-script").wait_for())
    return reverse("desk:call")


@state("desk:call", "a ward looked for by its name", words="Phường Hồng Bàng")
def ward(there: There) -> str:
    """Its very name goes before a ward that the alphabet puts first, and that was only called so long ago."""
    other = Place(
        code="t-an-duong", name="An Dương", full_name="Phường An Dương", level=Place.Level.WARD, aliases="hongbang"
    )
    other.clean_names()
    other.save()
    forget_snapshots()
    there.sign_in("call taker")
    there.then(_hong_bang_first)
    return reverse("desk:call")


def _hong_bang_first(page: Page) -> None:
    sift, shown = (
        page.get_by_label("Lọc: Ở phường, xã nào"),
        page.locator("[data-pick]:has([name=place]) label:visible span"),
    )
    for typed in ("hồng bàng", "hong bang", "phường hồng bàng"):
        sift.fill(typed)
        assert shown.all_inner_texts()[:2] in (["Phường Hồng Bàng", "Phường An Dương"], ["Phường Hồng Bàng"]), typed
    sift.fill("")
    assert shown.all_inner_texts()[1] == "Phường An Dương"
    sift.fill("hồng bàng")
    sift.press("Enter")
    assert page.locator("[data-pick] label:has(input:checked) span", has_text="Phường Hồng Bàng").count() == 1


@state("desk:call", "in error", status=422)
def wrong(there: There) -> HttpResponse:
    client = there.sign_in("call taker")
    return client.post(reverse("desk:call"), {"phone": "12", "text": "", "key": "k" * 20, "name": LONG_NAME})


@state("desk:call_saved", "just saved")
def saved(there: There) -> str:
    client = there.sign_in("call taker")
    form = {"phone": "0912 345 677", "text": LONG_TEXT, "key": "k" * 20}
    return client.post(reverse("desk:call"), form)["Location"]


@state("desk:callbacks", "empty", empty=True)
def nobody(there: There) -> str:
    there.sign_in("call taker")
    return reverse("desk:callbacks")


@state("desk:callbacks", "full")
def callbacks(there: There) -> str:
    _some(there)
    there.sign_in("call taker")
    return reverse("desk:callbacks")


@state("desk:callback", "to read an answer out")
def to_read_out(there: There) -> str:
    callback = Callback.objects.exclude(event=None).order_by("pk")[0]
    there.sign_in("call taker")
    return reverse("desk:callback", args=[callback.pk])


@state("desk:callback", "a hidden caller's message")
def hidden(there: There) -> str:
    said, _silent = _some(there)
    there.sign_in("call taker")
    return reverse("desk:callback", args=[said.pk])


@state("desk:callback", "a hidden caller who said nothing")
def silent(there: There) -> str:
    _said, silent = _some(there)
    there.sign_in("call taker")
    return reverse("desk:callback", args=[silent.pk])


@state("desk:callback", "the number shown")
def number_shown(there: There) -> HttpResponse:
    an_exchange(there)
    missed = came(there, phone="+84904000005", minutes=90)
    call_records.ended(missed.pk, path=["wait"], outcome=Call.Outcome.ABANDONED)
    client = there.sign_in("call taker")
    return client.post(reverse("desk:callback_number", args=[missed.callbacks.get().pk]))


@state("desk:callback", "done by somebody else", status=404)
def gone(there: There) -> str:
    there.sign_in("call taker")
    return reverse("desk:callback", args=[999_999])


def _some(there: There) -> tuple[Callback, Callback]:
    """A message and a silent one of hidden numbers, and one who rang in vain."""
    missed = came(there, phone="+84904000005", minutes=90)
    call_records.ended(missed.pk, path=["wait"], outcome=Call.Outcome.ABANDONED)
    said, silent = message(there), message(there, silent=True)
    return said.callbacks.get(), silent.callbacks.get()
