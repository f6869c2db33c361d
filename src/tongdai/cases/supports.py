"""Other agencies that help the one in charge of a case, each with a task and a day of its own (chủ trì, phối hợp).

The lead answers the citizen, by the citizen's deadline, whether or not the others have helped by then: no clock of theirs moves it.
Who helps reads the case, its photos and its history while it is open, never who sent it, nor what the agency in charge writes
among its own. `transition` ends what is still asked for once the case leaves its agency for good, whatever the action; a case
that another agency takes the lead of keeps its helpers.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import ANSWERS_FOR_AGENCY

from .models import Case, Support
from .states import OPEN, WITH_AGENCY, Who

ASKED = Q(ended_at=None)
READS = Q(reads=True, case__state__in=sorted(OPEN), case__confidential=False)  # whoever has helped reads on

# what the agency in charge does among its own, in whose words names may stand: none of it is for whoever helps …
UNSEEN_BY_HELPERS = frozenset({"note", "show_sender", "draft", "take_back", "return_draft"})
# … and of these they see that it was done, not the word that went with it
WORDLESS_TO_HELPERS = frozenset({"assign", "reassign", "recall", "hand_back"})


def of_agency(user: User) -> QuerySet[Support]:
    """Return what this person's agency helps with, or has helped with; nothing where they don't answer for it."""
    if not user.is_active or user.role not in ANSWERS_FOR_AGENCY or user.agency_id is None:
        return Support.objects.none()
    return Support.objects.filter(READS, agency=user.agency_id)


def asked_of(user: User) -> QuerySet[Support]:
    """Return what this person's agency has been asked for and is still to do."""
    return of_agency(user).filter(ASKED)


def open_of(case: Case) -> list[Support]:
    """Return what is still asked for, the next day first."""
    if case.support_asked_at is None:
        return []
    return list(Support.objects.filter(ASKED, case=case).select_related("agency").order_by("due_at", "pk"))


def helps(user: User, case: Case) -> bool:
    """Say whether this person's agency helps with a case, or has helped, that another one leads."""
    return user.agency_id != case.lead_id and of_agency(user).filter(case=case).exists()


def own(case: Case, user: User) -> Support | None:
    """Return what this person's agency is asked for in this case; None: nothing."""
    return asked_of(user).filter(case=case).first()


def first_asked(case: Case) -> dict[str, Any]:
    """Return the column of the case, by what is still asked for."""
    first = Support.objects.filter(ASKED, case=case).order_by("asked_at").first()
    return {"support_asked_at": first.asked_at if first else None}


def end(support: Support, outcome: Support.Outcome, *, words: str, at: datetime) -> dict[str, Any]:
    """End one, and return the columns of its case: what the other side says is news to the agency in charge."""
    support.ended_at, support.outcome, support.words = at, outcome, words
    support.save(update_fields=["ended_at", "outcome", "words"])
    if outcome in (Support.Outcome.DECLINED, Support.Outcome.WITHDRAWN):  # though it may have helped before
        Support.objects.filter(case=support.case, agency=support.agency).update(reads=False)
    is_news = outcome in (Support.Outcome.PROVIDED, Support.Outcome.DECLINED)
    return first_asked(support.case) | ({"support_answered_at": at} if is_news else {})


def is_read(case: Case, *, by: Who) -> bool:
    """Say whether the agency in charge goes on with the case, knowing what the others said, or leads it no more."""
    leads = by in (Who.OFFICER_OF_LEAD, Who.APPROVER_OF_LEAD)
    return case.support_answered_at is not None and (leads or case.state not in WITH_AGENCY)


def is_over(case: Case) -> bool:
    """Say whether the case has left its agency: answered, rejected, withdrawn, handed back, recalled, made a secret, merged."""
    return case.support_asked_at is not None and (case.state not in WITH_AGENCY or case.is_merged or case.confidential)


def ended(case: Case, *, at: datetime) -> dict[str, Any]:
    """End all that is still asked for, and return the column of the case."""
    Support.objects.filter(ASKED, case=case).update(ended_at=at, outcome=Support.Outcome.OVER, reads=False)
    return {"support_asked_at": None}


def led(case: Case, *, at: datetime) -> dict[str, Any]:
    """End what was asked of the agency that leads the case now, and return the column of the case."""
    own = Support.objects.filter(ASKED, case=case, agency=case.lead_id)
    own.update(ended_at=at, outcome=Support.Outcome.OVER, reads=False)
    return first_asked(case)


def ask_again(case: Case, *, ended_at: datetime) -> None:
    """What a step that is taken back had ended is asked for as before."""
    over = Support.objects.filter(case=case, ended_at=ended_at, outcome=Support.Outcome.OVER)
    over.update(ended_at=None, outcome="", reads=True)


def erase(case: Case) -> None:
    """Blank what was asked for and what was said to it."""
    Support.objects.filter(case=case).update(task="", words="")


def of_ids(case: Case, ids: Collection[int]) -> dict[int, Support]:
    """Return these by their ids, in one query."""
    rows = Support.objects.select_related("agency").filter(case=case, pk__in=ids) if ids else []
    return {each.pk: each for each in rows}
