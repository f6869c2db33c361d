"""Consent, where one is needed: asked in plain words, never taken for granted, withdrawn by the same button.

The city answers petitions by law (Luật Tiếp công dân, Luật Tố cáo), which needs no consent (Luật 91/2025/QH15, điều 19), and a
life in danger waits for none. What is sensitive beside that is asked about: health, and who denounced.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import INSPECTS_DENUNCIATIONS
from tongdai.cases.models import Case
from tongdai.directory.models import Topic

from . import requests
from .models import Consent, DataRequest

Purpose, Answer = Consent.Purpose, Consent.Answer


def asked_of(case: Case) -> Consent.Purpose | None:
    """What this case's citizen is to be asked, if anything."""
    if case.erased_at or (
        case.visibility == Case.Visibility.ANONYMOUS and not case.contact_id and not case.sender_name
    ):
        return None
    if case.confidential:
        return Purpose.DENUNCIATION
    return Purpose.HEALTH if case.topic and case.topic.health else None


def effects(was: Topic | None, planned: Topic) -> list[str]:
    """What a topic that becomes one of health, or is one no more, means, for whoever is about to save it."""
    if planned.health == (was.health if was else False):
        return []
    if planned.health:
        return [_("Người gửi được hỏi có đồng ý cho ghi thông tin sức khỏe không, kể cả của những phiếu đã có.")]
    return [_("Người gửi không được hỏi đồng ý về thông tin sức khỏe nữa; ai đã trả lời thì câu trả lời vẫn giữ.")]


def last(case: Case) -> Consent | None:
    """What was last answered to what this case asks; None: nothing yet, or nothing is asked."""
    purpose = asked_of(case)
    return case.consents.filter(purpose=purpose).order_by("-answered_at", "-pk").first() if purpose else None


def hides_sender(case: Case, user: User) -> bool:
    """Whether name and number stay with the inspectorate: who denounced hasn't agreed that the body resolving it knows."""
    if not case.confidential or user.role in INSPECTS_DENUNCIATIONS:
        return False
    answered = last(case)
    return answered is None or answered.answer != Answer.GIVEN


def record_answer(
    case: Case, answer: Consent.Answer, *, channel: str, at: datetime, by: User | None = None
) -> Consent | None:
    """Record the citizen's answer; None where nothing is asked. Taken back, it is also a request with its own deadline.

    The same answer twice is recorded once.
    """
    purpose = asked_of(case)
    if purpose is None:
        return None
    with transaction.atomic():
        Case.objects.select_for_update().only("pk").get(pk=case.pk)
        known = last(case)
        if known and known.answer == answer:
            return known
        if answer == Answer.WITHDRAWN and (known is None or known.answer != Answer.GIVEN):
            return known
        row = Consent.objects.create(case=case, purpose=purpose, answer=answer, channel=channel, by=by, answered_at=at)
        if answer == Answer.WITHDRAWN:
            requests.receive(case, DataRequest.Kind.WITHDRAWAL, words=str(purpose.label), channel=channel, at=at, by=by)
    return row
