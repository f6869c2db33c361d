"""What opens a whole case without a number being asked: links in texts, and browsers that have shown a proof.

Each is a row that ends by itself and can be withdrawn. A link's token is derived from its row with the installation's
key whenever it is needed, and stands nowhere: not in the database, a log, or a page of the staff (ADR 17).
"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import int_to_base36 as base36

from tongdai.people.models import Interaction
from tongdai.platform.database import prepared

from ..models import Case, CaseLink
from ..states import State

OPEN_FOR, AFTER_CLOSING = timedelta(days=90), timedelta(days=30)
TOKEN_BYTES = 9  # 72 bits; twelve letters, for a text has 160 places
_SHORT = re.compile(r"([\w-]{12})([0-9a-z]{1,10})", re.ASCII)
Purpose = CaseLink.Purpose
END_LINKS = """
UPDATE cases_caselink SET expires_at = LEAST(expires_at, %(until)s) WHERE case_id = %(case)s AND purpose = %(purpose)s
"""


def give(case: Case, *, purpose: Purpose, at: datetime, interaction: Interaction | None = None) -> CaseLink:
    """Make a new way into the case; `interaction` is the text that carries it, which has one however often it is asked."""
    closed = purpose == Purpose.TEXT and State(case.state) is State.CLOSED
    row = {
        "case": case,
        "purpose": purpose,
        "created_at": at,
        "expires_at": at + (AFTER_CLOSING if closed else OPEN_FOR),
    }
    if interaction is None:
        return CaseLink.objects.create(**row)
    return CaseLink.objects.get_or_create(interaction=interaction, defaults=row)[0]


def token(link: CaseLink) -> str:
    """Return the twelve letters that open this row's case."""
    about = f"{link.pk}:{link.case_id}:{link.purpose}"
    digest = salted_hmac("tongdai.cases.links", about, algorithm="sha256").digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def short(link: CaseLink) -> str:
    """Return token and row in one, as short as a text wants it: the twelve letters, then the row's number in base 36.

    It ends with a letter or digit whatever the token is: telephones leave a `-` at the end out of an address.
    """
    return token(link) + base36(link.pk)


def find_short(given: str) -> CaseLink | None:
    """Return the link in a text that this is of, whether it opens anything still or not."""
    found = _SHORT.fullmatch(given)
    if found is None:
        return None
    link = CaseLink.objects.select_related("case__contact").filter(pk=int(found[2], 36), purpose=Purpose.TEXT).first()
    return link if link is not None and constant_time_compare(token(link), found[1]) else None


def find(code: str, given: str) -> CaseLink | None:
    """Return the link in a text that this token is of, whether it opens anything still or not."""
    sent = CaseLink.objects.select_related("case__contact").filter(case__code=code, purpose=Purpose.TEXT)
    return next((link for link in sent.order_by("-pk") if constant_time_compare(token(link), given)), None)


def is_live(link: CaseLink, *, at: datetime) -> bool:
    """Say whether it opens its case at this moment."""
    return link.withdrawn_at is None and link.expires_at > at


def end_soon(case: Case, *, at: datetime) -> None:
    """End the links in texts a while after the case is closed."""
    prepared.run(END_LINKS, {"case": case.pk, "purpose": Purpose.TEXT.value, "until": at + AFTER_CLOSING})


def open_again(case: Case, *, at: datetime) -> None:
    """What still opens a case that is reopened does so as long as if it had come now."""
    CaseLink.objects.filter(case=case, withdrawn_at=None, expires_at__gt=at).update(expires_at=at + OPEN_FOR)


def withdrawable(case: Case, *, at: datetime) -> bool:
    """Say whether anything but the browser that filed it opens the case now."""
    return _others(case).filter(expires_at__gt=at).exists()


def withdraw(case: Case, *, at: datetime) -> int:
    """End all but the browser that filed it, and return how many."""
    return _others(case).update(withdrawn_at=at)


def _others(case: Case) -> QuerySet[CaseLink]:
    return CaseLink.objects.filter(case=case, withdrawn_at=None).exclude(purpose=Purpose.FILED)
