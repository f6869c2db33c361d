"""Rate an answer: its citizen says once how satisfied they are, from 1 to 5, and why if they like."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people.models import Interaction

from ..actor import Actor
from ..models import Answer, Case, CaseInteraction, Rating
from ..states import Rule, State, Way, Who
from ..transition import transition

RULE = Rule("rate", Way(from_={State.ANSWERED, State.CLOSED}, to=None, who={Who.CITIZEN}), merged="too")
LEAST, MOST = 1, 5


def unrated(case: Case) -> Answer | None:
    """Return the case's last answer, if it may still be rated: once, whatever was corrected in it before or afterwards.

    A correction takes no rating back, so that nobody corrects one away; what it doesn't settle is reopened.
    """
    last = Answer.objects.filter(case=case, corrects=None).select_related("rating").order_by("-pk").first()
    return None if last is None or hasattr(last, "rating") or case.erased_at is not None else last


def rate(
    case: Case, *, by: Actor, stars: int, at: datetime, words: str = "", interaction: Interaction | None = None
) -> Case:
    """Keep the rating with the case's last answer. `words` stand in the history, as those of a text (`interaction`) do.

    Raises:
        ActionRefused: it isn't from 1 to 5, there is no answer, it is rated already, or not by its citizen.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if not LEAST <= stars <= MOST:
            change.refuse(_("Xin chọn từ 1 (rất chưa hài lòng) đến 5 (rất hài lòng)."), argument="stars")
        answer = unrated(change.case)
        if answer is None:
            change.refuse(_("Câu trả lời này đã được đánh giá, hoặc phiếu chưa có câu trả lời."))
        if interaction is not None:
            CaseInteraction.objects.create(case=change.case, interaction=interaction)
        Rating.objects.create(answer=answer, stars=stars, rated_at=at)
        change.record(answer=answer, interaction_id=interaction.pk if interaction else None, stars=stars)
        change.add_remark(words)
    return change.case
