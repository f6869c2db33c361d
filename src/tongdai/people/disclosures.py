"""Each reading of something personal by staff is on record (PRODUCT.md; Nghị định 13/2023/NĐ-CP, điều 26–27)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tongdai.accounts.models import User

from .models import Contact, Disclosure

What = Literal["phone", "confidential", "recording", "attachment"]


def record_disclosure(*, user: User, contact: Contact | None, what: What, reference: str, at: datetime) -> None:
    """Write down that `user` was shown `what`, in the case `reference` (its code)."""
    Disclosure.objects.create(user=user, contact=contact, what=what, reference=reference, happened_at=at)
