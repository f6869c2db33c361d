"""A text that could not be read says so on its case, with its octets; one in an old encoding says how it was written."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms.inbound import intake
from tongdai.channels.sms.inbound.pdus import Arrival
from tongdai.channels.sms.inbound.retention import forget
from tongdai.channels.sms.inbound.retries import Window
from tongdai.channels.sms.models import Link
from tongdai.privacy.erasure import erase


def page_of_a_text(city: City, octets: bytes, *, data_coding: int = 0) -> str:
    at = city.at("2022-02-14 08:00")
    link = Link.objects.create(smsc="127.0.0.1:2775", started_at=at)
    text = Arrival("k", "+84912345678", "+84912345678", "1022", data_coding, octets)
    intake.take_in([text], window=Window(link, 1, 0), at=at)
    return page(city)


def page(city: City) -> str:
    client = Client()
    client.force_login(city.coordinator)
    return client.get(f"/ban/phieu/{Case.objects.get().code}/").content.decode()


BROKEN = "Nước tràn vào ".encode() + b"\xff\xfe nha"


def test_an_unreadable_text_is_flagged_with_its_octets_which_outlast_the_others(city: City) -> None:
    shown = page_of_a_text(city, BROKEN)
    assert "Không đọc được" in shown and BROKEN.hex(" ") in shown
    forget(at=city.at("2022-02-14 08:00") + timedelta(days=90))
    assert BROKEN.hex(" ") in page(city)


def test_the_octets_go_with_the_words_of_the_case(city: City) -> None:
    page_of_a_text(city, BROKEN)
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert erase(Case.objects.get(), because="request", at=city.at("2022-02-20 08:00"))
    assert BROKEN.hex(" ") not in page(city)


def test_an_old_encoding_is_named_and_a_readable_text_has_no_flag(city: City) -> None:
    shown = page_of_a_text(city, "R¸c ë ngâ 5 CÇu §Êt ch\xada ai dän".encode("latin-1"), data_coding=3)
    assert "Người dân viết bằng TCVN3" in shown and "Không đọc được" not in shown
