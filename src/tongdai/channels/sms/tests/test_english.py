"""A question texted in English is answered in English, with a link to the page in English."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms.encoding import splitting
from tongdai.knowledge.models import Procedure
from tongdai.language.text import unaccented

from .network import LAN, Network
from .test_answers import replies


@pytest.fixture
def network(knowing: City) -> Network:
    return Network()


@pytest.mark.parametrize("asked", ["TTHC marriage registration what papers", "what papers do we need to get married?"])
def test_it_is_answered_in_english_with_or_without_the_keyword(network: Network, asked: str) -> None:
    network.texts(LAN, asked)

    (told,) = replies()
    assert told.startswith("Marriage registration (both Vietnamese") and ": Papers: 1) Declaration for marriage" in told
    assert f"/t/p{Procedure.objects.get(code='1.000894').pk}g-en" in told
    assert unaccented(told) == told and len(splitting.split(told).parts) <= 3
    assert Case.objects.count() == 0


def test_a_choice_is_offered_in_english_and_what_is_chosen_is_told_in_english(network: Network) -> None:
    network.texts(LAN, "TTHC birth certificate")
    offer = replies()[-1]
    assert "1 " in offer and "2 " in offer and "Birth registration" in offer and unaccented(offer) == offer

    network.texts(LAN, "9")
    assert replies()[-1] == offer

    network.texts(LAN, "2")
    chosen = replies()[-1]
    assert chosen.startswith(offer.split("; 2 ")[1].split(";")[0].split("?")[0].rstrip("…")[:12])
    assert "-en" in chosen and unaccented(chosen) == chosen


def test_the_vietnamese_words_within_english_make_no_text_longer(network: Network) -> None:
    network.texts(LAN, "TTHC citizen id card for my 15 year old")

    assert "identity card (can cuoc)" in replies()[-1] and replies()[-1].isascii()


def test_what_is_not_known_is_told_in_english(network: Network) -> None:
    network.texts(LAN, "TTHC work permit for an english teacher")

    assert replies()[-1].isascii() and "0" in replies()[-1]
