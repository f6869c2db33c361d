"""Every role and what it may do: the one table. Views, lists, the live stream and the actions on a case all ask here.

A right is the set of roles that have it; `/ban/vai-tro/` shows the table to all staff. What a right covers (the cases of
one's own agency, a denunciation one may know of) is said where it is used: `cases/queries.py`, `cases/access/secrecy.py`.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Role

CALL_TAKER, COORDINATOR, OFFICER, APPROVER = Role.CALL_TAKER, Role.COORDINATOR, Role.OFFICER, Role.APPROVER
SUPERVISOR, LEADER, INSPECTOR, ADMIN = Role.SUPERVISOR, Role.LEADER, Role.INSPECTOR, Role.ADMIN


class Right(frozenset[Role]):
    """The roles that may do one thing; `label` says what it is."""

    label: str | Promise

    def __new__(cls, label: str | Promise, *roles: Role) -> Right:
        right = super().__new__(cls, roles)
        right.label = label
        return right


# --- cases ------------------------------------------------------------------------------------------------------
HAS_CASES = Right(
    _("Mở trang phiếu"), CALL_TAKER, COORDINATOR, OFFICER, APPROVER, SUPERVISOR, LEADER, INSPECTOR
)  # fmt: skip
SEES_ALL_BUT_CONFIDENTIAL = Right(
    _("Xem phiếu của cả thành phố, trừ tố cáo"), CALL_TAKER, COORDINATOR, SUPERVISOR, LEADER
)  # fmt: skip
TAKES_DOWN = Right(_("Lập phiếu, ghép phiếu trùng"), CALL_TAKER, COORDINATOR)
COORDINATES = Right(_("Phân loại, chuyển cơ quan, trả lời ngay, từ chối"), COORDINATOR)
OVERSEES = Right(_("Nhận phiếu khẩn chưa ai nhận, ngoài người trực"), SUPERVISOR, LEADER)
ANSWERS_FOR_AGENCY = Right(_("Xem, nhận, trả lời, trả lại phiếu của cơ quan mình"), OFFICER, APPROVER, INSPECTOR)
BELONGS_TO_AGENCY = Right(_("Phải thuộc một cơ quan; phiếu xếp theo việc của cơ quan ấy"), OFFICER, APPROVER)
READS_NUMBERS = Right(
    _("Xem số điện thoại của người gửi, tìm phiếu theo số; mỗi lần đều ghi sổ"),
    CALL_TAKER, COORDINATOR, OFFICER, APPROVER, SUPERVISOR, LEADER, INSPECTOR,
)  # fmt: skip
APPROVES_FOR_AGENCY = Right(_("Duyệt dự thảo trả lời phiếu của cơ quan mình, hoặc trả lại để sửa"), APPROVER)
SHARES_VIEWS = Right(_("Chia sẻ một danh sách đã lưu cho cả một vai trò"), COORDINATOR, ADMIN)
INSPECTS_DENUNCIATIONS = Right(_("Xem mọi tố cáo, chuyển đến cơ quan có thẩm quyền"), INSPECTOR)
HANDLES_DENUNCIATIONS = Right(_("Giải quyết tố cáo thanh tra đã chuyển cho cơ quan mình"), OFFICER)

# --- the telephone ----------------------------------------------------------------------------------------------
TAKES_CALLS = Right(_("Nghe máy và ghi cuộc gọi"), CALL_TAKER, COORDINATOR)
# who gave a denunciation by telephone is rung by the inspectorate
RINGS_BACK = Right(_("Gọi lại cho người dân"), CALL_TAKER, COORDINATOR, INSPECTOR)
HAS_PHONE = Right(_("Có máy điện thoại trên bàn làm việc"), CALL_TAKER, COORDINATOR, SUPERVISOR)
HEARS_RECORDINGS = Right(
    _("Nghe ghi âm cuộc gọi của mình và của phiếu mình xem"), CALL_TAKER, COORDINATOR, SUPERVISOR, INSPECTOR
)  # fmt: skip
HEARS_ANY_CALL = Right(_("Nghe ghi âm cuộc gọi không có phiếu của người khác"), COORDINATOR, SUPERVISOR)
EXPORTS_RECORDINGS = Right(_("Tải ghi âm về"), COORDINATOR, SUPERVISOR, INSPECTOR)
SEES_ROOM = Right(_("Xem phòng trực: ai đang nghe, ai đang chờ"), COORDINATOR, SUPERVISOR, LEADER)
EXPORTS_ROOM = Right(_("Tải số liệu cuộc gọi và điện thoại viên về"), SUPERVISOR, LEADER)
SUPERVISES = Right(
    _("Giám sát: nghe cùng, nhắc riêng, cùng nói, nhận hay chuyển cuộc gọi, đặt trạng thái điện thoại viên"), SUPERVISOR
)
SETS_MENU = Right(_("Đổi lời máy và phím bấm"), COORDINATOR, SUPERVISOR, ADMIN)
SETS_SKILLS = Right(_("Xếp ai nhận hàng chờ nào, ai nói ngoại ngữ"), SUPERVISOR, ADMIN)

# --- answers ----------------------------------------------------------------------------------------------------
EDITS_ANSWERS = Right(_("Soạn kho trả lời"), COORDINATOR, OFFICER, APPROVER, SUPERVISOR)
EDITS_OWN_AGENCY_ONLY = Right(_("Chỉ soạn câu trả lời của cơ quan mình"), OFFICER)
SEES_QUESTIONS = Right(_("Xem câu hỏi chưa có câu trả lời"), COORDINATOR, SUPERVISOR)
APPROVES_ANSWERS = Right(_("Duyệt câu trả lời cho người dân thấy"), COORDINATOR, APPROVER, SUPERVISOR)

# --- duty, figures ----------------------------------------------------------------------------------------------
KEEPS_ROSTER = Right(_("Xếp lịch trực khẩn"), COORDINATOR, SUPERVISOR, ADMIN)
READS_REPORTS = Right(_("Xem báo cáo"), COORDINATOR, SUPERVISOR, LEADER, INSPECTOR)

# --- the house --------------------------------------------------------------------------------------------------
SEES_GATEWAY = Right(_("Xem cổng kết nối"), COORDINATOR, SUPERVISOR, ADMIN)
READS_TEXTS = Right(_("Đọc tin nhắn chưa thành phiếu"), COORDINATOR, SUPERVISOR)
SEES_TOLL = Right(_("Xem tin và cuộc gọi ra bị chặn, giữ lại"), SUPERVISOR, ADMIN)
READS_RECORD = Right(_("Đọc nhật ký"), INSPECTOR, ADMIN)
SETS_ONE_STOP = Right(_("Nối với một cửa điện tử"), COORDINATOR, ADMIN)
SETS_CITY = Right(_("Đặt lịch làm việc; nhập, xuất dữ liệu của thành phố"), ADMIN)
KEEPS_DATA = Right(_("Giữ sổ dữ liệu cá nhân: yêu cầu của người dân, sự cố"), SUPERVISOR, INSPECTOR, ADMIN)
SETS_RETENTION = Right(_("Đặt dữ liệu giữ bao lâu, người dân hỏi ai"), ADMIN)
KEEPS_PEOPLE = Right(_("Thêm, chuyển, ngừng, mời lại cán bộ"), ADMIN)
# whoever reads citizens' data, or could let somebody in who does
NEEDS_SECOND_FACTOR = Right(_("Phải có lớp bảo vệ thứ hai khi đăng nhập"), *Role)

TABLE: tuple[tuple[str | Promise, tuple[Right, ...]], ...] = (
    (
        _("Phiếu"),
        (
            HAS_CASES,
            SEES_ALL_BUT_CONFIDENTIAL,
            TAKES_DOWN,
            COORDINATES,
            OVERSEES,
            ANSWERS_FOR_AGENCY,
            BELONGS_TO_AGENCY,
            APPROVES_FOR_AGENCY,
            READS_NUMBERS,
            SHARES_VIEWS,
            INSPECTS_DENUNCIATIONS,
            HANDLES_DENUNCIATIONS,
        ),
    ),
    (
        _("Điện thoại"),
        (
            TAKES_CALLS,
            RINGS_BACK,
            HAS_PHONE,
            HEARS_RECORDINGS,
            HEARS_ANY_CALL,
            EXPORTS_RECORDINGS,
            SEES_ROOM,
            EXPORTS_ROOM,
            SUPERVISES,
            SETS_MENU,
            SETS_SKILLS,
        ),
    ),
    (_("Kho trả lời"), (EDITS_ANSWERS, EDITS_OWN_AGENCY_ONLY, SEES_QUESTIONS, APPROVES_ANSWERS)),
    (_("Trực khẩn và báo cáo"), (KEEPS_ROSTER, READS_REPORTS)),
    (
        _("Quản trị"),
        (
            SEES_GATEWAY,
            READS_TEXTS,
            SEES_TOLL,
            SETS_ONE_STOP,
            SETS_CITY,
            KEEPS_DATA,
            SETS_RETENTION,
            READS_RECORD,
            KEEPS_PEOPLE,
            NEEDS_SECOND_FACTOR,
        ),
    ),
)
