"""Keep on record that a member of staff read something personal: a number, a recording, a confidential text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from tongdai.accounts.models import User
from tongdai.audit.acting import recorded
from tongdai.audit.entries import record
from tongdai.audit.models import Entry, Kind

from .models import Contact

What = Literal["phone", "history", "confidential", "recording", "attachment", "request", "search"]


SITTING = timedelta(minutes=15)
CODE_LENGTH = 11  # of a case


def disclose(*, to: User, what: What, contact: Contact | None, reference: str, at: datetime) -> Entry:
    """Write it down before it is shown. `reference` is the code of the case it is read in, or `call 7` where there is none.

    A page that is brought up to date while it stands open is one reading, written down once a quarter of an hour: the
    record then says how long it was looked at, and what matters in it isn't buried.

    Source: docs/personal-data.md, "Ai được thấy gì · Who may see what", its last line.
    """
    is_code = len(reference) == CODE_LENGTH and reference.isdecimal()
    about: dict[str, Any] = {
        "contact": contact.pk if contact else None,
        "case_code": reference if is_code else "",
        "what": "" if is_code else reference,
    }
    same = Entry.objects.filter(by=to.pk, kind=Kind.READ, action=what, **about)
    if known := same.filter(happened_at__gt=at - SITTING, happened_at__lte=at).first():
        recorded()
        return known
    return record(Kind.READ, what, by=to.pk, at=at, **about)


def readings(user: User) -> list[Entry]:
    """Return what this member of staff has read, the newest first."""
    return list(Entry.objects.filter(by=user.pk, kind=Kind.READ).order_by("-happened_at", "-pk"))


def read_by(case_code: str) -> list[tuple[datetime, str, str]]:
    """Return (when, what, agency of the reader) of each reading in this case, in order."""
    entries = list(Entry.objects.filter(case_code=case_code, kind=Kind.READ).order_by("happened_at", "pk"))
    readers = User.objects.filter(pk__in={entry.by for entry in entries}).select_related("agency").in_bulk()
    agencies = {pk: user.agency.name if user.agency else "" for pk, user in readers.items()}
    return [(entry.happened_at, entry.action, agencies.get(entry.by or 0, "")) for entry in entries]
