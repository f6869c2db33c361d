"""What rests on topics and agencies in this room, and what a change of one means to cases: told to whoever sets the city.

A denunciation is counted nowhere here: who sets the city may not know of one (ADR 19).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdai.directory.models import Agency, Topic
from tongdai.directory.registry import Use
from tongdai.platform.clock import today
from tongdai.platform.typed_input import as_typed

from .. import supports
from ..models import OPEN_STATES, Case, Support


def at_agencies(ids: Collection[int]) -> dict[int, Use]:
    """How many open cases each of these agencies answers for."""
    return _open("lead", ids, _("cán bộ ở đây trả lời các phiếu ấy, hoặc điều phối viên chuyển thẳng sang nơi khác"))


def helping_at_agencies(ids: Collection[int]) -> dict[int, Use]:
    """How many cases of others each of these agencies is asked to help with."""
    found = Support.objects.filter(supports.ASKED, agency__in=ids, case__confidential=False)
    remedy = _("cán bộ ở đây trả lời phối hợp, hoặc cơ quan chủ trì thôi nhờ")
    return {
        row["agency"]: Use(
            row["n"], ngettext("{n} phiếu nhờ phối hợp", "{n} phiếu nhờ phối hợp", row["n"]).format(n=row["n"]), remedy
        )
        for row in found.values("agency").annotate(n=Count("pk")).order_by()
    }


def of_topics(ids: Collection[int]) -> dict[int, Use]:
    """How many open cases each of these topics has; a topic that ends keeps them."""
    return _open("topic", ids, "")


def topic_effects(was: Topic | None, planned: Topic) -> list[str]:
    """What happens to cases, new and old, when a topic becomes so."""
    if was is None:
        return [_becomes_confidential()] if planned.confidential else []
    said = [
        *_confidential(was, planned),
        *_limits(was, planned),
        *_marks(was, planned),
        *_goes_to(was, planned),
        *_ends(was, planned),
    ]
    return [sentence for sentence in said if sentence]


def agency_effects(was: Agency | None, planned: Agency) -> list[str]:
    """What happens to cases when an agency becomes so."""
    if was is None:
        return []
    said = []
    if was.handles_denunciations and not planned.handles_denunciations:
        said.append(
            _("Thanh tra không chuyển tố cáo đến đây được nữa, và cán bộ ở đây không mở được tố cáo đã nhận. "
              "Hãy báo thanh tra trước.")
        )  # fmt: skip
    elif planned.handles_denunciations and not was.handles_denunciations:
        said.append(_("Thanh tra chuyển được tố cáo đến đây; cán bộ xử lý ở đây đọc được những tố cáo ấy."))
    if was.parent_id != planned.parent_id:
        said.append(
            _("Danh sách phiếu lọc theo cơ quan cấp trên gồm cả phiếu của cơ quan dưới quyền, theo cây mới này.")
        )
    if _stops(was, planned):
        said += _agency_stops(planned)
    elif was.valid_to and was.valid_to < today() and planned.valid_to != was.valid_to:
        said.append(_("Từ hôm nay chuyển phiếu đến đây được lại. Số liệu coi như cơ quan này chưa từng ngừng."))
    return said


def _open(column: str, ids: Collection[int], remedy: str) -> dict[int, Use]:
    found = Case.objects.filter(**{f"{column}__in": ids}, state__in=OPEN_STATES, confidential=False)
    return {
        row[column]: Use(
            row["n"], ngettext("{n} phiếu đang mở", "{n} phiếu đang mở", row["n"]).format(n=row["n"]), remedy
        )
        for row in found.values(column).annotate(n=Count("pk")).order_by()
    }


def _becomes_confidential() -> str:
    return _(
        "Phiếu thuộc lĩnh vực này là phiếu mật: chỉ thanh tra và cơ quan giải quyết tố cáo đọc được, kể cả điều phối viên "
        "cũng không. Đúng với phiếu nhận hay xếp vào đây từ nay; phiếu đã có giữ như cũ. Từ khóa chỉ gợi ý lĩnh vực này khi "
        "lời lẽ có vẻ là tố cáo."
    )


def _confidential(was: Topic, planned: Topic) -> list[str]:
    if planned.confidential and not was.confidential:
        return [_becomes_confidential()]
    said = []
    if was.confidential and not planned.confidential:
        said.append(_("Phiếu nhận từ nay không mật vì lĩnh vực nữa. Phiếu đã mật vẫn mật, cho đến khi thanh tra mở."))
    if was.confidential and (not planned.confidential or _stops(was, planned)) and _is_the_last(was):
        said.append(
            _("Không còn lĩnh vực mật nào: tố cáo vẫn được giữ kín, nhưng không được xếp vào một lĩnh vực riêng.")
        )
    return said


def _is_the_last(topic: Topic) -> bool:
    others = Topic.objects.filter(confidential=True).exclude(pk=topic.pk).on(today())
    return not others.exists()


def _limits(was: Topic, planned: Topic) -> list[str]:
    said = []
    if was.limit_hours != planned.limit_hours:
        said.append(
            _("Thời hạn {hours} giờ đúng với phiếu nhận, phân loại hay mở lại từ nay. Phiếu đang mở giữ hạn cũ ({before} giờ), "
              "trừ khi được phân loại lại.").format(hours=planned.limit_hours, before=was.limit_hours)
        )  # fmt: skip
    if was.wait_days != planned.wait_days:
        said.append(
            _("Chờ {days} ngày làm việc đúng với câu hỏi gửi người dân từ nay; câu đã hỏi vẫn chờ như đã hẹn.").format(
                days=planned.wait_days
            )
        )
    return said


def _marks(was: Topic, planned: Topic) -> list[str]:
    said = []
    if planned.urgent and not was.urgent:
        said.append(
            _("Mỗi phiếu mới thuộc lĩnh vực này báo ngay cho người trực khẩn, ngày đêm. Phiếu đã có giữ như cũ.")
        )
    if was.urgent and not planned.urgent:
        said.append(
            _("Phiếu mới không báo người trực khẩn nữa, trừ khi lời lẽ cho thấy nguy hiểm. Phiếu đã có giữ như cũ.")
        )
    if planned.proof_required and not was.proof_required:
        said.append(_("Câu trả lời phải kèm ảnh hay tài liệu, cả với phiếu đang mở chưa trả lời."))
    if planned.approval_required and not was.approval_required:
        said.append(_("Câu trả lời phải có người duyệt của cơ quan trước khi gửi, cả với phiếu đang mở chưa trả lời."))
    if planned.hides_sender and not was.hides_sender:
        said.append(_("Cơ quan xử lý chỉ thấy tên và số người gửi sau khi nêu lý do, cả với phiếu đang mở."))
    if was.hides_sender and not planned.hides_sender:
        said.append(_("Cơ quan xử lý thấy tên và số người gửi, cả của phiếu đã có."))
    if was.anonymous_allowed and not planned.anonymous_allowed:
        said.append(
            _("Trên trang web, người gửi chọn lĩnh vực này thì phải để lại số điện thoại. Phiếu đã có giữ như cũ.")
        )
    return said


def _goes_to(was: Topic, planned: Topic) -> list[str]:
    """The agency is looked up when a case is passed on, so that cases that wait for the coordinator follow the new rule."""
    said = []
    if (was.agency_id, was.by_place, was.parent_id) != (planned.agency_id, planned.by_place, planned.parent_id):
        said.append(_("Cơ quan gợi ý đổi ngay, cả với phiếu chưa chuyển. Phiếu đã chuyển ở lại cơ quan đang xử lý."))
    agency = planned.agency
    if planned.confidential and agency is not None and not agency.handles_denunciations:
        said.append(
            _("“{agency}” không giải quyết tố cáo, nên phiếu mật không gợi ý đến đó; thanh tra phải chọn.").format(
                agency=agency.name
            )
        )
    return said


def _ends(was: Topic, planned: Topic) -> list[str]:
    if not _stops(was, planned):
        if was.valid_to and was.valid_to < today() and planned.valid_to != was.valid_to:
            return [_("Được chọn lại từ hôm nay. Số liệu coi như lĩnh vực này chưa từng ngừng.")]
        return []
    said = [
        _("Sau {day}, lĩnh vực này không được chọn hay gợi ý nữa.").format(day=as_typed(planned.valid_to)),
    ]
    if use := of_topics([was.pk]).get(was.pk):
        said.append(_("Còn {cases}: giữ nguyên lĩnh vực và hạn, xử lý tiếp như thường.").format(cases=use.words))
    below = Topic.objects.filter(parent=was.pk).on(today()).count()
    if below:
        said.append(
            ngettext(
                "{n} lĩnh vực nằm dưới vẫn dùng, và vẫn theo cơ quan mặc định của lĩnh vực này.",
                "{n} lĩnh vực nằm dưới vẫn dùng, và vẫn theo cơ quan mặc định của lĩnh vực này.",
                below,
            ).format(n=below)
        )
    return said


def _agency_stops(planned: Agency) -> list[str]:
    said = [_("Sau {day}, không chuyển phiếu đến đây được nữa.").format(day=as_typed(planned.valid_to))]
    if use := at_agencies([planned.pk]).get(planned.pk):
        said.append(_("Còn {cases}: phải chuyển sang cơ quan khác trước ngày ấy.").format(cases=use.words))
    if use := helping_at_agencies([planned.pk]).get(planned.pk):
        said.append(_("Còn {cases}: phải trả lời, hay được thôi nhờ, trước ngày ấy.").format(cases=use.words))
    topics = Topic.objects.filter(agency=planned.pk).on(today()).count()
    if topics:
        said.append(
            ngettext(
                "{n} lĩnh vực lấy đây làm cơ quan mặc định: sau ngày ấy, phiếu mới theo lĩnh vực trên, hoặc chờ điều phối viên "
                "chọn.",
                "{n} lĩnh vực lấy đây làm cơ quan mặc định: sau ngày ấy, phiếu mới theo lĩnh vực trên, hoặc chờ điều phối viên "
                "chọn.",
                topics,
            ).format(n=topics)
        )
    if planned.handles_denunciations:
        said.append(_("Cơ quan này giải quyết tố cáo: hãy báo thanh tra, để tố cáo (nếu có) được chuyển trước."))
    return said


def _stops(was: Topic | Agency, planned: Topic | Agency) -> bool:
    """Whether it gets a last day, or another one, that isn't past already."""
    return (
        planned.valid_to is not None
        and planned.valid_to != was.valid_to
        and (was.valid_to is None or was.valid_to >= today())
    )
