"""The citizens' first page, the look-up of a code, and what is the same on every page of theirs."""

from __future__ import annotations

from django.urls import reverse

from tests.screens.states import There, state


@state("portal:home", "empty", empty=True, words="Bạn cần gì?")
@state("portal:home", "full", words="Bạn cần gì?")
def home(there: There) -> str:
    return reverse("portal:home")


@state("portal:home", "in English", words="What do you need?")
def in_english(there: There) -> str:
    there.client.get(reverse("portal:language", args=["en"]))
    return reverse("portal:home")


@state("portal:home", "suggestions while typing", words="Đăng ký khai sinh")
def suggestions(there: There) -> str:
    there.then(lambda page: page.locator(".hero input[name=q]").press_sequentially("khai sinh"))
    there.then(lambda page: page.locator(".suggest li").first.wait_for())
    return reverse("portal:home")


@state("portal:find", "empty", empty=True)
@state("portal:find", "codes of this browser")
def find(there: There) -> str:
    for name in ("answered", "photos") if there.rows else ():
        there.remember(there.rows[name])
    return reverse("portal:find")


@state("portal:find", "wrong code", status=422)
def wrong_code(there: There) -> str:
    return reverse("portal:find") + "?ma=7304185926"


@state("portal:find", "forgotten", words="Máy này đã quên")
def forgotten(there: There) -> str:
    return reverse("portal:find") + "?xong=quen"


for _page in ("portal:conduct", "portal:access", "portal:privacy"):
    state(_page, "as it is")(lambda there, page=_page: reverse(page))
