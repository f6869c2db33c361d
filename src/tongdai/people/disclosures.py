"""Keep on record that a member of staff read something personal: a number, a recording, a confidential text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from tongdai.accounts.models import User

from .models import Contact, Disclosure

What = Literal["phone", "confidential", "recording", "attachment"]


SITTING = timedelta(minutes=15)


def disclose(*, to: User, what: What, contact: Contact | None, reference: str, at: datetime) -> Disclosure:
    """Write it down before it is shown. `reference` is the code of the case it is read in.

    A page that is brought up to date while it stands open is one reading, written down once a quarter of an hour: the
    record then says how long it was looked at, and what matters in it isn't buried.

    Source: PRODUCT.md, "each reading of a citizen's phone number, recording or confidential text is on record".
    """
    same = Disclosure.objects.filter(user=to, what=what, contact=contact, reference=reference)
    known = same.filter(happened_at__gt=at - SITTING, happened_at__lte=at).first()
    return known or Disclosure.objects.create(user=to, contact=contact, what=what, reference=reference, happened_at=at)
