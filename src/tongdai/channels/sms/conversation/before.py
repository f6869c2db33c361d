"""What went before a text: the citizen's last case, the question last asked, the language they want. Reads, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Max

from tongdai.cases.models import Answer, Case, Event
from tongdai.cases.standing import WAITING
from tongdai.cases.states import OPEN, State
from tongdai.people.models import Contact
from tongdai.platform.database import prepared

from ..models import Offer

GOES_ON_FOR = timedelta(days=30)  # after its last sign of life, a case is what a citizen may mean without saying so
QUESTION_GOES_ON_FOR = timedelta(hours=1)
TOUCHED_BY = (
    "register", "join", "answer", "approve", "correct", "reject", "withdraw", "reopen", "ask", "remind", "reply", "go_on",
)  # fmt: skip  # actions after which people write


@dataclass(frozen=True)
class LastCase:
    """The case that a text may go on with. `quiet_for`: how long ago it was last told about, added to or answered; `answer`:
    its last one, in its words."""

    case: Case
    quiet_for: timedelta
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return State(self.case.state) in OPEN

    @property
    def is_answered(self) -> bool:
        return not self.is_open and self.case.answered_at is not None

    @property
    def told(self) -> str:
        """What it is about, in the words of both sides."""
        return f"{self.case.text} {self.answer}"


@dataclass(frozen=True)
class Before:
    """`last`: of the number's own cases the newest, or the one that waits for a reply if that was spoken of later, while it
    goes on; `offer`: to the question asked since, within the hour."""

    last: LastCase | None = None
    offer: Offer | None = None

    @property
    def question(self) -> str:
        """What was asked since, in its words."""
        return self.offer.question if self.offer else ""


def before(phone: str | None, *, at: datetime) -> Before:
    """What went before with this number (E.164)."""
    if not phone or not _is_known(phone):
        return Before()
    theirs = Case.objects.select_related("contact", "lead").filter(
        contact__phone=phone, number_proven_at__isnull=False, erased_at=None
    )
    newest = theirs.order_by("-received_at", "-pk").first()
    last = last_of(newest, at=at) if newest else None
    if last and not last.case.waits and (waiting := theirs.filter(WAITING).order_by("-asked_at", "-pk").first()):
        last = min(last, last_of(waiting, at=at), key=lambda each: each.quiet_for)  # what was spoken of last
    if last and last.quiet_for > GOES_ON_FOR:
        last = None
    asked = (
        Offer.objects.select_related("inquiry").filter(phone=phone, offered_at__gt=at - QUESTION_GOES_ON_FOR).first()
    )
    asked_since = asked is not None and (last is None or at - asked.offered_at < last.quiet_for)
    return Before(last, asked if asked_since else None)


def last_of(case: Case, *, at: datetime) -> LastCase:
    """The case, and for how long it has been quiet."""
    touched = Event.objects.filter(case=case, action__in=TOUCHED_BY).aggregate(last=Max("happened_at"))["last"]
    last = LastCase(case, max(at - (touched or case.received_at), timedelta()))
    if not last.is_answered:
        return last
    answer = Answer.objects.filter(case=case).order_by("-answered_at", "-pk").values_list("text", flat=True).first()
    return replace(last, answer=answer or "")


def wanted_language(phone: str | None) -> str:
    """The language that the number asked to be written to in; Vietnamese where it asked for none."""
    if not phone:
        return "vi"
    found = prepared.one(LANGUAGE_OF_A_NUMBER, [phone])
    return (found and found[0]) or "vi"


def _is_known(phone: str) -> bool:
    """Say whether this number has ever been heard of: most texts of a bad day come from those that have not."""
    found = prepared.one(IS_A_NUMBER_KNOWN, {"phone": phone})
    return bool(found and found[0])


LANGUAGE_OF_A_NUMBER = f"SELECT language FROM {Contact._meta.db_table} WHERE phone = %s"
IS_A_NUMBER_KNOWN = f"""
SELECT EXISTS (SELECT FROM {Contact._meta.db_table} WHERE phone = %(phone)s)
  OR EXISTS (SELECT FROM {Offer._meta.db_table} WHERE phone = %(phone)s)
"""
