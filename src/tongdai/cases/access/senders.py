"""Who sent a case stays with the city where its topic says so: the agency sees it once it has said why it needs to.

Of a denunciation another rule holds (`secrecy.py`; `privacy.consents`): this one is about ordinary cases alone.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import ANSWERS_FOR_AGENCY

from .. import supports
from ..models import Assignment, Case


def hidden_from(user: User) -> Q:
    """Return the condition on a case under which this person may see it, but not who sent it."""
    if user.role not in ANSWERS_FOR_AGENCY:
        return Q(pk__in=[])
    unseen = ~Exists(_shown_to(user).filter(case=OuterRef("pk")))
    return Q(unseen, topic__hides_sender=True, confidential=False)


def is_hidden_from(user: User, case: Case) -> bool:
    """Say the same of a case in hand."""
    if user.role not in ANSWERS_FOR_AGENCY or case.confidential:
        return False
    if supports.helps(user, case):
        return True  # who helps needs to know of the matter alone
    if case.topic is None or not case.topic.hides_sender:
        return False
    return not _shown_to(user).filter(case=case).exists()


def is_hidden_from_all(case: Case) -> bool:
    """Say whether somebody sent this case whom no agency has seen so far: for its citizen to read."""
    if case.confidential or case.topic is None or not case.topic.hides_sender:
        return False
    if case.contact_id is None and not case.sender_name:
        return False
    return not case.assignments.filter(sender_shown_at__isnull=False).exists()


def _shown_to(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(agency=user.agency_id, ended_at=None, sender_shown_at__isnull=False)
