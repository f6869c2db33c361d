"""Name who is denounced: an agency, so that neither it nor one below it ever gets the case; or somebody outside them all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.directory.models import Agency

from ..access import secrecy
from ..actor import Actor
from ..models import Case
from ..states import OPEN, Rule, Way, Who
from ..transition import leaves_sight, transition

RULE = Rule("name_denounced", Way(from_=OPEN, to=None, who={Who.INSPECTOR}))


def name_denounced(case: Case, *, by: Actor, agency: Agency | None, at: datetime) -> Case:
    """Keep whom the denunciation is about; `agency` None: a person or body that is none of the city's agencies.

    Inspectors who belong to that agency, or to one below it, know of the case no more.

    Raises:
        ActionRefused: `by` is no inspector who knows of it, it is with that very agency now (or one below it), or no
            inspector would be left.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.set(denounced=agency, denounced_elsewhere=agency is None)
        if agency is not None:
            if change.case.lead is not None and secrecy.why_not(change.case, change.case.lead):
                change.refuse(_("Phiếu đang ở cơ quan ấy, hay cơ quan dưới quyền. Thu hồi phiếu trước."))
            if not secrecy.somebody_is_left(agency):
                change.refuse(
                    _(
                        "Không còn thanh tra viên nào ở ngoài cơ quan ấy. Nhờ quản trị thêm người của cơ quan cấp trên trước."
                    )
                )
            leaves_sight()
    return change.case
