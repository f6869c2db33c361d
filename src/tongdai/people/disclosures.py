"""Keep on record that a member of staff read something personal: a number, a recording, a confidential text."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tongdai.accounts.models import User

from .models import Contact, Disclosure

What = Literal["phone", "confidential", "recording", "attachment"]


def disclose(*, to: User, what: What, contact: Contact | None, reference: str, at: datetime) -> Disclosure:
    """Write it down before it is shown. `reference` is the code of the case it is read in.

    Source: PRODUCT.md, "each reading of a citizen's phone number, recording or confidential text is on record".
    """
    return Disclosure.objects.create(user=to, contact=contact, what=what, reference=reference, happened_at=at)
