"""PINs: six digits that open, with its code, a case whose citizen left no number.

Of a PIN only a hash is kept, keyed with the installation's secret: a million PINs are tried in a second on a stolen copy of
the database, were it a hash of the digits alone. A new one ends the one before. How often one may try: `proofs`.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import Case, CasePin

DIGITS = 6


def make(case: Case, *, at: datetime) -> str:
    """Give the case a PIN, in place of the one it had, and return its digits: they can't be read again."""
    pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    CasePin.objects.update_or_create(case=case, defaults={"digest": _digest(case.pk, pin), "made_at": at})
    return pin


def is_pin_of(code: str, digits: str) -> bool:
    """Say whether these digits are the PIN of the case with this code; it has one as long as no number is on it."""
    known = CasePin.objects.filter(case__code=code, case__contact=None).first()
    return known is not None and constant_time_compare(known.digest, _digest(known.case_id, digits))


def _digest(case_id: int, pin: str) -> str:
    return salted_hmac("tongdai.cases.pins", f"{case_id}:{pin}", algorithm="sha256").hexdigest()
