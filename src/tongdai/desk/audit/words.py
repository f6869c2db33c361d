"""An entry of the record in words: who, what, about whom or what. Names are looked up here, in three queries a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import Role, User
from tongdai.audit.models import Entry, Kind, Who
from tongdai.cases.models import Case
from tongdai.cases.queries import visible_cases
from tongdai.channels.voice.models import Agent, Supervision
from tongdai.platform.files.spreadsheets import plain

from ..city.words import LABELS

ACTIONS: dict[tuple[str, str], str | Promise] = {
    (Kind.SIGN_IN, "signed_in"): gettext_lazy("đăng nhập"),
    (Kind.SIGN_IN, "signed_out"): gettext_lazy("ra khỏi bàn làm việc"),
    (Kind.SIGN_IN, "locked"): gettext_lazy("thử đăng nhập quá nhiều, bị khóa"),
    (Kind.SIGN_IN, "factor_refused"): gettext_lazy("mã xác thực không đúng"),
    (Kind.SIGN_IN, "reset_asked"): gettext_lazy("xin đặt lại mật khẩu"),
    (Kind.SIGN_IN, "refused"): gettext_lazy("đăng nhập không được"),
    (Kind.PEOPLE, "added"): gettext_lazy("thêm cán bộ"),
    (Kind.PEOPLE, "changed"): gettext_lazy("đổi vai trò, cơ quan hoặc hồ sơ"),
    (Kind.PEOPLE, "deactivated"): gettext_lazy("ngừng tài khoản"),
    (Kind.PEOPLE, "brought_back"): gettext_lazy("mở lại tài khoản"),
    (Kind.PEOPLE, "factor_forgotten"): gettext_lazy("bỏ lớp xác thực thứ hai của người khác"),
    (Kind.PEOPLE, "invited"): gettext_lazy("cấp đường dẫn dùng một lần"),
    (Kind.PEOPLE, "password_set"): gettext_lazy("đặt mật khẩu"),
    (Kind.PEOPLE, "factor_added"): gettext_lazy("thêm lớp xác thực thứ hai"),
    (Kind.PEOPLE, "factor_removed"): gettext_lazy("bỏ lớp xác thực thứ hai"),
    (Kind.PEOPLE, "factor_reset"): gettext_lazy("làm lại mã dự phòng"),
    (Kind.READ, "phone"): gettext_lazy("xem số điện thoại"),
    (Kind.READ, "search"): gettext_lazy("tìm phiếu theo số điện thoại"),
    (Kind.READ, "history"): gettext_lazy("tra tên và phiếu trước theo số"),
    (Kind.READ, "confidential"): gettext_lazy("đọc phiếu mật"),
    (Kind.READ, "recording"): gettext_lazy("nghe ghi âm"),
    (Kind.READ, "attachment"): gettext_lazy("xem ảnh của phiếu mật"),
    (Kind.READ, "request"): gettext_lazy("yêu cầu về dữ liệu cá nhân"),
    (Kind.READ, "record"): gettext_lazy("tìm nhật ký theo số điện thoại"),
    (Kind.SUPERVISION, "listen"): gettext_lazy("nghe cùng một cuộc gọi"),
    (Kind.SUPERVISION, "whisper"): gettext_lazy("nhắc riêng điện thoại viên trong cuộc gọi"),
    (Kind.SUPERVISION, "barge"): gettext_lazy("cùng nói trong cuộc gọi"),
    (Kind.SUPERVISION, "stopped"): gettext_lazy("thôi ở cuộc gọi"),
    (Kind.SUPERVISION, "take_over"): gettext_lazy("nhận cuộc gọi của điện thoại viên"),
    (Kind.SUPERVISION, "move"): gettext_lazy("chuyển cuộc gọi đi nơi khác"),
    (Kind.SUPERVISION, "free"): gettext_lazy("gỡ máy điện thoại viên"),
    (Kind.SUPERVISION, "state"): gettext_lazy("đặt trạng thái điện thoại viên"),
    (Kind.EXPORT, "record"): gettext_lazy("xuất nhật ký"),
    (Kind.EXPORT, "recording"): gettext_lazy("xuất ghi âm"),
    (Kind.EXPORT, "calls"): gettext_lazy("xuất cuộc gọi"),
    (Kind.EXPORT, "call_takers"): gettext_lazy("xuất giờ của điện thoại viên"),
    (Kind.EXPORT, "half_hours"): gettext_lazy("xuất cuộc gọi từng nửa giờ"),
    (Kind.EXPORT, "report"): gettext_lazy("xuất báo cáo tổng kết"),
    (Kind.EXPORT, "articles"): gettext_lazy("xuất hỏi – đáp"),
    (Kind.EXPORT, "aliases"): gettext_lazy("xuất cách người dân gọi"),
    (Kind.IMPORT, "procedures"): gettext_lazy("nạp thủ tục"),
    (Kind.SETTING, "denunciation_handlers"): gettext_lazy("cơ quan giải quyết tố cáo"),
    (Kind.SETTING, "topic_added"): gettext_lazy("thêm lĩnh vực"),
    (Kind.SETTING, "topic_changed"): gettext_lazy("đổi lĩnh vực"),
    (Kind.SETTING, "topic_put_back"): gettext_lazy("trả lĩnh vực lại như trước"),
    (Kind.SETTING, "agency_added"): gettext_lazy("thêm cơ quan"),
    (Kind.SETTING, "agency_changed"): gettext_lazy("đổi cơ quan"),
    (Kind.SETTING, "agency_put_back"): gettext_lazy("trả cơ quan lại như trước"),
    (Kind.SETTING, "calendar"): gettext_lazy("đổi lịch làm việc"),
    (Kind.SETTING, "one_stop"): gettext_lazy("nối hệ thống một cửa"),
    (Kind.SETTING, "menu_step"): gettext_lazy("bật hoặc tắt lời máy"),
    (Kind.SETTING, "menu_words"): gettext_lazy("đổi lời máy"),
    (Kind.SETTING, "menu_recorded"): gettext_lazy("thu lời máy"),
    (Kind.SETTING, "overflow_added"): gettext_lazy("thêm quy tắc khi hàng chờ đầy"),
    (Kind.SETTING, "overflow_removed"): gettext_lazy("bỏ quy tắc khi hàng chờ đầy"),
    (Kind.SETTING, "skills"): gettext_lazy("đổi hàng chờ và ngoại ngữ của một người"),
    (Kind.SETTING, "desk:duty_add"): gettext_lazy("thêm ca trực"),
    (Kind.SETTING, "desk:duty_add_once"): gettext_lazy("thêm ca trực một lần"),
    (Kind.SETTING, "desk:duty_change"): gettext_lazy("sửa ca trực"),
    (Kind.SETTING, "desk:duty_swap"): gettext_lazy("đổi ca trực"),
    (Kind.SETTING, "desk:duty_end"): gettext_lazy("kết thúc ca trực"),
    (Kind.SETTING, "desk:duty_try"): gettext_lazy("thử báo người trực"),
    (Kind.SETTING, "desk:privacy_receive"): gettext_lazy("ghi yêu cầu về dữ liệu cá nhân"),
    (Kind.SETTING, "desk:privacy_settle"): gettext_lazy("giải quyết yêu cầu về dữ liệu cá nhân"),
    (Kind.SETTING, "desk:privacy_retention"): gettext_lazy("đổi thời hạn giữ"),
    (Kind.SETTING, "desk:privacy_breach"): gettext_lazy("ghi sự cố dữ liệu"),
    (Kind.SETTING, "desk:privacy_breach_step"): gettext_lazy("xử lý sự cố dữ liệu"),
    (Kind.SETTING, "desk:privacy_contact"): gettext_lazy("đổi đầu mối về dữ liệu cá nhân"),
    (Kind.SETTING, "desk:privacy_consent"): gettext_lazy("ghi đồng ý hoặc rút đồng ý"),
    (Kind.SETTING, "desk:view_save"): gettext_lazy("lưu một danh sách phiếu"),
    (Kind.SETTING, "desk:view_change"): gettext_lazy("đổi tên, chia sẻ hoặc xóa danh sách đã lưu"),
    (Kind.SETTING, "usersession_end"): gettext_lazy("kết thúc một phiên của mình"),
    (Kind.SETTING, "usersessions_list"): gettext_lazy("kết thúc các phiên khác của mình"),
    (Kind.SETTING, "mfa_reauthenticate"): gettext_lazy("xác nhận lại bằng mã"),
    (Kind.SETTING, "mfa_reauthenticate_webauthn"): gettext_lazy("xác nhận lại bằng khóa truy cập"),
    (Kind.SETTING, "account_reauthenticate"): gettext_lazy("xác nhận lại bằng mật khẩu"),
    (Kind.SETTING, "desk:phone_use"): gettext_lazy("đổi máy điện thoại, xem mật khẩu máy SIP"),
    (Kind.SETTING, "desk:toll_decide"): gettext_lazy("đổi quy định tin và cuộc gọi ra"),
    (Kind.SETTING, "desk:toll_settle"): gettext_lazy("xử lý tin bị giữ lại"),
    (Kind.SETTING, "desk:gateway_decide"): gettext_lazy("quyết định tin chờ hỏi"),
    (Kind.SETTING, "desk:gateway_held"): gettext_lazy("xử lý tin giữ lại"),
    (Kind.SETTING, "desk:gateway_ended"): gettext_lazy("cất các tin đã hết hạn"),
    (Kind.SETTING, "desk:gateway_receipts"): gettext_lazy("cất biên nhận lạc"),
    (Kind.ANSWERS, "desk:knowledge_procedures"): gettext_lazy("gửi tệp thủ tục để xem"),
    (Kind.ANSWERS, "desk:knowledge_procedures_action"): gettext_lazy("bỏ tệp thủ tục"),
    (Kind.SETTING, "desk:gateway_settle"): gettext_lazy("xử lý tin máy không đọc được"),
    (Kind.ANSWERS, "from_a_case"): gettext_lazy("viết hỏi – đáp từ một phiếu"),
    (Kind.ANSWERS, "desk:knowledge_edit"): gettext_lazy("lưu bản nháp"),
    (Kind.ANSWERS, "desk:knowledge_action"): gettext_lazy("duyệt, công khai, gỡ hoặc bỏ nháp"),
    (Kind.ANSWERS, "desk:knowledge_new"): gettext_lazy("thêm hỏi – đáp"),
    (Kind.ANSWERS, "desk:knowledge_settle"): gettext_lazy("xử lý câu hỏi chưa có trả lời"),
    (Kind.ANSWERS, "desk:knowledge_words_save"): gettext_lazy("sửa từ ngữ"),
    (Kind.ANSWERS, "desk:knowledge_table"): gettext_lazy("lưu bảng tra cứu"),
    (Kind.ANSWERS, "desk:knowledge_table_new"): gettext_lazy("thêm bảng tra cứu"),
    (Kind.ANSWERS, "desk:knowledge_table_pull"): gettext_lazy("lấy bảng tra cứu từ nguồn"),
}
# addresses that had another name when an entry was written: the record is never changed
_EARLIER_NAMES = {
    "desk:kho_procedures_deed": "desk:knowledge_procedures_action",
    "desk:kho_deed": "desk:knowledge_action",
    "desk:kho_words_keep": "desk:knowledge_words_save",
    **{
        f"desk:kho_{page}": f"desk:knowledge_{page}"
        for page in (
            "procedures", "procedures_action", "edit", "action", "new", "settle", "table", "table_new", "table_pull",
        )
    },
}  # fmt: skip
# what an entry's detail tells, and what its codes mean
DETAILS = {
    "role": gettext_lazy("vai trò"), "agency": gettext_lazy("cơ quan"), "fields": gettext_lazy("đã đổi"),
    "added": gettext_lazy("mới"), "changed": gettext_lazy("đổi"), "unchanged": gettext_lazy("như cũ"),
    "before": gettext_lazy("trước"), "after": gettext_lazy("sau"), "outcome": gettext_lazy("kết quả"),
    "result": gettext_lazy("kết quả"), "lines": gettext_lazy("số dòng"), "active": gettext_lazy("đang dùng"),
    "first_admin": gettext_lazy("người quản trị đầu tiên"),
    "how": gettext_lazy("cách"), "since": gettext_lazy("từ"), "seconds": gettext_lazy("số giây"),
    "target": gettext_lazy("đến"), "state": gettext_lazy("trạng thái"),
}  # fmt: skip
_VALUES = {role.value: role.label for role in Role} | {
    "done": gettext_lazy("xong"),
    "failed": gettext_lazy("không xong"),
    **dict(Agent.State.choices),
    **dict(Supervision.Mode.choices),
}
TABLES = {
    "agencies": gettext_lazy("cơ quan"), "topics": gettext_lazy("lĩnh vực"), "places": gettext_lazy("địa bàn"),
    "calendar": gettext_lazy("lịch làm việc"),
    "hours": gettext_lazy("giờ làm việc"), "staff": gettext_lazy("cán bộ"), "procedures": gettext_lazy("thủ tục"),
}  # fmt: skip
FIELDS = {
    "full_name": gettext_lazy("họ và tên"), "role": gettext_lazy("vai trò"), "agency": gettext_lazy("cơ quan"),
    "email": gettext_lazy("thư điện tử"),
}  # fmt: skip
COLUMNS = (
    "happened_at", "who", "username", "full_name", "kind", "action", "case", "contact", "subject", "what", "network",
    "detail", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An entry as the page shows it."""

    entry: Entry
    who: str
    role: str
    action: str
    subject: str
    opens: bool  # the reader may open its case
    detail: str

    @property
    def kind(self) -> str:
        """What kind of entry it is; empty where the action says the same already."""
        label = str(Kind(self.entry.kind).label)
        return "" if label.casefold() == self.action.casefold() else label


def in_words(entries: Sequence[Entry], *, reader: User) -> list[Row]:
    """The rows of a page."""
    people = _people(entries)
    asked = {entry.case_code for entry in entries if entry.case_code}
    opened = set(visible_cases(reader).filter(code__in=asked).values_list("code", flat=True)) if asked else set()
    return [_row(entry, people, opened) for entry in entries]


def cells(entries: Iterable[Entry]) -> Iterable[list[str]]:
    """The lines of the exported table, codes as they are stored; the first names the columns."""
    yield list(COLUMNS)
    people = {user.pk: user for user in User.objects.only("username", "full_name")}
    for entry in entries:
        by, subject = people.get(entry.by or 0), people.get(entry.subject or 0)
        row = (
            entry.happened_at.isoformat(), entry.who, by.username if by else "", by.full_name if by else "", entry.kind,
            entry.action, entry.case_code, entry.contact or "", subject.username if subject else "", entry.what,
            entry.network, json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
            entry.recorded_at.isoformat(),
        )  # fmt: skip
        yield [plain(str(each)) for each in row]


def _row(entry: Entry, people: dict[int, User], opened: set[str]) -> Row:
    by, subject = people.get(entry.by or 0), people.get(entry.subject or 0)
    who = by.full_name if by else str(Who(entry.who).label).capitalize()
    if login := entry.detail.get("login"):
        who = f"{who} ({login})"
    same = entry.subject == entry.by
    return Row(
        entry,
        who,
        str(Role(by.role).label) if by else "",
        _action(entry),
        subject.full_name if subject and not same else "",
        entry.case_code in opened,
        detail_in_words(entry.detail),
    )


def _action(entry: Entry) -> str:
    named = _EARLIER_NAMES.get(entry.action, entry.action)
    if (entry.kind, named) in ACTIONS:
        return str(ACTIONS[Kind(entry.kind), named])
    if entry.kind == Kind.EXPORT and entry.action in TABLES:
        return _("xuất bảng %(table)s") % {"table": TABLES[entry.action]}
    if entry.kind == Kind.IMPORT and entry.action in TABLES:
        return _("nhập bảng %(table)s") % {"table": TABLES[entry.action]}
    return f"tongdai {entry.action}" if entry.kind == Kind.COMMAND else entry.action


def detail_in_words(detail: dict[str, Any]) -> str:
    """`vai trò: cán bộ xử lý → lãnh đạo phê duyệt; mới: 3`. A code that has no words stands as it is."""
    parts = []
    for code, value in detail.items():
        if code == "login":
            continue
        name = str(DETAILS.get(code, code))
        if code == "fields" and isinstance(value, list):
            value = [_field(each) for each in value]
        if isinstance(value, list) and len(value) == 2 and code != "fields":
            parts.append(f"{name}: {_code(value[0])} → {_code(value[1])}")
        else:
            parts.append(f"{name}: {_code(value)}")
    return "; ".join(parts)


def _field(column: str) -> str:
    """What a column of a topic, an agency or a member of staff is called."""
    label = str(FIELDS.get(column, LABELS.get(column, column)))
    return f"{label[:1].lower()}{label[1:]}"


def _code(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return "–" if value in (None, "") else str(_VALUES.get(value, value) if isinstance(value, str) else value)


def _people(entries: Iterable[Entry]) -> dict[int, User]:
    asked = {each for entry in entries for each in (entry.by, entry.subject) if each}
    return {user.pk: user for user in User.objects.filter(pk__in=asked).only("full_name", "role", "username")}


def secret_codes_hidden_from(reader: User) -> Any:
    """Codes of confidential cases this reader may not know of: no entry names one (docs/adr/0019)."""
    return Case.objects.filter(confidential=True).exclude(pk__in=visible_cases(reader).filter(confidential=True))
