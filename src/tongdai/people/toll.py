"""The gate of what goes out: which numbers the city texts and rings. Every channel asks it where it sends or dials.

Why: whoever owns an expensive number earns by each text and call that goes there (docs/toll-fraud.md).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.directory.outbound import the_outbound

from .phones import EMERGENCY, Kind, is_mobile, kind_of
from .purposes import Purpose

HOME = frozenset({Kind.MOBILE, Kind.LANDLINE})  # where the city's own people on duty are reached


def allows(number: str, *, purpose: Purpose | None = None) -> bool:
    """Say whether the city texts and rings a number like this one (E.164, or as it is dialled).

    Emergency numbers always, and who is on duty at any number of the country: those were typed by the city itself.
    """
    if number in EMERGENCY:
        return True
    kind = kind_of(number)
    if kind is None:
        return False
    return kind in the_outbound().kinds or purpose == Purpose.DUTY and kind in HOME


def takes_texts(phone: str) -> bool:
    """Say whether the city texts this number (E.164): a mobile, of a kind that it allows."""
    return is_mobile(phone) and allows(phone)


def why_not(number: str) -> str:
    """Say in one sentence why the city neither texts nor rings a number like this; empty where it does."""
    if allows(number):
        return ""
    kind = kind_of(number)
    if kind is None:
        return _("Số này không gọi được. Xin xem lại từng chữ số.")
    return _("Thành phố không nhắn tin và không gọi ra loại số này ({kind}).").format(kind=kind.label)
