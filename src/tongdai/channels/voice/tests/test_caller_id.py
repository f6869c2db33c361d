"""A hidden number, one that is none, and two of one caller are told apart (RFC 3323, RFC 3325)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.city import City
from tongdai.people.models import Contact

from ..asterisk import caller_id
from ..models import Call
from ..records import call_records

SIP, TEL = "<sip:+84912345678@carrier.vn;user=phone>", "<tel:+842253842123;phone-context=+84>"


@pytest.mark.parametrize(
    ("number", "shown", "asserted", "read"),
    [
        ("0912345678", "allowed_not_screened", "", ("+84912345678", False, ())),
        ("anonymous", "allowed_not_screened", "", ("", True, ())),
        ("Anonymous", "allowed", ",", ("", True, ())),
        ("", "unavailable", "", ("", True, ())),
        ("+84912345678", "prohib_passed_screen", SIP, ("", True, ())),
        ("%00%ff'--", "allowed", "", ("", False, ("%00%ff'--",))),
        ("0" * 90, "allowed", "", ("", False, ("0" * 80,))),
        ("113", "allowed", "", ("", False, ("113",))),
        ("+84912345678", "allowed", f"{SIP},", ("+84912345678", False, ())),
        ("+84912345678", "allowed", f"{SIP},{TEL}", ("+84912345678", False, ("+84912345678", "+842253842123"))),
        ("+84912345678", "allowed", f"{SIP}, {TEL},", ("+84912345678", False, ("+84912345678", "+842253842123"))),
        ("pbx", "allowed", f"<sip:pbx@carrier.vn>,{TEL}", ("+842253842123", False, ("pbx", "+842253842123"))),
        ("", "allowed", f"sip:anonymous@anonymous.invalid,{TEL}", ("+842253842123", False, ())),
        ("x", "allowed", f"<tel:+4930123456>,{SIP}", ("+84912345678", False, ("+4930123456", "+84912345678"))),
        ("x", "allowed", '"Nhà, <b>" <sip:%00@x>', ("", False, ("\ufffd",))),
        ("0912345678", "allowed", "rubbish", ("+84912345678", False, ())),
    ],
)
def test_who_calls_is_what_the_carrier_says(number: str, shown: str, asserted: str, read: tuple[object, ...]) -> None:
    found = caller_id.read(number, shown=shown, asserted=quote(asserted))
    assert (found.number, found.hidden, found.claimed) == read


def test_what_the_carrier_says_stands_on_the_record_and_a_number_that_is_none_is_nobodys(city: City) -> None:
    two = caller_id.read("", shown="allowed", asserted=quote(f"{SIP},{TEL}"))
    call_records.came(channel="1.1", number=two.number, dialled="1022", who=two)
    none = caller_id.read("kh\ufffd@<>", shown="allowed")
    call_records.came(channel="1.2", number=none.number, dialled="1022", who=none)
    first, second = Call.objects.order_by("pk")
    assert (first.number, first.claimed) == ("+84912345678", ["+84912345678", "+842253842123"])
    assert (second.number, second.hidden, second.claimed, second.contact) == ("", False, ["kh\ufffd@<>"], None)
    assert Contact.objects.filter(calls__isnull=False).count() == 1
