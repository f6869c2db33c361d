"""Vietnamese telephone numbers: read in every style people write them, kept as E.164, shown as Vietnam writes them."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from tongdai.platform.vietnamese import clean

REGION = "VN"


def normalise(raw: str) -> str | None:
    """`0912 345 678`, `+84 912…`, `84912…`, `(0225) 3842 …` → `+84912345678`; None if it can't be a subscriber's number.

    Short codes (115, 1022) and alphanumeric senders are no subscriber's numbers. Foreign numbers need their `+`.
    """
    text = re.sub(r"[^\d+]", "", clean(raw))
    if text.startswith("84") and len(text) in (11, 12):
        text = "+" + text
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def is_mobile(phone: str) -> bool:
    """Whether a text can reach it; `phone` in E.164."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone))
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def pretty(phone: str) -> str:
    """`+84912345678` → `0912 345 678`, tied by no-break spaces; a foreign number keeps its country code."""
    if re.fullmatch(r"\+84\d{9}", phone):
        local = "0" + phone[3:]
        return f"{local[:4]}\u00a0{local[4:7]}\u00a0{local[7:]}"
    try:
        number = phonenumbers.parse(phone, REGION)
    except NumberParseException:
        return phone
    national = number.country_code == 84
    shape = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape).replace(" ", "\u00a0")


def masked(phone: str) -> str:
    """`0912 ••• 678`: enough to tell two callers apart, too little to ring one."""
    shown = pretty(phone)
    digits = [place for place, char in enumerate(shown) if char.isdigit()]
    hidden = set(digits[4:-3])
    return "".join("•" if place in hidden else char for place, char in enumerate(shown))
