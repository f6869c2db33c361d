"""The case that says the same as what is being sent, if it was sent just now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from tongdai.directory.models import Place
from tongdai.language.text import clean, fold
from tongdai.people.models import Contact
from tongdai.platform.database import prepared

from ..models import Case

JUST_SENT = timedelta(days=1)  # as of texts: `channels/sms/inbound/intake.py`
LOOKED_AT = 50  # cases of one number in a day: nobody writes more by hand


def just_sent(text: str, *, phone: str, here: Sequence[str], place: Place | None, at: datetime) -> Case | None:
    """The newest case of the last day that says the same, from this number (E.164) or sent in this browser; None if none.

    `here`: the codes of what was sent in this browser. Case, accents, spaces and signs make no difference; the same words
    about two places are two matters. A confidential case is given to the browser that sent it alone: whoever only types
    a number is not told that it denounced somebody.
    """
    recent = Case.objects.filter(received_at__gt=at - JUST_SENT).select_related("place").order_by("-received_at")
    known = list(recent.filter(code__in=here)) if here else []
    if contact := prepared.one(CONTACT_OF_A_NUMBER, [phone]) if phone else None:
        known += recent.filter(contact=contact[0], confidential=False)[:LOOKED_AT]
    asked = _bare(text)
    same = [each for each in known if _bare(each.text) == asked and not (place and each.place and each.place != place)]
    return max(same, key=lambda case: case.received_at, default=None)


CONTACT_OF_A_NUMBER = f"SELECT id FROM {Contact._meta.db_table} WHERE phone = %s"


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text))) or clean(text)
