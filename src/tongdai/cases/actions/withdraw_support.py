"""Withdraw what another agency was asked for: it need not help any more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.directory.models import Agency

from .. import supports
from ..actor import Actor
from ..models import Case, Support
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import leaves_sight, transition

RULE = Rule("withdraw_support", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD, Who.COORDINATOR}))


def withdraw_support(case: Case, *, by: Actor, agency: Agency, reason: str, at: datetime) -> Case:
    """The agency is asked no more, and sees the case no more.

    Raises:
        ActionRefused: the case isn't `by`'s to lead, or nothing is asked of `agency`.
    """
    with transition(case, RULE, by=by, at=at) as change:
        support = Support.objects.filter(supports.ASKED, case=change.case, agency=agency).first()
        if support is None:
            change.refuse(_("Cơ quan này không còn được nhờ. Hãy chọn cơ quan khác."), argument="agency")
        change.set(**supports.end(support, Support.Outcome.WITHDRAWN, words=reason, at=at))
        change.record(support=support.pk)
        leaves_sight()
    return change.case
