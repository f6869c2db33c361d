"""Clear a doubt: the citizen or a coordinator says that a case is no denunciation, so an agency may have it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..actor import Actor
from ..models import Case
from ..transition import moving, refuse


def clear_doubt(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let the case go on as any other.

    Raises:
        ActionRefused: there is no doubt (any more), or it isn't this actor's to clear.
    """
    with moving(case, "clear_doubt", by=by, at=at) as move:
        if not move.case.perhaps_denunciation:
            refuse(move.case, "clear_doubt", _("Phiếu này đã có người xem rồi."))
        move.set(perhaps_denunciation=False)
    return move.case
