"""Vietnamese telephone numbers: read in every style people write them, kept as E.164, shown as Vietnam writes them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from tongdai.directory.models import Outbound
from tongdai.language.text import clean

REGION, VIETNAM = "VN", 84
Kind: TypeAlias = Outbound.Kind
EMERGENCY = frozenset({"111", "112", "113", "114", "115"})  # the national numbering plan, Thông tư 22/2014/TT-BTTTT
SERVICE = re.compile(r"(1800|1900)\d{4,6}")  # dialled as they are, with no 0 and no +84 before them
SATELLITES = frozenset({870, 881, 882, 883})  # country codes of no country (ITU-T E.164, annex to OB 1109)
MOBILES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
SUBSCRIBERS = MOBILES | {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.PERSONAL_NUMBER}


def normalise(raw: str) -> str | None:
    """`0912 345 678`, `+84 912…`, `84912…`, `(0225) 3842 …` → `+84912345678`; None if it can't be a subscriber's number.

    Short codes (115, 1022), services (1800…, 1900…, however they are written) and alphanumeric senders are no
    subscriber's numbers. Foreign numbers need their `+`.
    """
    text = re.sub(r"[^\d+]", "", clean(raw))
    if text.startswith("84") and len(text) in (11, 12):
        text = "+" + text
    number = _parsed(text)
    if number is None or phonenumbers.number_type(number) not in SUBSCRIBERS:  # of one that isn't valid it is unknown
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def dialled(raw: str) -> str | None:
    """Return what is dialled to reach it: a subscriber's number in E.164, a short or a service number as it is; else None."""
    digits = re.sub(r"[\s.\-]", "", clean(raw))
    if digits.isascii() and digits.isdigit() and (3 <= len(digits) <= 6 or SERVICE.fullmatch(digits)):
        return digits
    return normalise(raw)


@lru_cache(maxsize=4096)
def kind_of(number: str) -> Kind | None:
    """Return the kind of a number (E.164, or as it is dialled); None for an emergency number, or one that can't be."""
    if not number.startswith("+"):
        if number in EMERGENCY or not number.isdigit():
            return None
        return _service(number) or (Kind.SHORT if 3 <= len(number) <= 6 else None)
    parsed = _parsed(number)
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return None
    if parsed.country_code in SATELLITES:
        return Kind.SATELLITE
    type_ = phonenumbers.number_type(parsed)
    if parsed.country_code == VIETNAM and type_ in SUBSCRIBERS:
        return Kind.MOBILE if type_ in MOBILES else Kind.LANDLINE
    if parsed.country_code == VIETNAM and type_ == PhoneNumberType.TOLL_FREE:
        return Kind.FREE
    return Kind.FOREIGN if type_ in SUBSCRIBERS else Kind.PREMIUM


@lru_cache(maxsize=4096)
def is_mobile(phone: str) -> bool:
    """Say whether a text can reach it; `phone` is in E.164. Whether the city texts it says `toll.takes_texts`."""
    parsed = _parsed(phone)
    return parsed is not None and phonenumbers.number_type(parsed) in MOBILES


def _service(digits: str) -> Kind | None:
    found = SERVICE.fullmatch(digits)
    return {"1800": Kind.FREE, "1900": Kind.PREMIUM}[found[1]] if found else None


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, REGION)
    except NumberParseException:
        return None


def pretty(phone: str) -> str:
    """`+84912345678` → `0912 345 678`, tied by no-break spaces; a foreign number keeps its country code."""
    if re.fullmatch(r"\+84\d{9}", phone):
        local = "0" + phone[3:]
        return f"{local[:4]}\u00a0{local[4:7]}\u00a0{local[7:]}"
    number = _parsed(phone)
    if number is None:
        return phone
    national = number.country_code == VIETNAM
    shape = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape).replace(" ", "\u00a0")


def masked(phone: str) -> str:
    """Return `0912 ••• 678`: enough to tell two callers apart, too little to ring one."""
    shown = pretty(phone)
    digits = [place for place, char in enumerate(shown) if char.isdigit()]
    hidden = set(digits[4:-3])
    return "".join("•" if place in hidden else char for place, char in enumerate(shown))
