"""Name who is denounced: an agency, so that neither it nor one below it ever gets the case; or somebody outside them all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.directory.models import Agency

from .. import secrecy
from ..actor import Actor
from ..models import Case
from ..transition import leaves_sight, moving, refuse


def name_denounced(case: Case, *, by: Actor, agency: Agency | None, at: datetime) -> Case:
    """Keep whom the denunciation is about; `agency` None: a person or body that is none of the city's agencies.

    Inspectors who belong to that agency, or to one below it, know of the case no more.

    Raises:
        ActionRefused: `by` is no inspector who knows of it, it is with that very agency now (or one below it), or no
            inspector would be left.
    """
    with moving(case, "name_denounced", by=by, at=at) as move:
        move.set(denounced=agency, denounced_elsewhere=agency is None)
        if agency is not None:
            if move.case.lead is not None and secrecy.why_not(move.case, move.case.lead):
                refuse(
                    case, "name_denounced", _("Phiếu đang ở cơ quan ấy, hay cơ quan dưới quyền. Thu hồi phiếu trước.")
                )
            if not secrecy.somebody_is_left(agency):
                refuse(
                    case, "name_denounced",
                    _("Không còn thanh tra viên nào ở ngoài cơ quan ấy. Nhờ quản trị thêm người của cơ quan cấp trên trước."),
                )  # fmt: skip
            leaves_sight()
    return move.case
