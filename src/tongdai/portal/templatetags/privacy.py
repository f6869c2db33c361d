"""What a case's citizen is asked to agree to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template

from tongdai.cases.models import Case
from tongdai.privacy import consents

register = template.Library()


@dataclass(frozen=True)
class Ask:
    purpose: str
    answer: str  # empty: nothing yet
    at: datetime | None


@register.simple_tag
def consent_of(case: Case) -> Ask | None:
    """The question, and what was last answered to it; None where nothing is asked."""
    purpose = consents.asked_of(case)
    if purpose is None:
        return None
    last = consents.last(case)
    return Ask(purpose, last.answer if last else "", last.answered_at if last else None)
