"""One-time codes: six digits texted to the number on a case, to be entered in the browser that filed it.

A code is derived from its row with the installation's key, and stored nowhere; the text that carries it holds a mark
until the moment it is sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from tongdai.people.models import Contact

from ..actions.prove_number import prove_number
from ..actor import Actor
from ..models import Case, OneTimeCode

DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
A_DAY = 3  # to one number, whatever the case (docs/personal-data.md)

Verdict = Literal["right", "wrong", "expired", "spent"]


def make(case: Case, *, at: datetime) -> OneTimeCode | None:
    """Make a new code for the number on the case, which ends an earlier one; None if it has had its codes of the day.

    Call it in the transaction that queues its text.
    """
    contact = Contact.objects.select_for_update().get(cases=case)
    if OneTimeCode.objects.filter(contact=contact, made_at__gt=at - timedelta(days=1)).count() >= A_DAY:
        return None
    return OneTimeCode.objects.create(case=case, contact=contact, made_at=at)


def digits(code: OneTimeCode) -> str:
    """Return what stands in the text."""
    about = f"{code.pk}:{code.case_id}:{code.contact_id}:{code.made_at.timestamp()}"
    digest = salted_hmac("tongdai.cases.one_time", about, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def latest(case: Case) -> OneTimeCode | None:
    """Return the code that was sent last for this case: the only one that may be entered."""
    return case.one_time_codes.order_by("-pk").first()


def enter(case: Case, typed: str, *, by: Actor, at: datetime) -> Verdict:
    """Try a code; the right one proves the number on this case.

    `expired`: ten minutes are over, it was used, or none was sent. `spent`: five wrong tries have ended it.
    """
    with transaction.atomic():
        code = case.one_time_codes.select_for_update().order_by("-pk").first()
        if code is None or code.used_at or code.contact_id != case.contact_id or at - code.made_at > GOOD_FOR:
            return "expired"
        if code.wrong_tries >= TRIES:
            return "spent"
        if not constant_time_compare(digits(code), "".join(filter(str.isdecimal, typed))):
            code.wrong_tries += 1
            code.save(update_fields=["wrong_tries"])
            return "spent" if code.wrong_tries >= TRIES else "wrong"
        code.used_at = at
        code.save(update_fields=["used_at"])
        prove_number(case, by=by, at=at)
    return "right"
