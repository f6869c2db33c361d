"""Whether a form says once more what was sent just now: then its sender is asked, and no second case is made by accident.

A form sent again under its own hidden key is the same case without a question (`cases/actions/register.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tongdai.cases.search.just_sent import just_sent
from tongdai.people.models import Interaction

from .. import citizen
from .form import Typed, Understood
from .submit import key_of

ALL_THE_SAME = "again"  # the button's field: `Earlier.answer` of the case that this one is made beside


@dataclass(frozen=True)
class Earlier:
    """The case that these words made already, as its sender is asked about it.

    `code`: in the browser that sent it alone; whoever types somebody's number and guesses their words would have the code,
    and with the number's last digits the case. `answer`: names the case in the form without telling its code.
    """

    code: str
    answer: str
    in_danger: bool


def earlier(request: HttpRequest, typed: Typed, read: Understood, *, at: datetime) -> Earlier | None:
    """What is to be asked about; None: nothing, or it is to be made all the same.

    Nobody in danger is asked, unless the earlier case has rung who is on duty.
    """
    here = citizen.sent_by_this_browser(request)
    case = just_sent(read.text, phone=read.phone, here=here, place=read.place, at=at)
    if case is None:
        return None
    answer = salted_hmac("tongdai.portal.sent_twice", case.code, algorithm="sha256").hexdigest()[:16]
    if request.POST.get(ALL_THE_SAME) == answer or (read.in_danger and not case.in_danger):
        return None
    if Interaction.objects.filter(key=key_of(typed)).exists():
        return None
    return Earlier(case.code if case.code in here else "", answer, case.in_danger)
