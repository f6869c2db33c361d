"""Classifying on the desk: subject and place, from the city's lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.classify import classify
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.directory.snapshot import all_places, all_topics
from tongdai.shell.staff import StaffRequest

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, place_rows, topic_rows


class ClassifyForm(ActionForm):
    template = "desk/case/_classify.html"
    topic = RowField(rows=topic_rows, required=False)
    place = RowField(rows=place_rows, required=False)

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        return {"topic": case.topic_id, "place": case.place_id}

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"topics": topic_rows(), "places": place_rows()}


def line(step: Step) -> Line:
    named = []
    if "topic" in step.changed:
        topic = next((row for row in all_topics().rows if row.pk == step.changed["topic"][1]), None)
        named.append(_("lĩnh vực: %(name)s") % {"name": topic.name if topic else _("chưa rõ")})
    if "place" in step.changed:
        place = all_places().by_id.get(step.changed["place"][1])
        named.append(_("nơi: %(name)s") % {"name": place.full_name if place else _("chưa rõ")})
    title = _("Xếp lại, %(what)s") % {"what": "; ".join(named)} if named else _("Đã xem lại lĩnh vực và nơi")
    return Line(title=title, how=step.who)


FACE = CaseAction(
    "classify",
    icon="pencil",
    line=line,
    do=classify,
    path="phan-loai",
    label=gettext_lazy("Lĩnh vực, nơi"),
    key="l",
    form=ClassifyForm,
    done=gettext_lazy("Đã xếp lại phiếu %(code)s. Hạn trả lời tính theo lĩnh vực mới."),
)
